"""1,200 files as four site generators' users write them, made from a seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from kb.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kb.searching.base import KnowledgeBase

WORDS = ["printer", "password", "tunnel", "badge", "laptop", "screen", "update", "folder", "token"]
FILES = 300
FENCE = "```yaml\nimport: kept\n{{< kept >}} [[ kept ]]\n```"


def hugo(chosen: random.Random, number: int) -> tuple[str, str]:
    """TOML or YAML front matter, shortcodes, sections with an index."""
    topic = chosen.choice(WORDS)
    name = "_index.md" if chosen.random() < 0.1 else f"page-{number}.md"
    front = chosen.choice(
        [
            f'+++\ntitle = "About {topic} {number}"\n+++\n',
            f"---\ntitle: About {topic} {number}\n---\n",
        ]
    )
    code = chosen.choice(['{{< note "x" >}}', "{{% tip %}}", '{{< figure src="a.png" >}}'])
    return f"s{number}/{name}", f"{front}\nUse the {topic}.\n\n{code}\n\n{FENCE}\n"


def jekyll(chosen: random.Random, number: int) -> tuple[str, str]:
    """Dated posts, Liquid, front matter with much that is not ours."""
    topic = chosen.choice(WORDS)
    name = f"_posts/20{number % 20:02d}-01-02-{topic}-{number}.markdown"
    date = "2020-01-02 10:00:00 +0100"
    front = f"---\nlayout: post\ntags: [a, b]\ndate: {date}\ntitle: {topic} {number}\n---\n"
    return name, f"{front}{{% include top.html %}}\nUse the {topic}.\n\n{FENCE}\n"


def docusaurus(chosen: random.Random, number: int) -> tuple[str, str]:
    """MDX with imports, tabs and admonitions; often no front matter."""
    topic = chosen.choice(WORDS)
    front = chosen.choice(["", f"---\nsidebar_position: {number}\n---\n"])
    name = f"docs/{topic}/{chosen.choice(['index', 'p'])}-{number}.mdx"
    head = "import Tabs from '@theme/Tabs';\nexport const x = 1;\n\n"
    text = f"# {topic.title()} {number}\n\n:::tip Look\nUse the {topic}.\n:::\n\n<Tabs>One</Tabs>\n"
    return name, f"{front}{head}{text}\n{FENCE}\n"


def obsidian(chosen: random.Random, number: int) -> tuple[str, str]:
    """Names with spaces, links by name, comments, no front matter."""
    topic = chosen.choice(WORDS)
    text = f"Use the {topic}, see [[Other note|that]] and [[Third]]. %%hidden%%\n\n{FENCE}\n"
    return f"Notes/{topic.title()} & more {number}.md", text


@pytest.mark.parametrize("write", [hugo, jekyll, docusaurus, obsidian])
def test_a_folder_of_any_generator_is_read_without_a_special_case(
    tmp_path: Path, write: Callable[[random.Random, int], tuple[str, str]]
) -> None:
    """Every file is an article with a title; only the generator's own marks are gone."""
    chosen = random.Random(7)
    for number in range(FILES):
        name, text = write(chosen, number)
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    entries = list(read_source(tmp_path, collection="c"))
    articles = [entry.article for entry in entries if entry.article]
    assert [str(entry.problem) for entry in entries if entry.problem] == []
    assert len({article.id for article in articles}) == len(articles) == FILES
    for article in articles:
        assert any(word in article.title.lower() for word in WORDS), article.title
        assert FENCE in article.body
        prose = article.body.replace(FENCE, "")
        for mark in ("{{", "{%", "[[", "%%", ":::", "import ", "+++", "layout:"):
            assert mark not in prose


def test_such_a_folder_is_synced_and_searched(base: KnowledgeBase, tmp_path: Path) -> None:
    """All four side by side in one folder."""
    chosen = random.Random(7)
    for write in (hugo, jekyll, docusaurus, obsidian):
        for number in range(20):
            name, text = write(chosen, number)
            file = tmp_path / write.__name__ / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    report = base.sync([tmp_path])
    assert (report.added, report.problems) == (80, ())
    assert "badge" in base.search("badge", top=1)[0].title.lower()

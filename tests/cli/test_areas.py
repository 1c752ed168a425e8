"""`frontline kb areas`, and what `kb lint` says of files that are no articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from bot.cli import frontline
from bot.cli.knowledge.areas import area_findings
from bot.desk.oncall import same_area
from bot.settings.loading import load_settings
from tests.classifier.conftest import HashingEncoder

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = """
database = "desk.db"
[knowledge]
sources = ["ours"]
[[knowledge.areas]]
articles = "doors/*"
owner = "Ida"
[groups.l2]
tier = "L2"
channel = "first"
[groups.net]
tier = "L2"
channel = "net"
areas = ["Office-Network", "telephones"]
"""
PAGE = "# All about {0}\n\nWhoever needs {0} asks the porter, who has the list of all of {0}.\n"
SCAFFOLDS = {
    "snippets/notice.md": "Mind the step. Ask the porter, who has the list of all of them.\n",
    "_includes/foot.md": PAGE.format("feet"),
    "archetypes/default.md": PAGE.format("kinds"),
    "google12ab.html": "google-site-verification: google12ab.html",
    "base.html": "{% extends 'x.html' %}\n{% block body %}<p>x</p>{% endblock %}",
    "tags.md": "# Tags\n\n[TAGS]\n",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command beside a configuration and a folder of pages."""
    encoder = HashingEncoder()
    monkeypatch.setattr("kb.encoding.loading.load_encoder", lambda _: encoder)
    monkeypatch.delenv("FRONTLINE_DB", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("frontline.toml").write_text(CONFIG, encoding="utf-8")
    pages = ("office_network/cables", "office_network/sockets", "doors/keys", "porter")
    for name, text in ({n: PAGE.format(n) for n in pages} | SCAFFOLDS).items():
        file = Path("ours") / (name if "." in name else f"{name}.md")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return lambda *words: CliRunner().invoke(frontline, list(words))


def test_areas_are_listed_with_owners_and_whom_they_call(run: Callable[..., Result]) -> None:
    """For people and for scripts; a group's area that no article has is named."""
    assert "added 4" in run("kb", "sync").output
    told = run("kb", "areas")
    assert told.stdout.splitlines() == [
        "office network: 2 articles  L2 net",
        "(no area): 1 articles  L2 l2",
        "doors: 1 articles  of Ida  L2 l2",
    ]
    assert "group net: no article has the area 'telephones'" in told.stderr
    rows = [json.loads(line) for line in run("kb", "areas", "--json").stdout.splitlines()]
    assert rows[2] == {"area": "doors", "articles": 1, "owners": ["Ida"],
                       "groups": {"L2": "l2", "L3": ""}}  # fmt: skip
    [(subject, good, says)] = area_findings(load_settings())
    assert (subject, good) == ("group net", None)
    assert "the articles have: doors, office network" in says


def test_what_pages_are_made_from_is_named_by_lint_and_not_searched(
    run: Callable[..., Result],
) -> None:
    """Each with what it is, also after a sync that read nothing anew."""
    run("kb", "sync")
    run("kb", "sync")
    told = run("kb", "lint").stdout
    for name in SCAFFOLDS:
        named = name.split("/", maxsplit=1)[0] if name.startswith(("_", "arch")) else name
        assert f"ours/{named}: scaffold: " in told
    rows = [json.loads(line) for line in run("kb", "lint", "--json").stdout.splitlines()]
    assert len([row for row in rows if row["kind"] == "scaffold"]) == len(SCAFFOLDS)
    assert "Mind the step" not in run("kb", "search", "mind the step").stdout


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("network", "Network", True),
        ("Office-Network", "office network", True),
        ("human_resources", "Human resources", True),
        ("Räume & Türen", "räume türen", True),
        ("network", "networks", False),
        ("office", "office network", False),
    ],
)
def test_an_area_is_known_however_it_is_written(one: str, other: str, same: bool) -> None:
    """Capitals and what joins the words do not count; words do."""
    assert same_area(one, other) is same


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ('articles = "x/*"', "get neither area nor owner"),
        ('area = "x"', "areas.articles: is missing"),
        ('articles = ""\narea = "x"', "articles"),
        ('articles = "x"\nareas = "x"', "did you mean area?"),
        ('articles = ["x"]\narea = "x"', "has to be a text in quotes"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(
    run: Callable[..., Result], lines: str, says: str
) -> None:
    """With the line that is wrong in it."""
    Path("frontline.toml").write_text(f"[[knowledge.areas]]\n{lines}\n", encoding="utf-8")
    told = run("kb", "areas")
    assert told.exit_code == 1
    assert says in told.output

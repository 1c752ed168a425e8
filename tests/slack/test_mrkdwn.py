"""Articles in Slack's own markup."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.articles import ArticleExtract
from bot.desk.asking import Answer
from bot.playground.blockkit import check_message_blocks, check_view
from bot.slack import mrkdwn
from bot.slack.blocks.asking.answers import extract_blocks
from bot.slack.blocks.asking.modals import article_modal
from bot.slack.blocks.rendering import render
from bot.slack.mrkdwn import to_mrkdwn
from kb.articles import Article
from kb.sources.readers import read_source
from tests import builders as a

ARTICLES = Path(__file__).parents[2] / "kb" / "articles"


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """All 71 articles."""
    read = read_source(ARTICLES, collection="default")
    found = [entry.article for entry in read if entry.article is not None]
    assert len(found) == 71
    return found


def test_every_article_can_be_shown_as_an_answer(articles: list[Article]) -> None:
    """Its steps fit whole, within Slack's limits."""
    for article in articles:
        extract = ArticleExtract(article.id, article.title, article.lead, article.steps)
        rendered = render(Answer(1001, a.ANA, extract))
        assert rendered is not None
        check_message_blocks(rendered.blocks)
        assert article.steps, article.id
        assert "read on in the article" not in str(rendered.blocks), article.id


def test_every_article_can_be_opened_whole(articles: list[Article]) -> None:
    """Nothing of it is left out of the modal."""
    for article in articles:
        view = article_modal(article)
        check_view(view, "modal")
        shown = "\n\n".join(
            block["text"]["text"] for block in view["blocks"] if block["type"] == "section"
        )
        assert to_mrkdwn(article.body) in shown, article.id


def test_a_very_long_article_still_opens() -> None:
    """It ends somewhere instead of not opening at all."""
    body = "\n\n".join(f"Paragraph {n} " + "word " * 100 for n in range(400))
    view = article_modal(Article("long", "Long & <odd>", "x", "x", (), body))
    check_view(view, "modal")


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("# Before you *begin*", "*Before you _begin_*"),
        ("**bold** and _slanted_ and ~~gone~~", "*bold* and _slanted_ and ~gone~"),
        ("**bold with _both_**", "*bold with _both_*"),
        ("a [link](https://x.example/a?b=1&c=2)", "a <https://x.example/a?b=1&amp;c=2|link>"),
        ("<https://x.example>", "<https://x.example|https://x.example>"),
        ("[odd](<https://x.example/a|b c>)", "<https://x.example/a%7Cb%20c|odd>"),
        ("`a < b`", "`a &lt; b`"),
        ("one\ntwo", "one two"),
        ("one  \ntwo", "one\ntwo"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("- one\n- two", "• one\n• two"),
        ("> quoted\n> words", "> quoted words"),
        ("---", "———"),
        ("Press <kbd>Ctrl</kbd> & wait", "Press &lt;kbd&gt;Ctrl&lt;/kbd&gt; &amp; wait"),
        ("<!channel> look", "&lt;!channel&gt; look"),
        ("![a screen](https://x.example/s.png)", "<https://x.example/s.png|a screen>"),
        ("![a screen](../img/s.png)", "_[picture: a screen]_"),
        ("![](s.png)", ""),
        ("[there](../a.md) or [below](#b)", "there or below"),
        ("[![x|y](https://x.example/s.png)](https://x.example)", "<https://x.example|x¦y>"),
        ("[mail](mailto:a@x.example)", "<mailto:a@x.example|mail>"),
        (
            "| Key | Does | Since |\n|---|---|---|\n| `b` | bold | 1.0 |\n| c | | 2.0 |",
            "• *`b`* — Does: bold — Since: 1.0\n• *c* — Since: 2.0",
        ),
        ("1. one\n\n   ```\n   code\n   ```\n\n   more", "1. one\n```\ncode\n```\n    more"),
        ("- one\n  1. two\n     - three", "• one\n    1. two\n        • three"),
        ("", ""),
    ],
)
def test_each_kind_of_markup_has_its_form_in_slack(markdown: str, shown: str) -> None:
    """Headings are bold, lists keep their marks, markup of others is text."""
    assert to_mrkdwn(markdown) == shown


def test_lists_within_lists_are_indented() -> None:
    """The order and the level stay visible."""
    assert to_mrkdwn("1. one\n   - inner\n   - more\n2. two") == (
        "1. one\n    • inner\n    • more\n2. two"
    )


def test_a_list_item_of_several_paragraphs_stays_one_item() -> None:
    """What belongs to a step is indented under it."""
    assert to_mrkdwn("1. one\n\n   more of one\n\n2. two") == "1. one\n    more of one\n2. two"


def test_code_is_kept_as_it_is_and_cannot_end_early() -> None:
    """Indentation and markup within code stay."""
    assert to_mrkdwn("```sh\nif a < b:\n    *go*\n```") == "```\nif a &lt; b:\n    *go*\n```"


def test_code_within_a_step_is_shown_under_it() -> None:
    """A command to copy."""
    assert to_mrkdwn("1. Run\n   ```\n   git pull\n   ```\n2. Done") == (
        "1. Run\n```\ngit pull\n```\n2. Done"
    )


def test_a_table_is_shown_line_by_line() -> None:
    """Slack's mrkdwn has no tables; the first column leads each line."""
    table = "| Where | What |\n|---|---|\n| Office | Floor *2* |\n| Home | VPN |"
    assert to_mrkdwn(table) == "• *Office* — Floor _2_\n• *Home* — VPN"


def test_a_table_of_headings_alone_is_shown() -> None:
    """Nothing is lost."""
    assert to_mrkdwn("| Where | What |\n|---|---|") == "• *Where* — What"


markdown_text = st.lists(
    st.sampled_from(
        ["# ", "- ", "1. ", "> ", "`", "```\n", "**", "*", "_", "[", "](", ")", "|", "\n", "\n\n",
         "    ", "<", ">", "&", "<!channel>", "word ", "|---|---|\n", "~~", "![", "\\"]
    ) | st.text(max_size=5),
    max_size=40,
).map("".join)  # fmt: skip


@given(markdown_text)
def test_no_markdown_breaks_the_rendering_or_pages_anybody(markdown: str) -> None:
    """Whatever an author writes is shown, and Slack's own commands are not among it."""
    shown = to_mrkdwn(markdown)
    assert "<!" not in shown
    assert "<@" not in shown


def test_a_long_passage_is_cut_at_a_sentence_and_links_to_its_heading() -> None:
    """*Read on* opens the place where the reader was; without an address it only says so."""
    passage = "This is a sentence of a passage. " * 60
    shown = ArticleExtract(
        "a", "Title | one", "Lead.", (), passage, "If it | fails",
        "https://help.example/a", "https://help.example/a#if-it-fails",
    )  # fmt: skip
    head, body = (block["text"]["text"] for block in extract_blocks(shown))
    assert head == "*<https://help.example/a|Title ¦ one>*\nLead."
    assert body.startswith("*<https://help.example/a#if-it-fails|If it ¦ fails>*\nThis is")
    assert body.endswith("passage.… <https://help.example/a#if-it-fails|read on in the article>")
    plain = extract_blocks(replace(shown, url=None, heading_url=None))
    assert str(plain[1]["text"]["text"]).endswith("passage.… _read on in the article_")


def test_a_long_passage_of_code_closes_it() -> None:
    """What comes after it is no code."""
    shown = ArticleExtract("a", "T", "Lead.", (), "```\n" + "make this\n" * 200 + "```")
    body = extract_blocks(shown)[1]["text"]["text"]
    assert body.count("```") == 2
    assert len(body) < 3_000


@pytest.mark.parametrize(
    ("article", "copied"),
    [
        ("Write `@here` first.", True),
        ("```\nnpm install @here/maps\n```", True),
        ("Write @here first.", False),
        ("`` `@channel ``", False),
        ("# @everyone", False),
        ("- @channel", False),
        ("| a | b |\n|---|---|\n| @group | x |", False),
    ],
)
def test_an_article_calls_nobody_and_its_code_is_copied_as_it_is(
    article: str, copied: bool
) -> None:
    """In code Slack looks for no mention; elsewhere it may find one in plain words."""
    shown = to_mrkdwn(article)
    assert bool(re.search(r"@(?:channel|here|everyone|group)", shown)) == copied


def test_a_step_that_comes_again_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same articles are shown to many; a whole page is not remembered."""
    read: list[str] = []
    parser = mrkdwn._parser()
    real = parser.parse
    monkeypatch.setattr(parser, "parse", lambda text: read.append(text) or real(text))
    step, page = "Open **this step** once.", "A **page** of its own. " * 100
    for _ in range(3):
        assert to_mrkdwn(step) == "Open *this step* once."
        assert to_mrkdwn(page).startswith("A *page* of its own.")
    assert [len(each) for each in read].count(len(step)) == 1
    assert len(read) == 4

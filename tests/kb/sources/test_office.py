"""Pages as Google Docs and Word save them."""

from __future__ import annotations

import pytest

from kb.sources.markup.pages import html_to_markdown

MARK = "<span style='mso-list:Ignore'>{}<span>&nbsp;&nbsp; </span></span>"


def word(*items: tuple[str, int, str]) -> str:
    """Write items as Word does: their marker, level and words."""
    return "".join(
        f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'>"
        f"<![if !supportLists]>{MARK.format(marker)}<![endif]>{words}</p>"
        for marker, level, words in items
    )


@pytest.mark.parametrize(
    ("html", "read"),
    [
        (word(("1.", 1, "Open it."), ("2.", 1, "Press it.")), "1. Open it.\n2. Press it."),
        (
            word(("\u00b7", 1, "One"), ("o", 2, "Inner"), ("\u00b7", 1, "Two")),
            "- One\n  - Inner\n- Two",
        ),
        (word(("1)", 1, "A")) + "<p>Between</p>" + word(("1)", 1, "B")), "1. A\n\nBetween\n\n1. B"),
        (word(("1.", 1, "A"), ("a.", 2, "B"), ("2.", 1, "C")), "1. A\n   1. B\n2. C"),
        (word(("\u00a7", 1, "Only")), "- Only"),
    ],
)
def test_words_lists_are_lists(html: str, read: str) -> None:
    """They were paragraphs that begin with an escaped number."""
    assert html_to_markdown(html) == read


@pytest.mark.parametrize(
    ("html", "read"),
    [
        (
            '<p>See <a href="https://www.google.com/url?q=https://a.example/x%3Fb%3D1&amp;sa=D">a</a>.</p>',
            "See [a](https://a.example/x?b=1).",
        ),
        (
            (
                '<p>Until 18:30.<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p>'
                '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a> Still true? - Kasia</p></div>'
            ),
            "Until 18:30.",
        ),
        (
            '<body class="c1 doc-content"><p class="c2 title">Lost badge</p><p>Block.</p></body>',
            "# Lost badge\n\nBlock.",
        ),
        (
            "<p class=MsoTitle>Lost badge</p><p class=MsoNormal>Block it.</p>",
            "# Lost badge\n\nBlock it.",
        ),
        ('<p class="title">A class of its own</p>', "A class of its own"),
    ],
)  # fmt: skip
def test_a_document_is_read_without_what_its_editor_added(html: str, read: str) -> None:
    """Comments of reviewers reach nobody; links lead where they say."""
    assert html_to_markdown(html) == read

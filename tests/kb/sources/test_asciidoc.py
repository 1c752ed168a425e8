"""AsciiDoc, as Antora has it: what people read of it, and nothing of other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kb.sources.markup.asciidoc import plain_asciidoc

if TYPE_CHECKING:
    from tests.kb.sources.conftest import Source

PAGE = """\
= Share a folder
:toc: right
:app: Desk Drive

include::partial$naming.adoc[]

// nobody reads this
{app} shares with *everybody* in _your_ team; see xref:main:files.adoc#trash[the bin] and
https://desk.example/help[the help,window=_blank].

== Steps

. Press kbd:[Ctrl+S].
. Choose menu:File[Share > Team].
+
[source,bash]
----
drive share *.txt
----
. Done.

[NOTE]
====
It takes a minute.
====

TIP: Ask first.

.Limits
[cols="1,2",options="header"]
|===
| Who | Limit

| Staff
| 10 GB
| Guests | 1 GB
|===
"""


def test_a_page_of_antora_is_an_article(source: Source) -> None:
    """Its title, steps with what belongs to them, tables and boxes."""
    source.put("modules/share.adoc", PAGE)
    found = source.read().one
    assert (found.id, found.title) == ("modules/share", "Share a folder")
    assert (
        "Desk Drive shares with **everybody** in *your* team; see [the bin](files.adoc#trash)"
        in (found.body)
    )
    assert "[the help](https://desk.example/help)" in found.body
    assert found.steps[0] == "Press `Ctrl+S`."
    assert found.steps[1].startswith("Choose File → Share → Team.")
    assert "   ```bash\n   drive share *.txt\n   ```" in found.body
    assert "**Note**\n\nIt takes a minute." in found.body
    assert "**Tip:** Ask first." in found.body
    assert "| Who | Limit |\n| --- | --- |\n| Staff | 10 GB |\n| Guests | 1 GB |" in found.body
    for tool in ("toc", "include", "nobody", "cols", "===", "{app}"):
        assert tool not in found.body


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("term:: what it is", "**term**\n\nwhat it is"),
        ("* one\n** two", "- one\n   - two"),
        ("<1> the first", "1. the first"),
        ("image::shot.png[The dialog,300]", "The dialog"),
        ("See <<how-to,this>> and <<the-end>>.", "See this and the end."),
        ("`a*b*c` and 2*3*4 and snake_case_name", "`a*b*c` and 2*3*4 and snake_case_name"),
        ("[quote, 'a [b] c']\n____\nSaid.\n____", "Said."),
        ("////\nhidden\n////\nshown", "shown"),
        ("----\nnever ended", "```\nnever ended\n```"),
        ("{unknown} stays", "{unknown} stays"),
        ("|===\n|===", ""),
        ("|===\na row without cells\n|===", ""),
    ],
)
def test_a_mark_becomes_what_it_says(text: str, plain: str) -> None:
    """Also where it is not closed."""
    assert plain_asciidoc(text) == plain


def test_the_list_of_pages_is_no_article(source: Source) -> None:
    """Antora makes its menu from it."""
    source.put("modules/nav.adoc", "* xref:share.adoc[Share]\n")
    source.put("modules/share.adoc", "= Share\n\nPress the button that says so.\n")
    found = source.read()
    assert [article.id for article in found.articles] == ["modules/share"]
    assert "a list of pages" in found.passed_over[0]


@pytest.mark.parametrize(
    "bomb", ["*" * 50_000, "_a" * 20_000, "[" * 50_000, ":" * 50_000, "|" * 50_000, "link:" * 9_000]
)
def test_a_line_of_marks_takes_no_time(bomb: str) -> None:
    """Whoever wrote it, others wait for the sync."""
    assert plain_asciidoc(bomb) is not None

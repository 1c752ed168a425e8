"""What an answer shows of an article."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from bot.desk.deciding import Candidate, Policy
from bot.service.deciding.triaging import Triager
from kb.articles import Article

BODY = """Slide the shutter open.

## Steps

1. Look above the screen.
2. Restart.

## Check

- The light is on but the picture is dark.

## When to ask for a person

Ask if it stays dark.
"""
ARTICLE = Article("webcam", "Camera is black", "hardware", "l2", (), BODY)


class OneArticle:
    """A knowledge base of one article."""

    def article(
        self,
        article_id: str,
        _collection: str | None = None,
        *,
        viewer_groups: frozenset[str] | None,
    ) -> Article:
        """Give it."""
        return ARTICLE

    def audiences(self) -> frozenset[str]:
        """Keep it to nobody."""
        return frozenset()

    def address(self, article: Article, heading: str = "") -> str:
        """Where it can be read."""
        return f"https://help.example/{article.id}" + (f"#{heading.lower()}" if heading else "")


@pytest.mark.parametrize(
    ("heading", "passage", "shown"),
    [
        ("Check", "- The light is on but the picture is dark.", True),
        ("", "Slide the shutter open.", False),
        ("Steps", "1. Look above the screen.\n2. Restart.", False),
        ("When to ask for a person", "Ask if it stays dark.", False),
    ],
)
def test_the_passage_that_matched_is_shown_where_it_adds_something(
    heading: str, passage: str, *, shown: bool
) -> None:
    """Not what lead and steps say anyway, nor when to ask for a person."""
    triager = Triager(cast("Any", OneArticle()), cast("Any", None), Policy, cast("Any", None))
    match = Candidate("webcam", 0.9, "Camera is black", passage, heading)
    extract = triager.extract("webcam", match, readers=frozenset())
    assert extract is not None
    assert bool(extract.passage) is shown
    assert extract.lead == "Slide the shutter open."
    assert extract.steps == ("Look above the screen.", "Restart.")


@pytest.mark.parametrize(
    ("body", "lead", "passage"),
    [
        ("Run this:\n\n```\nmake\n```\n\n## More\n\nX.", "Run this:", "```\nmake\n```"),
        ("Do it.", "Do it.", ""),
        ("Do it:\n\n1. One.\n2. Two.", "Do it:", ""),
        ("```\nmake\n```\n\nDone.", "Done.", ""),
    ],
)
def test_what_follows_the_lead_is_shown_where_there_are_no_steps(
    body: str, lead: str, passage: str
) -> None:
    """An answer often is a sentence and the code that it speaks of."""

    class One(OneArticle):
        def article(
            self,
            article_id: str,
            _collection: str | None = None,
            *,
            viewer_groups: frozenset[str] | None,
        ) -> Article:
            return replace(ARTICLE, body=body)

    triager = Triager(cast("Any", One()), cast("Any", None), Policy, cast("Any", None))
    extract = triager.extract("webcam", None, readers=frozenset())
    assert extract is not None
    assert (extract.lead, extract.passage) == (lead, passage)
    assert extract.url == "https://help.example/webcam"

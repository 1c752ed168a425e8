"""What an article gives of itself."""

from __future__ import annotations

from dataclasses import replace

from kb.articles import Article

ARTICLE = Article(
    id="a",
    title="A",
    area="",
    owner="",
    questions=(),
    body="Direct answer\nin two lines.\n\n1. not this\n\n## Steps\n1. First\n"
    "   - detail\n2. Second\n\n```\ncode\n```\n",
)


def test_steps_are_the_numbered_list_under_the_steps_heading() -> None:
    """A numbered list before the heading does not count."""
    assert ARTICLE.steps == ("First\n- detail", "Second")


def test_without_a_steps_heading_the_first_numbered_list_counts() -> None:
    """Articles of other tools have no such heading."""
    assert replace(ARTICLE, body="Text\n\n1) one\n2) two\n").steps == ("one", "two")


def test_an_article_without_a_list_has_no_steps() -> None:
    """Nothing is made up."""
    assert replace(ARTICLE, body="Just text.").steps == ()


def test_the_lead_is_the_first_paragraph_on_one_line() -> None:
    """It answers directly."""
    assert ARTICLE.lead == "Direct answer in two lines."

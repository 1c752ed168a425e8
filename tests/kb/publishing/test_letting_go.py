"""A page lets go of what somebody said, and is a page still."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.articles import Article
from kb.errors import PublishingError
from kb.publishing.fronts import read_front
from kb.publishing.letting_go import without_words
from kb.publishing.pages import page_of

INSTEAD = "(forgotten)"


def page(title: str, questions: list[str], body: str) -> str:
    """A page as it is published."""
    article = Article("lost-keys", title, "access", "it", tuple(questions), body)
    return page_of(article, "D-1")


@pytest.mark.parametrize(
    "said",
    [
        "My locker key fell into the lake",
        'She said "never again" about the locker',
        "Schlüssel: weg, seit gestern & heute",
        "the key\nfell under the\ndesk",
        "C:\\keys\\ana is empty since monday",
        "ключ от шкафчика потерян вчера",
    ],
)
def test_what_somebody_said_is_gone_wherever_it_stands(said: str) -> None:
    """Title, questions, text: whatever marks, line ends or letters it has."""
    before = page(f"About {said}", [said, "Where is the spare key?"], f"Asked: {said}\n\nCall us.")
    after = without_words(before, [said], INSTEAD, "lost-keys.md")
    fields, body = read_front(after, "lost-keys.md")
    one_line = " ".join(said.split())
    assert one_line not in json.dumps(fields, ensure_ascii=False, default=str)
    assert one_line not in " ".join(str(each) for each in fields.values())
    assert said not in body
    assert fields["questions"] == ["Where is the spare key?"]
    assert "Call us." in body


def test_a_page_that_quotes_nobody_stays_as_it_is() -> None:
    """To the letter."""
    whole = page("Spare keys", ["Where is the spare key?"], "At the porter's.")
    assert without_words(whole, ["something else entirely"], INSTEAD, "x.md") == whole


def test_a_page_that_could_not_be_read_any_more_is_not_written() -> None:
    """It is said, and somebody looks at it."""
    with pytest.raises(PublishingError):
        without_words("---\ntitle: [broken\n---\nkey under the desk\n", ["key under the desk"],
                      INSTEAD, "x.md")  # fmt: skip


@given(st.text(min_size=12, max_size=60), st.text(max_size=40))
def test_whatever_was_said_the_page_can_be_read_without_it(said: str, other: str) -> None:
    """Any characters."""
    try:
        before = page("Keys", [said], f"Text {other}")
        read_front(before, "x.md")
    except (PublishingError, ValueError):
        return
    if not said.strip():
        return
    try:
        after = without_words(before, [said], INSTEAD, "x.md")
    except PublishingError:
        return
    assert read_front(after, "x.md")[0]["id"] == "lost-keys"

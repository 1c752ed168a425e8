"""Which choice somebody names in words."""

from __future__ import annotations

import pytest

from bot.desk.asking import chosen

TITLES = ("Add an office printer", "Printer is jammed or shows as offline", "Order more toner")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the second one please", 1),
        ("2", 1),
        ("number 3", 2),
        ("#1", 0),
        ("one", 0),
        ("the last one, yes", 2),
        ("das letzte bitte", 2),
        ("Das zweite, bitte", 1),
        ("la première", 0),
        ("el segundo por favor", 1),
        ("ikincisi", 1),
        ("二つ目です", 1),
        ("第一个", 0),
        ("두번째요", 1),
        ("toner", 2),
        ("the jammed one", 1),
    ],
)
def test_a_choice_is_named_by_its_place_or_by_a_word_of_its_own(text: str, place: int) -> None:
    """In any language of the desk, with a courtesy around it."""
    assert chosen(text, TITLES) == place


@pytest.mark.parametrize(
    "text",
    [
        "company one", "neither one", "it's on floor 2", "the other one", "no",
        "at first it worked, then it did not", "I have tried the two of them",
        "since last week", "the printer", "4", "for the new one",
    ],
)  # fmt: skip
def test_what_only_holds_such_a_word_chooses_nothing(text: str) -> None:
    """It tells more instead, and is decided on anew."""
    assert chosen(text, TITLES) is None

"""Which choice somebody names in words."""

from __future__ import annotations

import pytest

from bot.desk.asking import agrees, begins_with_yes, chosen, objection, refuses

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


def test_a_word_that_a_title_happens_to_have_chooses_nothing() -> None:
    """Most of what is said must be of the title."""
    titles = ("Get read-only access to a database", "Order a laptop")
    assert chosen("did you even read what i wrote", titles) is None
    assert chosen("read-only please", titles) == 0


def test_who_says_no_first_chooses_nothing_by_a_word() -> None:
    """What follows says what it is not."""
    titles = ("My mailbox is full", "Set up mail on a phone")
    assert chosen("no its not full its the search", titles) is None
    assert chosen("no, the second one", titles) == 1


@pytest.mark.parametrize(
    "text", ["yes", "Ja, bitte", "oui c'est ça", "sim", "tak", "はい", ":+1:", "✅"]
)
def test_yes_is_yes_with_courtesies_around_it(text: str) -> None:
    """And nothing that is told besides."""
    assert agrees(text)
    assert not refuses(text)


@pytest.mark.parametrize(
    ("text", "titles", "expected"),
    [
        ("ja, das erste, aber ich habe gar kein Software Centre", ("VPN", "Wi-Fi"),
         (0, "ich habe gar kein Software Centre")),
        ("sí, ese, pero no puedo abrir ninguna página", ("Unlock",),
         (0, "no puedo abrir ninguna página")),
        ("The Wi-Fi one but I have none", ("VPN", "Set up Wi-Fi"), None),
        ("yes but", ("Unlock",), None),
        ("but it is broken", ("Unlock",), None),
        ("yes please", ("Unlock",), None),
        ("yes but it is broken", ("Unlock", "Reset"), None),
    ],
)  # fmt: skip
def test_what_stands_behind_but_is_kept_beside_the_choice(
    text: str, titles: tuple[str, ...], expected: tuple[int, str] | None
) -> None:
    """It may speak against what is chosen; without a choice it is read as a whole."""
    assert objection(text, titles) == expected


@pytest.mark.parametrize(
    ("text", "yes"),
    [("eso no me ayudó", False), ("isso só ajudou em parte", False), ("isso, obrigada", True),
     ("eso", True), ("sí la de arriba", True), ("right now it is dead", False)],
)  # fmt: skip
def test_a_word_that_points_is_a_yes_by_itself_alone(text: str, *, yes: bool) -> None:
    """Else it begins any sentence."""
    assert begins_with_yes(text) is yes


@pytest.mark.parametrize("text", ["no", "Nein!", "nope, thanks", "não", "hayir", "いいえ", ":-1:"])
def test_no_is_no(text: str) -> None:
    """In any language of the desk."""
    assert refuses(text)
    assert not agrees(text)


@pytest.mark.parametrize(
    "text", ["yes but on the mac", "no idea", "the printer", "", "ja nein", "?"]
)
def test_what_tells_more_is_neither(text: str) -> None:
    """It is read for what it tells."""
    assert not agrees(text)
    assert not refuses(text)

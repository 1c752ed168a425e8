"""Somebody's lunch smells, and nobody is in danger; what burns, leaks or makes ill is no lunch."""

from __future__ import annotations

import pytest

from bot.desk.deciding import smells_of_lunch, without_smell


@pytest.mark.parametrize(
    "text",
    [
        "who left the lasagna in the break room, it has a smell now",
        "somebody microwaved fish again, the kitchen smells awful",
        "wer hat seinen Käse im Kühlschrank, das stinkt bis auf den Flur",
        "qui a laissé son fromage dans le frigo, ça pue",
        "quién dejó pescado en la nevera, apesta",
        "冷蔵庫の魚、臭いです",
    ],
)
def test_food_that_was_left_is_lunch(text: str) -> None:
    """In any language that people write here."""
    assert smells_of_lunch(text)


@pytest.mark.parametrize(
    "text",
    [
        "it smells like burnt toast in the kitchen again",
        "smells of rotten eggs in the hall, by the fish tank",
        "there is a smell of fish near the sockets",
        "the kitchen smells awful since lunch, and I have a headache",
        "the milk went over the server and now it smells",
        "es riecht nach Fisch im Serverraum",
        "das Essen ist angebrannt, es stinkt",
        "ça sent le poisson près de la prise",
        "huele a queso y a gas",
        "魚を焦げた臭い",
        "who left the lasagna in the break room",
        "the room smells",
    ],
)
def test_what_may_burn_or_leak_is_none(text: str) -> None:
    """Nor what something smells like: gas smells of eggs, and a hot plug of fish."""
    assert not smells_of_lunch(text)


def test_the_rest_is_read_without_the_smell() -> None:
    """Whoever chokes on it is in danger however it smells."""
    assert without_smell("Ben lies on the floor, it smells") == "Ben lies on the floor,"
    assert without_smell("the fish in the kitchen smells") == ""

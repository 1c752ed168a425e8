"""Who greets is greeted; whoever says a word more is read."""

from __future__ import annotations

import pytest

from bot.desk.asking import greets_alone


@pytest.mark.parametrize(
    "text",
    [
        "hello", "Good morning!", "hi all :)", "Hello everyone, good morning", "hey team 👋",
        "moin", "Guten Morgen zusammen", "bonjour à tous", "Buenos días a todos",
        "bom dia pessoal ☀️",
        "おはようございます", "ciao a tutti", "hej",
    ],
)  # fmt: skip
def test_a_greeting_is_one(text: str) -> None:
    """In the languages that people write here, to whomever."""
    assert greets_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "morning. ward 9 pc is deid", "hello?? anyone there", "hi, quick one", "halloooo",
        "good morning good bot, you sleep", "hello " * 40, "all", "test", "👋",
    ],
)  # fmt: skip
def test_what_says_more_is_none(text: str) -> None:
    """Nor what says nothing."""
    assert not greets_alone(text)

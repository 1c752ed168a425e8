"""Which messages are in a language that the models do not read."""

from __future__ import annotations

import pytest

from kb.encoding.unread import is_unread

_SAID = "guten morgen zusammen ok merci team so in die was is the wifi down again"
KNOWN = frozenset(_SAID.split())
"""Words of other languages are known in English where somebody said good morning to all."""


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("guten morgen zusammen", True),
        ("is the wifi down again", False),
        ("merci team", False),
        ("mein bildschirm bleibt schwarz", True),
        ("принтер не печатает", True),
        ("1234 !?", False),
    ],
)
def test_known_words_make_english_of_what_may_be_english(text: str, *, unread: bool) -> None:
    """Not of what is surely another language, each word of which is known."""
    assert is_unread(text, KNOWN.__contains__) is unread

"""Who says that something else was meant."""

from __future__ import annotations

import pytest

from bot.desk.asking import corrects


@pytest.mark.parametrize(
    ("text", "says_so"),
    [
        ("sorry I meant the database", True),
        ("no wait, the HR share", True),
        ("Ich meinte den anderen Drucker", True),
        ("je voulais dire le VPN", True),
        ("quise decir el portátil", True),
        ("経理じゃなくて人事のフォルダです", True),
        ("that is what I mean", False),
        ("no", False),
        ("please wait", False),
        ("", False),
    ],
)
def test_words_for_it_are_known(text: str, *, says_so: bool) -> None:
    """In many languages; a mere no puts nothing else in its place."""
    assert corrects(text) is says_so

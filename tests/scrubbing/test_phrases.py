"""Secrets that are plain words are told by what they are called."""

from __future__ import annotations

import pytest

from bot.scrubbing.scrubber import RuleScrubber

SCRUBBER = RuleScrubber()


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("here's my pass phrase: purple monkey dishwasher", "purple monkey dishwasher"),
        ("the recovery phrase is velvet anchor cousin tulip nine", "velvet anchor"),
        ("die Wiederherstellungsphrase lautet Birne Tunnel Geige Regen", "Birne Tunnel"),
        ("ma phrase de passe est girafe bleue sous la pluie", "girafe bleue"),
        ('username bob, pass "let me in 55"', "let me in 55"),
        ("das Kennwort ist „grüner Hund“", "grüner Hund"),
        ("my mother's maiden name is Kowalczyk if you need to verify", "Kowalczyk"),
        ("security question (first pet): Bello", "Bello"),
        ("i changed it to correcthorsebatterystaple yesterday", "correcthorse"),
        ("my social is 078-05-1120", "078-05-1120"),
        ("the code for the side door is 2580#", "2580#"),
    ],
)
def test_it_is_masked(text: str, secret: str) -> None:
    """Whole: nothing of it is left."""
    assert secret not in SCRUBBER.scrub(text).text


@pytest.mark.parametrize(
    "text",
    [
        'it says my password "is not correct" all the time',
        'the message "your password has expired" pops up',
        "my security question is not accepted",
        "Security question: Where can I change it?",
        "what is my security question? I forgot",
        "my passphrase: do I need one for ssh?",
        "The passphrase for the guest network is on the wall in room 12",
        "the passphrase is wrong, Outlook says",
        "my recovery phrase is lost",
        "the code *100# shows no balance",
        "press *21*0049# to forward calls",
        "we set it to read only",
    ],
)
def test_what_only_speaks_of_one_is_left(text: str) -> None:
    """It stays as it was written."""
    assert SCRUBBER.scrub(text).text == text

"""What is written in capitals reads as it would in small letters."""

from __future__ import annotations

import pytest

from kb.encoding.languages import SURELY, told
from kb.encoding.shouting import unshouted


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("CONFLUENCE DOWN!!!", "confluence down!!!"),
        ("DER DRUCKER GEHT NICHT", "der drucker geht nicht"),
        ("VPN", "VPN"),
        ("VPN down", "VPN down"),
        ("My VPN and the SAP client", "My VPN and the SAP client"),
        ("プリンターが動かない", "プリンターが動かない"),
        ("503", "503"),
        ("", ""),
    ],
)
def test_whoever_shouts_is_read(text: str, read: str) -> None:
    """A name in capitals among other words stays one."""
    assert unshouted(text) == read


def test_a_language_is_told_of_capitals_too() -> None:
    """Bytes of capitals are another language's, or none's."""
    text = "mein Rechner fährt seit heute Morgen nicht mehr hoch"
    language, chance = told(text.upper())
    assert language == "de"
    assert chance >= SURELY

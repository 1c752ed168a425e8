"""Slips are mended, words are not."""

from __future__ import annotations

import pytest

from bot.service.deciding.spelling import Spelling

LEARNED = ("printer", "password", "about", "want", "paint", "meeting", "opening", "position")
LEARNED += ("scanner", "thing", "swear", "smoke", "getting", "her", "shoes")
OTHERS = ("she", "was", "delete", "wear", "spoke", "opening", "get", "mask", "he")
SPELLING = Spelling(LEARNED, OTHERS)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [("pritner", "printer"), ("passwrod", "password"), ("abuot", "about"), ("pinter", "printer")],
)
def test_a_slip_is_read_as_the_word_that_it_is_a_slip_of(typed: str, mended: str) -> None:
    """Swapped, dropped, doubled."""
    assert SPELLING.mended(f"my {typed} is gone") == f"my {mended} is gone"


@pytest.mark.parametrize(
    "word",
    ["wasnt", "shes", "hes", "deleting", "reopening", "masking", "aint", "imposition", "spoke"],
)
def test_a_word_that_was_not_learned_is_no_slip(word: str) -> None:
    """With an ending of its own, with another beginning, or known to the encoder."""
    assert SPELLING.mended(f"and {word} it") == f"and {word} it"

"""The question is found in what people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.questions.hygiene import LONGEST_WORDS, clean


@pytest.mark.parametrize(
    ("message", "question"),
    [
        (
            "Hi team, sorry to bother you, how do I reset my password?",
            "how do I reset my password?",
        ),
        ("<@U123> vpn drops :cry: thanks in advance!", "vpn drops"),
        ("Good morning all!\nprinter jams\n\n--\nJo Smith\nSales", "printer jams"),
        ("see <https://x.example/y|the page> please", "see the page please"),
        ("reset password", "reset password"),
        ("hello", "hello"),
    ],
)
def test_courtesies_mentions_and_signatures_go(message: str, question: str) -> None:
    """What is asked stays."""
    assert clean(message).text == question


def test_a_pasted_log_does_not_drown_the_question() -> None:
    """The question and the error stay, the lines of routine go."""
    log = "\n".join(f"2024-01-01 10:00:{i:02d} INFO worker {i} all fine here" for i in range(60))
    found = clean(f"{log}\n2024-01-01 ERROR connection refused by db01\nwhy does my job not start?")
    assert "why does my job not start?" in found.text
    assert "connection refused" in found.text
    assert len(found.text.split()) <= LONGEST_WORDS


def test_codes_hosts_and_quotes_are_identifiers() -> None:
    """They count letter for letter."""
    found = clean('ERR-4031 on db01.example.com, "access is denied", v2.3.1')
    assert {"ERR-4031", "db01.example.com", "access is denied"} <= set(found.identifiers)


@given(st.text())
def test_any_text_is_cleaned_without_an_error(message: str) -> None:
    """Control characters, emoji, nothing at all."""
    assert len(clean(message).text.split()) <= max(LONGEST_WORDS, 1)

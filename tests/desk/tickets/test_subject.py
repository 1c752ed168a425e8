"""The subject of a request: what it is, in its own words, cut to a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.tickets import subject_of
from bot.desk.tickets.subject import SUBJECT_ROOM


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("The VPN drops.", "The VPN drops."),
        ("Hi team, the wifi in Berlin is gone. Since 9. Nobody works.",
         "the wifi in Berlin is gone."),
        ("Hello! Hope you are well. Could you unlock my account, please?",
         "Could you unlock my account, please?"),
        ("Guten Morgen zusammen, Drucker im 3. Stock druckt nur Streifen",
         "Drucker im 3. Stock druckt nur Streifen"),
        ("Bonjour à tous, impossible de me connecter", "impossible de me connecter"),
        ("Good day to you sir. I need a new badge.", "I need a new badge."),
        ("help!! laptop dead", "help!! laptop dead"),
        ("No.\nMy screen is black", "No. My screen is black"),
        ("こんにちは。パスワードを忘れました。至急お願いします。", "パスワードを忘れました。"),
        ("hello", "hello"),
        ("", ""),
        ("hiking app cannot sync my watch at all", "hiking app cannot sync my watch at all"),
        ("item 4711 cannot be ordered any more", "item 4711 cannot be ordered any more"),
    ],
)  # fmt: skip
def test_a_subject_is_the_first_sentence_that_says_something(question: str, subject: str) -> None:
    """Greetings are passed over in any language; what only looks like one stays."""
    assert subject_of(question) == subject


def test_a_long_sentence_is_cut_at_a_word() -> None:
    """So that three lines of a phone show it."""
    subject = subject_of("When I dock the laptop " + "and open the report again " * 20)
    assert len(subject) <= SUBJECT_ROOM
    assert subject.startswith("When I dock the laptop and open")
    assert subject.endswith(("report…", "again…", "open…", "the…", "and…"))


@given(st.text(max_size=400))
def test_a_subject_has_no_word_of_its_own(question: str) -> None:
    """Every word of it was said; it is never empty where something was."""
    subject = subject_of(question)
    said = " ".join(question.split())
    assert all(word.rstrip("…") in said for word in subject.split())
    assert bool(subject) == bool(question.strip()) or not said.strip("*_~ ")
    assert len(subject) <= SUBJECT_ROOM


def test_hostile_greetings_take_no_time() -> None:
    """A hundred thousand greetings in a row are read in a moment."""
    assert subject_of("hi " * 100_000 + "x")

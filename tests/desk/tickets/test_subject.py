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


TRACE = """Traceback (most recent call last):
  File "/opt/report/main.py", line 12, in main
    run()
  File "/opt/report/run.py", line 3, in run
    connect(host)
ConnectionError: refused

How do I get the report tool to connect again?"""
MAIL = """-----Original Message-----
From: Bob <bob@partner.example>
Sent: Monday, 2 March
To: Helpdesk
Subject: FW: invoice

Why was the invoice rejected by the portal?"""


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        (TRACE, "How do I get the report tool to connect again?"),
        (MAIL, "FW: invoice Why was the invoice rejected by the portal?"),
        ("```\nERR_CERT\nat 0x00\n```\nWhy does the intranet say this?",
         "Why does the intranet say this?"),
        ("> please reset my password\n> Bob\nCan you do what Bob asks for?",
         "Can you do what Bob asks for?"),
        ("2026-03-03 10:00:01 ERROR foo\nThe order tool prints this", "The order tool prints this"),
        ("Exception in thread main\n\tat org.x.A.b(A.java:3)\nsince noon, in the tool",
         "since noon, in the tool"),
        (":fire: :fire: 🔥🔥 ⚠️ the VPN is down", "the VPN is down"),
        ("https://status.example.org/8841 !!! this page kills our till",
         "this page kills our till"),
        ("https://status.example.org/8841", "https://status.example.org/8841"),
        ("https://a.example/8841 does not open", "https://a.example/8841 does not open"),
        ("مرحبا، الطابعة لا تعمل منذ الصباح", "الطابعة لا تعمل منذ الصباح"),
        ("สวัสดีครับ เครื่องพิมพ์ไม่ทำงานตั้งแต่เช้า", "เครื่องพิมพ์ไม่ทำงานตั้งแต่เช้า"),
        ("I hope this message finds you well. The wiki is gone.", "The wiki is gone."),
        ("An app, e.g. the planner, hangs", "An app, e.g. the planner, hangs"),
        ("the job says ```E 42``` again, why?", "the job says ```E 42``` again, why?"),
        ("This fails:\n```\nE 42\n```", "This fails: E 42"),
        ("\n".join(["2026-03-03 10:00:01 ERROR foo"] * 300) + "\nThe order tool prints this",
         "The order tool prints this"),
        # Where nothing else was written, that is what it is.
        ("```\nERR_CERT_DATE_INVALID\n```", "ERR_CERT_DATE_INVALID"),
        ("> my printer is broken", "> my printer is broken"),
        ("🔥🔥🔥", "🔥🔥🔥"),
        # What only looks pasted is not.
        ("From: Berlin no train loads", "From: Berlin no train loads"),
        ("at noon the wiki is slow", "at noon the wiki is slow"),
        ("ImportError: what does that mean in the tool?",
         "ImportError: what does that mean in the tool?"),
    ],
)  # fmt: skip
def test_what_is_pasted_is_passed_over_while_there_are_words_beside_it(
    question: str, subject: str
) -> None:
    """Traces, logs, code, quotations and heads of mails say less than the one who asks."""
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


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("|host|state|\n|---|---|\n|db1|down|\nwhy is db1 down?", "why is db1 down?"),
        ("so sorry to bug you again!!\nquick one: the badge printer prints twice",
         "the badge printer prints twice"),
        ("|host|state|\n|db1|down|", "|host|state|"),
    ],
)  # fmt: skip
def test_tables_and_excuses_are_passed_over(question: str, subject: str) -> None:
    """A table alone is what there is."""
    assert subject_of(question) == subject

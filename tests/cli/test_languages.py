"""The doctor tells when people write what the encoder does not read."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot.cli.checks.languages import FEWEST, SINCE, language_findings
from bot.desk.ids import Thread, Ts
from kb.encoding.loading import ENGLISH_SHA256
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store

ENGLISH_ALONE: Any = SimpleNamespace(name=ENGLISH_SHA256)
MANY_LANGUAGES: Any = SimpleNamespace(name=f"{ENGLISH_SHA256}+0123")


def ask(store: Store, question: str, times: int) -> None:
    """Open so many tickets with one question."""
    with store.unit_of_work() as uow:
        for number in range(times):
            ts = Ts(f"{number}.{len(question)}")
            uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, question, ts)


@pytest.mark.parametrize(("german", "is_said"), [(2, True), (1, False)])
def test_a_tenth_in_another_language_is_said(store: Store, german: int, *, is_said: bool) -> None:
    """With how many of how many, and what to do; a single one is an exception."""
    ask(store, "Wie verbinde ich mich mit dem VPN?", german)
    ask(store, "How do I connect to the VPN?", FEWEST - german)
    found = list(language_findings(store.path, ENGLISH_ALONE, a.NOON))
    assert [subject for subject, _, _ in found] == ["languages"] * is_said
    if is_said:
        assert f"2 of the last {FEWEST} questions" in found[0][2]


def test_nothing_is_said_where_it_is_read_or_long_ago_or_of_few(store: Store) -> None:
    """Nor of a desk that is not there yet."""
    ask(store, "Wie verbinde ich mich mit dem VPN?", FEWEST - 1)
    assert list(language_findings(store.path, ENGLISH_ALONE, a.NOON)) == []
    ask(store, "Der Drucker druckt nicht, was soll ich tun?", 1)
    assert list(language_findings(store.path, MANY_LANGUAGES, a.NOON)) == []
    later = a.NOON + SINCE + timedelta(days=1)
    assert list(language_findings(store.path, ENGLISH_ALONE, later)) == []
    missing = store.path.with_name("none.db")
    assert list(language_findings(missing, ENGLISH_ALONE, a.NOON)) == []

"""How often PostgreSQL is asked for one question, and how much of that it knows already."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bot.desk.deciding import Action
from bot.desk.tiers import Tier
from bot.store import database
from bot.store.database import put_on
from bot.store.postgresql.connection import Session
from bot.store.postgresql.dialect import translated
from bot.store.postgresql.server import Server
from tests import builders as a
from tests import postgresql
from tests.bench.engines import Ways
from tests.faults.whole_desk import WholeDesk, without_network
from tests.slack import payloads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare  # a server is started

FOR_AN_ANSWER, FOR_A_CALL = 55, 96
"""Ways there and back from Slack's delivery to the last message that it led to, in one thread."""


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """An empty desk's database of its own."""
    return postgresql.new_database(f"test_{abs(hash(request.node.name))}")


@pytest.fixture
def desk(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WholeDesk]:
    """A desk on it, without the threads that work on it."""
    monkeypatch.setattr(database, "_servers", {})
    path = tmp_path / "frontline.db"
    put_on(path, Server(address))
    with without_network() as slack:
        whole = WholeDesk(path, slack, lambda: datetime.now(UTC))
        yield whole
        whole.store.glance.close()
        whole.store.release()


def ask(desk: WholeDesk, number: int) -> None:
    """Let somebody ask, and all that comes of it be done."""
    text = f"the laptop screen is grey and the vpn drops, desk{number}"
    ts, user = f"{1_900_000_000 + number}.000001", f"U{number:09d}"
    event = payloads.message(text, user=user, ts=ts, channel=a.DIRECT, channel_type="im")
    assert desk.let_in(payloads.callback(event, f"EvNEW{number}")).status == 200
    while desk.inbox.step() or desk.relay.step():
        pass


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What PostgreSQL is sent."""
    sent: list[str] = []
    run = Session.run

    def noted(session: Session, sql: str, *given: Any, **named: Any) -> Any:
        sent.append(sql)
        return run(session, sql, *given, **named)

    monkeypatch.setattr(Session, "run", noted)
    return sent


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    """What PostgreSQL is waited for."""
    counted = Ways()
    counted.watch(monkeypatch.setattr)
    return counted


@pytest.mark.parametrize(
    ("decision", "most"),
    [
        (a.triage(Action.ANSWER), FOR_AN_ANSWER),
        (a.triage(Action.ESCALATE, Tier.L2), FOR_A_CALL),
    ],
)
def test_a_question_costs_no_more_ways_there_and_back(
    desk: WholeDesk, ways: Ways, decision: Any, most: int
) -> None:
    """However many asked the same; each is time in which, while it writes, nobody else writes."""
    desk.triager.decision = decision
    for number in range(6):
        ask(desk, number)
    before = ways.count
    ask(desk, 6)
    assert ways.count - before <= most


def test_what_was_asked_before_is_known(desk: WholeDesk) -> None:
    """No statement has a value in its text: it would be translated and planned each time anew."""
    desk.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    for number in range(8):
        ask(desk, number)
    known, prepared = translated.cache_info().misses, numbers_of_prepared(desk)
    for number in range(8, 12):
        ask(desk, number)
    assert translated.cache_info().misses == known
    assert numbers_of_prepared(desk) >= prepared > 20


def numbers_of_prepared(desk: WholeDesk) -> int:
    """Count the statements that the connection in use has prepared."""
    session: Any = database._spare[desk.store.path][-1].conn
    return len(session._connection._prepared._names)


def test_a_column_that_a_newer_version_adds_disturbs_nobody(desk: WholeDesk, address: str) -> None:
    """What an older one has prepared goes on: PostgreSQL refuses it where its columns change."""
    desk.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    for number in range(8):
        ask(desk, number)
    with psycopg.connect(address, autocommit=True) as newer:
        for table in ("tickets", "outbox", "escalations", "incidents", "timers"):
            newer.execute(f"ALTER TABLE {table} ADD COLUMN of_tomorrow text".encode())
    ask(desk, 8)
    assert "1900000008.000001" in desk.slack.answered
    assert desk.store.inbox.failures() == []

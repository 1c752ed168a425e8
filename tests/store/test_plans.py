"""Whatever is asked of the database while people wait is found by index."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from bot.slack import actions as ids
from bot.store.database import connect
from bot.store.history import AT_HAND
from tests import builders as a
from tests.faults.payload_fuzz import FuzzedDesk
from tests.faults.whole_desk import without_network
from tests.slack import payloads

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sqlite

GROWS = {
    "inbox", "inbox_history", "outbox", "outbox_history", "tickets", "escalations", "timers",
    "audit", "conversation", "labels", "ratings", "steps_tried", "row", "earlier", "t", "e", "w",
}  # fmt: skip
READS = re.compile(r"\s*(SELECT|UPDATE|DELETE|INSERT(?!.*\bVALUES\b))\b", re.IGNORECASE)
"""All but plain insertions: their plans name the children of foreign keys, which are not read."""
BARE = re.compile(r"SCAN (\w+)$")
SORTS_A_FEW = (
    "ticket_words",  # ranked, among as many rows as may be read
    "overrides",
    "FROM timers WHERE ticket = ",
    "DISTINCT w.ticket",  # a Home: what is due within hours
    "pragma_table_list",  # the tables there are
    "GROUP BY",  # a Home: what came within a week
    "home_viewers_of_groups",  # engineers who looked at their Home within hours
)


@pytest.fixture
def asked_of_the_database(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every statement that runs, as SQLite is given it."""
    statements: set[str] = set()
    real = sqlite3.connect

    def traced(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = real(*given, **named)
        connection.set_trace_callback(statements.add)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    return statements


def live(folder: Path) -> FuzzedDesk:
    """A day at the desk: a question, its follow-ups and presses, an escalation, a Home, timers."""
    with without_network() as slack:
        desk = FuzzedDesk(folder, slack)
        home = {"type": "app_home_opened", "user": a.MEI, "channel": a.DIRECT, "tab": "home"}
        days: list[dict[str, Any]] = [
            payloads.callback(payloads.message(f"<@{a.BOT}> VPN?"), "Ev1"),
            payloads.callback(payloads.changed("new", "old"), "Ev2"),
            payloads.callback(payloads.message("and?", ts="17.1", thread_ts=a.ASKED), "Ev3"),
            payloads.press(ids.CALL_PERSON, "1001", trigger_id="1"),
            payloads.press(ids.TAKE, "1", trigger_id="2", user={"id": a.TOM}),
            payloads.callback(home, "Ev4"),
            payloads.callback(payloads.removed(), "Ev5"),
        ]
        for payload in days:
            desk.receive(payload)
            desk.work()
        desk.clock.turn(AT_HAND.total_seconds() * 3)
        desk.work()
        desk.store.history.step()
        desk.receive(payloads.press(ids.SOLVED, "1001", trigger_id="3"))
        desk.work()
        desk.store.aside.take_up()
        desk.store.inbox.recover()
        desk.store.outbox.recover()
        desk.store.timers.next_due()
    return desk


def test_nothing_that_grows_is_scanned_or_sorted(
    tmp_path: Path, asked_of_the_database: set[str]
) -> None:
    """By the plan that SQLite makes for each statement that ran."""
    desk = live(tmp_path)
    asked = sorted(
        text
        for text in asked_of_the_database
        if READS.match(text)
        and "_sqlite_migrations" not in text
        and "coalesce(e.fix" not in text
        and not text.startswith("INSERT INTO ticket_hours SELECT")  # once, by its migration
    )
    assert any("outbox_history" in text for text in asked)
    found = []
    database = connect(desk.store.path)
    for text in asked:
        for row in database.execute(f"EXPLAIN QUERY PLAN {text}").fetchall():
            bare = BARE.match(row["detail"])
            sorts = "TEMP B-TREE" in row["detail"] and not any(w in text for w in SORTS_A_FEW)
            if sorts or (bare and bare[1] in GROWS):
                found.append(f"{row['detail']}: {' '.join(text.split())[:150]}")
    database.close()
    assert not found, "\n".join(found)


def test_whoever_only_looks_does_not_keep_others_from_writing(
    tmp_path: Path, asked_of_the_database: set[str]
) -> None:
    """An idle worker takes no lock that a writer would wait for."""
    with without_network() as slack:
        desk = FuzzedDesk(tmp_path, slack)
    desk.work()
    asked_of_the_database.clear()
    desk.work()
    desk.store.history.step()
    desk.store.aside.take_up()
    desk.store.timers.next_due()
    assert "BEGIN IMMEDIATE" not in asked_of_the_database
    assert "BEGIN" in asked_of_the_database

"""Years on record: millions of events, notices and tickets, written by SQLite itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.tickets import Progress
from bot.desk.tiers import Tier
from bot.store.codec import dump_notice
from tests.bench.full_desk import without_triggers

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

DAYS = 730
WORDS = (
    "vpn", "printer", "password", "laptop", "outlook", "badge", "scanner", "invoice", "order",
    "screen", "teams", "wiki", "crm", "jira", "drops", "slow", "locked", "broken", "missing",
    "grey", "refused", "twice", "daily", "since", "monday", "warehouse", "finance",
)  # fmt: skip
COUNTED = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
FIRST = 1000
AT = (
    f"strftime('%Y-%m-%dT%H:%M:%f', 'now', '-1 day', "
    f"printf('-%f days', {DAYS} * (1.0 - 1.0 * i / :count))) || '000+00:00'"
)
"""Evenly over two years, until yesterday."""


def fill(path: Path, *, events: int, tickets: int, moved: bool) -> None:
    """Write so many settled events, as many notices, and closed tickets with all that they have.

    `moved` says that the settled rows are in the tables of history; else they are still where
    a version without such tables left them.
    """
    with without_triggers(path) as db:
        db.execute("CREATE TEMP TABLE words (i INTEGER PRIMARY KEY, word TEXT)")
        db.conn.executemany("INSERT INTO words VALUES (?, ?)", enumerate(WORDS))
        suffix = "_history" if moved else ""
        _events(db, f"inbox{suffix}", events)
        _notices(db, f"outbox{suffix}", events, tickets)
        _tickets(db, tickets)


def _events(db: Database, table: str, count: int) -> None:
    payload = (
        '{"type": "event_callback", "team_id": "T0LARKFLD1", "event": {"type": "message", '
        '"user": "U0ANA00001", "channel": "C0ITHELP01", "text": "' + "how do I do it " * 12 + '"}}'
    )
    db.execute(
        f"{COUNTED} INSERT INTO {table} (id, event_id, message_key, lane, payload, state, "
        "attempts, due, received_at, finished_at) "
        "SELECT i, printf('EvOLD%09d', i), printf('T0LARKFLD1:C0ITHELP01:15%08d.%06d', i, i), "
        f"printf('ticket:%d', {FIRST} + i / 2), :payload, 'done', 1, {AT}, {AT}, {AT} FROM n",
        {"count": count, "payload": payload},
    )
    _next_number(db, "inbox", count)


def _notices(db: Database, table: str, count: int, tickets: int) -> None:
    notice = dump_notice(Progress(1001, "taken", Tier.L2, "U0TOM00001"))  # type: ignore[arg-type]
    db.execute(
        f"{COUNTED} INSERT INTO {table} (id, lane, ticket, notice, channel, thread_ts, edits, "
        "state, attempts, due, created_at, sent_at, sent_channel, sent_ts) "
        f"SELECT i, printf('ticket:%d', {FIRST} + i % :tickets), {FIRST} + i % :tickets, :notice, "
        "'C0ITHELP01', printf('15%08d.000001', i), iif(i % 4 = 0, i - 1, NULL), 'sent', 1, "
        f"{AT}, {AT}, {AT}, 'C0ITHELP01', printf('15%08d.%06d', i, 7) FROM n",
        {"count": count, "tickets": tickets, "notice": notice},
    )
    _next_number(db, "outbox", count)


def _next_number(db: Database, table: str, last: int) -> None:
    db.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
    db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, last])


def _tickets(db: Database, count: int) -> None:
    word = "(SELECT word FROM words WHERE words.i = ({} % {}))"
    asked = " || ' ' || ".join(
        word.format(factor, len(WORDS))
        for factor in ("i", "i / 27", "i / 729", "i * 7 / 5", "i * 11 / 3", "i / 13")
    )
    question = f"{asked} || printf(' desk%d', i % 9973)"
    db.execute(
        f"{COUNTED} INSERT INTO tickets (id, team, channel, thread_ts, requester, question, "
        "asked_ts, opened_at, updated_at, state, resolution, priority) "
        f"SELECT {FIRST} + i, 'T0LARKFLD1', 'C0ITHELP01', printf('15%08d.000001', i), "
        f"printf('U%09d', i % 20000), {question}, '1.0', {AT}, {AT}, 'closed', 'by article', 'P3' "
        "FROM n",
        {"count": count},
    )
    db.execute(
        f"{COUNTED} INSERT INTO conversation (ticket, team, channel, ts, author, text, at) "
        f"SELECT {FIRST} + i, 'T0LARKFLD1', 'C0ITHELP01', printf('15%08d.000001', i), "
        f"printf('U%09d', i % 20000), 'Asked.', {AT} FROM n",
        {"count": count},
    )
    db.execute(
        f"{COUNTED} INSERT INTO audit (ticket, at, what, details) "
        f"SELECT {FIRST} + i, {AT}, 'answered', printf('article-%d', i % 71) FROM n",
        {"count": count},
    )
    called = {"count": count}
    db.execute(
        f"{COUNTED} INSERT INTO escalations (id, ticket, tier, group_name, state, assignee, "
        "reasons, settled_by, cause, fix, opened_at, updated_at) "
        f"SELECT i, {FIRST} + i, 'L2', 'l2', 'resolved', 'U0TOM00001', '[\"Because.\"]', "
        "'U0TOM00001', printf('Cause %d', i % 997), printf('Fix %d', i % 991), "
        f"{AT}, {AT} FROM n WHERE i % 3 = 0",
        called,
    )
    db.execute(
        f"{COUNTED} INSERT INTO timers (ticket, escalation, kind, promise, due, state) "
        f"SELECT {FIRST} + i, i, 'call next', 'acknowledge', {AT}, 'cancelled' "
        "FROM n WHERE i % 3 = 0",
        called,
    )
    db.execute(
        "INSERT INTO ticket_words (rowid, question, cause, fix) SELECT t.id, t.question, "
        "coalesce(e.cause, ''), coalesce(e.fix, '') FROM tickets AS t "
        "LEFT JOIN escalations AS e ON e.ticket = t.id"
    )

"""The desk with 1,000,000 closed tickets and 10,000 open ones: presses, Homes, timers.

Run: .venv/bin/python -m pytest tests/bench/desk_speed.py -m bench -s
`FRONTLINE_BENCH_TICKETS=50000` tries it with fewer closed tickets.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import os
import random
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Spot
from bot.desk.ids import ChannelId, EscalationId, TeamId, Ts, UserId
from bot.desk.ports.delivery import Delivery
from bot.desk.tickets import Take
from bot.desk.views import AskDesk, words_of
from bot.service.context import Desk
from bot.service.handling import plan
from bot.service.views.homes import home_view
from bot.slack.blocks.views.home import render_home
from bot.store.codec import stamp
from bot.store.database import connect
from bot.store.unit_of_work import Store
from tests import builders as a
from tests.bench.figures import record
from tests.bench.running_desk import running_desk
from tests.bench.timing import handle, milliseconds
from tests.fakes import FakeDirectory, FakeTriager, TurnableClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

pytestmark = pytest.mark.bench

COMMAND = ".venv/bin/python -m pytest tests/bench/desk_speed.py -m bench -s"
FULL = 1_000_000
CLOSED = int(os.environ.get("FRONTLINE_BENCH_TICKETS", FULL))
OPEN = 10_000
PEOPLE = 20_000
TRIES = 200
HOME_MS = 300.0
PRESS_MS = 200.0
ANSWER_MS = 1_000.0
WORDS = [
    "vpn",
    "printer",
    "password",
    "laptop",
    "outlook",
    "badge",
    "scanner",
    "invoice",
    "order",
    "screen",
    "teams",
    "wiki",
    "crm",
    "jira",
    "drops",
    "slow",
    "locked",
    "broken",
    "missing",
    "grey",
    "refused",
    "twice",
    "daily",
    "since",
    "Monday",
    "warehouse",
    "finance",
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk over a full database."""
    clock = TurnableClock()
    store = Store(tmp_path_factory.mktemp("desk") / "frontline.db", clock)
    store.migrate()
    started = time.perf_counter()
    fill(store.path)
    size = store.path.stat().st_size / 1e6
    print(
        f"\n{CLOSED} closed and {OPEN} open tickets: {time.perf_counter() - started:.0f} s, "
        f"{size:.0f} MB"
    )
    # A running bot has a connection open at nearly any time; the last one to close checkpoints.
    store.hold()
    return Desk(
        unit_of_work=store.unit_of_work,
        triager=FakeTriager(),  # type: ignore[arg-type]
        directory=FakeDirectory(),
        groups=a.groups(),
        modes={},
        clock=clock,
        readings=store.readings,
        admins=frozenset({a.TOM}),
    )


def fill(path: Path) -> None:
    """Write the tickets straight into their tables; the words of all are indexed at the end."""
    db = connect(path)
    db.execute("PRAGMA synchronous = OFF")
    triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    db.execute("BEGIN")
    for trigger in triggers:
        db.execute(f"DROP TRIGGER {trigger['name']}")
    db.conn.executemany(
        "INSERT INTO tickets (id, team, channel, thread_ts, requester, question, asked_ts, "
        "opened_at, updated_at, state, resolution, priority) "
        "VALUES (?, 'T0LARKFLD1', 'C0ITHELP01', ?, ?, ?, '1.0', ?, ?, ?, ?, ?)",
        _tickets(),
    )
    db.conn.executemany(
        "INSERT INTO escalations (id, ticket, tier, group_name, state, assignee, reasons, "
        "settled_by, cause, fix, opened_at, updated_at, urgency) "
        "VALUES (?, ?, 'L2', ?, ?, ?, '[\"Because.\"]', ?, ?, ?, ?, ?, ?)",
        _escalations(),
    )
    db.conn.executemany(
        "INSERT INTO timers (ticket, escalation, kind, promise, due, state) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        _timers(),
    )
    db.conn.executemany(
        "INSERT INTO audit (ticket, at, what, details) VALUES (?, ?, ?, ?)", _audit()
    )
    _index_words(db)
    for trigger in triggers:
        db.execute(trigger["sql"])
    db.conn.commit()
    db.execute("ANALYZE")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _index_words(db: Database) -> None:
    db.execute(
        "INSERT INTO ticket_words (rowid, question, cause, fix) "
        "SELECT t.id, t.question, coalesce(e.cause, ''), coalesce(e.fix, '') "
        "FROM tickets AS t LEFT JOIN escalations AS e ON e.ticket = t.id"
    )


def _when(number: int) -> str:
    """The closed ones came over two years, the open ones over the last three days."""
    if number < CLOSED:
        return stamp(a.NOON - timedelta(days=730) * (1 - number / CLOSED))
    return stamp(a.NOON - timedelta(days=3) * (1 - (number - CLOSED) / OPEN))


def _rank(number: int) -> int:
    """One in twenty is P1; of the closed ones nobody asks any more."""
    return 1 if number % 20 == 0 else 2 + number % 3


def _tickets() -> Iterator[tuple[Any, ...]]:
    chance = random.Random(7)
    for number in range(CLOSED + OPEN):
        at, is_open = _when(number), number >= CLOSED
        user = a.ANA if number % 5_000 == 0 else f"U{number % PEOPLE:09d}"
        state, ended = ("escalated", None) if is_open else ("closed", "by article")
        question = " ".join(chance.choices(WORDS, k=8)) + f" desk{number % 9_973}"
        yield (
            1001 + number,
            f"{number}.1",
            user,
            question,
            at,
            at,
            state,
            ended,
            f"P{_rank(number)}",
        )


def _escalations() -> Iterator[tuple[Any, ...]]:
    for number in range(0, CLOSED, 3):
        at = _when(number)
        fixed = (a.MEI, f"Cause {number % 997}", f"Fix {number % 991}")
        yield number + 1, 1001 + number, "l2", "resolved", a.MEI, *fixed, at, at, 3
    for number in range(CLOSED, CLOSED + OPEN):
        at, taken = _when(number), number % 2 == 0
        group = ("l2", "l2-network", "l3")[number % 3]
        who = (a.TOM if number % 500 == 0 else a.MEI) if taken else None
        state = "acknowledged" if taken else "pending"
        rest = None, None, None, at, at, _rank(number)
        yield number + 1, 1001 + number, group, state, who, *rest


def _timers() -> Iterator[tuple[Any, ...]]:
    for number in range(0, CLOSED, 3):
        for kind, promise in (("call next", "acknowledge"), ("remind group", "resolve")):
            state = "fired" if number % 30 == 0 else "cancelled"
            yield 1001 + number, number + 1, kind, promise, _when(number), state
    for number in range(CLOSED, CLOSED + OPEN):
        due = stamp(a.NOON + timedelta(minutes=(number - CLOSED) / 5))
        late = number % 50 == 1
        rung = ("call next", "acknowledge", due, "fired" if late else "set")
        yield 1001 + number, number + 1, *rung
        yield 1001 + number, number + 1, "remind group", "resolve", due, "set"


def _audit() -> Iterator[tuple[Any, ...]]:
    for number in range(CLOSED + OPEN):
        yield 1001 + number, _when(number), "answered", f"article-{number % 71}"


def test_a_press_is_stored_and_handled(desk: Desk) -> None:
    """Storing is what the acknowledgement waits for; handling follows.

    The whole way of a question is measured at the end, after which much has changed.
    """
    store: Store = desk.unit_of_work.__self__  # type: ignore[attr-defined]
    pending = [1 + CLOSED + number for number in range(1, OPEN, 2)][:TRIES]
    storing, handling = [], []
    for number, escalation in enumerate(pending):
        at = Spot(a.TEAM, a.L2_CHANNEL, Ts("5.1"), a.TOM)
        delivery = Delivery(f"press-{number}", {"n": number}, a.THREAD)
        storing.append(milliseconds(lambda delivery=delivery: store.inbox.put(delivery)))
        take = Take(at, EscalationId(escalation))
        handling.append(milliseconds(lambda take=take: handle(desk, take)))
    _report("a press is stored (acknowledged after that)", storing, PRESS_MS)
    _report("a press is handled", handling)


def test_app_home_is_built(desk: Desk) -> None:
    """For a requester with many tickets, an engineer and an admin."""
    for who, user in (
        ("a requester", a.ANA),
        ("an engineer", a.MEI),
        ("engineer and admin", a.TOM),
    ):
        taken = [
            milliseconds(lambda user=user: render_home(home_view(desk, user))) for _ in range(50)
        ]
        _report(f"App Home of {who}", taken, HOME_MS)


def test_helpdesk_answers(desk: Desk) -> None:
    """`mine`, and a search over all tickets for a word that is in half of them."""
    at = Spot(TeamId(a.TEAM), ChannelId(a.IT_HELP), Ts(""), UserId(a.MEI))
    for text in ("mine", "search vpn printer", "search desk4711", "status T-5000"):
        assert words_of(text)
        taken = [milliseconds(lambda text=text: plan(AskDesk(at, text), desk)) for _ in range(50)]
        _report(f"/helpdesk {text}", taken)


def test_the_next_timer_is_found(desk: Desk) -> None:
    """By index, among those of all tickets that ever were."""
    store: Store = desk.unit_of_work.__self__  # type: ignore[attr-defined]
    _report("the next timer is found", [milliseconds(store.timers.next) for _ in range(TRIES)])
    _report("the next due time", [milliseconds(store.timers.next_due) for _ in range(TRIES)])


def test_a_question_is_answered_and_a_call_is_made(desk: Desk) -> None:
    """The whole way, its threads running: from Slack's delivery to the reply in its thread.

    Only triage itself, which has benches of its own, and the network are left out.
    """
    store: Store = desk.unit_of_work.__self__  # type: ignore[attr-defined]
    with running_desk(store.path, store.clock) as working:
        working.answers()
        _report("a question is answered", [working.ask() * 1e3 for _ in range(TRIES)], ANSWER_MS)
        working.calls()
        _report("a question calls people", [working.ask() * 1e3 for _ in range(TRIES // 4)])
        bursts = [working.burst(40) * 1e3 for _ in range(5)]
        _report("40 ask at once, until the last call is made", bursts)


def _report(what: str, taken: list[float], most: float | None = None) -> None:
    taken.sort()
    p50, p99 = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    target = f" (target {most:.0f})" if most else ""
    print(f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms{target}")
    if CLOSED == FULL:
        median_and_p99 = {"median": p50, "99th percentile": p99}
        record("desk speed", f"{what}{target}", median_and_p99, unit="ms", command=COMMAND)
    assert most is None or p99 <= most

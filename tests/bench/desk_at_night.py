"""What an engineer looks at in the night: Home, card and modals, full desk against a small one.

Both desks stand side by side and are looked at in turn, so that a loaded machine slows both.

Run: .venv/bin/python -m pytest tests/bench/desk_at_night.py -m bench -s
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Spot
from bot.desk.ids import EscalationId, TicketId, Ts, UserId
from bot.desk.tickets import BackToQueue, Take
from bot.service.views.homes import home_view
from bot.service.views.looking import EngineersLooks
from bot.slack.blocks.views.home import render_home
from bot.store.codec import dump_notice, stamp
from tests import builders as a
from tests.bench.figures import record
from tests.bench.full_desk import desk_over, straight_into
from tests.bench.timing import handle, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.service.context import Desk

pytestmark = pytest.mark.bench

COMMAND = ".venv/bin/python -m pytest tests/bench/desk_at_night.py -m bench -s"
TRIES = 60
MOST = 1.5
SPARE_MS = 5.0
"""A look at the full desk takes at most so many times that of the small one, and so much more."""
FIRST = 1_001
WORDS = ("vpn", "printer", "badge", "invoice", "scanner", "wiki", "drops", "locked", "slow")


@dataclass(frozen=True)
class Size:
    """How much a desk has before it."""

    open: int
    incidents: int
    followers: int
    closed: int

    @property
    def roots(self) -> int:
        """Give the number of the first ticket that is an incident's."""
        return FIRST + self.open


SMALL = Size(open=60, incidents=10, followers=5, closed=100)
FULL = Size(open=10_000, incidents=200, followers=1_000, closed=20_000)


def desk_of(path: Path, size: Size) -> Desk:
    """Build a desk over a database of a size."""
    return desk_over(path, lambda file: fill(file, size), admins=frozenset({a.TOM}))


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Desk]:
    """The small desk and the full one."""
    return (
        desk_of(tmp_path_factory.mktemp("small"), SMALL),
        desk_of(tmp_path_factory.mktemp("full"), FULL),
    )


def fill(path: Path, size: Size) -> None:
    """Write a desk straight into its tables."""
    with straight_into(path) as db:
        db.conn.executemany(
            "INSERT INTO tickets (id, team, channel, thread_ts, requester, question, asked_ts, "
            "opened_at, updated_at, state, resolution, priority, duplicate_of) "
            "VALUES (?, 'T0LARKFLD1', 'C0ITHELP01', ?, ?, ?, '1.0', ?, ?, ?, ?, ?, ?)",
            _tickets(size),
        )
        db.conn.executemany(
            "INSERT INTO outbox (id, lane, ticket, notice, channel, state, due, created_at, "
            "sent_ts, sent_channel) "
            "VALUES (?, ?, ?, ?, 'C0L3ENGI01', 'sent', '', '', ?, 'C0L3ENGI01')",
            (
                (n + 1, f"ticket:{FIRST + n}", FIRST + n, dump_notice(a.card(FIRST + n)), f"7.{n}")
                for n in range(size.open + size.incidents)
            ),
        )
        db.conn.executemany(
            "INSERT INTO escalations (id, ticket, tier, group_name, state, assignee, reasons, "
            "opened_at, updated_at, card, urgency) "
            "VALUES (?, ?, ?, ?, ?, ?, '[\"Because.\"]', ?, ?, ?, ?)",
            _escalations(size),
        )
        db.conn.executemany(
            "INSERT INTO timers (ticket, escalation, kind, promise, due, state) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            _timers(size),
        )
        db.conn.executemany(
            "INSERT INTO incidents (id, ticket, title, state, opened_at) "
            "VALUES (?, ?, ?, 'open', ?)",
            (
                (n + 1, size.roots + n, f"Trouble with system{n}", _when(n))
                for n in range(size.incidents)
            ),
        )
        db.conn.executemany(
            "INSERT INTO audit (ticket, at, what, details) VALUES (?, ?, 'answered', ?)",
            ((FIRST + n % 50, _when(n), f"article-{n % 9}") for n in range(size.closed)),
        )


def _when(number: int) -> str:
    return stamp(a.NOON - timedelta(hours=2, seconds=number % 3_600))


def _rank(number: int) -> int:
    return 1 if number % 20 == 0 else 2 + number % 3


def _tickets(size: Size) -> Iterator[tuple[Any, ...]]:
    def ticket(number: int, who: str, words: str, *end: Any) -> tuple[Any, ...]:
        at = _when(number)
        state, resolution, priority, original = end
        return number, f"{number}.1", who, words, at, at, state, resolution, priority, original

    for n in range(size.open):
        words = f"{WORDS[n % len(WORDS)]} {WORDS[n // 7 % len(WORDS)]} on desk{n}"
        who = a.ANA if n % max(1, size.open // 4) == 0 else f"U{n:09d}"
        yield ticket(FIRST + n, who, words, "escalated", None, f"P{_rank(n)}", None)
    for n in range(size.incidents):
        words = f"system{n} is down"
        yield ticket(size.roots + n, f"UR{n:08d}", words, "escalated", None, "P2", None)
    first = size.roots + size.incidents
    for n in range(size.incidents * size.followers):
        root = size.roots + n // size.followers
        words = f"system{n // size.followers} does not load, error {n % 7}"
        yield ticket(first + n, f"UF{n:08d}", words, "resolved", "duplicate", "P2", root)
    first += size.incidents * size.followers
    for n in range(size.closed):
        words = f"{WORDS[n % len(WORDS)]} {WORDS[n // 5 % len(WORDS)]} once"
        yield ticket(first + n, f"UC{n % 900:08d}", words, "closed", "by article", "P4", None)


def _escalations(size: Size) -> Iterator[tuple[Any, ...]]:
    for n in range(size.open + size.incidents):
        taken = n % 2 == 0 and n < size.open
        tier, group = (("L2", "l2"), ("L2", "l2-network"), ("L3", "l3"))[n % 3]
        who = (a.TOM if n % 500 == 0 else a.MEI) if taken else None
        state, at = "acknowledged" if taken else "pending", _when(n)
        yield n + 1, FIRST + n, tier, group, state, who, at, at, n + 1, _rank(n)


def _timers(size: Size) -> Iterator[tuple[Any, ...]]:
    for n in range(size.open):
        due, state = stamp(a.NOON + timedelta(minutes=n % 2_000)), "fired" if n % 50 == 1 else "set"
        yield FIRST + n, n + 1, "call next", "acknowledge", due, state
        yield FIRST + n, n + 1, "remind group", "resolve", due, "set"


def test_homes(desks: tuple[Desk, Desk]) -> None:
    """Of a requester, a follower of an incident, an engineer, and one who is admin too."""
    for who, of in (
        ("a requester", lambda _: a.ANA),
        ("a follower", lambda _: UserId(f"UF{7:08d}")),
        ("an engineer", lambda _: a.MEI),
        ("engineer and admin", lambda _: a.TOM),
    ):
        _compare(
            f"Home of {who}", desks, lambda desk, of=of: render_home(home_view(desk, of(desk)))
        )


def test_modals(desks: tuple[Desk, Desk]) -> None:
    """What a modal reads before it opens, and what its menus offer while somebody types."""
    plain, on_incident = EscalationId(4), {}
    for desk, size in zip(desks, (SMALL, FULL), strict=True):
        on_incident[id(desk)] = EscalationId(size.open + 1)
    looks: dict[str, Callable[[Desk], Any]] = {
        "Why?, Resolve, Hand over": lambda desk: EngineersLooks(desk).about(_spot(), plain),
        "the same, of an incident": lambda desk: EngineersLooks(desk).about(
            _spot(), on_incident[id(desk)]
        ),
        "Duplicate of: nothing typed": lambda desk: _offered(desk, plain, ""),
        "Duplicate of: a word of many": lambda desk: _offered(desk, plain, "vpn"),
        "Duplicate of: two words": lambda desk: _offered(desk, plain, "printer drops"),
        "Duplicate of: a number": lambda desk: _offered(desk, plain, "T-1009"),
        "Duplicate of: checked": lambda desk: EngineersLooks(desk).against_duplicate(
            plain, TicketId(1_009)
        ),
        "Hand over: checked": lambda desk: EngineersLooks(desk).against_hand_over(plain, a.TOM),
    }
    for what, look in looks.items():
        _compare(f"modal {what}", desks, look)


def test_cards(desks: tuple[Desk, Desk]) -> None:
    """A press until its card is written anew, of a ticket alone and of an incident."""
    for what, numbers in (
        ("a ticket", [range(2, 2 + 2 * 20, 2)] * 2),
        ("an incident", [range(size.open + 1, size.open + 11) for size in (SMALL, FULL)]),
    ):
        taken: list[list[float]] = [[], []]
        for pair in zip(*numbers, strict=True):
            for desk, number, times in zip(desks, pair, taken, strict=True):
                for press in (Take, BackToQueue):
                    command = press(_spot(), EscalationId(number))
                    times.append(milliseconds(lambda d=desk, c=command: handle(d, c)))
        _report(f"card of {what}: a press handled", *taken)


def _offered(desk: Desk, escalation: EscalationId, typed: str) -> object:
    return EngineersLooks(desk).originals(_spot(), escalation, typed)


def _spot() -> Spot:
    return Spot(a.TEAM, a.L2_CHANNEL, Ts("5.1"), a.TOM)


def _compare(what: str, desks: tuple[Desk, Desk], look: Callable[[Desk], object]) -> None:
    taken: list[list[float]] = [[], []]
    for desk in desks:
        look(desk)
    for _ in range(TRIES):
        for desk, times in zip(desks, taken, strict=True):
            times.append(milliseconds(lambda desk=desk: look(desk)))
    _report(what, *taken)


def _report(what: str, small: list[float], full: list[float]) -> None:
    low, high = median(small), median(full)
    ratio = high / low
    print(f"{what}: small {low:.2f} ms, full {high:.2f} ms, ratio {ratio:.2f}")
    record("desk speed", f"10,000 open, 200 incidents, against a small desk: {what}",
           {"small": low, "full": high, "times": ratio}, unit="ms", command=COMMAND)  # fmt: skip
    assert high <= low * MOST + SPARE_MS

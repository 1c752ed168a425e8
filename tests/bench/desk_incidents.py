"""The desk with 200 open incidents of 1,000 followers each, and 10,000 open tickets.

Run: .venv/bin/python -m pytest tests/bench/desk_incidents.py -m bench -s
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Spot
from bot.desk.ids import EscalationId, Ts, UserId
from bot.desk.incidents import UpdateEveryone
from bot.desk.tickets import Resolve, Take
from bot.desk.views import AskDesk
from bot.service.handling import plan
from bot.service.incidents.precedents import find_reports
from bot.service.views.homes import home_view
from bot.slack.blocks.views.home import render_home
from bot.store.codec import dump_notice, stamp
from tests import builders as a
from tests.bench.figures import record
from tests.bench.full_desk import desk_over, straight_into
from tests.bench.timing import handle, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.service.context import Desk
    from bot.store.unit_of_work import Store


pytestmark = pytest.mark.bench

COMMAND = ".venv/bin/python -m pytest tests/bench/desk_incidents.py -m bench -s"
INCIDENTS = 200
FOLLOWERS = 1_000
OPEN = 10_000
FIRST = 1_001
ROOTS = FIRST + OPEN
FIRST_FOLLOWER = ROOTS + INCIDENTS
THINGS = ("grafana", "kibana", "sonar", "nexus", "vault", "consul", "airflow", "superset")


def subject(incident: int) -> str:
    """Name what an incident is about: no two name the same."""
    return f"{THINGS[incident % len(THINGS)]}{chr(97 + incident // 26)}{chr(97 + incident % 26)}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk over a full database."""
    return desk_over(tmp_path_factory.mktemp("desk"), fill)


def fill(path: Path) -> None:
    """Write the tickets straight into their tables."""
    with straight_into(path) as db:
        db.conn.executemany(
            "INSERT INTO tickets (id, team, channel, thread_ts, requester, question, asked_ts, "
            "opened_at, updated_at, state, resolution, priority, duplicate_of) "
            "VALUES (?, 'T0LARKFLD1', 'C0ITHELP01', ?, ?, ?, '1.0', ?, ?, ?, ?, 'P2', ?)",
            _tickets(),
        )
        db.conn.executemany(
            "INSERT INTO outbox (id, lane, ticket, notice, channel, state, due, created_at, "
            "sent_ts, sent_channel) "
            "VALUES (?, ?, ?, ?, 'C0L3ENGI01', 'sent', '', '', ?, 'C0L3ENGI01')",
            _cards(),
        )
        db.conn.executemany(
            "INSERT INTO escalations (id, ticket, tier, group_name, state, reasons, opened_at, "
            "updated_at, card) VALUES (?, ?, 'L3', 'l3', 'pending', '[\"Because.\"]', ?, ?, ?)",
            (
                (number + 1, FIRST + number, _when(number), _when(number), _card(number))
                for number in range(OPEN + INCIDENTS)
            ),
        )
        db.conn.executemany(
            "INSERT INTO incidents (id, ticket, title, state, opened_at) "
            "VALUES (?, ?, ?, 'open', ?)",
            (
                (number + 1, ROOTS + number, f"Trouble with {subject(number)}", _when(number))
                for number in range(INCIDENTS)
            ),
        )


def _card(number: int) -> int | None:
    return number - OPEN + 1 if number >= OPEN else None


def _cards() -> Iterator[tuple[Any, ...]]:
    for number in range(INCIDENTS):
        card = dump_notice(a.card(ROOTS + number))
        yield number + 1, f"ticket:{ROOTS + number}", ROOTS + number, card, f"7.{number}"


def _when(number: int) -> str:
    return stamp(a.NOON - timedelta(hours=2, seconds=number % 3_600))


def _tickets() -> Iterator[tuple[Any, ...]]:
    for number in range(OPEN):
        at = _when(number)
        words = f"desk{number} drops and the screen hangs"
        yield (
            FIRST + number,
            f"{number}.1",
            f"U{number:09d}",
            words,
            at,
            at,
            "escalated",
            None,
            None,
        )
    for number in range(INCIDENTS):
        at, words = _when(number), f"{subject(number)} is down"
        yield (
            ROOTS + number, f"r{number}.1", f"UR{number:08d}", words, at, at, "escalated", None,
            None,
        )  # fmt: skip
    for number in range(INCIDENTS * FOLLOWERS):
        at, root = _when(number), number // FOLLOWERS
        words = f"{subject(root)} does not load, error {number % 7}"
        yield (
            FIRST_FOLLOWER + number, f"f{number}.1", f"UF{number:08d}", words, at, at, "resolved",
            "duplicate", ROOTS + root,
        )  # fmt: skip


def test_what_people_look_at(desk: Desk) -> None:
    """Homes of an engineer and of a follower, a follower's status, the list."""
    follower = UserId(f"UF{777:08d}")
    for who, user in (("an engineer", a.MEI), ("a follower", follower)):
        taken = [
            milliseconds(lambda user=user: render_home(home_view(desk, user))) for _ in range(30)
        ]
        _report(f"App Home of {who}", taken, 300)
    for user, text in ((follower, f"status T-{FIRST_FOLLOWER + 777}"), (a.MEI, "incidents")):
        at = Spot(a.TEAM, a.IT_HELP, Ts(""), user)
        taken = [
            milliseconds(lambda at=at, text=text: plan(AskDesk(at, text), desk)) for _ in range(30)
        ]
        _report(f"/helpdesk {text.partition(' ')[0]}", taken, 300)


def test_a_report_is_looked_at(desk: Desk) -> None:
    """One that belongs to the oldest incident, one that belongs to none, and no report at all."""
    for what, text in (
        ("of an incident", f"{subject(0)} is down, it does not load"),
        ("of no incident", "the bakery scales hang"),
        ("that is none", "How do I order a chair?"),
    ):
        taken = [milliseconds(lambda text=text: find_reports(text, a.ANA, desk)) for _ in range(30)]
        _report(f"a report {what} is looked at", taken)


def test_a_card_is_taken(desk: Desk) -> None:
    """With its incident's line, of 1,001 people."""
    presses = [Take(_spot(), _root(number)) for number in range(50, 80)]
    _report(
        "Take it on an incident's card",
        [milliseconds(lambda t=t: handle(desk, t)) for t in presses],
    )


def test_everyone_is_told(desk: Desk) -> None:
    """An update and an end to 1,001 people: one transaction each."""
    updates = [UpdateEveryone(_spot(), _root(number), "We are on it.") for number in range(10)]
    _report(
        "Update everyone, 1,001 people",
        [milliseconds(lambda u=u: handle(desk, u)) for u in updates],
    )
    ends = [Resolve(_spot(), _root(number), "A disk", "Emptied it") for number in range(10)]
    _report("Resolve, 1,001 people told", [milliseconds(lambda e=e: handle(desk, e)) for e in ends])
    store: Store = desk.unit_of_work.__self__  # type: ignore[attr-defined]
    claims = []
    for _ in range(100):
        started = time.perf_counter()
        row = store.outbox.claim()
        claims.append((time.perf_counter() - started) * 1e3)
        assert row is not None
    _report("the next of 20,000 waiting messages is taken in hand", claims)


def _root(number: int) -> EscalationId:
    return EscalationId(OPEN + number + 1)


def _spot() -> Spot:
    return Spot(a.TEAM, a.L3_CHANNEL, Ts("5.1"), a.JONAS)


def _report(what: str, taken: list[float], most: float | None = None) -> None:
    taken.sort()
    p50, worst = taken[len(taken) // 2], taken[-1]
    print(f"{what}: p50 {p50:.1f} ms, longest {worst:.1f} ms")
    record("desk speed", f"200 incidents of 1,000: {what}", {"median": p50, "longest": worst},
           unit="ms", command=COMMAND)  # fmt: skip
    assert most is None or worst <= most

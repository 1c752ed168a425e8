"""What is restricted leaves by no door of the store: each is tried, with the same ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.ids import Thread, Ts
from bot.desk.promises import Promise, TimerKind
from bot.desk.tickets import (
    ANYBODY,
    NOBODY,
    EscalationState,
    Resolution,
    Settlement,
    Ticket,
    Viewer,
    may_see,
)
from bot.desk.tiers import Tier
from bot.desk.views import Listing, Sought, Wanted
from bot.store.database import reading
from bot.store.tickets.seeing import visible_to
from bot.store.views.records import SqliteRecords
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.ids import TicketId
    from bot.store.unit_of_work import Store
    from bot.store.views.readings import SqliteReadings

WORDS = "My manager harasses me in the archive room"
OTHERS = (ANYBODY, Viewer(a.BEN), Viewer(a.MEI, frozenset({"l2", "l3"})))
GROUP = Viewer(a.MEI, frozenset({"people"}))


@pytest.fixture
def kept(store: Store) -> TicketId:
    """A restricted ticket that people work on, with a label, a deadline and a broken promise."""
    thread = Thread(a.TEAM, a.DIRECT, Ts("1.0"))
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(thread, a.ANA, WORDS, Ts("1.0"))
        uow.tickets.save(ticket.escalated().routed("confidential", "people"))
        escalation = uow.escalations.open(ticket.id, Tier.L2, "people", ("Route.",))
        uow.timers.set(
            ticket.id,
            escalation.id,
            TimerKind.CALL_NEXT,
            a.NOON + timedelta(hours=1),
            promise=Promise.ACKNOWLEDGE,
        )
        uow.feedback.label(ticket.id, WORDS, "L2", None, a.MEI)
    return ticket.id


READINGS: dict[str, Callable[[SqliteReadings, TicketId], Any]] = {
    "summary": lambda r, t: r.summary(t),
    "search": lambda r, _: r.search(("harasses",), None, 10),
    "unassigned": lambda r, _: r.sought(Sought(a.MEI, ("people", "l2"), Listing.GROUPS)),
    "due soon": lambda r, _: r.due_before(
        a.NOON + timedelta(days=1), Sought(a.MEI, ("people", "l2"), Listing.DUE)
    ),
    "overdue": lambda r, _: r.overdue(10).oldest,
    "requests of somebody": lambda r, _: r.open_of(a.ANA, 10),
}


@pytest.mark.parametrize("door", sorted(READINGS))
def test_no_reading_gives_it_to_others(store: Store, kept: TicketId, door: str) -> None:
    """To its group and its requester it is given, so that the test can fail."""
    read = READINGS[door]
    for viewer in OTHERS:
        with store.readings(viewer) as readings:
            assert WORDS not in str(read(readings, kept)), viewer
    if door != "overdue":
        for viewer in (GROUP, Viewer(a.ANA)):
            with store.readings(viewer) as readings:
                assert WORDS in str(read(readings, kept)), viewer


RECORDS: dict[str, Callable[[SqliteRecords, TicketId], Any]] = {
    "list": lambda r, _: r.listed(Wanted()),
    "list by requester": lambda r, _: r.listed(Wanted(requester=a.ANA)),
    "export": lambda r, _: list(r.all()),
    "show": lambda r, t: r.record(t),
    "labels": lambda r, _: list(r.labels()),
}


@pytest.mark.parametrize("door", sorted(RECORDS))
def test_the_command_line_leaves_it_out(store: Store, kept: TicketId, door: str) -> None:
    """And says how many it left out."""
    with reading(store.path) as database:
        records = SqliteRecords(database)
        assert WORDS not in str(RECORDS[door](records, kept))
        assert records.restricted() == 1
        outright = SqliteRecords(database, Viewer(sees_restricted=True))
        if door != "labels":
            assert WORDS in str(RECORDS[door](outright, kept))


def test_it_looks_like_nothing_and_belongs_to_no_incident(store: Store, kept: TicketId) -> None:
    """Neither while people work on it nor once it is settled."""
    thread = Thread(a.TEAM, a.IT_HELP, Ts("2.0"))
    with store.unit_of_work() as uow:
        other = uow.tickets.open(thread, a.BEN, WORDS, Ts("2.0"))
        assert uow.lookalikes.of(other.id, WORDS)[1] == ()
        assert [t.id for t in uow.tickets.opened_since(a.NOON - timedelta(days=1))] == [other.id]
        assert uow.feedback.labels() == ()
        escalation = uow.escalations.open_for(kept)
        assert escalation is not None
        ended = escalation.resolved(Settlement(a.MEI, "the archive room", "moved the manager"))
        uow.escalations.save(ended, was=EscalationState.PENDING)
        ticket = uow.tickets.get(kept)
        assert ticket is not None
        uow.tickets.save(ticket.resolved(Resolution.L2))
        assert uow.lookalikes.of(other.id, WORDS)[0] == ()
        uow.tickets.save(ticket.resolved(Resolution.L2).routed(None))
        assert [each.ticket for each in uow.lookalikes.of(other.id, WORDS)[0]] == [kept]


def test_a_ticket_is_read_back_as_it_was_kept(store: Store, kept: TicketId) -> None:
    """Route, group, priority and why."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.get(kept)
    assert ticket is not None
    assert (ticket.matter, ticket.restricted_to) == ("confidential", "people")


def by_name(viewer: Viewer) -> str:
    """The viewer in words that are the same in every process: a set's order is not."""
    return f"{viewer.user or 'nobody'}-{'+'.join(sorted(viewer.groups))}-{viewer.sees_restricted}"


@pytest.mark.parametrize("group", [None, NOBODY, "people", "l2"])
@pytest.mark.parametrize(
    "viewer", [*OTHERS, GROUP, Viewer(a.ANA), Viewer(sees_restricted=True)], ids=by_name
)
def test_the_rule_in_sql_is_the_rule_of_the_domain(
    store: Store, viewer: Viewer, group: str | None
) -> None:
    """Whatever the viewer and the group."""
    thread = Thread(a.TEAM, a.IT_HELP, Ts("3.0"))
    with store.unit_of_work() as uow:
        ticket: Ticket = uow.tickets.open(thread, a.ANA, "?", Ts("3.0")).routed(None, group)
        uow.tickets.save(ticket)
    condition, values = visible_to(viewer, "tickets")
    with reading(store.path) as database:
        found = database.execute(f"SELECT id FROM tickets WHERE {condition}", values).fetchall()
    assert bool(found) == may_see(viewer, ticket)


def test_an_incident_whose_ticket_was_restricted_later_is_listed_to_nobody(store: Store) -> None:
    """Its requester said that it is confidential after others had gathered around it."""
    thread = Thread(a.TEAM, a.IT_HELP, Ts("2.0"))
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(thread, a.ANA, WORDS, Ts("2.0"))
        uow.incidents.open(ticket, WORDS, a.MEI)
    with store.look() as uow:
        assert uow.incidents.running()
        assert uow.incidents.listed(10, ended=True)
    with store.unit_of_work() as uow:
        uow.tickets.save(ticket.routed("confidential", NOBODY))
    with store.look() as uow:
        assert uow.incidents.running() == ()
        assert uow.incidents.listed(10, ended=False) == ()
        assert uow.incidents.listed(10, ended=True) == ()

"""The read models: what they give, and that none of them walks through all tickets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.ids import Thread, Ts
from bot.desk.promises import Priority, Promise, TimerKind
from bot.desk.tickets import EscalationState, Resolution, TicketState
from bot.desk.tiers import Tier
from bot.desk.views import HomeChoices, Listing, Next, Queue, Show, Sought, Wanted
from bot.store.database import reading
from bot.store.views.readings import SqliteReadings
from bot.store.views.records import SqliteRecords
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.ids import TicketId, UserId
    from bot.store.unit_of_work import Store

SCAN = re.compile(r"^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
ALIASES = {"t": "tickets", "e": "escalations", "w": "timers"}
BIG = {"tickets", "escalations", "timers", "audit", "conversation", "inbox", "outbox"}


def look(listing: Listing, **chosen: Any) -> Sought:
    """Give a list as Tom, who is in L2, looks at it."""
    return Sought(a.TOM, ("l2", "l2-network"), listing, HomeChoices(**chosen))


def lists() -> list[Sought]:
    """Give every list with every kind of choice."""
    chosen = ({}, {"group": "l2"}, {"priority": Priority.P1}, *({"show": each} for each in Show))
    return [look(listing, **each) for listing in Listing for each in chosen]


def opened(store: Store, number: int, requester: UserId = a.ANA) -> TicketId:
    """Open a ticket."""
    ts = Ts(f"{number}.0")
    with store.unit_of_work() as uow:
        question = f"The vpn drops in room {number}"
        return uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), requester, question, ts).id


def escalated(
    store: Store, number: int, group: str = "l2", taken_by: UserId | None = None
) -> TicketId:
    """Open a ticket and call people, with a deadline in an hour."""
    ticket = opened(store, number)
    with store.unit_of_work() as uow:
        current = uow.tickets.get(ticket)
        assert current is not None
        uow.tickets.save(current.escalated())
        escalation = uow.escalations.open(ticket, Tier.L2, group, ("Because.",))
        if taken_by is not None:
            uow.escalations.save(escalation.taken_by(taken_by), was=EscalationState.PENDING)
        uow.timers.set(
            ticket, escalation.id, TimerKind.CALL_NEXT, a.NOON + timedelta(hours=1),
            promise=Promise.ACKNOWLEDGE,
        )  # fmt: skip
    return ticket


def test_open_requests_are_those_under_way_and_what_is_tied_to_another(store: Store) -> None:
    """A duplicate whose end was not told yet is under way for its requester."""
    first, second, third = (opened(store, number) for number in (1, 2, 3))
    with store.unit_of_work() as uow:
        tied, settled = uow.tickets.get(second), uow.tickets.get(third)
        assert tied is not None
        assert settled is not None
        uow.tickets.save(tied.duplicate(first))
        uow.tickets.save(settled.resolved(Resolution.ARTICLE))
    with store.readings() as readings:
        found = readings.open_of(a.ANA, 10)
        assert [each.id for each in found] == [second, first]
        assert [each.next for each in found] == [Next.TIED, Next.LOOKING]
        assert [each.id for each in readings.settled_of(a.ANA, 10)] == [third]
        assert readings.open_of(a.BEN, 10) == ()


def test_engineers_see_what_they_have_and_what_nobody_has(store: Store) -> None:
    """In their groups alone; with the deadline that comes next."""
    pending, mine = escalated(store, 1), escalated(store, 2, taken_by=a.TOM)
    escalated(store, 3, group="l3")
    with store.readings() as readings:
        assert [each.id for each in readings.sought(look(Listing.MINE))] == [mine]
        (unassigned,) = readings.sought(look(Listing.GROUPS))
        assert unassigned.id == pending
        assert unassigned.due == a.NOON + timedelta(hours=1)
        assert unassigned.promise is Promise.ACKNOWLEDGE
        soon = a.NOON + timedelta(hours=2)
        assert {each.id for each in readings.due_before(soon, look(Listing.DUE))} == {pending, mine}
        assert readings.due_before(a.NOON, look(Listing.DUE)) == ()
        assert readings.queues() == (Queue("l2", 1, 1), Queue("l3", 1, 0))


def test_a_promise_that_nobody_kept_is_overdue_until_somebody_acts(store: Store) -> None:
    """Its timer has fired, and the escalation still is to be taken."""
    late, taken = escalated(store, 1), escalated(store, 2, taken_by=a.TOM)
    with store.unit_of_work() as uow:
        for ticket in (late, taken):
            uow.timers.fired(uow.timers.of(ticket)[0].id)
    with store.readings() as readings:
        overdue = readings.overdue(5)
        lines = {each.id: each.overdue for each in readings.summaries([late, taken])}
    assert overdue.count == 1
    assert [each.id for each in overdue.oldest] == [late]
    assert lines == {late: Promise.ACKNOWLEDGE, taken: None}


def test_volumes_count_what_came_and_how_it_ended(store: Store) -> None:
    """Since two instants."""
    ticket = opened(store, 1)
    opened(store, 2)
    with store.unit_of_work() as uow:
        current = uow.tickets.get(ticket)
        assert current is not None
        uow.tickets.save(current.resolved(Resolution.ARTICLE))
    with store.readings() as readings:
        day = timedelta(days=1)
        volumes = readings.volumes(a.NOON + day, a.NOON - 7 * day)
    assert (volumes.opened_day, volumes.opened_week, volumes.open_now) == (0, 2, 1)
    assert volumes.settled_week == ((Resolution.ARTICLE, 1),)


def test_a_search_wants_all_words_and_knows_beginnings(store: Store) -> None:
    """Of one requester, or of all; quotes and operators are words like any other."""
    mine, theirs = opened(store, 17), opened(store, 18, a.BEN)
    with store.readings() as readings:
        assert [t.id for t in readings.search(("vpn", "roo"), None, 9)] == [theirs, mine]
        assert [t.id for t in readings.search(("vpn",), a.ANA, 9)] == [mine]
        assert readings.search(("vpn", "zebra"), None, 9) == ()
        assert readings.search(("or", "near"), None, 9) == ()


def test_a_home_is_out_of_date_when_its_persons_tickets_change(store: Store) -> None:
    """Only of those who opened it; the mark tells of changes meanwhile."""
    opened(store, 1)
    assert store.homes.next() is None
    with store.unit_of_work() as uow:
        uow.homes.opened(a.ANA)
    first = store.homes.next()
    assert first is not None
    escalated(store, 2, taken_by=a.TOM)
    with store.unit_of_work() as uow:
        uow.homes.published(a.ANA, first.mark)
    again = store.homes.next()
    assert again is not None
    assert again.mark > first.mark
    with store.unit_of_work() as uow:
        uow.homes.published(a.ANA, again.mark)
    assert store.homes.next() is None


@pytest.mark.sqlite
def test_no_read_model_walks_through_all_tickets(store: Store) -> None:
    """SQLite's own plan of every query: an index for each, or an index of the open ones alone."""
    with store.unit_of_work() as uow:
        uow.homes.opened(a.ANA)
    ticket = escalated(store, 1)
    soon = a.NOON + timedelta(hours=2)
    questions: list[Callable[[SqliteReadings], object]] = [
        lambda r: r.summary(ticket),
        lambda r: r.open_of(a.ANA, 10),
        lambda r: r.settled_of(a.ANA, 10),
        *(lambda r, one=one: r.sought(one) for one in lists()),
        *(lambda r, one=one: r.count(one) for one in lists()),
        *(lambda r, one=one: r.due_before(soon, one) for one in lists()),
        lambda r: r.popular(a.NOON, 5),
        lambda r: r.volumes(a.NOON, a.NOON),
        lambda r: r.queues(),
        lambda r: r.overdue(5),
        lambda r: r.health(),
        lambda r: r.search(("vpn",), None, 5),
        lambda r: r.search(("vpn",), a.ANA, 5),
    ]
    with reading(store.path) as database:
        said: list[str] = []
        database.conn.set_trace_callback(said.append)
        for ask in questions:
            ask(SqliteReadings(database))
        records = SqliteRecords(database)
        records.listed(Wanted(states=(TicketState.CLOSED,), tier=Tier.L2, requester=a.ANA))
        records.listed(Wanted())
        records.record(ticket)
        store.homes.next()
        database.conn.set_trace_callback(None)
        partial = {
            row["name"]
            for row in database.execute(
                "SELECT name FROM sqlite_master WHERE sql LIKE '%) WHERE %'"
            )
        }
        queries = [query for query in said if query.lstrip().startswith("SELECT")]
        assert len(queries) > len(questions)
        for query in queries:
            for step in database.execute(f"EXPLAIN QUERY PLAN {query}").fetchall():
                found = SCAN.match(step["detail"])
                if found and ALIASES.get(found[1], found[1]) in BIG:
                    assert found[2] in partial, f"{step['detail']}: {query}"

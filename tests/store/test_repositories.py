"""Tickets, escalations, conversations and the audit trail on disk."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.errors import StaleStateError
from bot.desk.ids import ChannelId, EscalationId, TeamId, Thread, TicketId, Ts
from bot.desk.tickets import (
    EscalationState,
    File,
    Line,
    Resolution,
    Settlement,
    with_files,
)
from bot.desk.tiers import Tier
from bot.store.database import transaction
from tests import builders as a

if TYPE_CHECKING:
    from bot.desk.tickets import Escalation, Ticket
    from bot.store.unit_of_work import Store


def open_ticket(store: Store, thread: Thread = a.THREAD) -> Ticket:
    """Open a ticket and commit it."""
    with store.unit_of_work() as uow:
        return uow.tickets.open(thread, a.ANA, "Why?", thread.ts)


def open_escalation(store: Store, ticket: Ticket) -> Escalation:
    """Open an escalation and commit it."""
    with store.unit_of_work() as uow:
        return uow.escalations.open(ticket.id, Tier.L2, "l2", ("One.", "Two."))


def test_those_come_in_the_order_asked_for_without_what_is_gone(store: Store) -> None:
    """In one look, however many they are."""
    at = [Thread(a.TEAM, a.IT_HELP, Ts(f"17724528{n:02d}.000100")) for n in range(3)]
    one, two, three = (open_ticket(store, thread) for thread in at)
    with store.unit_of_work() as uow:
        assert uow.tickets.those([three.id, TicketId(99), one.id]) == (three, one)
        assert uow.tickets.those([two.id, two.id]) == (two, two)
        assert uow.tickets.those([]) == ()


def test_a_ticket_comes_back_as_it_was_saved(store: Store) -> None:
    """Everything that changes over its life is kept."""
    ticket = open_ticket(store)
    changed = (
        ticket.answered_with(a.VPN)
        .article_failed(a.VPN)
        .escalated()
        .resolved(Resolution.L3)
        .reopen()
        .escalated()
        .resolved(Resolution.L2)
    )
    with store.unit_of_work() as uow:
        uow.tickets.save(changed)
    with store.unit_of_work() as uow:
        assert uow.tickets.get(ticket.id) == changed
        assert uow.tickets.in_thread(a.THREAD) == changed


def test_a_message_opens_one_ticket(store: Store) -> None:
    """A second one for the same message is refused by the database itself."""
    open_ticket(store)
    with pytest.raises(sqlite3.IntegrityError), store.unit_of_work() as uow:
        uow.tickets.open(a.THREAD, a.BEN, "Me too", a.ASKED)


def test_a_later_message_may_begin_a_ticket_of_its_own_in_the_thread(store: Store) -> None:
    """The thread's ticket is the newest that is not settled; each is found by its message."""
    open_ticket(store)
    with store.unit_of_work() as uow:
        second = uow.tickets.open(a.THREAD, a.ANA, "And a screen?", Ts("9.0"))
        assert uow.tickets.in_thread(a.THREAD) == second
        assert second.thread == a.THREAD
        uow.tickets.save(second.resolved(Resolution.WITHDRAWN))
        first = uow.tickets.in_thread(a.THREAD)
        assert first is not None
        assert first.id < second.id
        own = uow.tickets.in_thread(Thread(a.TEAM, a.IT_HELP, Ts("9.0")))
        assert own is not None
        assert own.id == second.id


def test_a_thread_is_found_by_team_channel_and_timestamp_together(store: Store) -> None:
    """Any two of them are not enough."""
    open_ticket(store)
    others = (
        Thread(TeamId("T0OTHER001"), a.IT_HELP, a.ASKED),
        Thread(a.TEAM, ChannelId("C0OTHER001"), a.ASKED),
        Thread(a.TEAM, a.IT_HELP, Ts("1.0")),
    )
    with store.unit_of_work() as uow:
        assert [uow.tickets.in_thread(other) for other in others] == [None, None, None]


def test_an_escalation_comes_back_as_it_was_saved(store: Store) -> None:
    """Assignee, findings and settlement included."""
    opened = open_escalation(store, open_ticket(store))
    taken = opened.taken_by(a.TOM)
    settled = replace(taken.resolved(Settlement(a.TOM, "Dust.", "Cleaned.")), findings="Warm.")
    with store.unit_of_work() as uow:
        uow.escalations.save(taken, was=EscalationState.PENDING)
        uow.escalations.save(settled, was=EscalationState.ACKNOWLEDGED)
    with store.unit_of_work() as uow:
        assert uow.escalations.get(opened.id) == settled
        assert uow.escalations.latest_for(opened.ticket) == settled
        assert uow.escalations.open_for(opened.ticket) is None


def test_of_two_who_take_it_at_once_the_second_is_told(store: Store) -> None:
    """The write succeeds only on the state that was read."""
    opened = open_escalation(store, open_ticket(store))
    with store.unit_of_work() as uow:
        uow.escalations.save(opened.taken_by(a.TOM), was=EscalationState.PENDING)
    with pytest.raises(StaleStateError, match="T-1001 at L2"), store.unit_of_work() as uow:
        uow.escalations.save(opened.taken_by(a.MEI), was=EscalationState.PENDING)
    with store.unit_of_work() as uow:
        kept = uow.escalations.get(opened.id)
    assert kept is not None
    assert kept.assignee == a.TOM


def test_a_ticket_has_at_most_one_open_escalation(store: Store) -> None:
    """The next one opens only once the last is settled."""
    ticket = open_ticket(store)
    first = open_escalation(store, ticket)
    with pytest.raises(sqlite3.IntegrityError):
        open_escalation(store, ticket)
    with store.unit_of_work() as uow:
        uow.escalations.save(first.passed_on("Deep."), was=EscalationState.PENDING)
        second = uow.escalations.open(ticket.id, Tier.L3, "l3", ("Passed on.",))
        assert uow.escalations.open_for(ticket.id) == second
        assert uow.escalations.latest_for(ticket.id) == second


def test_the_thread_of_a_card_leads_to_its_escalation(store: Store) -> None:
    """Talk under a card belongs to the escalation."""
    opened = open_escalation(store, open_ticket(store))
    with store.unit_of_work() as uow:
        card = uow.outbox.put(Courtesy("empty"), Destination("l2"), opened.ticket)
        uow.escalations.save(replace(opened, card=card), was=EscalationState.PENDING)
    row = store.outbox.claim()
    assert row is not None
    store.outbox.sent(row, a.L2_CHANNEL, Ts("5.0"))
    with store.unit_of_work() as uow:
        found = uow.escalations.in_thread(Thread(a.TEAM, a.L2_CHANNEL, Ts("5.0")))
        assert found is not None
        assert found.id == opened.id
        assert uow.escalations.in_thread(a.THREAD) is None


def test_what_is_not_on_record_is_none(store: Store) -> None:
    """Nothing is made up."""
    with store.unit_of_work() as uow:
        assert uow.tickets.get(TicketId(1001)) is None
        assert uow.escalations.get(EscalationId(1)) is None
        assert uow.escalations.latest_for(TicketId(1001)) is None
        assert uow.conversation.of(TicketId(1001)) == ()


def test_a_conversation_keeps_its_order_its_edits_and_its_deletions(store: Store) -> None:
    """The record says what was said, and that some of it was taken back, but not what."""
    ticket = open_ticket(store)
    with store.unit_of_work() as uow:
        uow.conversation.add(ticket.id, a.ANA, "Why?", a.ASKED)
        uow.conversation.add(ticket.id, None, "Article: VPN", None)
        uow.conversation.add(ticket.id, a.ANA, "Secret", Ts("3.0"))
        assert uow.conversation.edit(a.THREAD, a.ASKED, "Why not?")
        assert uow.conversation.delete(a.THREAD, Ts("3.0"))
        assert uow.conversation.of(ticket.id) == (
            Line(a.ANA, "Why not?"),
            Line(None, "Article: VPN"),
            Line(a.ANA, "", deleted=True),
        )


def test_what_came_with_a_message_goes_with_it(store: Store) -> None:
    """What only looks like a file is words, and goes too."""
    words, files = "[file: mine.txt] is broken", (File("log.txt", "https://x.example/f"),)
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, words, a.ASKED)
        uow.conversation.add(ticket.id, a.ANA, with_files(words, files), a.ASKED, files)
        assert [line.files for line in uow.conversation.of(ticket.id)] == [files]
        assert uow.conversation.delete(a.THREAD, a.ASKED)
        assert uow.conversation.of(ticket.id) == (Line(a.ANA, "", deleted=True),)
        left = uow.tickets.get(ticket.id)
        assert left is not None
        assert left.question == "(deleted)"


def test_an_edit_that_changes_nothing_is_no_edit(store: Store) -> None:
    """Engineers are not told of a message that says the same, or of one not on record."""
    ticket = open_ticket(store)
    with store.unit_of_work() as uow:
        uow.conversation.add(ticket.id, a.ANA, "Why?", a.ASKED)
        assert not uow.conversation.edit(a.THREAD, a.ASKED, "Why?")
        assert not uow.conversation.edit(a.THREAD, Ts("9.9"), "Other")
        assert uow.conversation.delete(a.THREAD, a.ASKED)
        assert not uow.conversation.delete(a.THREAD, a.ASKED)


def test_a_message_is_on_record_once(store: Store) -> None:
    """Handling it a second time after a failure adds nothing; our own lines have no timestamp."""
    ticket = open_ticket(store)
    with store.unit_of_work() as uow:
        for _ in range(2):
            uow.conversation.add(ticket.id, a.ANA, "Why?", a.ASKED)
            uow.conversation.add(ticket.id, None, "Article", None)
        assert len(uow.conversation.of(ticket.id)) == 3


@pytest.mark.parametrize("statement", ["UPDATE audit SET what = 'nothing'", "DELETE FROM audit"])
def test_the_audit_trail_refuses_to_be_changed(store: Store, statement: str) -> None:
    """Lines are added, never altered, whoever tries."""
    ticket = open_ticket(store)
    with store.unit_of_work() as uow:
        uow.audit.note(ticket.id, a.ANA, "opened", "answer")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"), transaction(store.path) as db:
        db.execute(statement)
    with transaction(store.path) as db:
        row = db.execute("SELECT ticket, actor, what, details FROM audit").fetchone()
    assert tuple(row) == (ticket.id, a.ANA, "opened", "answer")

"""The ticket's state machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.errors import TransitionError
from bot.desk.tickets import TICKET_TRANSITIONS, Resolution, Ticket, TicketState
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Callable

MOVES: dict[str, Callable[[Ticket], Ticket]] = {
    "answer": lambda ticket: ticket.answered_with(a.VPN),
    "answer otherwise": lambda ticket: ticket.answered_with(a.MFA),
    "escalate": lambda ticket: ticket.escalated(),
    "resolve": lambda ticket: ticket.resolved(Resolution.L2),
    "close": lambda ticket: ticket.closed(),
    "reopen": lambda ticket: ticket.reopen(),
    "article failed": lambda ticket: ticket.article_failed(a.VPN),
}

sequences = st.lists(st.sampled_from(sorted(MOVES)), max_size=25)


def walk(moves: list[str]) -> list[tuple[str, Ticket, Ticket | None]]:
    """Try moves in turn; gives each with the ticket before and after, None where refused."""
    ticket, steps = a.ticket(), []
    for move in moves:
        try:
            after = MOVES[move](ticket)
        except TransitionError:
            after = None
        steps.append((move, ticket, after))
        ticket = after or ticket
    return steps


@given(sequences)
def test_every_sequence_of_moves_stays_within_the_table(moves: list[str]) -> None:
    """No move leads where the table allows no way, and only such moves are refused."""
    targets = {
        "answer": TicketState.ANSWERED,
        "answer otherwise": TicketState.ANSWERED,
        "escalate": TicketState.ESCALATED,
        "resolve": TicketState.RESOLVED,
        "close": TicketState.CLOSED,
        "reopen": TicketState.OPEN,
    }
    for move, before, after in walk(moves):
        if move == "article failed":
            assert after is not None
            assert after.state is before.state
            continue
        assert (after is not None) == (targets[move] in TICKET_TRANSITIONS[before.state])
        if after is not None:
            assert after.state is targets[move]


@given(sequences)
def test_reopenings_are_counted_and_nothing_else_is(moves: list[str]) -> None:
    """`reopened` equals the number of reopenings that were allowed."""
    steps = walk(moves)
    reopenings = sum(move == "reopen" and after is not None for move, _, after in steps)
    last = next((after for _, _, after in reversed(steps) if after is not None), a.ticket())
    assert last.reopened == reopenings


@given(sequences)
def test_a_ticket_says_how_it_was_settled_exactly_while_it_is_settled(moves: list[str]) -> None:
    """A resolution is on record for settled tickets and for no others."""
    for _, _, after in walk(moves):
        if after is not None:
            assert (after.resolution is not None) == after.is_settled


@given(sequences)
def test_a_move_never_changes_what_the_ticket_is_about(moves: list[str]) -> None:
    """Number, thread, requester and question are for life."""
    for _, before, after in walk(moves):
        if after is not None:
            assert (after.id, after.thread, after.requester, after.question) == (
                before.id,
                before.thread,
                before.requester,
                before.question,
            )


@given(sequences)
def test_articles_are_remembered_once_each_and_never_forgotten(moves: list[str]) -> None:
    """What was shown or failed is listed once, in order, and only grows."""
    for _, before, after in walk(moves):
        if after is not None:
            assert len(set(after.articles_shown)) == len(after.articles_shown)
            assert after.articles_shown[: len(before.articles_shown)] == before.articles_shown
            assert set(before.articles_failed) <= set(after.articles_failed)


def test_the_table_names_every_state_and_each_can_be_reached() -> None:
    """No state is missing from the table, and none is an island."""
    assert set(TICKET_TRANSITIONS) == set(TicketState)
    reached, waiting = {TicketState.OPEN}, [TicketState.OPEN]
    while waiting:
        for state in TICKET_TRANSITIONS[waiting.pop()] - reached:
            reached.add(state)
            waiting.append(state)
    assert reached == set(TicketState)


def test_a_settled_ticket_can_always_be_reopened() -> None:
    """A requester is never told that it is too late."""
    resolved = a.ticket().resolved(Resolution.ARTICLE)
    assert resolved.reopen().state is TicketState.OPEN
    assert resolved.closed().reopen().reopened == 1


def test_a_refused_move_says_what_was_tried() -> None:
    """The message names the ticket, where it stands and where it was sent."""
    with pytest.raises(TransitionError, match=r"T-1001 is open and cannot become closed"):
        a.ticket().closed()

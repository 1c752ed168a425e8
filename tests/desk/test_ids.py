"""Ticket numbers, and where a message stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.asking import Place
from bot.desk.ids import TicketId, Ts, parse_ticket_name, ticket_name
from tests import builders as a


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_ticket_name_is_read_back_as_it_was_written(number: int) -> None:
    """`T-1042` is ticket 1042, and the other way round."""
    assert parse_ticket_name(ticket_name(TicketId(number))) == number


@pytest.mark.parametrize("text", ["T-1042", "t-1042", "t1042", "1042", "  T-1042 "])
def test_people_write_a_ticket_number_as_they_like(text: str) -> None:
    """Case, dash and spaces do not matter."""
    assert parse_ticket_name(text) == 1042


@pytest.mark.parametrize("text", ["", "T-", "T--1", "X-1042", "1042!", "T-" + "9" * 13, "٣x"])
def test_what_is_no_ticket_number_is_none(text: str) -> None:
    """Other words are not mistaken for a ticket."""
    assert parse_ticket_name(text) is None


@given(st.text())
def test_reading_a_ticket_number_never_fails(text: str) -> None:
    """Anything that people type is read, or is none."""
    parse_ticket_name(text)


def test_the_thread_of_a_message_is_the_one_it_is_in_or_the_one_it_opens() -> None:
    """A top-level message opens its own thread."""
    top, below = a.message(), a.follow_up("And on my phone?")
    assert top.thread == below.thread == a.THREAD
    assert top.is_top_level
    assert not below.is_top_level
    assert a.message(thread_ts=a.ASKED).is_top_level


def test_direct_messages_and_mentions_are_addressed_to_frontline() -> None:
    """Everything else in a channel may be for somebody else."""
    assert a.message(mentioned=False, place=Place.DIRECT).addressed
    assert a.message(mentioned=True).addressed
    assert not a.message(mentioned=False).addressed


def test_an_edit_and_a_deletion_belong_to_the_thread_of_their_message() -> None:
    """Both carry the root of the thread where there is one."""
    assert a.edited("New words").thread == a.THREAD
    assert a.edited("New words", ts=Ts("2.0"), thread_ts=a.ASKED).thread == a.THREAD
    assert a.deleted(ts=Ts("2.0"), thread_ts=a.ASKED).thread == a.THREAD

"""Since when to read after being away, and what of it says that the line is dead."""

from __future__ import annotations

from datetime import timedelta

from bot.desk.ids import Ts
from bot.desk.ports.history import Found, KnownThread
from bot.service.messages.catching_up import FURTHEST, changed_in, new_in, proves_deaf, what_to_read
from tests import builders as a

MINUTE = timedelta(minutes=1)
RETRIES = 6 * MINUTE
"""So long Slack tries to deliver an event."""


def found(minutes: float, **changes: object) -> Found:
    """Build a message of so many minutes after noon."""
    at = a.NOON + minutes * MINUTE
    known = {"by_person": True, "delivery": a.delivery(f"E{minutes}"), **changes}
    return Found(Ts(f"{at.timestamp():.6f}"), at, **known)  # type: ignore[arg-type]


def test_what_slack_may_have_given_up_just_before_is_read_too() -> None:
    """An event that was lost before the last one that was heard, and retried in vain."""
    reading = what_to_read(a.NOON, a.NOON + 20 * MINUTE)
    assert reading.everywhere
    assert reading.since <= a.NOON - RETRIES


def test_a_short_gap_is_read_where_most_is_asked() -> None:
    """A restart of some seconds does not read a thousand conversations."""
    assert not what_to_read(a.NOON, a.NOON + MINUTE).everywhere


def test_who_was_away_for_weeks_reads_a_week_and_says_so() -> None:
    """What is older has found another way."""
    reading = what_to_read(a.NOON, a.NOON + 4 * FURTHEST)
    assert reading.since == a.NOON + 3 * FURTHEST
    assert reading.beyond_reach


def test_only_what_people_wrote_and_left_standing_is_new() -> None:
    """Not our own words, and no stones."""
    mixed = [found(1), found(2, by_person=False), found(3, deleted=True)]
    assert [each.event_id for each in new_in(mixed)] == ["E1"]


def test_a_message_that_should_have_been_heard_proves_the_line_deaf() -> None:
    """One that was written after the last event, and is not on its way any more."""
    now = a.NOON + 2 * MINUTE
    assert proves_deaf([found(0.5)], a.NOON, now) == a.NOON + 0.5 * MINUTE
    assert proves_deaf([found(0.5)], a.NOON + MINUTE, now) is None
    assert proves_deaf([found(1.9)], a.NOON, now) is None


def test_edits_and_gaps_of_a_known_thread_are_found() -> None:
    """An edit since then of what is on record; a message on record that stands no more."""
    edit = a.delivery("edit")
    edited = found(1, edit=edit, edited_at=a.NOON + 30 * MINUTE)
    old = found(2, edit=edit, edited_at=a.NOON - MINUTE)
    gone = Ts("1.000000")
    known = KnownThread(a.THREAD, a.ticket().id, frozenset({edited.ts, old.ts, gone}))
    assert changed_in(known, [edited, old], a.NOON) == ([edit], [gone])


def test_of_a_thread_that_may_not_have_been_read_whole_nothing_is_gone() -> None:
    """What is not seen may stand on the next page."""
    long = [found(n / 100) for n in range(1_600)]
    known = KnownThread(a.THREAD, a.ticket().id, frozenset({Ts("1.000000")}))
    assert changed_in(known, long, a.NOON) == ([], [])

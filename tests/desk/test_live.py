"""When a live source is brought in again, and how it stands in one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.live import SourceState, pause_after

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("failures", "every", "wish", "minutes"),
    [
        (1, HOUR, None, 1),
        (2, HOUR, None, 2),
        (6, HOUR, None, 32),
        (7, HOUR, None, 60),
        (99, HOUR, None, 60),
        (99, timedelta(minutes=5), None, 60),
        (99, timedelta(days=1), None, 1_440),
        (1, HOUR, 600.0, 10),
        (7, HOUR, 5.0, 60),
        (1, HOUR, 1e9, 1_440),
    ],
)
def test_pauses_grow_and_a_wish_is_obeyed(
    failures: int, every: timedelta, wish: float | None, minutes: int
) -> None:
    """From a minute to an hour, or as long as was asked for, a day at most."""
    assert pause_after(failures, every, wish) == timedelta(minutes=minutes)


@given(st.integers(0, 10_000), st.timedeltas(timedelta(minutes=1), timedelta(days=30)))
def test_a_pause_never_shrinks_while_a_source_goes_on_failing(
    failures: int, every: timedelta
) -> None:
    """And there always is one."""
    assert timedelta(minutes=1) <= pause_after(failures, every) <= pause_after(failures + 1, every)


@pytest.mark.parametrize(
    ("began", "again", "is_due"),
    [
        (None, None, True),
        (-HOUR, -timedelta(seconds=1), True),
        (-HOUR, timedelta(0), True),
        (-HOUR, timedelta(seconds=1), False),
        (HOUR, 2 * HOUR, True),  # the clock was set back
    ],
)
def test_a_source_is_due_at_its_time(
    began: timedelta | None, again: timedelta | None, *, is_due: bool
) -> None:
    """Whatever is done to the clock."""
    state = SourceState(
        "wiki",
        "confluence",
        began_at=None if began is None else NOON + began,
        next_at=None if again is None else NOON + again,
    )
    assert state.is_due(NOON) is is_due


def test_how_it_stands_is_one_line() -> None:
    """Well, in trouble, in trouble from the beginning, or not tried."""
    fresh = SourceState("wiki", "confluence")
    well = SourceState("wiki", "confluence", 1, done_at=NOON, notes="Left out: 2 drafts.")
    ill = SourceState(
        "wiki", "confluence", 42, "wiki.example answered 401.", done_at=NOON, failures=1,
        next_at=NOON + HOUR,
    )  # fmt: skip
    never = SourceState("wiki", "confluence", says="wiki.example answered 500.", failures=3)
    assert [each.is_well for each in (fresh, well, ill, never)] == [None, True, False, False]
    assert well.line() == "1 article, brought in at 2026-03-02 12:00 UTC. Left out: 2 drafts."
    assert ill.line() == (
        "wiki.example answered 401. 42 articles of 2026-03-02 12:00 UTC stay; "
        "1 try failed, the next at 2026-03-02 13:00 UTC."
    )
    assert never.line() == "wiki.example answered 500. 0 articles so far; 3 tries failed."

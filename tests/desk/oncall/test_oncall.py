"""Who is on call: rotations through clock changes, overrides, swaps, overlaps and gaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.errors import ConfigurationError
from bot.desk.ids import UserId
from bot.desk.oncall import Override, Roster, Rotation, Shift, gaps, layered, next_after, watch
from bot.desk.promises import Window

BERLIN = ZoneInfo("Europe/Berlin")
TORONTO = ZoneInfo("America/Toronto")
ANN, BOB, CAT = UserId("UANN"), UserId("UBOB"), UserId("UCAT")
WEEKLY = Rotation.weekly((ANN, BOB, CAT), BERLIN, start=date(2026, 11, 23))


def berlin(*parts: int) -> datetime:
    """Give a time on Berlin's clock."""
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)


def utc(*parts: int) -> datetime:
    """Give a time in UTC."""
    return datetime(*parts, tzinfo=UTC)


class Fixed:
    """A rota with the shifts that a test wants."""

    def __init__(self, *shifts: Shift, note: str = "") -> None:
        """Take the shifts, and what is wrong with them."""
        self.shifts, self.note = shifts, note

    def roster(self, since: datetime, until: datetime) -> Roster:
        """Give all of them."""
        return Roster(self.shifts, self.note)


def override(
    start: datetime, end: datetime, member: UserId, replaces: UserId | None = None
) -> Override:
    """Build an override."""
    return Override("l2", start, end, member, replaces)


def test_a_week_hands_over_on_monday_at_nine() -> None:
    """A week hands over on monday at nine."""
    before = watch(WEEKLY, (), berlin(2026, 11, 30, 8, 59))
    after = watch(WEEKLY, (), berlin(2026, 11, 30, 9))
    assert (before.members, after.members) == ((ANN,), (BOB,))
    assert before.next is not None
    assert before.next.start == berlin(2026, 11, 30, 9)


def test_the_week_before_the_start_has_somebody_too() -> None:
    """The week before the start has somebody too."""
    assert watch(WEEKLY, (), berlin(2026, 11, 20, 12)).members == (CAT,)


@pytest.mark.parametrize(
    ("zone", "handovers"),
    [
        (BERLIN, [utc(2026, 3, 23, 8), utc(2026, 3, 30, 7)]),
        (BERLIN, [utc(2026, 10, 19, 7), utc(2026, 10, 26, 8)]),
        (TORONTO, [utc(2026, 3, 2, 14), utc(2026, 3, 9, 13)]),
        (TORONTO, [utc(2026, 10, 26, 13), utc(2026, 11, 2, 14)]),
    ],
)
def test_the_handover_stays_at_nine_on_the_wall_when_the_clocks_change(
    zone: ZoneInfo, handovers: list[datetime]
) -> None:
    """The handover stays at nine on the wall when the clocks change."""
    shifts = Rotation.weekly((ANN, BOB), zone).roster(handovers[0], handovers[1]).shifts
    assert [(shift.start, shift.end) for shift in shifts] == [tuple(handovers)]


def test_a_handover_in_the_hour_that_spring_skips_leaves_no_gap() -> None:
    """A handover in the hour that spring skips leaves no gap."""
    daily = Rotation.daily((ANN, BOB), BERLIN, handover=time(2, 30), start=date(2026, 3, 28))
    shifts = daily.roster(utc(2026, 3, 27), utc(2026, 3, 31)).shifts
    assert [shift.start for shift in shifts if shift.start.day == 29] == [utc(2026, 3, 29, 1)]
    assert (
        gaps(
            layered(shifts, (), utc(2026, 3, 27), utc(2026, 3, 31)),
            utc(2026, 3, 27),
            utc(2026, 3, 31),
        )
        == ()
    )


def test_a_handover_in_the_hour_that_comes_twice_happens_once_at_the_first() -> None:
    """A handover in the hour that comes twice happens once at the first."""
    daily = Rotation.daily((ANN, BOB), BERLIN, handover=time(2, 30), start=date(2026, 10, 25))
    assert watch(daily, (), utc(2026, 10, 25, 0, 29)).members == (BOB,)
    assert watch(daily, (), utc(2026, 10, 25, 0, 30)).members == (ANN,)
    assert watch(daily, (), utc(2026, 10, 25, 1, 30)).members == (ANN,)


def test_a_rotation_without_members_is_refused() -> None:
    """A rotation without members is refused."""
    with pytest.raises(ConfigurationError, match="at least one member"):
        Rotation.weekly((), BERLIN)
    with pytest.raises(ConfigurationError, match="at least one day"):
        Rotation(((ANN,),), BERLIN, days=0)


def test_an_override_for_everybody_takes_the_time_and_gives_it_back() -> None:
    """An override for everybody takes the time and gives it back."""
    evening = override(berlin(2026, 11, 24, 18), berlin(2026, 11, 24, 22), BOB)
    assert watch(WEEKLY, (evening,), berlin(2026, 11, 24, 17, 59)).members == (ANN,)
    assert watch(WEEKLY, (evening,), berlin(2026, 11, 24, 18)).members == (BOB,)
    assert watch(WEEKLY, (evening,), berlin(2026, 11, 24, 22)).members == (ANN,)


def test_an_override_of_one_person_leaves_the_others() -> None:
    """An override of one person leaves the others."""
    both = Fixed(Shift(utc(2026, 11, 1), utc(2026, 12, 1), (ANN, BOB), "calendar"))
    stand_in = override(utc(2026, 11, 5), utc(2026, 11, 6), CAT, replaces=ANN)
    assert watch(both, (stand_in,), utc(2026, 11, 5)).members == (CAT, BOB)


def test_an_override_of_somebody_who_is_not_on_call_changes_nothing() -> None:
    """An override of somebody who is not on call changes nothing."""
    stand_in = override(berlin(2026, 11, 24), berlin(2026, 11, 25), CAT, replaces=BOB)
    assert watch(WEEKLY, (stand_in,), berlin(2026, 11, 24, 12)).members == (ANN,)


def test_a_swap_is_two_overrides_and_both_weeks_change_hands() -> None:
    """A swap is two overrides and both weeks change hands."""
    first = override(berlin(2026, 11, 23, 9), berlin(2026, 11, 30, 9), BOB, replaces=ANN)
    second = override(berlin(2026, 11, 30, 9), berlin(2026, 12, 7, 9), ANN, replaces=BOB)
    swapped = (first, second)
    assert watch(WEEKLY, swapped, berlin(2026, 11, 25)).members == (BOB,)
    assert watch(WEEKLY, swapped, berlin(2026, 12, 2)).members == (ANN,)
    assert watch(WEEKLY, swapped, berlin(2026, 12, 9)).members == (CAT,)


def test_the_later_override_lies_on_top() -> None:
    """The later override lies on top."""
    whole = override(berlin(2026, 11, 24), berlin(2026, 11, 26), BOB)
    within = override(berlin(2026, 11, 25), berlin(2026, 11, 25, 12), CAT)
    assert watch(WEEKLY, (whole, within), berlin(2026, 11, 25, 6)).members == (CAT,)
    assert watch(WEEKLY, (whole, within), berlin(2026, 11, 25, 18)).members == (BOB,)


def test_an_override_ends_after_it_begins() -> None:
    """An override ends after it begins."""
    with pytest.raises(ValueError, match="ends after it begins"):
        override(utc(2026, 1, 2), utc(2026, 1, 1), ANN)


def test_of_overlapping_shifts_everybody_is_on_call() -> None:
    """Of overlapping shifts everybody is on call."""
    rota = Fixed(
        Shift(utc(2026, 11, 1), utc(2026, 11, 3), (ANN,), "a"),
        Shift(utc(2026, 11, 2), utc(2026, 11, 4), (BOB,), "b"),
    )
    assert watch(rota, (), utc(2026, 11, 2, 12)).members == (ANN, BOB)
    assert watch(rota, (), utc(2026, 11, 3, 12)).members == (BOB,)


def test_in_a_gap_nobody_is_on_call_and_the_next_shift_is_known() -> None:
    """In a gap nobody is on call and the next shift is known."""
    rota = Fixed(
        Shift(utc(2026, 11, 1), utc(2026, 11, 2), (ANN,)),
        Shift(utc(2026, 11, 3), utc(2026, 11, 4), (ANN,)),
        note="something is wrong",
    )
    found = watch(rota, (), utc(2026, 11, 2, 12))
    assert found.now is None
    assert found.next is not None
    assert found.next.start == utc(2026, 11, 3)
    assert found.note == "something is wrong"
    assert gaps(rota.shifts, utc(2026, 11, 1), utc(2026, 11, 5)) == (
        Window(utc(2026, 11, 2), utc(2026, 11, 3)),
        Window(utc(2026, 11, 4), utc(2026, 11, 5)),
    )


def test_an_override_fills_a_gap() -> None:
    """An override fills a gap."""
    stand_in = override(utc(2026, 11, 2), utc(2026, 11, 3), BOB)
    assert watch(Fixed(), (stand_in,), utc(2026, 11, 2, 12)).members == (BOB,)


def test_the_next_to_call_is_not_somebody_who_was_called_already() -> None:
    """The next to call is not somebody who was called already."""
    rota = Fixed(
        Shift(utc(2026, 11, 1), utc(2026, 11, 2), (ANN,)),
        Shift(utc(2026, 11, 2), utc(2026, 11, 3), (ANN, BOB)),
    )
    assert next_after(rota, (), utc(2026, 11, 1, 12)) == (BOB,)
    assert next_after(Fixed(), (), utc(2026, 11, 1, 12)) == ()


members = st.sampled_from([ANN, BOB, CAT])
moments = st.integers(0, 24 * 40).map(lambda hour: utc(2026, 10, 1) + timedelta(hours=hour))
stretches = st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1])
shifts_drawn = st.builds(lambda pair, who: Shift(pair[0], pair[1], (who,)), stretches, members)
overrides_drawn = st.builds(
    lambda pair, who, whom: override(pair[0], pair[1], who, whom),
    stretches,
    members,
    st.none() | members,
)


@given(st.lists(shifts_drawn, max_size=6), st.lists(overrides_drawn, max_size=6), moments)
def test_pieces_follow_each_other_and_say_the_same_as_asking_at_an_instant(
    shifts: list[Shift], overrides: list[Override], at: datetime
) -> None:
    """Pieces follow each other and say the same as asking at an instant."""
    since, until = utc(2026, 9, 1), utc(2026, 12, 31)
    pieces = layered(shifts, overrides, since, until)
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    expected = list(
        dict.fromkeys(
            member
            for shift in sorted(shifts, key=lambda each: each.start)
            if shift.covers(at)
            for member in shift.members
        )
    )
    for each in overrides:
        if each.start <= at < each.end:
            if each.replaces is None:
                expected = [each.member]
            else:
                expected = list(
                    dict.fromkeys(each.member if one == each.replaces else one for one in expected)
                )
    found = [piece.members for piece in pieces if piece.covers(at)]
    assert found == ([tuple(expected)] if expected else [])
    covered = sum((piece.end - piece.start for piece in pieces), timedelta(0))
    open_time = sum((gap.length for gap in gaps(pieces, since, until)), timedelta(0))
    assert covered + open_time == until - since


@given(
    st.sampled_from([BERLIN, TORONTO]),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.integers(1, 14),
    moments,
)
def test_a_rotation_never_has_a_gap_or_an_overlap(
    zone: ZoneInfo, handover: time, days: int, since: datetime
) -> None:
    """A rotation never has a gap or an overlap."""
    rota = Rotation(((ANN,), (BOB,), (CAT,)), zone, days, handover)
    until = since + timedelta(days=40)
    shifts = rota.roster(since, until).shifts
    assert shifts[0].start <= since
    assert shifts[-1].end >= until
    assert all(a.end == b.start for a, b in pairwise(shifts))

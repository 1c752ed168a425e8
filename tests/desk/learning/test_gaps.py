"""Gaps: what they cost, which cluster is which, and when one is open again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.ids import TicketId
from bot.desk.learning import Gap, GapId, GapState, Missed, is_asked_again, line_of, matched, ranked
from tests import builders as a


def missed(number: int, **changes: Any) -> Missed:
    """A question that was settled by L2 in an hour."""
    known: dict[str, Any] = {
        "ticket": TicketId(number), "requester": a.ANA, "question": f"question {number}",
        "at": a.NOON + timedelta(days=number), "group": "l2", "tier": "L2",
        "effort": timedelta(hours=1),
    }  # fmt: skip
    return Missed(**{**known, **changes})


def gap(*of: Missed, number: int = 1, **changes: Any) -> Gap:
    """An open gap of these questions."""
    return replace(Gap(GapId(number), of[0].ticket, of), **changes)


def test_a_gap_says_what_it_costs() -> None:
    """People, hours, from when to when, and where the nearest article fails."""
    found = gap(
        missed(1, failed="vpn", step=2),
        missed(2, requester=a.BEN, failed="vpn", step=3, effort=timedelta(hours=3)),
        missed(3, failed="vpn", step=3),
        missed(4, failed="mail"),
    )
    line = line_of(found)
    assert (line.asked, line.people, line.minutes, line.tier) == (4, 2, 360, "L2")
    assert (line.failing, line.step, line.near) == ("vpn", 3, "")
    assert (line.first, line.last) == (a.NOON + timedelta(days=1), a.NOON + timedelta(days=4))
    assert line.question == "question 1"


def test_people_times_effort_comes_first() -> None:
    """Two people of an hour each before one who asked three times."""
    one = gap(missed(1), missed(2), missed(3), number=1)
    two = gap(missed(4), missed(5, requester=a.BEN), number=2)
    quick = gap(missed(6, effort=timedelta(0)), number=3)
    done = gap(missed(7, effort=timedelta(hours=50)), number=4, state=GapState.DONE)
    assert [each.id for each in ranked([quick, one, done, two])] == [2, 1, 3]
    assert [each.id for each in ranked([quick, one, done, two], GapState.DONE)] == [4]


@pytest.mark.parametrize(
    ("clusters", "known", "found"),
    [
        ([[1, 2], [3]], {}, (None, None)),
        ([[1, 2], [3]], {1: 7, 2: 7, 3: 8}, (7, 8)),
        ([[1, 2, 3]], {1: 7, 2: 8, 3: 8}, (8,)),
        ([[1], [2]], {1: 7, 2: 7}, (7, None)),
        ([[1], [2, 3]], {1: 7, 2: 7, 3: 7}, (None, 7)),
        ([[1, 4], [2]], {1: 7, 2: 8}, (7, 8)),
    ],
)
def test_a_gap_stays_itself_when_questions_are_taken_together_anew(
    clusters: list[list[int]], known: dict[int, int], found: tuple[int | None, ...]
) -> None:
    """By most of its questions; no gap is two."""
    tickets = [[TicketId(each) for each in members] for members in clusters]
    gaps = {TicketId(ticket): GapId(number) for ticket, number in known.items()}
    assert matched(tickets, gaps) == found


@pytest.mark.parametrize(
    ("state", "days", "again"),
    [
        (GapState.DONE, 0, False),
        (GapState.DONE, 7, False),
        (GapState.DONE, 8, True),
        (GapState.OPEN, 8, False),
        (GapState.DISMISSED, 30, False),
        (GapState.IN_WORK, 30, False),
    ],
)
def test_done_is_open_again_when_it_is_asked_after_a_week(
    state: GapState, days: int, *, again: bool
) -> None:
    """What was asked within the week was on its way."""
    asked = missed(1, at=a.NOON + timedelta(days=days))
    assert is_asked_again(gap(asked, state=state, decided_at=a.NOON)) is again

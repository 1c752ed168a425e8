"""Who is on call when: shifts, and the overrides laid over them.

A rota gives shifts as its source has them, overlapping or with gaps. `layered` lays the
overrides over them and cuts the result into pieces that follow each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, Protocol

from bot.desk.ids import UserId
from bot.desk.promises import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LOOK_AHEAD = timedelta(days=35)
"""How far ahead the next shift is looked for."""

LOOK_BACK = timedelta(days=8)
"""How far back a shift that is on may have begun, as far as anybody wants to know."""


@dataclass(frozen=True)
class Shift:
    """Somebody is on call from `start` up to but without `end`."""

    start: datetime
    end: datetime
    members: tuple[UserId, ...]
    source: str = ""

    def covers(self, at: datetime) -> bool:
        """Whether the shift is on at an instant."""
        return self.start <= at < self.end


@dataclass(frozen=True)
class Roster:
    """What a rota knows of a stretch of time; `note` says what is wrong with it, if anything.

    `is_old` where its source fails, so that nobody knows whether a gap is one.
    """

    shifts: tuple[Shift, ...]
    note: str = ""
    is_old: bool = False


class Rota(Protocol):
    """A source of shifts. It answers from what it has: it neither waits nor fails."""

    def roster(self, since: datetime, until: datetime) -> Roster:
        """Give the shifts that touch a stretch of time."""


@dataclass(frozen=True)
class Override:
    """Somebody stands in for a time: for one person, or for whoever would be on call."""

    group: str
    start: datetime
    end: datetime
    member: UserId
    replaces: UserId | None = None
    by: UserId | None = None
    reason: str = ""
    id: int = 0

    def __post_init__(self) -> None:
        """Refuse a time that ends before it begins."""
        if self.end <= self.start:
            raise ValueError("An override ends after it begins.")


@dataclass(frozen=True)
class Overridden:
    """A rota with overrides of its own, below those that people make later."""

    rota: Rota
    overrides: tuple[Override, ...]

    def roster(self, since: datetime, until: datetime) -> Roster:
        """Give the shifts with the overrides laid over them."""
        roster = self.rota.roster(since, until)
        return replace(roster, shifts=layered(roster.shifts, self.overrides, since, until))


@dataclass(frozen=True)
class Proposal:
    """A change that somebody is asked to confirm: overrides to add, or one to take back."""

    group: str
    what: Literal["take", "override", "swap", "cancel"]
    overrides: tuple[Override, ...]


@dataclass(frozen=True)
class RotaState:
    """Who was on call when last looked, what was wrong, and whom Slack's user group was given."""

    members: tuple[UserId, ...] = ()
    trouble: str = ""
    synced: tuple[UserId, ...] = ()


class NoRotas:
    """Nobody is planned anywhere; the groups' own lists serve."""

    def watch(self, group: str, at: datetime) -> Watch:  # noqa: ARG002 - as the port has it
        """Give nobody."""
        return Watch(at, None, None)

    def pieces(self, group: str, since: datetime, until: datetime) -> tuple[Shift, ...]:  # noqa: ARG002 - as the port has it
        """Give no shift."""
        return ()

    def person(self, group: str, name: str) -> UserId | None:  # noqa: ARG002 - as the port has it
        """Find nobody."""
        return None


def layered(
    shifts: Iterable[Shift],
    overrides: Sequence[Override],
    since: datetime,
    until: datetime,
) -> tuple[Shift, ...]:
    """Lay overrides over shifts; give pieces in order that do not overlap, gaps left out.

    Where shifts overlap, all their members are on call. Of overrides that overlap, the later
    in order is laid over the earlier.
    """
    touching = [each for each in shifts if each.start < until and each.end > since]
    edges = {since, until}
    bounds = [(each.start, each.end) for each in touching]
    bounds += [(each.start, each.end) for each in overrides]
    edges |= {edge for pair in bounds for edge in pair if since < edge < until}
    pieces = [
        piece
        for start, end in pairwise(sorted(edges))
        if (piece := _piece(start, end, touching, overrides)) is not None
    ]
    return _joined(pieces)


def _piece(
    start: datetime, end: datetime, shifts: Sequence[Shift], overrides: Sequence[Override]
) -> Shift | None:
    on = sorted((each for each in shifts if each.covers(start)), key=lambda each: each.start)
    members = tuple(dict.fromkeys(member for each in on for member in each.members))
    sources = list(dict.fromkeys(each.source for each in on if each.source))
    for override in overrides:
        if not override.start <= start < override.end:
            continue
        if override.replaces is None:
            members, sources = (override.member,), ["override"]
        elif override.replaces in members:
            members = tuple(
                dict.fromkeys(
                    override.member if each == override.replaces else each for each in members
                )
            )
            sources = [*(each for each in sources if each != "override"), "override"]
    return Shift(start, end, members, ", ".join(sources)) if members else None


def _joined(pieces: Sequence[Shift]) -> tuple[Shift, ...]:
    joined: list[Shift] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.end == piece.start
            and (last.members, last.source) == (piece.members, piece.source)
        ):
            joined[-1] = replace(last, end=piece.end)
        else:
            joined.append(piece)
    return tuple(joined)


def gaps(shifts: Sequence[Shift], since: datetime, until: datetime) -> tuple[Window, ...]:
    """Give the stretches in which nobody is on call; `shifts` as `layered` gives them."""
    found = []
    reached = since
    for shift in shifts:
        if shift.start > reached:
            found.append(Window(reached, min(shift.start, until)))
        reached = max(reached, shift.end)
        if reached >= until:
            return tuple(found)
    if reached < until:
        found.append(Window(reached, until))
    return tuple(found)


@dataclass(frozen=True)
class Watch:
    """Who is on call at an instant, and who comes after them.

    `now` is None in a gap; `next` is the first piece with other people than `now`, None where
    nobody is known within `LOOK_AHEAD`.
    """

    at: datetime
    now: Shift | None
    next: Shift | None
    note: str = ""
    is_old: bool = False

    @property
    def members(self) -> tuple[UserId, ...]:
        """The people on call, nobody in a gap."""
        return self.now.members if self.now else ()


def watch(rota: Rota, overrides: Sequence[Override], at: datetime) -> Watch:
    """Tell who is on call at an instant, and who comes next."""
    at = at.astimezone(UTC)
    since, until = at - LOOK_BACK, at + LOOK_AHEAD
    roster = rota.roster(since, until)
    found = watch_of(layered(roster.shifts, overrides, since, until), at)
    return replace(found, note=roster.note, is_old=roster.is_old)


def watch_of(pieces: Sequence[Shift], at: datetime) -> Watch:
    """Tell who is on call at an instant by pieces that were layered already."""
    now = next((each for each in pieces if each.covers(at)), None)
    following = (
        each
        for each in pieces
        if each.start > at and (now is None or set(each.members) != set(now.members))
    )
    return Watch(at, now, next(following, None))


def next_after(rota: Rota, overrides: Sequence[Override], at: datetime) -> tuple[UserId, ...]:
    """Give who to call when those on call do not answer: the people of the next shift."""
    found = watch(rota, overrides, at)
    if found.next is None:
        return ()
    return tuple(each for each in found.next.members if each not in found.members)

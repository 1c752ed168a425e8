"""`/oncall`: who is on call now and next; a change is proposed, to be confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.oncall import (
    LONGEST,
    LOOK_AHEAD,
    CancelOverride,
    OnCallBoard,
    OnCallProposed,
    OnCallWord,
    Override,
    Proposal,
    StandIn,
    StandingOverride,
    SwapWith,
    TakeShift,
    Unclear,
    Watchers,
    Who,
    moment_of,
    read_request,
    watch_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.addresses import Spot
    from bot.desk.ids import UserId
    from bot.desk.notices import Notice
    from bot.desk.oncall import AskOnCall, ResolverGroup, Shift
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk

COMING = 3
OPEN_ENDED = timedelta(hours=8)
"""So long somebody takes over where the plan names no end."""


class _UnclearError(Exception):
    """What was asked cannot be proposed; carries the word to the one who asked."""

    def __init__(self, word: OnCallWord) -> None:
        """Keep the word."""
        super().__init__(word.what)
        self.word = word


def plan_ask_on_call(command: AskOnCall, desk: Desk) -> Change:
    """Answer `/oncall` privately: with the board, a proposal to confirm, or what is unclear."""
    request = read_request(command.text, [group.name for group in desk.groups.groups])
    try:
        if isinstance(request, Unclear):
            answer: Notice = OnCallWord("help", request.problem)
        elif isinstance(request, Who):
            answer = board_of(desk, request.group)
        else:
            answer = OnCallProposed(_propose(desk, command.at, request))
    except _UnclearError as unclear:
        answer = unclear.word
    return lambda uow: whisper(uow, command.at, answer)


def whisper(uow: UnitOfWork, at: Spot, notice: Notice) -> None:
    """Tell the one who acted, alone."""
    to = Destination(at.channel, thread_ts=at.thread_ts, only_for=at.user)
    uow.outbox.put(notice, to)


# --- who


def board_of(desk: Desk, name: str | None) -> OnCallBoard:
    """Tell who is on call for a group, or for all."""
    groups = desk.groups.groups if name is None else (desk.groups.named(name),)
    coming = 1 if name is None else COMING
    return OnCallBoard(tuple(watchers(desk, group, coming) for group in groups))


def watchers(desk: Desk, group: ResolverGroup, coming: int = 1) -> Watchers:
    """Tell who is on call for a group now and next, and whom a call would reach."""
    now = desk.clock()
    pieces = desk.rotas.pieces(group.name, now - timedelta(days=8), now + LOOK_AHEAD)
    watch = watch_of(pieces, now)
    called = desk.directory.on_call(group)
    with desk.look() as uow:
        overrides = uow.overrides.of(group.name, now)
    return Watchers(
        group=group.name,
        now=watch.now,
        coming=tuple(piece for piece in pieces if piece.start > now)[:coming],
        called=called.members,
        overrides=tuple(
            StandingOverride(each.id, each.start, each.end, each.member, each.replaces)
            for each in overrides
        ),
        note=called.note,
    )


# --- proposing a change


def _propose(
    desk: Desk, at: Spot, request: TakeShift | StandIn | SwapWith | CancelOverride
) -> Proposal:
    if isinstance(request, CancelOverride):
        return _cancelling(desk, at, request)
    group = _group(desk, at.user, request.group)
    match request:
        case TakeShift():
            overrides: tuple[Override, ...] = (_taking(desk, at, group, request),)
            return Proposal(group.name, "take", overrides)
        case StandIn():
            return Proposal(group.name, "override", (_standing_in(desk, group, request),))
        case SwapWith():
            other = _member(desk, group, request.other)
            return Proposal(group.name, "swap", _swapped(desk, at.user, group, other))


def _group(desk: Desk, user: UserId, name: str | None) -> ResolverGroup:
    """The group that is meant: the one that was named, or the only one that the asker is in."""
    if name is not None:
        group = desk.groups.named(name)
        if not may_change(desk, user, group):
            raise _UnclearError(OnCallWord("not_in_group", group.name))
        return group
    own = [group for group in desk.groups.groups if may_change(desk, user, group)]
    if not own:
        raise _UnclearError(OnCallWord("no_group"))
    if len(own) > 1:
        raise _UnclearError(OnCallWord("which_group", ", ".join(group.name for group in own)))
    return own[0]


def may_change(desk: Desk, user: UserId, group: ResolverGroup) -> bool:
    """Whether somebody may change who is on call for a group: its people and its lead."""
    return user == group.lead or desk.may_act(user, (group,))


def _member(desk: Desk, group: ResolverGroup, name: str) -> UserId:
    person = desk.rotas.person(group.name, name)
    if person is None:
        raise _UnclearError(OnCallWord("stranger", name))
    # Whoever is on call may act on tickets: an override must not let anybody in.
    if not desk.may_act(person, desk.groups.at_or_above(group.tier)):
        raise _UnclearError(OnCallWord("stranger", name))
    return person


def _moment(text: str, after: datetime, group: ResolverGroup) -> datetime:
    found = moment_of(text, after, group.hours.zone)
    if found is None:
        raise _UnclearError(OnCallWord("no_time", text))
    return found


def _taking(desk: Desk, at: Spot, group: ResolverGroup, request: TakeShift) -> Override:
    now = desk.clock()
    if request.until:
        end = _moment(request.until, now, group)
    else:
        watch = desk.rotas.watch(group.name, now)
        shift_end = watch.now.end if watch.now else watch.next.start if watch.next else None
        open_ended = shift_end is None or shift_end >= now + LOOK_AHEAD - timedelta(days=1)
        end = now + OPEN_ENDED if shift_end is None or open_ended else shift_end
        if watch.now is not None and watch.now.members == (at.user,):
            raise _UnclearError(OnCallWord("already_so", group.name))
    return _override(group, now, end, at.user)


def _standing_in(desk: Desk, group: ResolverGroup, request: StandIn) -> Override:
    now = desk.clock()
    member = _member(desk, group, request.member)
    start = _moment(request.start, now, group) if request.start else now
    end = _moment(request.until, start, group)
    replaces = _member(desk, group, request.replaces) if request.replaces else None
    if end <= now:
        raise _UnclearError(OnCallWord("over"))
    if member == replaces:
        raise _UnclearError(OnCallWord("yourself"))
    return _override(group, max(start, now), end, member, replaces)


def _override(
    group: ResolverGroup,
    start: datetime,
    end: datetime,
    member: UserId,
    replaces: UserId | None = None,
) -> Override:
    if end <= start:
        raise _UnclearError(OnCallWord("over"))
    if end - start > LONGEST:
        raise _UnclearError(OnCallWord("too_long"))
    return Override(group.name, start, end, member, replaces)


def _swapped(
    desk: Desk, user: UserId, group: ResolverGroup, other: UserId
) -> tuple[Override, Override]:
    """My next shift for theirs, each whole; the shift that is on counts from now."""
    if other == user:
        raise _UnclearError(OnCallWord("yourself"))
    now = desk.clock()
    pieces = desk.rotas.pieces(group.name, now, now + LOOK_AHEAD)
    alone = [piece for piece in pieces if not {user, other} <= set(piece.members)]
    mine = next((piece for piece in alone if user in piece.members), None)
    theirs = next((piece for piece in alone if other in piece.members), None)
    if mine is None or theirs is None:
        raise _UnclearError(OnCallWord("no_shift", str(user if mine is None else other)))
    return _stands_in(group, mine, other, user), _stands_in(group, theirs, user, other)


def _stands_in(group: ResolverGroup, shift: Shift, member: UserId, replaces: UserId) -> Override:
    return Override(group.name, shift.start, shift.end, member, replaces)


def _cancelling(desk: Desk, at: Spot, request: CancelOverride) -> Proposal:
    with desk.look() as uow:
        found = uow.overrides.get(request.number)
    if found is None or found.end <= desk.clock():
        raise _UnclearError(OnCallWord("no_override", str(request.number)))
    group = _group(desk, at.user, found.group)
    return Proposal(group.name, "cancel", (found,))

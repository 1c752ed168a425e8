"""Gaps: looked for, told to those who own them, drafted, done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.errors import ConfigurationError
from bot.desk.learning import (
    DismissGap,
    DraftGap,
    DraftState,
    DraftWord,
    FinishGap,
    GapReport,
    GapState,
    line_of,
    ranked,
)
from bot.desk.tiers import Tier
from bot.service.learning.cards import decide_gap, post_card, tell_reviewer
from bot.service.learning.drafting import drafted, is_quotable
from bot.service.learning.gathering import MOST, WINDOW
from bot.service.learning.joining import Ending, about_one, settled_last
from bot.service.learning.owning import owner_of
from bot.service.learning.updating import ailing, for_all
from bot.service.tickets.presses import is_home

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.desk.ids import UserId
    from bot.desk.learning import Ailing, Draft, Gap, GapLine
    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk
    from bot.service.learning.gathering import Sight

TOP = 5
ON_A_HOME = 3
LOOKED_AT = 4 * ON_A_HOME
"""Some may stand in private channels alone."""
ENOUGH = 2
"""So many questions make a gap worth a report; one may be chance."""


def look_for_gaps(sight: Sight) -> int:
    """Take the questions together that no article answered; gives how many there are."""
    with sight.look() as uow:
        missed = uow.gaps.missed(sight.clock() - WINDOW)[-MOST:]
    texts = [each.question for each in missed]
    clusters, names = sight.together(texts, settled=[each.settled for each in missed])
    near = [
        None if any(missed[each].failed for each in members) else sight.nearest(texts[name])
        for members, name in zip(clusters, names, strict=True)
    ]
    tickets = [[missed[each].ticket for each in members] for members in clusters]
    with sight.unit_of_work() as uow:
        uow.gaps.regroup(tickets, [missed[name].ticket for name in names], near)
        uow.gaps.ran("gaps")
    return len(missed)


def for_a_group(desk: Desk, gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Give the gaps worth telling, the dearest first, without what stands in private channels.

    Asks the directory, so it is looked up before a transaction begins.
    """
    told = (
        replace(
            gap,
            missed=tuple(m for m in gap.missed if not desk.directory.is_private(m.channel)),
        )
        for gap in gaps
    )
    return tuple(gap for gap in ranked(tuple(told)) if len(gap.missed) >= ENOUGH)


def dearest(desk: Desk, of: Collection[str] | None = None) -> tuple[GapLine, ...]:
    """Give the few gaps of some groups that cost most, for a Home; of all groups without any."""
    with desk.look() as uow:
        found = uow.gaps.dearest(of, ENOUGH, LOOKED_AT)
    return tuple(line_of(gap) for gap in for_a_group(desk, found)[:ON_A_HOME])


def plan_gap_reports(desk: Desk) -> Change:
    """Tell each group which of its gaps cost most; who has none is told nothing."""
    with desk.look() as uow:
        known = uow.gaps.all()
        failing = ailing(uow, desk.clock())
        waiting = [
            each
            for each in uow.drafts.listed(DraftState.OPEN)
            # Who decides was reminded of it by then.
            if desk.clock() - each.made_at >= desk.patience.draft
        ]
    found = for_a_group(desk, known)
    # What is kept to some is not named where all of a group read.
    told_of = _with_owners(desk, for_all(desk, failing))
    reports = []
    for group in desk.groups.usual:
        own = [gap for gap in found if gap.group == group.name]
        theirs = tuple(each for each, whose in told_of if whose == group)[:TOP]
        drafts = [each for each in waiting if each.group == group.name]
        if own or theirs or drafts:
            lines = tuple(line_of(gap) for gap in own[:TOP])
            names = tuple(each.id for each in drafts)
            since = min((each.made_at for each in drafts), default=None)
            more = max(len(own) - TOP, 0)
            report = GapReport(group.name, lines, more, theirs, names, since)
            reports.append((report, group.channel))

    def change(uow: UnitOfWork) -> None:
        for report, channel in reports:
            uow.outbox.put(report, Destination(channel))
        uow.gaps.ran("report")

    return change


def _with_owners(desk: Desk, found: Iterable[Ailing]) -> list[tuple[Ailing, ResolverGroup | None]]:
    """Say which group looks after each article: its owner, else those who take the rest."""
    rest, told = takes_the_rest(desk), []
    for each in found:
        owner = owner_of(desk, each.article)
        group = owner.group if owner and owner.group else rest
        told.append((replace(each, owner=owner.person if owner else None), group))
    return told


def takes_the_rest(desk: Desk) -> ResolverGroup | None:
    """Give the group that reads what no other is to read; None where there is none."""
    try:
        return desk.groups.responsible_for(Tier.L2)
    except ConfigurationError:
        return None


def plan_gap_press(press: DraftGap | FinishGap | DismissGap, desk: Desk) -> Change:
    """Work out what is done about a gap; on a Home it shows at once what came of it."""
    plan = _planned(press, desk)

    def change(uow: UnitOfWork) -> None:
        plan(uow)
        if is_home(press.at):
            uow.homes.opened(press.at.user)

    return change


def _planned(press: DraftGap | FinishGap | DismissGap, desk: Desk) -> Change:
    with desk.look() as uow:
        gap = uow.gaps.get(press.gap)
    if gap is None or not gap.missed:
        return lambda uow: tell_reviewer(uow, press.at, DraftWord("unknown"))
    group = _group_of(desk, gap)
    if group is None or not _may_decide(desk, press.at.user, group):
        word = DraftWord("not_in_group", gap.typical)
        return lambda uow: tell_reviewer(uow, press.at, word)
    match press:
        case FinishGap():
            return lambda uow: decide_gap(uow, gap, GapState.DONE, press.at.user)
        case DismissGap():
            return lambda uow: decide_gap(uow, gap, GapState.DISMISSED, press.at.user)
        case DraftGap():
            return _plan_draft(press, desk, gap, group)


def _may_decide(desk: Desk, user: UserId, group: ResolverGroup) -> bool:
    """Tell whether somebody decides on a group's gaps: its people, those above, and admins."""
    if user in desk.admins:
        return desk.may_ask(user)
    return desk.may_act(user, (group, *_above(desk, group)))


def _above(desk: Desk, group: ResolverGroup) -> tuple[ResolverGroup, ...]:
    return desk.groups.at_or_above(group.tier)


def _group_of(desk: Desk, gap: Gap) -> ResolverGroup | None:
    try:
        return desk.groups.named(gap.group)
    except ConfigurationError:
        return next(iter(desk.groups.usual), None)


def _plan_draft(press: DraftGap, desk: Desk, gap: Gap, group: ResolverGroup) -> Change:
    """*Draft an article*: from all that was asked and settled of it."""
    draft, resolved_by = draft_of(desk, gap, group)
    if draft is None:
        word = DraftWord("restricted", gap.typical)
        return lambda uow: tell_reviewer(uow, press.at, word)

    def change(uow: UnitOfWork) -> None:
        current = uow.gaps.get(gap.id)
        if current is None or current.state is GapState.IN_WORK:
            tell_reviewer(uow, press.at, DraftWord("in_work", gap.typical))
            return
        post_card(uow, desk, uow.drafts.propose(draft), group.channel, resolved_by)
        decide_gap(uow, current, GapState.IN_WORK, press.at.user)

    return change


def draft_of(desk: Desk, gap: Gap, group: ResolverGroup) -> tuple[Draft | None, UserId | None]:
    """Compose a draft of a gap; none where nothing of it may be quoted."""
    with desk.look() as uow:
        tickets = [uow.tickets.get(each.ticket) for each in gap.missed]
        endings = {each.ticket: settled_last(uow, each.ticket) for each in gap.missed}
        written = {
            number
            for each in uow.drafts.about([each.ticket for each in gap.missed])
            if each.state in {DraftState.PUBLISHED, DraftState.MERGED}
            for number in each.sources
        }
    quoted = [each for each in tickets if each is not None and is_quotable(desk, each)]
    if not quoted:
        return None, None
    first = [each for each in quoted if each.id == gap.typical] or quoted[:1]
    every = [Ending(each, endings[each.id]) for each in dict.fromkeys((*first, *quoted))]
    # What stands in an article already is not what it is asked again for.
    fresh = [each for each in every if each.ticket.id not in written]
    kept = about_one(desk, fresh if any(each.tells for each in fresh) else every)
    settled = [each.settlement for each in kept if each.settlement and each.tells]
    return drafted(desk, group.name, kept), settled[-1].by if settled else None

"""What was settled alike for several people is proposed as an article, though nobody asked for one.

Who resolves ticks *An article should say so* often, not always. Once a day what is left is looked
through: it joins the draft that waits for its topic, or two of different people are a draft. What
somebody decided on once, or what an article says already, is not proposed again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.errors import ConfigurationError
from bot.desk.learning import plain_question
from bot.service.learning.cards import post_card, take_in_work
from bot.service.learning.drafting import drafted, gather, is_quotable, joining
from bot.service.learning.gathering import WINDOW
from bot.service.learning.joining import ALIKE, NEARBY, SAME_FIX, Ending, endings_of, settled_last
from bot.service.learning.words import says
from bot.service.tickets.escalating import group_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from bot.desk.ids import TicketId
    from bot.desk.learning import Draft
    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk
    from kb.questions.clustering import Vectors

MOST = 400
"""So many tickets that are in no draft are compared, the latest, and so many drafts."""
A_DAY = 3
"""So many drafts a group is given in a day, what was settled most often first."""
WAITING = 8
"""A group that has so many drafts to decide on is given no more."""
NEAR = 3
ASKED_LIKE = 0.25
"""From this cosine on two questions may be of one topic: most that are, and few others. Their fixes
have to be alike as well."""


@dataclass(frozen=True)
class _Settled:
    """A ticket, how its group settled it, and whether an article should have."""

    ending: Ending
    group: str
    missed: bool


def plan_alike(desk: Desk, embedded: Callable[[Sequence[str]], Vectors]) -> Change:
    """Let drafts gather what was settled like them, and propose what nobody asked for."""
    loose, drafts = _on_record(desk)
    if desk.shelf is None or not loose:
        return _noted
    sides = _Sides(loose, [(draft, each) for draft, ends in drafts for each in ends], embedded)
    gathering: dict[int, list[Ending]] = defaultdict(list)
    left = []
    for place, one in enumerate(loose):
        own = sides.draft_of(place)
        if own is None:
            left.append(place)
        elif own.is_open and own.group == one.group:
            gathering[own.id].append(one.ending)
    waiting = Counter(draft.group for draft, _ in drafts if draft.is_open)
    joined = [
        (draft, joining(desk, draft, ends, gathering[draft.id]))
        for draft, ends in drafts
        if draft.id in gathering
    ]
    fresh = list(_fresh(desk, loose, sides.groups(left), waiting))

    def change(uow: UnitOfWork) -> None:
        for before, after in joined:
            gather(uow, after, _more(before, after), None)
        for draft, group in fresh:
            _propose(uow, desk, draft, group)
        _noted(uow)

    return change


def _noted(uow: UnitOfWork) -> None:
    uow.gaps.ran("alike")


def _on_record(desk: Desk) -> tuple[list[_Settled], list[tuple[Draft, list[Ending]]]]:
    """Give what people settled and is in no draft, and the drafts with what they are made of."""
    since = desk.clock() - WINDOW
    with desk.look() as uow:
        known = uow.drafts.listed()
        taken = {number for draft in known for number in draft.sources}
        missed = {each.ticket for each in uow.gaps.missed(since)}
        fixed = [each.ticket for each in uow.gaps.ended(since) if each.fix]
        found = []
        for number in [each for each in fixed if each not in taken][-MOST:]:
            ticket, last = uow.tickets.get(number), uow.escalations.latest_for(number)
            if ticket is not None and last is not None:
                ending = Ending(ticket, settled_last(uow, number))
                found.append(_Settled(ending, group_of(desk, last).name, number in missed))
        drafts = [(each, endings_of(uow, each)) for each in _lately(known, since)]
    told = [s for s in found if s.ending.ticket.is_settled and s.ending.tells]
    return [each for each in told if is_quotable(desk, each.ending.ticket)], drafts


def _lately(drafts: Sequence[Draft], since: datetime) -> list[Draft]:
    return [each for each in drafts if each.is_open or each.made_at >= since][-MOST:]


class _Sides:
    """Says which of the tickets are about one thing, and which draft is about it as well."""

    def __init__(
        self,
        loose: Sequence[_Settled],
        drafted: Sequence[tuple[Draft, Ending]],
        embedded: Callable[[Sequence[str]], Vectors],
    ) -> None:
        """Compare all at once: what people asked, and what settled it."""
        told = [(draft, each) for draft, each in drafted if each.fix]
        ends = [*(each.ending for each in loose), *(each for _, each in told)]
        asked = embedded([plain_question(each.ticket.question) for each in ends])
        fixes = embedded([each.fix for each in ends])
        count = len(loose)
        by_question, by_fix = asked[:count] @ asked.T, fixes[:count] @ fixes.T
        same = by_fix >= SAME_FIX
        both = (by_question + by_fix >= ALIKE) & (by_question >= ASKED_LIKE)
        self._alike = both | (same & (by_question >= NEARBY))
        # Words that end many things ("restarted it") say nothing of any of them.
        same[range(count), range(count)] = False
        usual = (by_question * same).sum(axis=1) / same.sum(axis=1).clip(min=1)
        self._alike[same.any(axis=1) & (usual < ASKED_LIKE)] = False
        self._drafts = [draft for draft, _ in told]
        self._loose = loose

    def draft_of(self, place: int) -> Draft | None:
        """Give the draft that a ticket is about, one that is open before those decided on."""
        found = [
            draft
            for draft, alike in zip(
                self._drafts, self._alike[place, len(self._loose) :], strict=True
            )
            if alike
        ]
        return next((each for each in found if each.is_open), found[0] if found else None)

    def groups(self, places: Sequence[int]) -> list[list[int]]:
        """Take those together that are alike, of several people; what is most comes first.

        An article should have answered one of them at least: what is a person's is no article.
        """
        left, found = list(places), []
        while left:
            first = left[0]
            own = [
                place
                for place in left
                if place == first
                or (self._alike[first, place] and self._group(place) == self._group(first))
            ]
            left = [place for place in left if place not in own]
            people = {self._loose[place].ending.ticket.requester for place in own}
            if len(people) > 1 and any(self._loose[place].missed for place in own):
                found.append(own)
        return sorted(found, key=len, reverse=True)

    def _group(self, place: int) -> str:
        return self._loose[place].group


def _fresh(
    desk: Desk, loose: Sequence[_Settled], groups: Sequence[Sequence[int]], waiting: Counter[str]
) -> Iterator[tuple[Draft, ResolverGroup]]:
    given: Counter[str] = Counter()
    for places in groups:
        name = loose[places[0]].group
        if given[name] >= A_DAY or waiting[name] + given[name] >= WAITING:
            continue
        try:
            group = desk.groups.named(name)
        except ConfigurationError:
            continue
        ends = [loose[place].ending for place in places]
        if not _is_said(desk, ends[-1].fix):
            given[name] += 1
            yield drafted(desk, name, ends), group


def _is_said(desk: Desk, fix: str) -> bool:
    """Tell whether an article says so: it has to be found by other words, not to be written."""
    near = desk.triager.nearest(fix, readers=frozenset())[:NEAR]
    return any(says(desk, each, fix) for each in near)


def _more(before: Draft, after: Draft) -> list[TicketId]:
    return [each for each in after.sources if each not in before.sources]


def _propose(uow: UnitOfWork, desk: Desk, draft: Draft, group: ResolverGroup) -> None:
    if uow.drafts.about(draft.sources):
        return  # Somebody was quicker.
    posted = post_card(uow, desk, uow.drafts.propose(draft), group.channel, None, unasked=True)
    take_in_work(uow, posted, None)
    uow.audit.note(draft.ticket, None, "draft proposed", posted.name)

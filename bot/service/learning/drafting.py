"""A resolution with "an article should say so" proposes a draft to the group's channel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import structlog

from bot.desk.addresses import Destination
from bot.desk.errors import StaleStateError
from bot.desk.learning import (
    Draft,
    DraftId,
    DraftWord,
    Near,
    Text,
    compose,
    says_something,
    without_ending,
)
from bot.desk.privacy import is_direct
from bot.service.learning.cards import is_for_all, post_card, refresh_draft, take_in_work
from bot.service.learning.joining import Ending, gathered, one_to_join, open_drafts, text_of
from bot.service.tickets.escalating import group_of
from bot.service.tickets.resolving import plan_resolve, settlement_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.desk.ids import TicketId, UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Resolve, Settlement, Ticket
    from bot.service.context import Desk

log = structlog.get_logger(__name__)

NEAR = 3
SAYS_SO = 0.4
"""From this cosine to its text on an article may say what settled it: in the simulated quarter
careful fixes are at 0.79 or more, terse ones at 0.40; of 18 lines on other matters 3 reach it."""
GENERAL = "general"


@dataclass(frozen=True)
class Proposal:
    """A draft to be, worked out before the transaction; or why there is none."""

    draft: Draft | None
    channel: str
    against: Literal["says_nothing", "not_quotable"] | None = None


def plan_resolve_and_draft(press: Resolve, desk: Desk) -> Change:
    """*Resolve*; and where an article should say so, propose a draft of it."""
    resolve = plan_resolve(press, desk)
    if not (press.article_wanted or press.article_words):
        return resolve
    with desk.look() as uow:
        known = uow.escalations.get(press.escalation)
        ticket = uow.tickets.get(known.ticket) if known else None
        same = uow.tickets.duplicates_of(known.ticket) if known else ()
    if known is None or ticket is None:
        return resolve
    proposal = _proposed(desk, known, settlement_of(press, known.tier), (ticket, *same))

    def change(uow: UnitOfWork) -> None:
        before = uow.escalations.get(press.escalation)
        resolve(uow)
        ended = uow.escalations.get(press.escalation)
        if before is not None and before.is_open and ended is not None and not ended.is_open:
            _propose(uow, desk, ended, press.at.user, proposal)

    return change


def is_quotable(desk: Desk, ticket: Ticket) -> bool:
    """Tell whether what somebody asked may be read by everybody, as part of an article.

    Asks the directory, so it is looked up before a transaction begins.
    """
    channel = ticket.thread.channel
    return is_for_all(ticket) and not (is_direct(channel) or desk.directory.is_private(channel))


def _proposed(
    desk: Desk, escalation: Escalation, settlement: Settlement, tickets: tuple[Ticket, ...]
) -> Proposal:
    group = group_of(desk, escalation)
    ticket = tickets[0]
    if not is_quotable(desk, ticket):
        return Proposal(None, group.channel, "not_quotable")
    if not says_something(settlement):
        return Proposal(None, group.channel, "says_nothing")
    quoted = [each for each in tickets if is_quotable(desk, each)]
    joined = _joined(desk, group.name, settlement, quoted)
    if joined is not None:
        return Proposal(joined, group.channel)
    asked = [each.question for each in quoted]
    text = compose(settlement, asked, (), desk.triager.mended, desk.language)
    return Proposal(_worded(desk, group.name, quoted, text), group.channel)


def drafted(desk: Desk, group: str, endings: Sequence[Ending]) -> Draft:
    """Give a new draft of what was asked and settled, the first of these before the others."""
    return _worded(desk, group, [each.ticket for each in endings], text_of(desk, endings))


def _worded(desk: Desk, group: str, quoted: Sequence[Ticket], text: Text) -> Draft:
    near, area = near_to(desk, quoted, text.body)
    return Draft(
        DraftId(0),
        quoted[0].id,
        group,
        text,
        desk.shelf.free_id(text.title) if desk.shelf else "",
        area,
        tuple(each.id for each in quoted),
        desk.clock(),
        near,
        threads_of(desk, quoted),
    )


def threads_of(desk: Desk, tickets: Iterable[Ticket]) -> tuple[tuple[TicketId, str], ...]:
    """Give links to where tickets were asked; where the workspace is not known there are none.

    Asks the directory, so it is looked up before a transaction begins.
    """
    told = ((each.id, each.thread) for each in tickets)
    links = ((number, desk.directory.permalink(at.channel, at.ts)) for number, at in told)
    return tuple((number, link) for number, link in links if link is not None)


def _joined(
    desk: Desk, group: str, settlement: Settlement, quoted: Sequence[Ticket]
) -> Draft | None:
    """Give the open draft that this is about as well, gathering it; None where there is none."""
    new = [Ending(quoted[0], settlement, is_new=True), *(Ending(each, None) for each in quoted[1:])]
    try:
        found = one_to_join(desk, new[0], open_drafts(desk, group))
        if found is None:
            return None
        return joining(desk, *found, new)
    except Exception as failure:
        # A draft of its own is a draft; the resolution must not wait for the others.
        log.exception("drafts_not_compared", exc_info=failure)
        return None


def joining(desk: Desk, draft: Draft, before: Sequence[Ending], new: Sequence[Ending]) -> Draft:
    """Give a draft as it is once it gathers more; who had the last word on it stays."""
    tickets = {each.ticket.id: each.ticket for each in (*before, *new)}
    sources = dict.fromkeys((*draft.sources, *(each.ticket.id for each in new)))
    failed = failed_on(desk, tickets.values())
    known = {each.article for each in failed}
    near = (*failed, *(each for each in draft.near if each.article not in known))[:NEAR]
    reworded = draft.reworded(gathered(desk, draft, before, new), draft.by)
    threads = dict((*draft.threads, *threads_of(desk, tickets.values())))
    return replace(reworded, sources=tuple(sources), near=near, threads=tuple(threads.items()))


def near_to(desk: Desk, tickets: Sequence[Ticket], answer: str) -> tuple[tuple[Near, ...], str]:
    """Find what failed on these, the articles that say much the same, and the area of it.

    An answer finds the article that says so already, in whatever words it was asked.
    """
    told = without_ending(answer)
    try:
        found = desk.triager.nearest(tickets[0].question, readers=frozenset())[:NEAR]
        said = desk.triager.nearest(told, readers=frozenset())[:1] if told else ()
        said = tuple(e for e in said if desk.triager.likeness(told, [e.body])[0] >= SAYS_SO)
        failed = failed_on(desk, tickets)
    except Exception as failure:
        # A draft without neighbours is a draft; the resolution must not wait for them.
        log.exception("nearest_not_found", exc_info=failure)
        return (), GENERAL
    area = found[0].area if found else ""
    known = {each.article for each in failed}
    others = {each.id: Near(each.id, each.title) for each in (*said, *found)}
    return (*failed, *(each for name, each in others.items() if name not in known))[:NEAR], (
        area or GENERAL
    )


def newly_near(desk: Desk, group: str, article: Near) -> dict[DraftId, tuple[Near, ...]]:
    """Find the open drafts of a group that an article comes near to since it was published.

    Gives what each of them is near to now, that article before the others.
    """
    found = {}
    for draft, _ in open_drafts(desk, group):
        with desk.look() as uow:
            tickets = [each for one in draft.sources if (each := uow.tickets.get(one))]
        near, _ = near_to(desk, tickets, draft.text.body) if tickets else ((), "")
        if article.article in {each.article for each in near}:
            failed = [each for each in draft.near if each.failed]
            others = [each for each in draft.near if not each.failed]
            every = {each.article: each for each in (article, *others, *failed)}
            names = dict.fromkeys((*(each.article for each in failed), *every))
            found[draft.id] = tuple(every[name] for name in names)[:NEAR]
    return found


def failed_on(desk: Desk, tickets: Iterable[Ticket]) -> tuple[Near, ...]:
    """Give the articles that were shown on these tickets and did not help, the worst first."""
    counted = Counter(name for each in tickets for name in each.articles_failed)
    found = (
        (desk.triager.article(name, readers=frozenset()), count)
        for name, count in counted.most_common(NEAR)
    )
    return tuple(Near(each.id, each.title, count) for each, count in found if each is not None)


def _propose(
    uow: UnitOfWork, desk: Desk, ended: Escalation, by: UserId, proposal: Proposal
) -> None:
    ticket = uow.tickets.get(ended.ticket)
    if ticket is None:
        return
    against = proposal.against if is_for_all(ticket) else "not_quotable"
    if proposal.draft is None or against is not None:
        _say_why_not(uow, ended, DraftWord(against or "not_quotable", ticket.id, by))
        return
    if proposal.draft.id:
        gather(uow, replace(proposal.draft, by=by), [ticket.id], by)
        return
    posted = post_card(uow, desk, uow.drafts.propose(proposal.draft), proposal.channel, by)
    take_in_work(uow, posted, by)
    uow.audit.note(ticket.id, by, "draft proposed", posted.name)


def gather(uow: UnitOfWork, after: Draft, new: Iterable[TicketId], by: UserId | None) -> None:
    """Let a draft be as `joining` gave it; if it was changed meanwhile, look again."""
    current = uow.drafts.get(after.id)
    if current is None or not current.is_open or current.revision != after.revision - 1:
        raise StaleStateError(after.name)
    uow.drafts.save(after)
    refresh_draft(uow, after)
    for number in new:
        uow.audit.note(number, by, "draft gathered", after.name)


def _say_why_not(uow: UnitOfWork, ended: Escalation, word: DraftWord) -> None:
    """Tell the engineer, in the escalation's thread, that no draft is made, and why."""
    posted = uow.outbox.get(ended.card) if ended.card is not None else None
    if posted is not None:
        to = Destination(posted.destination.channel, under=posted.id)
        uow.outbox.put(word, to, ended.ticket)

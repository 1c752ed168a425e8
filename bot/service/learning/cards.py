"""What a group's channel shows of a draft, and the words to whoever cannot decide on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from bot.desk.addresses import Destination
from bot.desk.deciding import Matter
from bot.desk.learning import DraftCard, GapReport, GapState, Origin
from bot.desk.promises import TimerKind
from bot.service.tickets.presses import privately

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bot.desk.addresses import Spot
    from bot.desk.ids import TicketId, UserId
    from bot.desk.learning import (
        Draft,
        DraftId,
        DraftWord,
        Gap,
        GapLine,
        Near,
        ProblemReport,
    )
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk


def card_of(
    draft: Draft,
    origins: tuple[Origin, ...],
    resolved_by: UserId | None = None,
    *,
    unasked: bool = False,
) -> DraftCard:
    """Give the message of a draft."""
    return DraftCard(
        draft=draft.id,
        ticket=draft.ticket,
        group=draft.group,
        title=draft.text.title,
        questions=draft.text.questions,
        body=draft.text.body,
        sources=draft.sources,
        resolved_by=resolved_by,
        near=draft.near,
        state=draft.state,
        by=draft.by,
        article=draft.article,
        unasked=unasked,
        origins=origins,
    )


def _origins(uow: UnitOfWork, draft: Draft) -> tuple[Origin, ...]:
    """Give the tickets of a draft that all of its group may know of, each with its thread.

    What became restricted since is quoted by the draft still, and named to nobody.
    """
    links = dict(draft.threads)
    tickets = filter(is_for_all, uow.tickets.those(draft.sources))
    return tuple(Origin(each.id, links.get(each.id)) for each in tickets)


def is_for_all(ticket: Ticket) -> bool:
    """Tell whether a ticket may be known of outside of the group that has it."""
    return not ticket.is_restricted and ticket.matter != Matter.CONFIDENTIAL


def post_card(  # noqa: PLR0913 - a draft, where it is shown, and to whom it goes back
    uow: UnitOfWork,
    desk: Desk,
    draft: Draft,
    channel: str,
    resolved_by: UserId | None,
    *,
    unasked: bool = False,
) -> Draft:
    """Show a new draft to those who decide, who are reminded; gives it with its message."""
    to = Destination(channel)
    card = card_of(draft, _origins(uow, draft), resolved_by, unasked=unasked)
    posted = replace(draft, notice=uow.outbox.put(card, to, draft.ticket))
    uow.drafts.save(posted)
    remind_later(uow, desk, posted)
    return posted


def remind_later(uow: UnitOfWork, desk: Desk, draft: Draft) -> None:
    """Remind those who decide once, unless they decide before."""
    due = desk.clock() + desk.patience.draft
    uow.timers.set(draft.ticket, None, TimerKind.DRAFT_WAITS, due)


def refresh_draft(uow: UnitOfWork, draft: Draft, url: str | None = None) -> None:
    """Edit a draft's message so that it shows how it stands."""
    posted = uow.outbox.get(draft.notice) if draft.notice is not None else None
    if posted is None or not isinstance(posted.notice, DraftCard):
        return
    shown = posted.notice
    origins = _origins(uow, draft)
    now = card_of(draft, origins, shown.resolved_by, unasked=shown.unasked)
    now = replace(now, url=url or shown.url)
    uow.outbox.put(now, Destination(posted.destination.channel, edits=posted.id), draft.ticket)


def show_near(uow: UnitOfWork, near: Mapping[DraftId, tuple[Near, ...]]) -> None:
    """Show on drafts that wait which articles are near by now: they may be merged into these."""
    for number, articles in near.items():
        draft = uow.drafts.get(number)
        if draft is not None and draft.is_open and draft.near != articles:
            nearer = replace(draft, near=articles)
            uow.drafts.save(nearer)
            refresh_draft(uow, nearer)


def decide_gap(uow: UnitOfWork, gap: Gap, state: GapState, by: UserId | None) -> None:
    """Write down what is done about a gap, on the weekly lists that name it too."""
    uow.gaps.decide(gap.id, state, by)

    def now(line: GapLine) -> GapLine:
        return replace(line, state=state) if line.gap == gap.id else line

    show_on_pages(uow, GapReport, [each.ticket for each in gap.missed], now)


def show_on_pages(
    uow: UnitOfWork,
    page: type[GapReport | ProblemReport],
    tickets: Collection[TicketId],
    now: Callable[[Any], Any],
) -> None:
    """Let the pages that quote some tickets show their lines as they are `now`."""
    for posted in uow.outbox.pages_quoting(tickets):
        notice: Any = posted.notice
        if not isinstance(notice, page):
            continue
        lines = tuple(map(now, notice.lines))
        if lines != notice.lines:
            to = Destination(posted.destination.channel, edits=posted.id)
            uow.outbox.put(replace(cast("Any", notice), lines=lines), to)


def take_in_work(uow: UnitOfWork, draft: Draft, by: UserId | None) -> None:
    """Let the open gaps of what a draft is about be in work, by it."""
    for gap in uow.gaps.of(draft.sources):
        if gap.state is GapState.OPEN:
            decide_gap(uow, gap, GapState.IN_WORK, by)


def tell_reviewer(uow: UnitOfWork, at: Spot, word: DraftWord) -> None:
    """Tell the one who pressed, privately, why nothing came of it."""
    uow.outbox.put(word, privately(at), word.ticket)

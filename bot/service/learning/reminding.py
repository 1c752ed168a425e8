"""A draft that waits: those who decide are reminded, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.errors import ConfigurationError
from bot.desk.learning import DraftWaits
from bot.service.learning.owning import owner_of

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.learning import Draft
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.promises import Timer
    from bot.service.context import Desk


def plan_draft_reminder(timer: Timer, desk: Desk) -> Change:
    """Remind the lead, or who is on call, in the draft's thread; a stale timer does nothing."""
    with desk.look() as uow:
        known = uow.drafts.of(timer.ticket)
    members = _deciders(desk, known) if known else ()

    def change(uow: UnitOfWork) -> None:
        if uow.timers.get(timer.id) is None:
            return
        uow.timers.fired(timer.id)
        draft = uow.drafts.of(timer.ticket)
        if draft is None or not draft.is_open or draft.notice is None:
            return
        posted = uow.outbox.get(draft.notice)
        if posted is not None:
            to = Destination(posted.destination.channel, under=posted.id)
            uow.outbox.put(DraftWaits(draft.ticket, members), to, draft.ticket)

    return change


def _deciders(desk: Desk, draft: Draft) -> tuple[UserId, ...]:
    """Give who decides, and whose the article is that it would be merged into first."""
    owners = (owner_of(desk, each.article) for each in draft.near[:1])
    asked = [each.asked for each in owners if each is not None and each.asked is not None]
    try:
        group = desk.groups.named(draft.group)
    except ConfigurationError:
        return tuple(asked)
    members = (group.lead,) if group.lead else desk.directory.on_call(group).members
    return tuple(dict.fromkeys((*members, *asked)))

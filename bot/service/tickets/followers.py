"""Those whose request was the same as another's: they hear how that ended, together and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.tickets import Settled
from bot.service.messages.news import end_incident, named_on
from bot.service.tickets.telling import refresh_card

if TYPE_CHECKING:
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Escalation, Ticket


def tell_followers(uow: UnitOfWork, original: Ticket, ended: Escalation | None) -> None:
    """Tell all who follow a ticket how it ended; None where no person settled it."""
    titled = named_on(uow, original)
    if end_incident(uow, original, ended) is not None:
        latest = uow.escalations.latest_for(original.id)
        if latest is not None:
            # Its card was shown while the incident was still open.
            refresh_card(uow, latest)
    for follower in uow.tickets.told_of_end(original.id):
        _tell(uow, follower, original, ended, titled)


def tell_follower(
    uow: UnitOfWork,
    follower: Ticket,
    original: Ticket,
    ended: Escalation | None,
) -> None:
    """Tell one of them, in their own thread, in the words that the original's requester reads."""
    uow.tickets.save(follower.told())
    _tell(uow, follower, original, ended, "")


def _tell(
    uow: UnitOfWork, follower: Ticket, original: Ticket, ended: Escalation | None, incident: str
) -> None:
    settled = ended.settlement if ended else None
    notice = Settled(
        follower.id,
        follower.requester,
        ended.tier if ended else None,
        settled.by if settled else None,
        settled.told if settled else "",
        settled.fix if settled else "",
        original=original.id,
        incident=incident,
    )
    to = Destination(follower.thread.channel, thread_ts=follower.thread.ts)
    uow.outbox.put(notice, to, follower.id)
    uow.audit.note(follower.id, None, "told of the end", original.name)

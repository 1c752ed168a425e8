"""What of an incident is told to whom: those who follow it, its engineers, channels; its end.

The order is stated: who reported first is told first; a ticket's own messages keep their order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from bot.desk.addresses import Destination
from bot.desk.incidents import IncidentBanner, IncidentNews, IncidentReview, review_of

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.incidents import Incident, Update
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Escalation, Ticket

JOINED_NOTED = 5
"""So many joiners are noted in the engineers' thread; later ones show on the card alone."""


def news_for(
    uow: UnitOfWork,
    incident: Incident,
    ticket: Ticket,
    what: Literal["known", "gathered", "update", "goes_on"],
    update: Update | None,
) -> None:
    """Tell one who reported it, in their own thread."""
    notice = IncidentNews(
        ticket.id,
        ticket.requester,
        incident.id,
        incident.title,
        what,
        incident.opened_at,
        incident.root,
        incident.owner,
        update.text if update else "",
        update.by if update else None,
        update.at if update else None,
    )
    uow.outbox.put(
        notice, Destination(ticket.thread.channel, thread_ts=ticket.thread.ts), ticket.id
    )


def tell_known(uow: UnitOfWork, incident: Incident, ticket: Ticket) -> None:
    """Tell a new reporter that it is known, since when, and what everyone was told last."""
    updates = uow.incidents.updates(incident)
    news_for(uow, incident, ticket, "known", updates[-1] if updates else None)


def tell_everyone(uow: UnitOfWork, incident: Incident, by: UserId, text: str) -> int:
    """Tell all who reported it, once each, and the banners; gives how many people that are."""
    root = uow.tickets.get(incident.root)
    update = uow.incidents.tell(incident, by, text)
    followers = uow.tickets.duplicates_of(incident.root)
    told = [root, *followers] if root is not None else [*followers]
    for ticket in told:
        if ticket.id == incident.root or not ticket.told_of_end:
            news_for(uow, incident, ticket, "update", update)
    show_banners(uow, incident)
    return uow.incidents.affected(incident)


def put_up_banners(uow: UnitOfWork, incident: Incident, channels: tuple[str, ...]) -> None:
    """Show an incident in channels, where it is not shown yet."""
    if not channels or uow.incidents.banners(incident):
        return
    banner = _banner(uow, incident)
    for channel in channels:
        uow.incidents.post_banner(incident, uow.outbox.put(banner, Destination(channel)))


def show_banners(uow: UnitOfWork, incident: Incident) -> None:
    """Edit an incident's banners so that they show what is so."""
    banner = _banner(uow, incident)
    for number in uow.incidents.banners(incident):
        posted = uow.outbox.get(number)
        if posted is not None:
            uow.outbox.put(banner, Destination(posted.destination.channel, edits=posted.id))


def _banner(uow: UnitOfWork, incident: Incident) -> IncidentBanner:
    updates = uow.incidents.updates(incident)
    banner = IncidentBanner(
        incident.id,
        incident.title,
        incident.opened_at,
        incident.owner,
        ended_at=incident.ended_at,
        language=_most_spoken(uow, incident),
    )
    if not updates:
        return banner
    return replace(banner, text=updates[-1].text, told_at=updates[-1].at)


def _most_spoken(uow: UnitOfWork, incident: Incident) -> str:
    """Give the language that most of those who reported an incident are spoken to in."""
    root = uow.tickets.get(incident.root)
    told = [*([root] if root else []), *uow.tickets.duplicates_of(incident.root)]
    spoken = Counter(uow.languages.of(each) for each in {ticket.requester for ticket in told})
    return max(sorted(spoken), key=spoken.__getitem__, default="")


def own_incident(uow: UnitOfWork, root: Ticket, by: UserId) -> None:
    """Make whoever takes an incident's root its owner, where nobody is."""
    incident = uow.incidents.on(root.id)
    if incident is None or not incident.is_open or incident.owner is not None:
        return
    uow.incidents.save(incident.owned_by(by))
    uow.audit.note(root.id, by, "owner", f"{incident.name}: <@{by}>")
    show_banners(uow, incident.owned_by(by))


def named_on(uow: UnitOfWork, root: Ticket) -> str:
    """Give number and title of the open incident on a ticket; empty where there is none."""
    incident = uow.incidents.on(root.id)
    return f"{incident.name} {incident.title}" if incident is not None and incident.is_open else ""


def end_incident(uow: UnitOfWork, root: Ticket, ended: Escalation | None) -> Incident | None:
    """End the open incident on a ticket, and write its review; None where there is none."""
    incident = uow.incidents.on(root.id)
    if incident is None or not incident.is_open:
        return None
    incident = uow.incidents.end(incident)
    uow.audit.note(root.id, ended.settlement.by if ended and ended.settlement else None,
                   "incident", f"{incident.name} ended")  # fmt: skip
    show_banners(uow, incident)
    latest = uow.escalations.latest_for(root.id)
    posted = uow.outbox.get(latest.card) if latest and latest.card is not None else None
    if posted is not None:
        review = IncidentReview(incident.id, incident.title, review_on(uow, incident))
        uow.outbox.put(review, Destination(posted.destination.channel, under=posted.id), root.id)
    return incident


def review_on(uow: UnitOfWork, incident: Incident) -> str:
    """Write an incident's review, as Markdown."""
    latest = uow.escalations.latest_for(incident.root)
    return review_of(
        incident,
        uow.incidents.timeline(incident),
        uow.incidents.updates(incident),
        uow.incidents.affected(incident),
        latest.settlement if latest else None,
    )

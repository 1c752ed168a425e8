"""What is asked for in so many words and needs no article: a person, the state of things."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy, Meaning, Message, Said
from bot.desk.ids import TicketId
from bot.desk.privacy import is_direct
from bot.desk.tickets import ASKED_FOR_PERSON
from bot.desk.tiers import Tier
from bot.desk.views import TicketList, TicketStatus
from bot.service.asking.reacting import settle
from bot.service.asking.routing import ask_beside, route_for
from bot.service.deciding.tones import names_a_person
from bot.service.messages.recording import record, record_from_the_start
from bot.service.messages.telling import tell_apart
from bot.service.messages.wording import TICKET_NUMBER, WORDLESS_REQUEST
from bot.service.oncall.board import board_of
from bot.service.readers.seeing import viewer_of
from bot.service.tickets.escalating import Case, call, prepare_call

if TYPE_CHECKING:
    from bot.desk.asking import Understood
    from bot.desk.deciding import Suspicion
    from bot.desk.notices import Notice
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.asking.routing import Routed
    from bot.service.context import Desk
    from bot.service.deciding.triaging import Triager
    from bot.service.tickets.escalating import Why

LISTED = 10

ASKED_FOR_NOTHING_ELSE = "The requester asked for a person, and has not said what it is about."
"""No article could have answered it, so it is in no gap."""

PLAIN_WISH, SURE_BESIDE_A_WISH = 0.9, 0.8
"""From the one chance on words wish for a person and say little else; from the other on they tell
of a matter all the same: "can I speak to someone please" is confidential by .53, "about my manager"
by 1.00."""


PERHAPS_WISHED = 0.03
"""Below this chance for the whole, and without a word for a person, no part is asked whether it
wishes for one: each costs."""

PAUSES = re.compile(r"[.,;:!?\n\u2013\u2014\u3001\u3002\uff01\uff0c\uff1f]+")
MOST_PARTS, FEWEST_SIGNS = 6, 6

TELLS_MORE = 0.5
"""From this chance on a part beside the wish tells what it is about: "hi there" does not."""


def wishes_beside(text: str, understood: Understood, triager: Triager) -> bool:
    """Tell whether one part of the words wishes for a person, and the rest tells what it is about.

    "Need a human, my badge won't open the door" asks for an article by its length, and for a
    person by its first words.
    """
    if understood.chance(Meaning.PERSON) < PERHAPS_WISHED and not names_a_person(text):
        return False
    parts = _parts(text)
    return len(parts) > 1 and any(
        triager.understand(Said(part)).chance(Meaning.PERSON) >= PLAIN_WISH for part in parts
    )


def _parts(text: str) -> list[str]:
    """Give the first parts of what is said, each long enough to say something."""
    found = (part.strip() for part in PAUSES.split(text, maxsplit=MOST_PARTS))
    return [part for part in found if len(part) >= FEWEST_SIGNS]


def _tells_more(text: str, triager: Triager) -> bool:
    """Tell whether a wish for a person says what it is about, too."""
    parts = _parts(text)
    return len(parts) > 1 and any(
        triager.understand(Said(part)).chance(Meaning.ANOTHER) >= TELLS_MORE for part in parts
    )


def plan_outright(message: Message, meaning: Meaning, desk: Desk) -> Change:
    """Do what was asked for outright."""
    match meaning:
        case Meaning.PERSON:
            return _plan_person(message, desk)
        case Meaning.ON_CALL:
            return _say(message, board_of(desk, None))
        case Meaning.SOLVED:
            return _plan_cancel(message, desk)
        case _:
            return _say(message, _status(message, desk))


def plan_person_beside(
    message: Message, understood: Understood, suspicion: Suspicion | None, desk: Desk
) -> Change | None:
    """Call a person who is asked for outright, where a matter is no more than suspected.

    Whether it is one is asked beside, as ever. Of what may be confidential people read nothing:
    "I want to talk to a person" says no more than that somebody was asked for.
    """
    routed = route_for(message.text, suspicion, desk, message)
    if routed is None:
        return None
    outright = understood.outright() is Meaning.PERSON
    if not outright and not wishes_beside(message.text, understood, desk.triager):
        return None
    restricted = routed.route.restricted
    if routed.suspicion.sure and not (restricted and says_no_more(understood, routed.suspicion)):
        return None
    said = replace(message, text=WORDLESS_REQUEST, files=()) if restricted else message
    return _plan_person(said, desk, routed)


def says_no_more(understood: Understood, suspicion: Suspicion) -> bool:
    """Tell whether words wish for a person, and the matter is read into them."""
    plain = understood.chance(Meaning.PERSON) >= PLAIN_WISH
    return plain and suspicion.chance < SURE_BESIDE_A_WISH


def _plan_person(message: Message, desk: Desk, beside: Routed | None = None) -> Change:
    target = prepare_call(desk, message, Tier.L2)
    unread = beside is not None and beside.route.restricted
    told = _tells_more(message.text, desk.triager)
    reason = ASKED_FOR_PERSON if told else ASKED_FOR_NOTHING_ELSE

    def change(uow: UnitOfWork) -> None:
        ticket = uow.tickets.open(message.thread, message.user, message.text, message.ts)
        # Who asks for a person and may have something confidential to say is read by nobody so far.
        (record if unread else record_from_the_start)(uow, ticket, message)
        uow.audit.note(ticket.id, message.user, "opened", "asked for a person")
        why: Why = "asked_unread" if unread else "asked_for_person"
        call(uow, ticket, target, Case((reason,), why=why))
        if beside is not None:
            ask_beside(uow, ticket, beside)

    return change


def _plan_cancel(message: Message, desk: Desk) -> Change:
    """Withdraw the ticket that is named, else the only one that is open."""
    named = TICKET_NUMBER.search(message.text)
    with desk.look() as uow:
        since = desk.clock() - desk.patience.close_answered
        theirs = uow.tickets.of_requester(message.user, since)
    running = [ticket for ticket in theirs if not ticket.is_settled]
    if named:
        running = [ticket for ticket in running if ticket.id == int(named.group(1))]
    if len(running) != 1:
        listed = _mine(message, desk)
        return _say(message, listed if running else Courtesy("nothing_to_cancel"))
    return _plan_settle(message, running[0])


def _plan_settle(message: Message, ticket: Ticket) -> Change:
    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, ticket, message)
        if not current.is_settled:
            settle(uow, current, message.text)
        if is_direct(message.channel) and message.thread != ticket.thread:
            tell_apart(uow, message, ticket)

    return change


def _status(message: Message, desk: Desk) -> Notice:
    named = TICKET_NUMBER.search(message.text)
    if named:
        with desk.readings(viewer_of(desk, message.user)) as readings:
            summary = readings.summary(TicketId(int(named.group(1))))
        # Somebody else's ticket and one that does not exist are told apart by nobody.
        if summary is not None and summary.requester == message.user:
            return TicketStatus(summary, message.user)
    return _mine(message, desk)


def _mine(message: Message, desk: Desk) -> TicketList:
    with desk.readings(viewer_of(desk, message.user)) as readings:
        open_ones = readings.open_of(message.user, LISTED)
        return TicketList("mine", message.user, open_ones, readings.settled_of(message.user, 5))


def _say(message: Message, notice: Notice) -> Change:
    """Answer where only the asker reads it."""
    alone = is_direct(message.channel)
    to = Destination(
        message.channel,
        thread_ts=message.thread.ts if alone or not message.is_top_level else None,
        only_for=None if alone else message.user,
    )

    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(notice, to)
        if to.only_for is not None and to.thread_ts is None:
            # It stands in no thread; what its reader writes below the question belongs to it.
            uow.once.whispered(message.channel, message.ts, message.user)

    return change

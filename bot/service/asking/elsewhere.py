"""Requests that do not begin with a message to Frontline: by shortcut, and from a Home."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Message, Place
from bot.desk.ids import Thread
from bot.desk.incidents import IncidentWord, NameIncident
from bot.desk.tickets import with_files
from bot.desk.views import Asked, DeskWord
from bot.service.asking.opening import is_small_talk, plan_opening
from bot.service.incidents.steering import Declaration, declare, plan_name
from bot.service.messages.wording import WORDLESS
from bot.service.readers.audience import reader_alone, readers_of
from bot.service.tickets.escalating import Case, call, prepare_call
from bot.service.tickets.presses import privately

if TYPE_CHECKING:
    from bot.desk.addresses import Spot
    from bot.desk.ids import TicketId, UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.desk.tiers import Tier
    from bot.desk.views import AskAbout, AskDirectly, OpenEscalation
    from bot.service.context import Desk


def plan_ask_directly(command: AskDirectly, desk: Desk) -> Change:
    """*Ask something* on a Home: a thread in the asker's direct messages begins with it."""
    if WORDLESS.fullmatch(command.text):
        return _say(command.at, DeskWord("no_words"))
    readers = reader_alone(desk, command.at.user)
    triage = desk.triager.triage(command.text, readers=readers, first=True)
    if is_small_talk(triage, desk):
        return _say(command.at, DeskWord("nothing_asked"))
    asked = Asked(command.at.user, command.text)
    message = _directly(desk, command.at, asked, command.key)
    return plan_opening(message, triage, desk)


def plan_ask_about(command: AskAbout, desk: Desk) -> Change:
    """*Ask Frontline about this*: a request of whoever asks, about somebody's message."""
    at, text = command.at, with_files(command.text, command.files)
    if WORDLESS.fullmatch(command.text):
        return _say(at, DeskWord("no_words"))
    taken = _in_thread(desk, at)
    if taken is not None and taken.requester == at.user:
        return _say(at, DeskWord("yours_already", ticket=taken.id))
    here = taken is None and _is_free(desk, at)
    readers = readers_of(desk, at.channel, at.user) if here else reader_alone(desk, at.user)
    shown = bool(WORDLESS.fullmatch(command.text))
    words = text if shown else command.text
    triage = desk.triager.triage(words, readers=readers, first=True)
    if not shown and is_small_talk(triage, desk):
        return _say(at, DeskWord("nothing_asked"))
    asked = Asked(at.user, text, command.author, at.channel)
    if here:
        message = replace(_here(at, at.user, command.text), files=command.files)
        begin = plan_opening(message, triage, desk, author=command.author)
        return _after(at, replace(asked, quotes=False), begin)
    message = _directly(desk, at, asked, command.key)
    message = replace(message, text=command.text, files=command.files)
    begin = plan_opening(message, triage, desk, author=command.author)
    return _and_say(begin, at, DeskWord("asked_directly"))


def plan_open_escalation(command: OpenEscalation, desk: Desk) -> Change:
    """*Open an escalation*: on a request, or on a message that was none so far."""
    at = command.at
    with desk.look() as uow:
        thread = _thread(at)
        theirs = uow.escalations.in_thread(thread)
        ticket = uow.tickets.get(theirs.ticket) if theirs else uow.tickets.in_thread(thread)
    engineer = desk.may_act(at.user, desk.groups.groups)
    if command.incident and not engineer:
        return _say_of_incident(at, IncidentWord("not_yours"))
    if command.incident and ticket is not None and (found := _open_on(desk, ticket)) is not None:
        return _declared_on(command, desk, found)
    if ticket is not None and not engineer and ticket.requester != at.user:
        return _say(at, DeskWord("not_yours"))
    if ticket is not None:
        return _escalate_ticket(command, desk, ticket)
    if WORDLESS.fullmatch(command.text):
        if WORDLESS.fullmatch(command.why):
            return _say(at, DeskWord("no_words"))
        # The message says nothing in words: then the reason is what it is about.
        command = replace(command, text=command.why)
    if not command.whole:
        link = desk.directory.permalink(at.channel, at.ts)
        where = f"the whole message: {link}" if link else "the message itself has the rest"
        command = replace(command, text=f"{command.text}\n({where})")
    return _escalate_message(command, desk, on_behalf=engineer)


def _escalate_ticket(command: OpenEscalation, desk: Desk, ticket: Ticket) -> Change:
    at = command.at
    target = prepare_call(desk, ticket, command.tier, _area(desk, ticket.question))

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        if uow.escalations.open_for(current.id) is not None:
            uow.outbox.put(DeskWord("with_people", ticket=current.id), privately(at))
            return
        if current.is_settled and not current.is_held:
            current = current.reopen()
        uow.audit.note(current.id, at.user, "asked for people", command.why)
        if not call(uow, current, target, _case(command)):
            if at.user != current.requester:
                # Whoever else asks for people learns nothing of it.
                uow.outbox.put(DeskWord("not_yours"), privately(at))
            return
        uow.outbox.put(_escalated(command.tier, current.id), privately(at))
        _declare(uow, desk, command, current.id)

    return change


def _escalate_message(command: OpenEscalation, desk: Desk, *, on_behalf: bool) -> Change:
    at = command.at
    area = _area(desk, command.text)
    if _is_free(desk, at):
        requester = command.author if on_behalf and command.author else at.user
        message = _here(at, requester, command.text)
    else:
        asked = Asked(at.user, command.text, command.author, at.channel)
        message = _directly(desk, at, asked, command.key)
    target = prepare_call(desk, message, command.tier, area)

    def change(uow: UnitOfWork) -> None:
        ticket = uow.tickets.open(message.thread, message.user, message.text, message.ts)
        uow.conversation.add(ticket.id, command.author or at.user, message.text, message.ts)
        uow.audit.note(ticket.id, at.user, "opened", "escalation by shortcut")
        call(uow, ticket, target, _case(command))
        uow.outbox.put(_escalated(command.tier, ticket.id), privately(at))
        _declare(uow, desk, command, ticket.id)

    return change


def _open_on(desk: Desk, ticket: Ticket) -> Escalation | None:
    with desk.look() as uow:
        return uow.escalations.open_for(ticket.id)


def _declared_on(command: OpenEscalation, desk: Desk, found: Escalation) -> Change:
    """People work on it already: it becomes an incident, or gets this title."""
    name = plan_name(NameIncident(command.at, found.id, command.incident), desk)

    def change(uow: UnitOfWork) -> None:
        before = uow.incidents.on(found.ticket)
        name(uow)
        after = uow.incidents.on(found.ticket)
        if after is not None and after != before:
            word = IncidentWord("opened", after.id, found.ticket, after.title)
            uow.outbox.put(word, privately(command.at))

    return change


def _declare(uow: UnitOfWork, desk: Desk, command: OpenEscalation, number: TicketId) -> None:
    """Declare what people were called for just now; what is restricted is told to nobody."""
    ticket, escalation = uow.tickets.get(number), uow.escalations.open_for(number)
    if not command.incident or ticket is None or escalation is None or ticket.is_restricted:
        return
    before = uow.incidents.on(number)
    if before is None or not before.is_open:
        said = Declaration(ticket, command.at.user, command.incident)
        incident = declare(uow, desk, escalation, said)
        word = IncidentWord("opened", incident.id, number, incident.title)
        uow.outbox.put(word, privately(command.at))


def _say_of_incident(at: Spot, word: IncidentWord) -> Change:
    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(word, privately(at))

    return change


def _case(command: OpenEscalation) -> Case:
    reason = f"Opened by a person for {command.tier}: {command.why}"
    return Case((reason,), why="asked_for_person", findings=command.why, found_by=command.at.user)


def _escalated(tier: Tier, ticket: TicketId) -> DeskWord:
    return DeskWord("escalated", str(tier), ticket)


def _area(desk: Desk, text: str) -> str | None:
    # Nobody is shown the article; its area only says who is responsible.
    return desk.triager.area_of(desk.triager.triage(text, readers=None))


# --- where it begins


def _thread(at: Spot) -> Thread:
    return Thread(at.team, at.channel, at.thread_ts or at.ts)


def _in_thread(desk: Desk, at: Spot) -> Ticket | None:
    with desk.look() as uow:
        return uow.tickets.in_thread(_thread(at))


def _is_free(desk: Desk, at: Spot) -> bool:
    """Whether a request can live under a message: Frontline is there, and nobody else's is."""
    if _in_thread(desk, at) is not None or not desk.reception.is_present(at.channel):
        return False
    with desk.look() as uow:
        return uow.escalations.in_thread(_thread(at)) is None


def _here(at: Spot, requester: UserId, text: str) -> Message:
    return Message(
        at.team, at.channel, at.ts, requester, text, Place.CHANNEL, at.thread_ts, mentioned=True
    )


def _directly(desk: Desk, at: Spot, asked: Asked, key: str) -> Message:
    """Begin a thread in the asker's direct messages; done again, it is the same thread."""
    thread = desk.reception.begin(at.team, at.user, asked, key)
    return Message(at.team, thread.channel, thread.ts, at.user, asked.text, Place.DIRECT)


# --- what is said about it


def _say(at: Spot, word: DeskWord) -> Change:
    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(word, privately(at))

    return change


def _and_say(begin: Change, at: Spot, word: DeskWord) -> Change:
    def change(uow: UnitOfWork) -> None:
        begin(uow)
        uow.outbox.put(word, privately(at))

    return change


def _after(at: Spot, asked: Asked, begin: Change) -> Change:
    """Say in the thread who asks, before anything is answered there."""

    def change(uow: UnitOfWork) -> None:
        to = Destination(at.channel, thread_ts=at.thread_ts or at.ts)
        uow.outbox.put(asked, to)
        begin(uow)

    return change

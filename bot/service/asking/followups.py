"""Follow-ups: what is written on a ticket that exists, by its requester and by others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import (
    AT_THE_END,
    PERHAPS_ANOTHER,
    SURE_WITH_PEOPLE,
    TROUBLE,
    WITH_PEOPLE,
    Courtesy,
    FirstWords,
    Meaning,
    Message,
    Said,
    Stage,
)
from bot.desk.deciding import Action, Matter, is_of_things, stands_still
from bot.desk.promises import Priority
from bot.desk.tickets import EscalationState, Seen, ThreadNote, TicketState, with_files
from bot.desk.views import TicketStatus
from bot.service.asking.answering import in_thread_of
from bot.service.asking.besides import has_an_article_of_its_own, plan_named_besides, turned
from bot.service.asking.opening import ignore, plan_again, plan_opening
from bot.service.asking.reacting import agreed, close_open, courtesy, react, settle
from bot.service.asking.standing import perhaps_solved, standing_of, understood_in
from bot.service.asking.ways import picked_way
from bot.service.deciding.clauses import ends_a_part
from bot.service.deciding.endings import means_another, merely_thanks, speaks_against_an_end
from bot.service.incidents.returning import others_back
from bot.service.messages.recording import record
from bot.service.messages.speaking import language_for
from bot.service.messages.withheld import again_words_of
from bot.service.messages.wording import WORDLESS
from bot.service.readers.audience import readers_of
from bot.service.readers.seeing import viewer_of
from bot.service.tickets.adjusting import raise_by
from bot.service.tickets.clocks import end_rest
from bot.service.tickets.resolving import prepare_reopening, reopen
from bot.service.tickets.telling import refresh_card, tell_engineers, tell_worse
from bot.service.tickets.waiting import end_waiting

if TYPE_CHECKING:
    from bot.desk.asking import Understood
    from bot.desk.ids import TicketId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.asking.besides import Turn
    from bot.service.asking.reacting import Reaction
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk

JUST_SHOWN = frozenset({Stage.ANSWERED, Stage.WALKING})
SAYS_WHAT = TROUBLE | {Meaning.ANOTHER, Meaning.PERSON}
"""Meanings from which something else is shown anyway, or somebody called."""


def plan_remark(message: Message, ticket: Ticket) -> Change:
    """Handle somebody else's words in a requester's thread: recorded, passed on, not answered."""

    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)
        pass_to_engineers(uow, message, ticket)
        if message.mentioned:
            uow.outbox.put(Courtesy("others_ticket", ticket.id), in_thread_of(ticket), ticket.id)

    return change


def plan_follow_up(message: Message, ticket: Ticket, desk: Desk) -> Change:
    """Handle its requester's words on a ticket: what they mean there, and what comes of it."""
    if ticket.duplicate_of is not None and not ticket.told_of_end:
        return _plan_word_of_follower(message, ticket, ticket.duplicate_of, desk)
    with desk.look() as uow:
        standing = standing_of(uow, ticket)
    if not message.text.strip() and message.files:
        return _plan_picture(message, standing, desk)
    named = plan_named_besides(message, standing, desk)
    if named is not None:
        return named
    # What is asked beside a danger ("should I unplug something?") is about the danger.
    grave = ticket.matter in GRAVE and standing.stage in WITH_PEOPLE
    turn = None if grave else turned(message, standing, desk)
    if turn is not None:
        return _plan_both(message, turn, standing, desk)
    understood = understood_in(message.text, standing, desk)
    if not understood.chances:
        return _plan_unread(message, ticket, desk)
    meaning = understood.meaning
    shown = standing.stage in JUST_SHOWN
    if shown and meaning not in SAYS_WHAT and means_another(message.text):
        # "Sorry, I meant the database": what was shown is about something else.
        meaning = Meaning.FAILED
    part = meaning is Meaning.SOLVED and _may_go_on(message.text, standing)
    if part:
        meaning = None
    desk_note = f"{meaning or 'unclear'}: {understood.chance(meaning) if meaning else 0:.2f}"
    way = picked_way(message.text, standing, desk) or agreed(message.text, standing, desk)
    perhaps = understood.perhaps_another or _may_be_later(understood, standing)
    if perhaps and has_an_article_of_its_own(message, standing, desk):
        meaning = Meaning.ANOTHER
    another = meaning is Meaning.ANOTHER and not grave
    if another and not standing.anything and way is None:
        return _plan_another(message, standing, desk)
    if standing.stage in WITH_PEOPLE:
        perhaps = part or perhaps_solved(message.text, understood, standing, desk)
        if meaning is Meaning.SOLVED and not _may_send_home(understood, ticket):
            meaning, perhaps = None, True
        say = courtesy("perhaps_solved", standing) if perhaps else None
        return _plan_with_people(message, meaning, standing, desk, say)
    if standing.stage in AT_THE_END:
        back = understood.came_back or meaning is Meaning.PERSON
        return _plan_at_the_end(message, meaning, standing, desk, back=back)
    if meaning is Meaning.TALK and not message.addressed and way is None:
        return _plan_record(message, ticket)
    ends = part or (standing.stage is Stage.ASKED_BACK and understood.perhaps_solved)
    told = courtesy("noted", standing) if ends else None
    reaction = way or told or react(meaning, message.text, standing, desk)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, ticket, message)
        uow.audit.note(ticket.id, message.user, "follow-up", desk_note)
        if current.state not in {TicketState.OPEN, TicketState.ANSWERED}:
            # Somebody pressed a button meanwhile: what was written still reaches people.
            end_waiting(uow, desk, current.id)
            pass_to_engineers(uow, message, current)
            return
        reaction(uow, current)

    return change


def _may_go_on(text: str, standing: Standing) -> bool:
    """Tell whether words that end a matter may end a part of it, or nothing: then it is asked.

    "The printer is sorted" says nothing of the mailbox, which was asked about with it, "it worked
    yesterday" nothing of today, and "thanks" answers no question.
    """
    if standing.stage in AT_THE_END:
        return False
    thanked = standing.stage is Stage.ASKED_BACK and merely_thanks(text)
    part = ends_a_part(standing.ticket.question, text)
    return thanked or part or speaks_against_an_end(text)


def _may_be_later(understood: Understood, standing: Standing) -> bool:
    """Tell whether trouble after the end may be another: months later most of it is."""
    may_be = understood.chance(Meaning.ANOTHER) >= PERHAPS_ANOTHER
    return standing.stage in AT_THE_END and understood.meaning in TROUBLE and may_be


def _may_send_home(understood: Understood, ticket: Ticket) -> bool:
    """Tell whether words alone end what people were called for; else a press does.

    "I changed it, and now?" ends no theft, "merci, j'attends" nothing at all.
    """
    return ticket.matter is None and understood.chance(Meaning.SOLVED) >= SURE_WITH_PEOPLE


def _plan_both(message: Message, turn: Turn, standing: Standing, desk: Desk) -> Change:
    """End the one matter, and begin another, which has the whole message on record."""
    end = react(Meaning.SOLVED, message.text, standing, desk) if turn.solved else None
    begin = _plan_another(message, standing, desk, turn.asked)
    first = standing.ticket

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(first.id) or first
        if end is not None and not current.is_settled:
            end_waiting(uow, desk, first.id)
            end(uow, uow.tickets.get(first.id) or current)
        begin(uow)

    return change


def _plan_record(message: Message, ticket: Ticket) -> Change:
    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)

    return change


def _plan_picture(message: Message, standing: Standing, desk: Desk) -> Change:
    """Keep a picture alone; engineers get its link, and the front line says that it cannot see."""
    ticket = standing.ticket
    with_people = standing.stage in WITH_PEOPLE
    say = _stay_safe(ticket, desk) if with_people else courtesy("empty", standing)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, ticket, message)
        end_waiting(uow, desk, ticket.id)
        pass_to_engineers(uow, message, current)
        if say is not None:
            say(uow, current)

    return change


def _plan_another(message: Message, standing: Standing, desk: Desk, asked: str = "") -> Change:
    """Open a ticket of its own in the same thread; people at work on the first are told.

    `asked` are those of its words that ask for something; by default all.
    """
    readers = readers_of(desk, message.channel, message.user)
    triage = desk.triager.triage(asked or message.text, readers=readers)
    if triage.action is Action.COURTESY:
        stays = standing.stage not in AT_THE_END
        return plan_recorded(message, standing.ticket, courtesy("unsure", standing), desk, stays)
    begin = plan_opening(message, triage, desk, beside=True)
    first = standing.ticket

    def change(uow: UnitOfWork) -> None:
        begin(uow)
        begun = uow.tickets.in_thread(message.thread)
        if begun is None or begun.id == first.id:
            return
        uow.audit.note(first.id, message.user, "asked something else", begun.name)

    return change


def plan_recorded(
    message: Message,
    ticket: Ticket,
    say: object,
    desk: Desk,
    to_people: bool,  # noqa: FBT001 - read at the call by its name
) -> Change:
    """Keep what was written, pass it on where people work on it, and say a word."""

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, ticket, message)
        if to_people:
            end_waiting(uow, desk, ticket.id)
            pass_to_engineers(uow, message, current)
        if callable(say):
            say(uow, current)

    return change


def _plan_with_people(
    message: Message,
    meaning: Meaning | None,
    standing: Standing,
    desk: Desk,
    say: Reaction | None = None,
) -> Change:
    """Engineers see everything; who asks where it stands is told, who is done is done."""
    ticket = standing.ticket
    asks = meaning in {Meaning.STATUS, Meaning.PERSON}
    status = _status_of(message, ticket, desk) if asks else None
    calm = say is not None or meaning in QUIET_ABOUT_IT
    safe = _stay_safe(ticket, desk)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, ticket, message)
        end_waiting(uow, desk, ticket.id)
        current = uow.tickets.get(ticket.id) or current
        if meaning is Meaning.SOLVED and not current.is_settled:
            note = ThreadNote(
                ticket.id, "wrote", message.user, with_files(message.text, message.files)
            )
            escalation = uow.escalations.open_for(ticket.id)
            if escalation is not None:
                tell_engineers(uow, escalation, note)
            settle(uow, current, message.text)
            return
        what = "asks_status" if status is not None else "wrote"
        before, take_by = current.priority, None
        # Who asks for news, or for a person, tells nothing that somebody has to be woken for.
        wakes = not asks and stands_still(message.text)
        if not calm:
            current, take_by = raise_by(uow, current, message.text, desk, page=wakes)
        worse = wakes and before is not Priority.P2 and current.priority is Priority.P2
        pass_to_engineers(uow, message, current, what, calm=calm, worse=worse)
        if safe is not None and not calm:
            safe(uow, current)
        if status is not None:
            told = replace(status.summary, due=take_by or status.summary.due)
            uow.outbox.put(replace(status, summary=told), in_thread_of(current), ticket.id)
        if say is not None and not current.is_settled:
            say(uow, current)

    return change


def _status_of(message: Message, ticket: Ticket, desk: Desk) -> TicketStatus | None:
    with desk.readings(viewer_of(desk, message.user)) as readings:
        summary = readings.summary(ticket.id)
    return TicketStatus(summary, ticket.requester) if summary is not None else None


def _plan_at_the_end(
    message: Message, meaning: Meaning | None, standing: Standing, desk: Desk, *, back: bool
) -> Change:
    """Take it up again where it failed after all; else a word, with the way back."""
    ticket = standing.ticket
    if back:
        return plan_back_again(message, ticket, desk)
    done = {Meaning.SOLVED, Meaning.THANKS, Meaning.TALK}
    occasion = "settled" if meaning in done else "ended"
    silent = meaning is Meaning.TALK and not message.addressed
    say = None if silent else courtesy(occasion, standing)
    return plan_recorded(message, ticket, say, desk, to_people=True)


def plan_back_again(message: Message, ticket: Ticket, desk: Desk) -> Change:
    """Take a settled ticket up again, and call the people who had it."""
    target, last = prepare_reopening(desk, ticket.id)
    joining = others_back(ticket.id, desk)

    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)
        current = uow.tickets.get(ticket.id) or ticket
        if not current.is_settled:
            pass_to_engineers(uow, message, current)
            return
        if joining is not None and joining.join(uow, current.reopen()):
            # Others of the same incident said so before: one page for all of them.
            said = "it is not fixed for others either"
            uow.audit.note(ticket.id, message.user, "reopened", said)
            return
        reopen(uow, current, target, last, message.text)

    return change


def _plan_word_of_follower(
    message: Message, ticket: Ticket, original: TicketId, desk: Desk
) -> Change:
    """Pass what a duplicate's requester writes to those who work on the original."""
    again = plan_back_again(message, ticket, desk)
    understood = desk.triager.understand(Said(message.text, Stage.TAKEN, ticket.question))
    safe = _stay_safe(ticket, desk)
    status = _status_of(message, ticket, desk) if understood.meaning is Meaning.STATUS else None

    def change(uow: UnitOfWork) -> None:
        incident = uow.incidents.on(original)
        if status is not None and incident is not None and incident.is_open:
            # A hundred who ask for news read the last ones; those who work on it are not asked.
            record(uow, ticket, message)
            uow.outbox.put(status, in_thread_of(ticket), ticket.id)
            return
        escalation = uow.escalations.open_for(original)
        if escalation is None:
            again(uow)
            return
        record(uow, ticket, message)
        text = with_files(message.text, message.files)
        note = ThreadNote(original, "wrote", message.user, text, other=ticket.id)
        if ticket.matter in GRAVE and understood.meaning not in QUIET_ABOUT_IT:
            tell_worse(uow, escalation, note, message.written_at)
            if safe is not None:
                safe(uow, ticket)
        else:
            tell_engineers(uow, escalation, note)
        mark = Destination(message.channel, thread_ts=message.ts)
        uow.outbox.put(Seen(ticket.id), mark, ticket.id)

    return change


GRAVE = frozenset({Matter.DANGER, Matter.SECURITY})
"""Matters that may get worse while somebody is on the way."""

QUIET_ABOUT_IT = frozenset({Meaning.SOLVED, Meaning.THANKS})
"""Who says so tells of nothing worse."""


def _stay_safe(ticket: Ticket, desk: Desk) -> Reaction | None:
    """Say again, in short, what to do until people are there; None where no danger is at hand."""
    route = desk.routes.of(ticket.matter) if ticket.matter in GRAVE else None
    if route is None or not route.again:
        return None
    text = again_words_of(
        route,
        language_for(ticket.question, ticket.requester, ticket.thread, desk),
        of_things=is_of_things(ticket.question),
    )
    words = FirstWords(ticket.id, ticket.requester, route.matter, text)
    return lambda uow, current: ignore(uow.outbox.put(words, in_thread_of(current), ticket.id))


def pass_to_engineers(  # noqa: PLR0913 - what is told, and how loudly
    uow: UnitOfWork,
    message: Message,
    ticket: Ticket,
    what: str = "wrote",
    *,
    calm: bool = False,
    worse: bool = False,
) -> None:
    """Tell those who work on a ticket what was written, and mark it as passed on.

    What is added to a danger pings them, unless it is `calm`: thanks, or that it is over; and what
    makes any ticket `worse` does.
    """
    escalation = uow.escalations.open_for(ticket.id)
    if escalation is None:
        return
    note = ThreadNote(ticket.id, what, message.user, with_files(message.text, message.files))  # type: ignore[arg-type]
    if worse or (ticket.matter in GRAVE and not calm):
        tell_worse(uow, escalation, note, message.written_at)
    else:
        tell_engineers(uow, escalation, note)
    if escalation.state is EscalationState.ACKNOWLEDGED and escalation.snooze is not None:
        # What was put off until later may be worth a look now.
        refresh_card(uow, end_rest(uow, escalation))
    mark = Destination(message.channel, thread_ts=message.ts)
    uow.outbox.put(Seen(ticket.id), mark, ticket.id)


# --- where the model learned no follow-ups


def _plan_unread(message: Message, ticket: Ticket, desk: Desk) -> Change:
    """Handle a follow-up by the tiers' classifier alone: an older model has nothing else."""
    with desk.look() as uow:
        standing = standing_of(uow, ticket)
    if WORDLESS.fullmatch(message.text) and not message.files:
        return plan_recorded(message, ticket, courtesy("empty", standing), desk, to_people=True)
    if ticket.state is TicketState.ESCALATED:
        thanks = Meaning.THANKS if desk.triager.says_thanks(message.text) else None
        return _plan_with_people(message, thanks, standing, desk)
    readers = readers_of(desk, message.channel, message.user)
    alone = desk.triager.triage(message.text, readers=readers, exclude=ticket.articles_shown)
    if alone.action is Action.COURTESY:
        occasion = "settled" if ticket.is_settled else "follow_up"
        return plan_recorded(message, ticket, courtesy(occasion, standing), desk, to_people=True)
    if ticket.is_settled:
        return plan_back_again(message, ticket, desk)
    triage, words = alone, message.text
    if alone.action is not Action.ESCALATE or alone.gap:
        words = f"{ticket.question}\n{message.text}"
        asked_before = ticket.state is TicketState.ANSWERED
        exclude = ticket.articles_shown if asked_before else ()
        triage = desk.triager.triage(words, readers=readers, exclude=exclude)
    act = plan_again(triage, desk, ticket, words)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, ticket, message)
        if current.state is TicketState.ESCALATED:
            end_waiting(uow, desk, current.id)
            pass_to_engineers(uow, message, current)
            return
        for article in current.articles_shown:
            current = current.article_failed(article)
        uow.tickets.save(current)
        close_open(uow, standing, "superseded")
        act(uow, current)

    return change

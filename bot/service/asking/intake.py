"""Messages: is it ours, is it new, and what is done with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import (
    ASKS_FOR_WORDS,
    Courtesy,
    Meaning,
    Message,
    Place,
    Said,
    Tone,
    agrees,
    asks_plainly,
    asks_who_is_there,
    refuses,
)
from bot.desk.deciding import Action
from bot.desk.language import ENGLISH
from bot.service.asking.apart.belonging import OF_ITS_OWN, plan_apart
from bot.service.asking.editing import plan_edit, ticket_of
from bot.service.asking.followups import plan_remark
from bot.service.asking.matters.suspecting import plan_in_thread
from bot.service.asking.matters.words import below, plan_after_first_words, plan_word
from bot.service.asking.opening import has_route, ignore, plan_opening
from bot.service.asking.outright import plan_outright, plan_person_beside, wishes_beside
from bot.service.context import ChannelMode
from bot.service.deciding.clauses import clauses_apart
from bot.service.messages.pictures import (
    NO_WORDS,
    pictures_before,
    plan_picture_alone,
    told_of,
    with_pictures,
)
from bot.service.messages.recording import questions_to
from bot.service.messages.speaking import language_for
from bot.service.messages.wording import TICKET_NUMBER, VAGUE, WORDLESS, parts_of
from bot.service.readers.audience import readers_of

if TYPE_CHECKING:
    from bot.desk.asking import Edited, Understood
    from bot.desk.deciding import Triage
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk

NOTHING = Courtesy("nothing_asked")
WELCOME = Courtesy("settled")

ROOT_ON_ITS_WAY = timedelta(minutes=10)
"""What was written so long before is no longer tried: it has come, or is read as history."""
WHILE_SLACK_TRIES = timedelta(minutes=7)
"""Slack tries an event again for six minutes."""
WHILE_READ_UP = timedelta(minutes=1)
"""After a start what was missed is read from Slack's history, the oldest first."""


def nothing(_: UnitOfWork) -> None:
    """Change nothing: the message is none of Frontline's business."""


def plan_message(message: Message, desk: Desk) -> Change:
    """Handle a message: a new question, a follow-up, or talk among engineers."""
    with desk.look() as uow:
        ticket = uow.tickets.in_thread(message.thread)
        theirs = None if ticket else uow.escalations.in_thread(message.thread)
        known = uow.conversation.holds(message.thread, message.ts)
        overtaken = _is_overtaken(uow, message, known=known)
    if overtaken:
        return nothing
    if message.edited and (known or ticket is None):
        return plan_edited(message.as_edited, desk)
    return _plan_new(message, ticket, theirs, desk)


def _plan_new(
    message: Message, ticket: Ticket | None, theirs: Escalation | None, desk: Desk
) -> Change:
    if theirs is not None:
        return _courtesy(
            message, Courtesy("engineers_thread", theirs.ticket), desk, message.addressed
        )
    if ticket is None:
        return _plan_below(message, desk) or _plan_question(message, desk)
    if message.user != ticket.requester:
        return plan_remark(message, ticket)
    return plan_in_thread(message, ticket, desk)


def _plan_below(message: Message, desk: Desk) -> Change | None:
    """Handle words below first words, or a question on a matter, in nobody's thread as yet."""
    if message.place is not Place.DIRECT or message.is_top_level:
        return None
    with desk.look() as uow:
        notice = below(uow, message.channel, message.thread.ts)
        ticket = uow.tickets.get(notice.ticket) if notice and notice.ticket else None
    if notice is None:
        return None
    if ticket is not None:
        return plan_word(message, ticket, desk) if ticket.requester == message.user else None
    return plan_after_first_words(message, notice, desk)


def may_be_early(message: Message, desk: Desk) -> timedelta | None:
    """Tell how long a message waits for the question that it may belong to; None if it does not.

    Slack brings what is written again after minutes where we were not there; so a word more can
    come before what was asked. Who addresses us in a channel waits for what is here already.
    """
    if message.is_top_level or message.edited:
        return None
    with desk.look() as uow:
        thread = message.thread
        known = uow.tickets.in_thread(thread) or uow.escalations.in_thread(thread)
    if known is not None:
        return None
    if message.mentioned:
        return timedelta()
    root = datetime.fromtimestamp(float(message.thread.ts), UTC)
    is_old = message.written_at - root > ROOT_ON_ITS_WAY
    return WHILE_READ_UP if is_old or message.place is Place.DIRECT else WHILE_SLACK_TRIES


def _is_overtaken(uow: UnitOfWork, message: Message, *, known: bool) -> bool:
    """Whether its own deletion, or an edit of it that was handled, came before the message."""
    place = (message.team, message.channel, message.ts)
    if message.edited:
        return uow.once.was_taken_back(*place)
    return known or uow.once.was_overtaken(*place)


def plan_edited(edited: Edited, desk: Desk) -> Change:
    """Follow an edit; what was passed over before it is looked at again as it reads now."""
    with desk.look() as uow:
        ticket = ticket_of(uow, edited)
        theirs = uow.escalations.in_thread(edited.thread) if ticket is None else None
        gone = uow.once.was_taken_back(edited.team, edited.channel, edited.ts)
        known = uow.conversation.holds(edited.thread, edited.ts)
    if gone:
        return nothing
    if ticket is not None and (known or not _may_come_yet(edited, ticket, desk)):
        return plan_edit(edited, ticket, desk)
    message = edited.as_message
    if theirs is not None or not message.text:
        # Nobody edits a talk of last week into a question: only what addresses us, or asks here.
        return nothing
    return _in_its_place(edited, _plan_new(message, ticket, theirs, desk))


STILL_ON_ITS_WAY = timedelta(hours=12)
"""So long after it was written a message may still come: Slack tries for minutes, we for hours."""


def _may_come_yet(edited: Edited, ticket: Ticket, desk: Desk) -> bool:
    """Whether a message that is not on record is still to come: written since its ticket, lately.

    What stood in the thread before its ticket, and what was forgotten since, is edited by nobody
    for the desk.
    """
    since = float(edited.ts) > float(ticket.asked_ts)
    return since and desk.clock() - edited.written_at < STILL_ON_ITS_WAY


def _in_its_place(edited: Edited, change: Change) -> Change:
    """Handle an edit as its message; the message itself is passed over when it comes."""
    if change is nothing:
        return change

    def both(uow: UnitOfWork) -> None:
        change(uow)
        uow.once.overtaken(edited.team, edited.channel, edited.ts)

    return both


def is_ours(message: Message, desk: Desk) -> bool:
    """Tell whether a message that belongs to no ticket is Frontline's business."""
    if message.addressed:
        return True
    if message.for_somebody_else:
        return False
    if not message.is_top_level:
        asked = bool(_asked_what(message, desk)) or _was_whispered_to(message, desk)
        return asked or _was_passed_over(message, desk)
    return _mode_for(message, desk) is not ChannelMode.MENTION


def _asked_what(message: Message, desk: Desk) -> str:
    """Give the last occasion on which its writer was asked in its thread what they want; else "".

    Then this is the answer.
    """
    if message.is_top_level:
        return ""
    with desk.look() as uow:
        return next((each.occasion for each in questions_to(message, uow)), "")


def _was_whispered_to(message: Message, desk: Desk) -> bool:
    """Whether its writer was answered beside its thread, where nobody else reads it."""
    with desk.look() as uow:
        return uow.once.was_whispered(message.channel, message.thread.ts, message.user)


def _was_passed_over(message: Message, desk: Desk) -> bool:
    """Whether its writer's first message was met with silence, and nobody has answered it."""
    with desk.look() as uow:
        return uow.once.was_passed_over(message.channel, message.thread.ts) == message.user


def _pass_over(message: Message, desk: Desk) -> Change:
    """Say nothing; what its writer adds below it is theirs, until somebody else answers it."""
    if message.place is not Place.CHANNEL or _mode_for(message, desk) is ChannelMode.MENTION:
        return nothing
    if message.is_top_level:
        return lambda uow: uow.once.passed_over(message.channel, message.ts, message.user)
    with desk.look() as uow:
        writer = uow.once.was_passed_over(message.channel, message.thread.ts)
    if writer is None or writer == message.user:
        return nothing
    return lambda uow: uow.once.not_passed_over(message.channel, message.thread.ts)


def _mode_for(message: Message, desk: Desk) -> ChannelMode:
    return desk.mode_of(message.channel) if message.place is Place.CHANNEL else ChannelMode.ALL


def _plan_question(message: Message, desk: Desk) -> Change:
    if not is_ours(message, desk):
        return nothing if message.is_top_level else _pass_over(message, desk)
    # Who answers a question of ours is answered; nobody waits for a word to "you are welcome".
    asked = _asked_what(message, desk)
    wanted = message.addressed or asked not in {"", WELCOME.occasion}
    if WORDLESS.fullmatch(message.text) and not message.files:
        return _plan_sign(message, desk, wanted=wanted)
    wanted = wanted or _mode_for(message, desk) is ChannelMode.ALL
    pictures = pictures_before(message, desk)
    if WORDLESS.fullmatch(message.text):
        return _plan_picture(message, desk, wanted=wanted)
    if VAGUE.fullmatch(message.text.strip()) and not message.files:
        return _courtesy(message, Courtesy("vague"), desk, wanted=True)
    heard = wanted or asks_plainly(message.text)
    if heard and not asked and asks_who_is_there(message.text) and not message.files:
        # Of what is open that asks for news; else it says nothing that a ticket could begin with.
        # Who was asked what they want answers, with whatever words.
        here = _courtesy(message, Courtesy("vague"), desk, wanted=True)
        return plan_apart(message, None, desk) or here
    if not pictures:
        return _plan_words(message, desk, wanted=wanted, asked=asked)
    shown = with_pictures(message, pictures, desk)
    # Outside of any thread the picture was asked about a moment ago.
    asked = asked or (NO_WORDS.occasion if message.is_top_level else "")
    change = _plan_words(shown, desk, wanted=wanted, asked=asked, first=True)
    return change if change is nothing else told_of(pictures, message, change)


def _plan_picture(message: Message, desk: Desk, *, wanted: bool) -> Change:
    """Ask about a picture alone; among colleagues it stays quiet, until its sender tells of it."""
    if not wanted and not message.is_top_level:
        return nothing
    ask = _courtesy(message, replace(NO_WORDS, files=message.files), desk, wanted)
    return plan_picture_alone(message, None if ask is nothing else ask)


def _plan_words(
    message: Message, desk: Desk, *, wanted: bool, asked: str, first: bool = False
) -> Change:
    """Do what words ask for; `first` where they are their writer's first, wherever they stand."""
    understood = desk.triager.understand(Said(message.text))
    heard = _Heard(wanted, asked, added=not (message.is_top_level or first))
    meant = _plan_by_meaning(message, understood, desk, begins=heard.begins)
    return meant or _plan_triaged(message, understood, desk, heard=heard)


@dataclass(frozen=True)
class _Heard:
    """How a message comes to be heard."""

    wanted: bool
    """Whether it is surely for us."""
    asked: str
    """The occasion on which its writer was asked what they want; "" where they were not."""
    added: bool
    """Whether its writer adds it below other words of theirs."""

    @property
    def begins(self) -> bool:
        """Whether nothing of its writer's stands before it, or only what they were asked for."""
        return not self.added or bool(self.asked)


def _plan_sign(message: Message, desk: Desk, *, wanted: bool) -> Change:
    """A thumb is a yes or no to what was asked last; of any other sign nobody knows what it is."""
    if agrees(message.text) or refuses(message.text):
        apart = plan_apart(message, None, desk)
        if apart is not None:
            return apart
    return _courtesy(message, NO_WORDS, desk, wanted)


def _plan_by_meaning(
    message: Message, understood: Understood, desk: Desk, *, begins: bool
) -> Change | None:
    """What needs no article: a person, the state of things, or what is open already.

    What is plainly meant there comes before a matter that is merely suspected; what may be danger
    or confidential is never merely "thanks".
    """
    suspicion = desk.triager.suspicion(message.text)
    outright = understood.outright()
    if TICKET_NUMBER.search(message.text) and outright is not Meaning.SOLVED:
        outright = Meaning.STATUS if len(message.text.split()) <= FEW_WORDS else outright
    apart = plan_apart(message, suspicion, desk) if outright is not Meaning.ON_CALL else None
    if apart is not None:
        return apart
    if begins:
        suspicion = desk.triager.suspicion(message.text, first=True)
    if has_route(suspicion, desk):
        return plan_person_beside(message, understood, suspicion, desk)
    if outright is None and wishes_beside(message.text, understood, desk.triager):
        outright = Meaning.PERSON
    return plan_outright(message, outright, desk) if outright is not None else None


FEW_WORDS = 6
"""A number among more words is mentioned, not asked about."""


def _plan_triaged(message: Message, understood: Understood, desk: Desk, *, heard: _Heard) -> Change:
    readers = readers_of(desk, message.channel, message.user)
    triage = desk.triager.triage(message.text, readers=readers, first=heard.begins)
    tone = desk.triager.tone(message.text)
    chatty = understood.is_small_talk(readable=not triage.unproven, tone=tone) and not has_route(
        triage.suspicion, desk
    )
    thanks = desk.triager.says_thanks(message.text)
    if heard.asked in ASKS_FOR_WORDS and not thanks:
        # "The thing on my desk" is small talk only to who did not ask.
        chatty = False
    if chatty and (triage.action is Action.COURTESY or (triage.unproven and understood.chances)):
        # Who thanks is not greeted and asked what it is.
        said = _courtesy(message, WELCOME if thanks else NOTHING, desk, heard.wanted)
        return _pass_over(message, desk) if said is nothing else said
    below = heard.added and not heard.wanted and not heard.asked
    suspected = has_route(triage.suspicion, desk)
    if below and triage.unproven and not suspected and not _asks(understood, tone):
        # Below what nobody answered "at the entrance" may be about lunch.
        return nothing
    if triage.action is Action.COURTESY and not has_route(triage.suspicion, desk):
        triage = desk.triager.asked_back(triage)
    first, besides = _parted(message, triage, desk, readers)
    return plan_opening(message, first, desk, besides=besides)


def _asks(understood: Understood, tone: Tone) -> bool:
    return tone is Tone.ASKS or understood.chance(Meaning.ANOTHER) >= OF_ITS_OWN


def _parted(
    message: Message, triage: Triage, desk: Desk, readers: frozenset[str]
) -> tuple[Triage, str]:
    """Tell a second request from the first, where each has an article of its own.

    Where none is found, as in a language that is not read, each has things of its own.
    """
    parts = parts_of(message.text)
    if has_route(triage.suspicion, desk):
        # What the whole may be about goes first: a part alone may say nothing of it.
        return triage, ""
    apart = clauses_apart(message.text) if triage.unproven else None
    unread = apart[1] if apart is not None else ""
    if len(parts) == 1:
        return triage, unread
    found = desk.triager.triage_batch(parts, readers=readers)
    asking = [
        (part, each)
        for part, each in zip(parts, found, strict=True)
        if each.action in {Action.ANSWER, Action.ESCALATE} and not each.unknown
    ]
    whole = triage.article or ""
    matters = {
        (each.article if each.action is Action.ANSWER else each.action): (part, each)
        for part, each in asking
    }
    if len(matters) <= 1:
        return triage, unread
    answered = [(part, each) for part, each in matters.values() if each.action is Action.ANSWER]
    if triage.action is Action.ESCALATE:
        return triage, answered[0][0] if answered else ""
    if whole in matters:
        own, lead = matters[whole]
    elif len(answered) == len(matters):
        own, lead = answered[0]
    else:
        # A sentence alone that seems to need a person says less than all of them together.
        own, lead = "", triage
    to_people = [part for part, each in matters.values() if each.action is Action.ESCALATE]
    rest = [*to_people, *(part for part, _ in answered)]
    return lead, next((part for part in rest if part != own), "")


def _courtesy(message: Message, courtesy: Courtesy, desk: Desk, wanted: bool) -> Change:  # noqa: FBT001 - read at the call as "wanted"
    if not wanted:
        return nothing
    to = Destination(message.channel, thread_ts=message.thread.ts)
    said = courtesy
    if courtesy.ticket is None:
        words, ts = (message.text, message.ts) if message.text.strip() else ("", None)
        said = replace(courtesy, asker=str(message.user), said=words, said_ts=ts)
    if courtesy.ticket is None and message.place is not Place.DIRECT:
        # A channel has no language: it is that of these words, or of whoever wrote them.
        language = language_for(message.text, message.user, message.thread, desk)
        said = replace(said, language="" if language == ENGLISH else language)
    return lambda uow: ignore(uow.outbox.put(said, to, said.ticket))

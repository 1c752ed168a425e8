"""What begins something: the second matter of a message, a person for a mere remark."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import (
    ASKS_FOR_WORDS,
    PERHAPS_ANOTHER,
    PLEASED,
    QUIET,
    SURE_OF_BOTH,
    Besides,
    Courtesy,
    FirstWords,
    Meaning,
    Message,
    Place,
    Said,
    chosen,
)
from bot.desk.deciding import Action
from bot.desk.ids import Thread
from bot.desk.privacy import is_direct
from bot.desk.tickets import ASKED_FOR_PERSON, Refusal, with_files
from bot.desk.tiers import Tier
from bot.service.asking.opening import plan_opening
from bot.service.asking.standing import understood_in
from bot.service.incidents.joining import joined_or
from bot.service.messages.pictures import pictures_at
from bot.service.messages.wording import ASKS, WORDLESS_REQUEST, asks_anew, turns
from bot.service.readers.audience import readers_of
from bot.service.tickets.escalating import Case, call, plan_call_person, prepare_call
from bot.service.tickets.presses import close_question, refuse, requesters_ticket
from bot.service.tickets.resolving import plan_not_fixed

if TYPE_CHECKING:
    from bot.desk.asking import AskBesides, CallPerson
    from bot.desk.deciding import Triage
    from bot.desk.ports.delivery import Posted
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk

NOTHING_NEW = frozenset({*QUIET, Meaning.SOLVED, Meaning.STATUS})
LIKELY = 0.5
"""From this chance on what follows a word of thanks is no matter of its own; and from this on an
article that nobody spoke of is what it is about."""

SURELY_ASKED = 0.8
"""From this chance on a second sentence asks for something, where no word or sign says so."""

OBJECTS = re.compile(
    r"(?:but|yet|though|however|aber|leider|doch|mais|pero|mas|porém|ma|però|maar|helaas|ale|"
    r"niestety|ama|fakat|men|tyvärr|но|але|لكن|بس)\b|でも|しかし|但|可是|하지만",
    re.IGNORECASE,
)
"""How the rest of a message begins that takes back the thanks: it is the first matter still."""


def plan_besides(press: AskBesides, desk: Desk) -> Change:
    """Take up the second request of a message, in the same thread."""
    with desk.look() as uow:
        posted = uow.outbox.posted_at(press.at.channel, press.at.ts)
        ticket = uow.tickets.get(press.ticket)
    notice = posted.notice if posted else None
    if ticket is None or not isinstance(notice, Besides):
        return lambda uow: refuse(uow, press.at, Refusal("unknown"))
    readers = readers_of(desk, press.at.channel, press.at.user)
    triage = desk.triager.triage(notice.text, readers=readers)
    place = Place.DIRECT if is_direct(press.at.channel) else Place.CHANNEL
    message = Message(
        press.at.team,
        press.at.channel,
        press.at.ts,
        ticket.requester,
        notice.text,
        place,
        ticket.thread.ts,
        mentioned=True,
    )
    begin = plan_opening(message, triage, desk)

    def change(uow: UnitOfWork) -> None:
        current = requesters_ticket(uow, press.at, press.ticket)
        if current is None:
            return
        if close_question(uow, press.at, current, "chosen"):
            begin(uow)
        else:
            refuse(uow, press.at, Refusal("already_settled", current.id))

    return change


def plan_named_besides(message: Message, standing: Standing, desk: Desk) -> Change | None:
    """Take up the second request where words name it ("the taxi one please"); None elsewhere."""
    posted = standing.besides
    if posted is None or not isinstance(posted.notice, Besides):
        return None
    notice = posted.notice
    first = standing.ticket.question.replace(notice.text, " ")
    if chosen(message.text, [first, notice.text]) != 1:
        return None
    readers = readers_of(desk, message.channel, message.user)
    triage = desk.triager.triage(notice.text, readers=readers)
    begin = plan_opening(replace(message, text=notice.text), triage, desk, beside=True)
    closed = replace(notice, outcome="chosen")
    to = Destination(posted.destination.channel, edits=posted.id)

    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(closed, to, notice.ticket)
        begin(uow)

    return change


def plan_person_pressed(press: CallPerson, desk: Desk) -> Change:
    """*Talk to a person*: under a word that belongs to no ticket yet, and under one that ended."""
    with desk.look() as uow:
        known = uow.tickets.get(press.ticket)
        posted = uow.outbox.posted_at(press.at.channel, press.at.ts)
        root = Thread(press.at.team, press.at.channel, press.at.thread_ts or press.at.ts)
        there = uow.tickets.in_thread(root)
    notice = posted.notice if posted else None
    if posted is not None and isinstance(notice, FirstWords) and notice.alone:
        return _plan_person_unread(press, root, posted, notice, desk)
    ended = isinstance(notice, Courtesy)
    if known is not None and known.is_settled and ended:
        return plan_not_fixed(press, desk)
    if known is not None or press.ticket:
        return plan_call_person(press, desk, joined_or)
    said = notice.said if isinstance(notice, Courtesy) and notice.said else WORDLESS_REQUEST
    names_nothing = isinstance(notice, Courtesy) and notice.occasion in ASKS_FOR_WORDS
    # "Is anybody there?" stands in the record; a card that reads it says nothing.
    question = WORDLESS_REQUEST if names_nothing else said
    pictures = pictures_at(root, press.at.user, desk)
    if there is None and (again := _told_again(root, desk)) is not None:
        return again
    target = prepare_call(desk, there, Tier.L2)

    def change(uow: UnitOfWork) -> None:
        ticket = uow.tickets.in_thread(root)
        if ticket is not None:
            refuse(uow, press.at, Refusal("already_settled", ticket.id))
            return
        ticket = uow.tickets.open(root, press.at.user, question, root.ts)
        told = with_files(said, pictures)
        uow.conversation.add(ticket.id, press.at.user, told, root.ts, pictures)
        call(uow, ticket, target, Case((ASKED_FOR_PERSON,), why="asked_for_person"))

    return change


def _plan_person_unread(
    press: CallPerson, root: Thread, posted: Posted, words: FirstWords, desk: Desk
) -> Change:
    """Call a person under words that name somebody else to turn to; what was written stays unread.

    It is a ticket of its own, with nothing in it but that somebody was asked for.
    """
    target = prepare_call(desk, None, Tier.L2)

    def change(uow: UnitOfWork) -> None:
        current = uow.outbox.posted_at(press.at.channel, press.at.ts) or posted
        if press.at.user != words.requester:
            refuse(uow, press.at, Refusal("not_requester", words.ticket))
            return
        there = uow.tickets.in_thread(root)
        called = there is not None and there.question == WORDLESS_REQUEST and not there.is_settled
        closed = isinstance(current.notice, FirstWords) and current.notice.outcome is not None
        if called or closed:
            refuse(uow, press.at, Refusal("already_settled", there.id if there else None))
            return
        pressed = replace(words, outcome="person")
        uow.outbox.put(pressed, Destination(press.at.channel, edits=posted.id), words.ticket)
        ticket = uow.tickets.open(root, press.at.user, WORDLESS_REQUEST, press.at.ts)
        uow.conversation.add(ticket.id, press.at.user, WORDLESS_REQUEST, press.at.ts)
        reason = "The requester asked for a person, and may have something confidential to say."
        call(uow, ticket, target, Case((reason,), why="asked_unread"))

    return change


def _told_again(root: Thread, desk: Desk) -> Change | None:
    """Say again whom to turn to, where first words named somebody; None elsewhere."""
    with desk.look() as uow:
        said = uow.outbox.without_ticket(root.channel, root.ts)
    words = next((each for each in said if isinstance(each, FirstWords)), None)
    if words is None:
        return None
    to = Destination(root.channel, thread_ts=root.ts)

    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(words, to)

    return change


@dataclass(frozen=True)
class Turn:
    """Where another matter begins in a message, and whether the first is solved by what it says."""

    asked: str
    solved: bool


def turned(message: Message, standing: Standing, desk: Desk) -> Turn | None:
    """Find where another matter begins: at once, or after the first has ended; None elsewhere.

    It begins where words say so, or where the rest has an article that nobody spoke of yet.
    """
    if standing.anything:
        return None
    anew = asks_anew(message.text)
    if anew is not None:
        first = desk.triager.understand(Said(anew.asked))
        asks = anew.is_named or first.chance(Meaning.ANOTHER) >= LIKELY
        if asks and first.chance(*NOTHING_NEW) < LIKELY:
            return Turn(anew.asked, solved=False)
    for before, after, is_said in turns(message.text):
        ended = understood_in(before, standing, desk)
        if ended.chance(*PLEASED) < SURE_OF_BOTH and not (is_said and ended.perhaps_solved):
            continue
        if _begins(replace(message, text=after), standing, desk, is_said=is_said):
            return Turn(after, ended.meaning is Meaning.SOLVED)
    return None


def _begins(rest: Message, standing: Standing, desk: Desk, *, is_said: bool) -> bool:
    """Tell whether what follows the end of one matter is another; `is_said` where words say so."""
    first = desk.triager.understand(Said(rest.text))
    if first.chance(*NOTHING_NEW) >= LIKELY:
        return False
    if is_said:
        return True
    asks = rest.text.endswith(ASKS)
    if first.chance(Meaning.ANOTHER) < (LIKELY if asks else SURELY_ASKED):
        return False
    there = understood_in(rest.text, standing, desk)
    if there.chance(*PLEASED) >= LIKELY:
        # "He swapped it. Taking payments again": two words for the same end.
        return False
    triage = _triaged(rest, desk)
    if _answers_anew(triage, standing, perhaps=not OBJECTS.match(rest.text)):
        return True
    # No article is found by words that search does not read.
    return asks and triage.unproven and there.chance(Meaning.ANOTHER) >= PERHAPS_ANOTHER


def has_an_article_of_its_own(message: Message, standing: Standing, desk: Desk) -> bool:
    """Tell whether words by themselves are answered by an article that nobody spoke of yet."""
    return _answers_anew(_triaged(message, desk), standing)


def _triaged(message: Message, desk: Desk) -> Triage:
    readers = readers_of(desk, message.channel, message.user)
    return desk.triager.triage(message.text, readers=readers)


def _answers_anew(triage: Triage, standing: Standing, *, perhaps: bool = False) -> bool:
    """Tell whether an article answers of which nobody spoke yet.

    With `perhaps`, one that the words are likelier about than not is enough.
    """
    known = {*standing.ticket.articles_shown, standing.article, *standing.offered}
    if perhaps and triage.choices:
        likeliest = max(triage.choices, key=lambda choice: choice.chance)
        return likeliest.chance >= LIKELY and likeliest.article not in known
    return triage.action is Action.ANSWER and triage.article not in known

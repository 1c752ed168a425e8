"""Direct messages that go on about what is open, as people answer below as often as in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.asking import (
    AT_THE_END,
    TROUBLE,
    WITH_PEOPLE,
    Meaning,
    Said,
    Stage,
    refuses,
)
from bot.desk.deciding import Action
from bot.service.asking.apart.open_ones import is_just_asked, open_ones
from bot.service.asking.matters.suspecting import plan_in_thread
from bot.service.asking.opening import has_route
from bot.service.asking.outright import says_no_more
from bot.service.asking.routing import asked_about
from bot.service.asking.standing import chooses, standing_of, understood_in
from bot.service.messages.telling import tell_apart

if TYPE_CHECKING:
    from bot.desk.asking import Message, Understood
    from bot.desk.deciding import Matter, Suspicion
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk

BELONGING = frozenset({*TROUBLE, Meaning.SOLVED, Meaning.STATUS, Meaning.PERSON, Meaning.THANKS})
"""What is said of nothing but a ticket, or is heard there first."""

TELLS_MORE = TROUBLE | {Meaning.DETAILS}
"""What has words of its own that somebody reads."""

TO_PEOPLE = frozenset({Meaning.STATUS, Meaning.PERSON})
"""Asked of those who were called, whatever else is open."""

PLAIN = 0.8
"""From this chance on a meaning in its context comes before a matter that is merely suspected."""

OF_ITS_OWN = 0.5
"""From this chance on words by themselves ask for something, and tell no more of what is open."""


@dataclass(frozen=True)
class _Read:
    """A message as it reads on one of the tickets that are open."""

    standing: Standing
    understood: Understood
    remembered: Matter | None = None
    """What its requester was asked about, and did not answer."""

    @property
    def meaning(self) -> Meaning | None:
        return self.understood.meaning


def plan_apart(message: Message, suspicion: Suspicion | None, desk: Desk) -> Change | None:
    """Handle what stands outside a ticket's thread but belongs to it; None where it does not."""
    reads = [_read(message, ticket, desk) for ticket in open_ones(message, desk)]
    if has_route(suspicion, desk) and suspicion is not None:
        ours = [each for each in reads if _is_plain(each, message, suspicion, desk)]
    else:
        alone = _alone(message, desk) if reads else None
        ours = [each for each in reads if alone and _belongs(each, message, alone)]
    if not ours:
        return None
    return _plan_on(message, _chosen(ours, message), desk)


def _chosen(ours: list[_Read], message: Message) -> _Read:
    """Choose the ticket: the most urgent; but what was said to them just now is answered first.

    What goes on about a matter that others may not read goes to nobody else. Which of several is
    solved is not known by how urgent they are: the last, as people go on about that.
    """
    last = max(ours, key=lambda each: each.standing.ticket.id)
    quiet = next((each for each in ours if each.standing.ticket.is_restricted), None)
    if quiet is not None and quiet.meaning in TELLS_MORE:
        return quiet
    if last.meaning is Meaning.SOLVED:
        return last
    stage, ticket = last.standing.stage, last.standing.ticket
    now = stage in AT_THE_END and is_just_asked(message, ticket)
    heard = now or (stage not in WITH_PEOPLE and stage not in AT_THE_END)
    return last if heard and last.meaning not in TO_PEOPLE else ours[0]


def _read(message: Message, ticket: Ticket, desk: Desk) -> _Read:
    with desk.look() as uow:
        standing, matter = standing_of(uow, ticket), asked_about(uow, ticket)
    return _Read(standing, understood_in(message.text, standing, desk), matter)


def _is_plain(read: _Read, message: Message, suspicion: Suspicion, desk: Desk) -> bool:
    """Tell whether a suspicion is about what is open, or words are plain without any.

    "He had it behind the bar, false alarm" is no second theft; "stop ringing me" is no danger.
    """
    ticket, meaning = read.standing.ticket, read.meaning
    if ticket.is_held:
        return False
    route = desk.routes.of(suspicion.matter)
    plain = meaning in BELONGING - TROUBLE and read.understood.chance(meaning) >= PLAIN
    if route is not None and route.restricted and not ticket.is_restricted:
        # Others read that ticket: what may not be for them never joins it with words of its own.
        return plain and meaning is not Meaning.PERSON and not suspicion.sure
    same = ticket.matter == suspicion.matter and read.standing.stage in WITH_PEOPLE
    asked = read.remembered is suspicion.matter
    if same or asked or _is_story(read, message, suspicion, desk):
        return meaning in BELONGING | {Meaning.DETAILS}
    if meaning is Meaning.PERSON:
        return not suspicion.sure or says_no_more(read.understood, suspicion)
    return plain and not suspicion.sure


def _is_story(read: _Read, message: Message, suspicion: Suspicion, desk: Desk) -> bool:
    """Tell whether a matter comes up in what was asked about a minute ago: it is one ticket.

    What is not for everybody never joins what others may read.
    """
    ticket, route = read.standing.ticket, desk.routes.of(suspicion.matter)
    asked = read.standing.stage is Stage.ASKED_BACK and is_just_asked(message, ticket)
    if not asked or route is None or route.restricted:
        return False
    together = desk.triager.suspicion(f"{ticket.question}\n{message.text}")
    if together is None or together.matter is not suspicion.matter:
        return False
    return together.sure or not suspicion.sure


@dataclass(frozen=True)
class _Alone:
    """The same words without any context: whether they ask for something, and are answered."""

    asks: bool
    answered: bool
    needs_people: bool
    """Whether it surely is something that people have to look into, and no lack of an article."""


def _alone(message: Message, desk: Desk) -> _Alone:
    first = desk.triager.understand(Said(message.text))
    asks = first.chance(Meaning.ANOTHER) >= OF_ITS_OWN
    triage = desk.triager.triage(message.text, readers=frozenset())
    needs = triage.action is Action.ESCALATE and not triage.gap
    return _Alone(asks or not first.chances, triage.action is Action.ANSWER, needs)


def _belongs(read: _Read, message: Message, alone: _Alone) -> bool:
    """Tell whether words go on about a ticket, read in its context and by themselves."""
    stage, meaning = read.standing.stage, read.meaning
    asked = stage is Stage.ASKED_BACK
    if meaning in BELONGING:
        return meaning not in TROUBLE or not alone.answered
    if asked and (read.understood.perhaps_solved or _answers(message, read.standing)):
        return True
    if meaning is not Meaning.DETAILS or not (asked or stage in WITH_PEOPLE):
        return False
    if not alone.asks:
        return True
    # A story comes a sentence a message: what was asked back a minute ago is answered by it.
    own = alone.answered or (alone.needs_people and not asked)
    return not own and is_just_asked(message, read.standing.ticket)


def _answers(message: Message, standing: Standing) -> bool:
    """Tell whether words say yes, no, or which, to what was asked."""
    return chooses(message.text, standing) or refuses(message.text)


def _plan_on(message: Message, read: _Read, desk: Desk) -> Change:
    """Handle it as if it stood in the ticket's thread, and say so where it stands."""
    ticket = read.standing.ticket
    # What is held is asked about again, and goes to nobody before its requester answers.
    follow = plan_in_thread(message, ticket, desk)

    def change(uow: UnitOfWork) -> None:
        follow(uow)
        if uow.conversation.ticket_of(message.thread, message.ts) == ticket.id:
            # What may be confidential is asked about below itself, and is on no other's record.
            tell_apart(uow, message, ticket)

    return change

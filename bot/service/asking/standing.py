"""Where a conversation stands: what was shown last, and what is waited for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desk.asking import (
    PERHAPS_SOLVED,
    PLEASED,
    Answer,
    Besides,
    Clarify,
    Courtesy,
    Meaning,
    Said,
    Stage,
    StepHelp,
    Understood,
    Walk,
    agrees,
    calls_off,
    chosen,
)
from bot.desk.tickets import EscalationState, Relayed, TicketState

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.ports.delivery import Posted
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Escalation, Ticket
    from bot.service.context import Desk

UNSURE = ("unsure", "something_else")

FOUND_MEANWHILE, NOT_RULED_OUT = 0.85, 0.02
"""Who was asked back answers, as a rule. What would surely end an answered matter ends this one,
too: of 64 messages of held-out authors to whom something was asked back none is taken for it.
Thanks count with it where they end nothing: of 383 others, each read with its author left out,
none more."""

WON, ENDS_ANYTHING = 0.6, 0.98
"""From this chance on words tell more of what was asked back, and do not end it; but
where they would end what was answered as surely as that: "it was in the spam folder. Solved, thank
you!" The clearest of a dozen that only told more had 0.97."""
MAY_BE_SOLVED = Understood({Meaning.SOLVED: 0.5, Meaning.DETAILS: 0.45})
"""How it stands is asked: nothing is settled by such words, and nobody is called."""

HINTED, READ_AS_ANSWERED = 0.2, 0.8
"""From these chances on it is asked whether people are needed still: where they are at work, and
read as under an answer. Of 1,152 measured messages 12 more are asked about, 9 of them solved. From
the first on also below a question back, where words tell more or call it off."""
TOLD_OTHERWISE = frozenset({Meaning.SOLVED, Meaning.STATUS, Meaning.PERSON})


@dataclass(frozen=True)
class Standing:
    """A ticket's conversation as it stands before the next word."""

    ticket: Ticket
    stage: Stage
    shown: str = ""
    article: str | None = None
    question: Posted | None = None
    """The message with open buttons that waits for the requester."""
    offered: tuple[str, ...] = ()
    """The articles that were offered to choose from so far."""
    asked_back: int = 0
    """How often it was asked already what is meant."""
    anything: bool = False
    """*Something else* was pressed last: whatever comes is what they want."""
    helped: bool = False
    """The passage about a step was shown already."""
    besides: Posted | None = None
    """The second request of a message, which was named and not taken up yet."""

    def said(self, text: str) -> Said:
        """Put a message into this context."""
        return Said(text, self.stage, self.ticket.question, self.shown)


def standing_of(uow: UnitOfWork, ticket: Ticket) -> Standing:
    """Tell where a ticket's conversation stands."""
    latest = uow.outbox.latest_of(ticket.id)
    asks = next((p for p in latest if isinstance(p.notice, Answer | Clarify | Walk)), None)
    spoke = next((p.notice for p in latest if isinstance(p.notice, Courtesy)), None)
    unsure = sum(
        (isinstance(p.notice, Courtesy) and p.notice.occasion in UNSURE)
        or isinstance(p.notice, Clarify)
        for p in latest
    )
    clarified = [p.notice for p in latest if isinstance(p.notice, Clarify)]
    stage, shown = _stage(ticket, uow.escalations.open_for(ticket.id), asks)
    relayed = next((p.notice.text for p in latest if isinstance(p.notice, Relayed)), "")
    newest = latest[0].notice if latest else None
    return Standing(
        ticket,
        stage,
        relayed or shown,
        _article(ticket, asks),
        asks if asks is not None and _is_open(asks) else None,
        tuple(option.article for notice in clarified for option in notice.options),
        unsure,
        anything=spoke is newest and spoke is not None and spoke.occasion == "something_else",
        helped=any(isinstance(p.notice, StepHelp) for p in latest),
        besides=next(
            (p for p in latest if isinstance(p.notice, Besides) and p.notice.outcome is None), None
        ),
    )


def understood_in(text: str, standing: Standing, desk: Desk) -> Understood:
    """Say what a message means in its thread."""
    said = standing.said(text)
    understood = desk.triager.understand(said)
    if said.stage is not Stage.ASKED_BACK or understood.chance(Meaning.SOLVED) < NOT_RULED_OUT:
        return understood
    if understood.chance(Meaning.DETAILS) >= WON and not calls_off(text):
        # "Only that, the rest works" answers; "ok, it's fast again" does not: which, they say.
        return understood if chooses(text, standing) else _told_more(said, understood, desk)
    if understood.meaning is Meaning.SOLVED:
        return understood
    found = desk.triager.understand(replace(said, stage=Stage.ANSWERED))
    if found.chance(Meaning.SOLVED) >= FOUND_MEANWHILE:
        return found
    enough = HINTED if calls_off(text) else PERHAPS_SOLVED
    likely = understood.chance(Meaning.SOLVED) >= enough
    if likely and found.meaning is Meaning.SOLVED:
        return found
    pleased = found.chance(*PLEASED)
    if pleased >= FOUND_MEANWHILE and not chooses(text, standing):
        # "Nickel, merci" answers nothing: how it stands is asked, and nobody is called.
        return Understood({Meaning.THANKS: pleased})
    return understood


def _told_more(said: Said, understood: Understood, desk: Desk) -> Understood:
    """Say what words mean that read as an answer: an end, where they could hardly be clearer."""
    found = desk.triager.understand(replace(said, stage=Stage.ANSWERED))
    if found.chance(Meaning.SOLVED) >= ENDS_ANYTHING:
        return found
    pleased = found.chance(*PLEASED) >= FOUND_MEANWHILE
    both = understood.chance(Meaning.SOLVED) >= HINTED and found.meaning is Meaning.SOLVED
    return MAY_BE_SOLVED if pleased or both else understood


def perhaps_solved(text: str, understood: Understood, standing: Standing, desk: Desk) -> bool:
    """Tell whether people who work on it may be told by these words that it is solved."""
    if understood.perhaps_solved:
        return True
    if understood.chance(Meaning.SOLVED) < HINTED or understood.meaning in TOLD_OTHERWISE:
        return False
    read = desk.triager.understand(replace(standing.said(text), stage=Stage.ANSWERED))
    return read.chance(Meaning.SOLVED) >= READ_AS_ANSWERED


def chooses(text: str, standing: Standing) -> bool:
    """Tell whether words say yes to what was asked, or which it is."""
    notice = standing.question.notice if standing.question else None
    options = notice.options if isinstance(notice, Clarify) else ()
    return agrees(text) or chosen(text, [option.title for option in options]) is not None


def _is_open(posted: Posted) -> bool:
    notice = posted.notice
    return isinstance(notice, Answer | Clarify | Walk) and notice.outcome is None


def _article(ticket: Ticket, asks: Posted | None) -> str | None:
    notice = asks.notice if asks else None
    if isinstance(notice, Answer):
        return notice.extract.article
    if isinstance(notice, Walk):
        return notice.article
    return ticket.articles_shown[-1] if ticket.articles_shown else None


def _stage(ticket: Ticket, escalation: Escalation | None, asks: Posted | None) -> tuple[Stage, str]:
    if ticket.state is TicketState.CLOSED:
        return Stage.CLOSED, "Closed."
    if ticket.state is TicketState.RESOLVED:
        return Stage.SETTLED, "Marked as solved."
    if escalation is not None:
        if ticket.waiting_since is not None:
            return Stage.WAITING, "An engineer asks something."
        if escalation.state is EscalationState.ACKNOWLEDGED:
            return Stage.TAKEN, "An engineer is working on it."
        return Stage.ESCALATED, "Engineers were called, nobody has taken it yet."
    match asks.notice if asks else None:
        case Walk(step=step, number=number) if step is not None:
            return Stage.WALKING, f"Step {number}: {step.text}"
        case Walk(title=title):
            return Stage.ANSWERED, title
        case Clarify(options=options):
            titles = "; or ".join(option.title for option in options)
            return Stage.ASKED_BACK, f"Asks which: {titles}" if titles else "What is it about?"
        case Answer(extract=extract):
            return Stage.ANSWERED, f"Article: {extract.title}"
    return Stage.ASKED_BACK, "What is it about?"


def recent_ones(message: Message, desk: Desk) -> list[Ticket]:
    """Give the tickets of a message's writer that are not old, wherever they stand, newest first.

    Those of its workspace.
    """
    with desk.look() as uow:
        since = desk.clock() - desk.patience.close_answered
        theirs = uow.tickets.of_requester(message.user, since)
    return [each for each in theirs if each.thread.team == message.team]

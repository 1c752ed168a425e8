"""What comes of a follow-up while the front line still has it: each meaning, its reaction."""

from __future__ import annotations

import re
from dataclasses import replace
from math import prod, sqrt
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.articles import StepOutcome, TriedStep
from bot.desk.asking import (
    TROUBLE,
    Answer,
    Clarify,
    Courtesy,
    Meaning,
    Option,
    Said,
    Stage,
    StepHelp,
    Thanked,
    Walk,
    agrees,
    begins_with_yes,
    calls_off,
    chosen,
    objection,
)
from bot.desk.deciding import Action
from bot.desk.tickets import ASKED_FOR_PERSON, Resolution, TicketState
from bot.desk.tiers import Tier
from bot.service.asking.answering import in_thread_of, show_answer
from bot.service.asking.opening import ignore, plan_again
from bot.service.incidents.joining import joined_or
from bot.service.incidents.leaving import goes_on
from bot.service.messages.wording import WORDLESS
from bot.service.readers.audience import readers_of
from bot.service.tickets.clocks import stop_clocks
from bot.service.tickets.escalating import Case, call, prepare_call, withdraw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desk.articles import ArticleExtract
    from bot.desk.deciding import Triage
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.pressed import Pressed
    from bot.desk.tickets import Ticket
    from bot.service.asking.standing import Standing
    from bot.service.context import Desk
    from bot.service.tickets.escalating import Why

    Reaction = Callable[[UnitOfWork, Ticket], None]

MOST_ASKED = 2
"""Asked so often what is meant, a person finds out: nobody goes round in circles."""

TELLING = re.compile(r"\w{3,}")
FEWEST_TELLING = 3

QUOTED = 200

PERHAPS_TROUBLE = 0.2
"""From this chance on what stands behind "but" is trouble: read as if the article stood there, and
as what was asked back about. "On my Mac" is trouble to the one alone, "I have none" to neither."""

CLOSED_AS: Mapping[Why, Pressed] = {"asked_for_person": "person", "needs_person": "superseded"}
"""What becomes of an open question where a person is called; else nothing offered was of help."""


def settle(uow: UnitOfWork, ticket: Ticket, text: str) -> None:
    """Settle what the requester says is solved or not needed; people who were called are told.

    Whoever calls it off confirms no article, and is asked for no rating.
    """
    if goes_on(uow, ticket):
        return
    off = calls_off(text)
    answered = bool(ticket.articles_shown) and ticket.state is not TicketState.ESCALATED
    how = Resolution.ARTICLE if answered and not off else Resolution.WITHDRAWN
    withdraw(uow, ticket, "withdrawn" if off else "solved")
    stop_clocks(uow, ticket)
    uow.tickets.save(ticket.resolved(how))
    said = Courtesy("withdrawn", ticket.id) if off else Thanked(ticket.id, ticket.requester)
    uow.outbox.put(said, in_thread_of(ticket), ticket.id)
    uow.audit.note(ticket.id, ticket.requester, "resolved", how)


def close_open(uow: UnitOfWork, standing: Standing, outcome: Pressed) -> None:
    """Take the buttons off the message that was answered in words."""
    posted = standing.question
    if posted is None or not isinstance(posted.notice, Answer | Clarify | Walk):
        return
    closed = replace(posted.notice, outcome=outcome)
    to = Destination(posted.destination.channel, edits=posted.id)
    uow.outbox.put(closed, to, standing.ticket.id)


def courtesy(occasion: str, standing: Standing) -> Reaction:
    """Say a word that leaves every way open."""
    said = Courtesy(occasion, standing.ticket.id, standing.article)  # type: ignore[arg-type]
    to = in_thread_of(standing.ticket)
    return lambda uow, ticket: ignore(uow.outbox.put(said, to, ticket.id))


def react(meaning: Meaning | None, text: str, standing: Standing, desk: Desk) -> Reaction:
    """Choose what comes of a follow-up; what has become known meanwhile joins that."""
    reaction = _reaction(meaning, text, standing, desk)
    if meaning in {Meaning.SOLVED, Meaning.STATUS, Meaning.THANKS, Meaning.TALK}:
        return reaction
    return joined_or(desk, standing.ticket, text, reaction)


def _reaction(meaning: Meaning | None, text: str, standing: Standing, desk: Desk) -> Reaction:
    match meaning:
        case Meaning.SOLVED:
            return lambda uow, ticket: _solved(uow, ticket, standing, text)
        case Meaning.PERSON:
            return _person(standing, desk, ASKED_FOR_PERSON, "asked_for_person")
        case Meaning.FAILED:
            return _failed(text, standing, desk)
        case Meaning.STEP:
            return _stuck(text, standing, desk)
        case Meaning.DETAILS:
            return _details(text, standing, desk)
        case Meaning.STATUS if standing.stage is Stage.ASKED_BACK:
            reason = "Asked back, and the requester waits for something to happen."
            return _person(standing, desk, reason, "needs_person")
        case Meaning.STATUS:
            return courtesy("here", standing)
        case Meaning.THANKS | Meaning.TALK:
            return courtesy("follow_up", standing)
        case _:
            return _unsure(text, standing, desk)


def _solved(uow: UnitOfWork, ticket: Ticket, standing: Standing, text: str) -> None:
    close_open(uow, standing, "withdrawn" if calls_off(text) else "solved")
    settle(uow, ticket, text)


def _person(standing: Standing, desk: Desk, reason: str, why: Why) -> Reaction:
    target = prepare_call(desk, standing.ticket, Tier.L2)

    def reaction(uow: UnitOfWork, ticket: Ticket) -> None:
        close_open(uow, standing, CLOSED_AS.get(why, "not_helpful"))
        call(uow, ticket, target, Case((reason,), why=why))

    return reaction


def _failed(text: str, standing: Standing, desk: Desk) -> Reaction:
    """The runner-up if it is likely, else a person, with what was tried and at which step."""
    ticket = standing.ticket
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    tried = tuple(dict.fromkeys((*ticket.articles_shown, *standing.offered)))
    extract: ArticleExtract | None = None
    if not ticket.articles_failed:
        together = f"{ticket.question}\n{text}" if _tells_more(text) else ticket.question
        found = desk.triager.next_article(together, readers=readers, exclude=tried)
        if found is not None:
            extract = desk.triager.extract(found.article, found, readers=readers, asked=together)
    target = prepare_call(desk, ticket, Tier.L2) if extract is None else None

    def reaction(uow: UnitOfWork, current: Ticket) -> None:
        _note_step(uow, standing, StepOutcome.FAILED)
        close_open(uow, standing, "not_helpful")
        if standing.article and standing.stage is not Stage.ASKED_BACK:
            current = current.article_failed(standing.article)
            uow.tickets.save(current)
        if extract is not None:
            show_answer(uow, current, extract, desk)
        elif target is not None:
            current = _in_full(uow, current, text)
            reason = f"What was shown did not settle it: “{_beginning(text)}”."
            # Where nothing was shown, nothing of it can have failed.
            why: Why = "not_solved" if current.articles_shown else "needs_person"
            call(uow, current, target, Case((reason,), why=why))

    return reaction


def _in_full(uow: UnitOfWork, ticket: Ticket, text: str) -> Ticket:
    """Give the ticket with what tells more, where a bare name was all: those called read it first.

    "Outlook" says nothing at night; "it stops as soon as I start it" does.
    """
    if _tells_more(ticket.question) or not _tells_more(text):
        return ticket
    told = ticket.reworded(f"{ticket.question}\n{text}")
    uow.tickets.save(told)
    return told


def _beginning(text: str) -> str:
    """A few words of a message, which the handoff has whole."""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _stuck(text: str, standing: Standing, desk: Desk) -> Reaction:
    """That step's passage, where the article has one; else a person."""
    article = standing.article
    if article is None or standing.helped:
        return _failed(text, standing, desk)
    ticket = standing.ticket
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    found = desk.triager.passage(article, f"{standing.shown}\n{text}", readers=readers)
    if found is None:
        return _failed_at_step(text, standing, desk)
    extract, number = found, _number(standing)
    help_ = StepHelp(
        ticket.id,
        article,
        extract.title,
        extract.heading,
        extract.passage,
        number,
        extract.heading_url or extract.url,
    )

    def reaction(uow: UnitOfWork, current: Ticket) -> None:
        _note_step(uow, standing, StepOutcome.FAILED)
        uow.outbox.put(help_, in_thread_of(current), current.id)
        uow.audit.note(current.id, None, "helped at a step", article)

    return reaction


def _failed_at_step(text: str, standing: Standing, desk: Desk) -> Reaction:
    number = _number(standing)
    at = f" at step {number}" if number else ""
    ticket = standing.ticket
    target = prepare_call(desk, ticket, Tier.L2)

    def reaction(uow: UnitOfWork, current: Ticket) -> None:
        _note_step(uow, standing, StepOutcome.FAILED)
        close_open(uow, standing, "not_helpful")
        if standing.article:
            current = current.article_failed(standing.article)
            uow.tickets.save(current)
        current = _in_full(uow, current, text)
        reason = f"Stuck{at} of {standing.article}: “{_beginning(text)}”."
        call(uow, current, target, Case((reason,), why="not_solved"))

    return reaction


def _details(text: str, standing: Standing, desk: Desk) -> Reaction:
    """Take what is told into account: a choice, the next step, or a better decision."""
    notice = standing.question.notice if standing.question else None
    if isinstance(notice, Walk) and standing.stage is Stage.WALKING:
        return lambda uow, ticket: _next_step(uow, ticket, standing)
    if isinstance(notice, Clarify):
        picked = chosen(text, [option.title for option in notice.options])
        if picked is not None:
            return _show(notice.options[picked].article, standing, desk)
    ticket = standing.ticket
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    together = f"{ticket.question}\n{text}"
    triage = desk.triager.triage(together, readers=readers)
    news = triage.action is Action.ESCALATE or (
        triage.action is Action.ANSWER and triage.article not in ticket.articles_shown
    )
    if standing.stage is Stage.ASKED_BACK and triage.action is not Action.COURTESY:
        return _retriaged(text, standing, desk, alone=False)
    if news:
        act = plan_again(triage, desk, ticket, together)
        return lambda uow, current: _superseding(uow, current, standing, act)
    return courtesy("noted", standing)


def _retriaged(text: str, standing: Standing, desk: Desk, *, alone: bool) -> Reaction:
    """Decide anew; where that would only ask again, a person finds out."""
    ticket = standing.ticket
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    words = text if alone else f"{ticket.question}\n{text}"
    triage = desk.triager.triage(words, readers=readers, exclude=ticket.articles_failed)
    if _asks_again(triage, standing):
        option = _only_option(standing)
        if option is not None and begins_with_yes(text):
            return _show(option, standing, desk, text)
        reason = "Asked back already, and it is still not clear what is meant."
        return _person(standing, desk, reason, "needs_person")
    act = plan_again(triage, desk, ticket, words)
    return lambda uow, current: _superseding(uow, current.reworded(words), standing, act)


def _asks_again(triage: Triage, standing: Standing) -> bool:
    """Tell whether a decision would only ask what was asked: with nothing new to choose from."""
    if triage.action is not Action.CLARIFY:
        return triage.action is Action.COURTESY
    asked = standing.asked_back > 0
    choices = {choice.article for choice in triage.choices}
    # What was offered and not taken is no choice any more.
    nothing_new = not choices or choices & set(standing.offered)
    return standing.asked_back >= MOST_ASKED or bool(asked and nothing_new)


def _only_option(standing: Standing) -> str | None:
    """Give the article of a question that has one option, and stands open."""
    notice = standing.question.notice if standing.question else None
    if not isinstance(notice, Clarify) or len(notice.options) != 1:
        return None
    return notice.options[0].article


def agreed(text: str, standing: Standing, desk: Desk) -> Reaction | None:
    """Show what was asked about, where somebody says yes to it; None elsewhere.

    What stands behind "but" is heard: where it is trouble a person gets it, else it tells more.
    """
    notice = standing.question.notice if standing.question else None
    options = notice.options if isinstance(notice, Clarify) else ()
    objected = objection(text, [option.title for option in options])
    if objected is not None:
        place, words = objected
        return _objected(options[place], words, standing, desk)
    option = _only_option(standing)
    return _show(option, standing, desk) if option is not None and agrees(text) else None


def _objected(option: Option, words: str, standing: Standing, desk: Desk) -> Reaction:
    ticket = standing.ticket
    shown = Said(words, Stage.ANSWERED, ticket.question, f"Article: {option.title}")
    readings = desk.triager.understand(shown), desk.triager.understand(standing.said(words))
    if any(reading.meaning is Meaning.PERSON for reading in readings):
        return _person(standing, desk, ASKED_FOR_PERSON, "asked_for_person")
    if sqrt(prod(reading.chance(*TROUBLE) for reading in readings)) < PERHAPS_TROUBLE:
        return _show(option.article, standing, desk, words)
    target = prepare_call(desk, ticket, Tier.L2)
    reason = f"“{option.title}” is what they mean, but: “{_beginning(words)}”."

    def reaction(uow: UnitOfWork, current: Ticket) -> None:
        close_open(uow, standing, "chosen")
        call(uow, current, target, Case((reason,), why="needs_person"))

    return reaction


def _superseding(uow: UnitOfWork, ticket: Ticket, standing: Standing, act: Reaction) -> None:
    close_open(uow, standing, "superseded")
    uow.tickets.save(ticket)
    act(uow, ticket)


def _unsure(text: str, standing: Standing, desk: Desk) -> Reaction:
    """Nobody could tell: ask with buttons, the second time call a person."""
    if standing.anything:
        return _retriaged(text, standing, desk, alone=True)
    if standing.stage is Stage.ASKED_BACK and not WORDLESS.fullmatch(text):
        return _retriaged(text, standing, desk, alone=False)
    if standing.asked_back >= MOST_ASKED:
        said = "" if WORDLESS.fullmatch(text) else f": “{_beginning(text)}”"
        reason = f"Asked back already, and it is not clear what is meant{said}."
        return _person(standing, desk, reason, "needs_person")
    return _answered_by_both(text, standing, desk) or courtesy("unsure", standing)


def _answered_by_both(text: str, standing: Standing, desk: Desk) -> Reaction | None:
    """Answer what question and words say together, where that is another article."""
    ticket = standing.ticket
    if standing.stage is not Stage.ANSWERED:
        return None
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    together = f"{ticket.question}\n{text}"
    triage = desk.triager.triage(together, readers=readers)
    if triage.action is not Action.ANSWER or triage.article in ticket.articles_shown:
        return None
    act = plan_again(triage, desk, ticket, together)
    return lambda uow, current: _superseding(uow, current, standing, act)


def _show(article: str, standing: Standing, desk: Desk, text: str = "") -> Reaction:
    """Show what was chosen, for what was asked; `text` tells more of that."""
    ticket = standing.ticket
    asked = f"{ticket.question}\n{text}".strip()
    readers = readers_of(desk, ticket.thread.channel, ticket.requester)
    extract = desk.triager.extract(article, readers=readers, asked=asked)
    if extract is None:
        return _person(standing, desk, f"The article {article} is gone.", "knowledge_gap")

    def reaction(uow: UnitOfWork, current: Ticket) -> None:
        close_open(uow, standing, "chosen")
        show_answer(uow, current, extract, desk)

    return reaction


def _next_step(uow: UnitOfWork, ticket: Ticket, standing: Standing) -> None:
    posted = standing.question
    if posted is None or not isinstance(posted.notice, Walk):
        return
    further = posted.notice.tell(StepOutcome.DONE)
    if further.tried:
        uow.steps.add(ticket.id, further.tried[-1])
    close_open(uow, standing, "superseded")
    uow.outbox.put(further, in_thread_of(ticket), ticket.id)


def _note_step(uow: UnitOfWork, standing: Standing, outcome: StepOutcome) -> None:
    notice = standing.question.notice if standing.question else None
    if isinstance(notice, Walk) and notice.step is not None:
        tried = TriedStep(notice.article, notice.number, notice.step.text, outcome)
        uow.steps.add(standing.ticket.id, tried)


def _number(standing: Standing) -> int | None:
    notice = standing.question.notice if standing.question else None
    return notice.number if isinstance(notice, Walk) else None


def _tells_more(text: str) -> bool:
    return len(TELLING.findall(text)) >= FEWEST_TELLING

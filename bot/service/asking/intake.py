"""Messages: is it ours, is it new, and what is done with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy, Deleted, Edited, Message, Place
from bot.desk.deciding import Action, Triage
from bot.desk.tickets import Resolution, Seen, ThreadNote, TicketState, with_files
from bot.desk.tiers import Tier
from bot.service.asking.answering import ask_back, in_thread_of, show_answer
from bot.service.asking.audience import readers_of
from bot.service.asking.recording import record
from bot.service.asking.routing import act_on, plan_apart, plan_turn, route_for, say_beside
from bot.service.context import ChannelMode
from bot.service.incidents.precedents import Joining, find_incident, with_history
from bot.service.tickets.escalating import Case, call, prepare_call, withdraw
from bot.service.tickets.resolving import prepare_reopening, reopen
from bot.service.tickets.telling import refresh_card, tell_engineers
from bot.service.tickets.waiting import end_waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.articles import ArticleExtract
    from bot.desk.deciding import Candidate
    from bot.desk.ids import TicketId, UserId
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import Why

# An emoji's name holds a letter or digit: so each character is read in one way only.
WORDLESS = re.compile(r"(?::[+'-]*[^\W_][\w+'-]*:|\W|_)*")

# A cry for help, or "it does not work", and not a word about what: only the person can say more.
VAGUE = re.compile(
    r"\A(?=.*\b(?:help|support|assistance|problem|issue|work(?:s|ing)?)\b)"
    r"(?:(?:please|pls|plz|hi|hello|hey|i|we|need|needs|can|could|someone|somebody|anyone|you|me|us"
    r"|some|help|support|assistance|have|got|a|an|the|problem|issue|urgent|it|this|nothing|still"
    r"|is|isn['\u2019]?t|not|does|doesn['\u2019]?t|won['\u2019]?t|work(?:s|ing)?)\b\W*){1,8}",
    re.IGNORECASE,
)


def nothing(_: UnitOfWork) -> None:
    """Change nothing: the message is none of Frontline's business."""


def plan_message(message: Message, desk: Desk) -> Change:
    """Handle a message: a new question, a follow-up, or talk among engineers."""
    with desk.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(message.thread)
        theirs = None if ticket else uow.escalations.in_thread(message.thread)
    if theirs is not None:
        return _courtesy(message, Courtesy("engineers_thread", theirs.ticket), message.addressed)
    if ticket is None:
        return _plan_question(message, desk)
    if message.user != ticket.requester:
        return _plan_remark(message, ticket)
    return plan_turn(message, ticket, desk) or _plan_follow_up(message, ticket, desk)


def is_ours(message: Message, desk: Desk) -> bool:
    """Tell whether a message that belongs to no ticket is Frontline's business."""
    if message.addressed:
        return True
    expected = _mode_for(message, desk) is not ChannelMode.MENTION and message.is_top_level
    return expected and not message.for_somebody_else


def _mode_for(message: Message, desk: Desk) -> ChannelMode:
    return desk.mode_of(message.channel) if message.place is Place.CHANNEL else ChannelMode.ALL


def _plan_question(message: Message, desk: Desk) -> Change:
    if not is_ours(message, desk):
        return nothing
    if WORDLESS.fullmatch(message.text):
        return _courtesy(message, Courtesy("empty"), message.addressed)
    if VAGUE.fullmatch(message.text.strip()) and not message.files:
        return _courtesy(message, Courtesy("vague"), wanted=True)
    readers = readers_of(desk, message.channel, message.user)
    triage = desk.triager.triage(message.text, readers=readers)
    if is_small_talk(triage, desk):
        wanted = message.addressed or _mode_for(message, desk) is ChannelMode.ALL
        return _courtesy(message, Courtesy("nothing_asked"), wanted)
    return plan_opening(message, triage, desk)


def is_small_talk(triage: Triage, desk: Desk) -> bool:
    """Tell whether nothing is asked, nor anything told that has a route of its own."""
    suspicion = triage.suspicion
    matter = desk.routes.of(suspicion.matter) if suspicion else None
    return triage.action is Action.COURTESY and matter is None


def plan_opening(
    message: Message, triage: Triage, desk: Desk, author: UserId | None = None
) -> Change:
    """Open a ticket and act on it; `author` where the words are not the requester's own."""
    routed = route_for(message.text, triage.suspicion, desk)
    apart = plan_apart(message, triage, routed, desk, author) if routed else None
    if apart is not None:
        return apart
    triage = with_history(message, triage, desk)
    outlook = find_incident(message, desk)
    joining = Joining(outlook.incident, desk) if outlook.incident else None
    act = (
        plan_action(triage, desk, message)
        if routed is None
        else act_on(message, routed, desk, lambda: plan_action(triage, desk, message))
    )

    def change(uow: UnitOfWork) -> None:
        outlook.check(uow)
        ticket = uow.tickets.open(message.thread, message.user, message.text, message.ts)
        record(uow, ticket, message, author)
        uow.audit.note(ticket.id, message.user, "opened", triage.action)
        if joining is not None and joining.applies and joining.join(uow, ticket):
            if routed is not None:
                say_beside(uow, ticket, routed)
            return
        act(uow, ticket)

    return change


def plan_action(
    triage: Triage, desk: Desk, about: Ticket | Message
) -> Callable[[UnitOfWork, Ticket], None]:
    """Prepare what a triage asks for; the lookups are done here, the writing later."""
    whose = about.user if isinstance(about, Message) else about.requester
    readers = readers_of(desk, about.thread.channel, whose)

    def extract(article: str) -> ArticleExtract | None:
        return desk.triager.extract(article, _match(triage, article), readers=readers)

    if triage.action is Action.ANSWER and triage.article:
        shown = extract(triage.article)
        if shown is not None:
            return lambda uow, ticket: _ignore(show_answer(uow, ticket, shown, desk))
    if triage.action is Action.CLARIFY:
        return lambda uow, ticket: ask_back(uow, ticket, triage.choices, desk)
    tier = triage.tier if triage.tier is not Tier.L1 else Tier.L2
    target = prepare_call(desk, about, tier, desk.triager.area_of(triage))
    meanwhile = extract(triage.meanwhile) if triage.meanwhile else None

    def escalate(uow: UnitOfWork, ticket: Ticket) -> None:
        why: Why = "knowledge_gap" if triage.gap else "needs_person"
        call(uow, ticket, target, Case(triage.reasons, why=why, meanwhile=meanwhile))

    return escalate


def _match(triage: Triage, article: str) -> Candidate | None:
    return next((each for each in triage.candidates if each.article == article), None)


def _ignore(_: object) -> None:
    return None


def _plan_remark(message: Message, ticket: Ticket) -> Change:
    """Handle somebody else's words in a requester's thread: recorded, passed on, not answered."""

    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)
        _pass_to_engineers(uow, message, ticket)
        if message.mentioned:
            uow.outbox.put(Courtesy("others_ticket", ticket.id), in_thread_of(ticket), ticket.id)

    return change


def _plan_follow_up(message: Message, ticket: Ticket, desk: Desk) -> Change:
    if WORDLESS.fullmatch(message.text) and not message.files:
        return _on_record(message, ticket, Courtesy("empty", ticket.id), desk)
    if ticket.state is TicketState.ESCALATED:
        return _on_record(message, ticket, None, desk)
    if ticket.duplicate_of is not None and not ticket.told_of_end:
        return _plan_word_of_follower(message, ticket, ticket.duplicate_of, desk)
    asked_before = ticket.state is TicketState.ANSWERED
    readers = readers_of(desk, message.channel, message.user)
    alone = desk.triager.triage(message.text, readers=readers, exclude=ticket.articles_shown)
    if alone.action is Action.COURTESY:
        occasion = Courtesy("settled" if ticket.is_settled else "follow_up", ticket.id)
        return _on_record(message, ticket, occasion, desk)
    if ticket.is_settled:
        return _plan_back_again(message, ticket, desk)
    triage = alone
    if alone.action is not Action.ESCALATE or alone.gap:
        together = f"{ticket.question}\n{message.text}"
        exclude = ticket.articles_shown if asked_before else ()
        triage = desk.triager.triage(together, readers=readers, exclude=exclude)
    act = plan_action(triage, desk, ticket)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, ticket, message)
        if current.state is TicketState.ESCALATED:
            end_waiting(uow, desk, current.id)
            _pass_to_engineers(uow, message, current)
            return
        for article in current.articles_shown:
            current = current.article_failed(article)
        uow.tickets.save(current)
        act(uow, current)

    return change


def _plan_back_again(message: Message, ticket: Ticket, desk: Desk) -> Change:
    target, last = prepare_reopening(desk, ticket.id)

    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)
        reopen(uow, uow.tickets.get(ticket.id) or ticket, target, last, message.text)

    return change


def _plan_word_of_follower(
    message: Message, ticket: Ticket, original: TicketId, desk: Desk
) -> Change:
    """Pass what a duplicate's requester writes to those who work on the original."""
    again = _plan_back_again(message, ticket, desk)

    def change(uow: UnitOfWork) -> None:
        escalation = uow.escalations.open_for(original)
        if escalation is None:
            again(uow)
            return
        record(uow, ticket, message)
        text = with_files(message.text, message.files)
        tell_engineers(
            uow, escalation, ThreadNote(original, "wrote", message.user, text, other=ticket.id)
        )
        mark = Destination(message.channel, thread_ts=message.ts)
        uow.outbox.put(Seen(ticket.id), mark, ticket.id)

    return change


def _on_record(message: Message, ticket: Ticket, courtesy: Courtesy | None, desk: Desk) -> Change:
    def change(uow: UnitOfWork) -> None:
        record(uow, ticket, message)
        if courtesy is not None:
            uow.outbox.put(courtesy, in_thread_of(ticket), ticket.id)
        end_waiting(uow, desk, ticket.id)
        _pass_to_engineers(uow, message, ticket)

    return change


def _pass_to_engineers(uow: UnitOfWork, message: Message, ticket: Ticket) -> None:
    escalation = uow.escalations.open_for(ticket.id)
    if escalation is None:
        return
    note = ThreadNote(ticket.id, "wrote", message.user, with_files(message.text, message.files))
    tell_engineers(uow, escalation, note)
    mark = Destination(message.channel, thread_ts=message.ts)
    uow.outbox.put(Seen(ticket.id), mark, ticket.id)


def _courtesy(message: Message, courtesy: Courtesy, wanted: bool) -> Change:  # noqa: FBT001 - read at the call as "wanted"
    if not wanted:
        return nothing
    to = Destination(message.channel, thread_ts=message.thread.ts)
    return lambda uow: _ignore(uow.outbox.put(courtesy, to, courtesy.ticket))


def plan_edited(edited: Edited) -> Change:
    """Follow an edit: the record changes, and engineers at work are told."""

    def change(uow: UnitOfWork) -> None:
        ticket = uow.tickets.in_thread(edited.thread)
        if ticket is None or not uow.conversation.edit(edited.thread, edited.ts, edited.text):
            return
        first = edited.ts == ticket.asked_ts
        if first:
            uow.tickets.save(ticket.reworded(edited.text))
        escalation = uow.escalations.open_for(ticket.id)
        if escalation is not None:
            if first:
                refresh_card(uow, escalation)
            note = ThreadNote(ticket.id, "edited", edited.user, edited.text)
            tell_engineers(uow, escalation, note)

    return change


def plan_deleted(deleted: Deleted) -> Change:
    """Follow a deletion: a question taken back before a person has it is withdrawn."""

    def change(uow: UnitOfWork) -> None:
        ticket = uow.tickets.in_thread(deleted.thread)
        if ticket is None or not uow.conversation.delete(deleted.thread, deleted.ts):
            return
        ticket = uow.tickets.get(ticket.id) or ticket  # without the words that were deleted
        escalation = uow.escalations.open_for(ticket.id)
        first = deleted.ts == ticket.asked_ts
        if escalation is not None and not (first and escalation.assignee is None):
            if first:
                refresh_card(uow, escalation)
            tell_engineers(uow, escalation, ThreadNote(ticket.id, "deleted", ticket.requester))
        elif first and not ticket.is_settled:
            withdraw(uow, ticket, "withdrawn")
            uow.tickets.save(ticket.resolved(Resolution.WITHDRAWN))
            uow.audit.note(ticket.id, ticket.requester, "resolved", Resolution.WITHDRAWN)

    return change

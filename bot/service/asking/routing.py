"""What does not go the usual way: danger, security incidents, and what is not for everyone.

A matter that is certain is acted on at once: its first words to the requester, its own group. One
that is restricted lives in the requester's direct messages, whatever place it was written in.
One that is only suspected is asked about, privately. What may be confidential is held until that
is answered: articles are shown to its requester, and nobody is called for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import structlog

from bot.desk.addresses import Destination, Spot
from bot.desk.asking import Edited, FirstWords, Meaning, Message, Place, RouteQuestion
from bot.desk.deciding import Action, is_of_things
from bot.desk.errors import ConfigurationError
from bot.desk.tickets import NOBODY
from bot.desk.tiers import Tier
from bot.desk.views import Asked, DeskWord
from bot.service.asking.answering import in_thread_of
from bot.service.asking.standing import standing_of, understood_in
from bot.service.messages.recording import record
from bot.service.messages.speaking import language_for
from bot.service.messages.withheld import aside, first_words_of, question_of
from bot.service.tickets.clocks import close_if_silent
from bot.service.tickets.escalating import Case, call, prepare_group, withdraw
from bot.service.tickets.presses import privately

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.deciding import Matter, Route, Suspicion, Triage
    from bot.desk.ids import UserId
    from bot.desk.oncall import ResolverGroup
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk
    from bot.service.tickets.escalating import PreparedCall

log = structlog.get_logger(__name__)

CALMS = frozenset({Meaning.SOLVED, Meaning.THANKS, Meaning.TALK})
"""Who says so adds nothing to what was suspected."""

TOLD_MORE = 0.05
"""By so much likelier a matter is made by words that tell more of it; any others change less."""


@dataclass(frozen=True)
class Routed:
    """A message and the route that it takes, or may have to take; None as group: nobody is."""

    route: Route
    suspicion: Suspicion
    group: ResolverGroup | None
    language: str
    of_things: bool = False
    """Whether a danger is surely one of things, and of nobody's life."""

    @property
    def reason(self) -> str:
        """Say why, for the card."""
        chance, limit = f"{self.suspicion.chance:.0%}", f"{self.suspicion.limits.sure_at:.0%}"
        if not self.suspicion.sure:
            return f"Route {self.route.matter}: the requester says so (it seemed so by {chance})."
        return f"It reads like {self.route.matter}: by {chance}, where {limit} is enough."

    def is_held(self, triage: Triage) -> bool:
        """Whether it waits for its requester's word: else it would be read, or be passed over."""
        unheard = triage.action is Action.COURTESY
        read = self.route.restricted and triage.action is Action.ESCALATE
        return not self.suspicion.sure and (unheard or read)

    def words(self, *, called: bool) -> str:
        """Give the first words, and who is called, or whom to turn to."""
        return first_words_of(self.route, self.language, called=called, of_things=self.of_things)

    @property
    def may_be_confidential(self) -> bool:
        """Whether nobody may see it before its requester has said what it is."""
        return self.route.restricted and not self.suspicion.sure


def route_for(
    text: str, suspicion: Suspicion | None, desk: Desk, about: Message | Ticket | Edited
) -> Routed | None:
    """Find the route that a text takes, or may have to take; None where it goes the usual way.

    Whoever wrote what it is `about` is spoken to in their language.
    """
    route = desk.routes.of(suspicion.matter) if suspicion else None
    if suspicion is None or route is None:
        return None
    group, of_things = _group_of(route, desk), is_of_things(text)
    whose = about.user if isinstance(about, Message | Edited) else about.requester
    language = language_for(text, whose, about.thread, desk)
    return Routed(route, suspicion, group, language, of_things)


def _group_of(route: Route, desk: Desk) -> ResolverGroup | None:
    """Give the route's group; for what everybody may see, else the engineers behind all others."""
    try:
        if route.group is None:
            return None if route.restricted else desk.groups.responsible_for(Tier.L3, "security")
        group = desk.groups.named(route.group)
    except ConfigurationError:
        return None
    if route.restricted and not desk.directory.is_private(group.channel):
        # Closed rather than open; `frontline doctor` refuses such a channel.
        log.error("route_channel_is_public", route=route.matter.value, channel=group.channel)
        return None
    return group


# --- a message that opens a request


def plan_apart(
    message: Message, triage: Triage, routed: Routed, desk: Desk, author: UserId | None
) -> Change | None:
    """Handle what must not go the usual way; None where it may, with what is said beside it."""
    if routed.is_held(triage):
        return plan_held(message, routed, desk, author)
    if not routed.suspicion.sure:
        return None
    if routed.group is None:
        return plan_told(message.channel, message, routed)
    if routed.route.restricted:
        return plan_restricted(message, routed, desk, author)
    return None


def plan_told(channel: str, message: Message, routed: Routed) -> Change:
    """Nobody is there to take it: tell its requester whom to turn to, and write nothing down."""
    direct = message.place is Place.DIRECT
    to = Destination(channel, thread_ts=message.thread.ts) if direct else Destination(message.user)
    text, matter = routed.words(called=False), routed.route.matter
    words = FirstWords(None, message.user, matter, text, alone=True)

    def change(uow: UnitOfWork) -> None:
        uow.outbox.put(words, to)

    return change


def plan_restricted(
    message: Message, routed: Routed, desk: Desk, author: UserId | None = None
) -> Change:
    """Open a ticket that only its group sees, in the requester's direct messages."""
    inside = _aside(message, desk, author)
    target = prepare_routed(desk, inside, routed)

    def change(uow: UnitOfWork) -> None:
        ticket = _opened(uow, inside, routed, author)
        send_on_route(uow, ticket, routed, target)
        _say_where(uow, message, inside)

    return change


def plan_held(message: Message, routed: Routed, desk: Desk, author: UserId | None = None) -> Change:
    """Ask first: until its requester answers, nobody sees it."""
    inside = _aside(message, desk, author)

    def change(uow: UnitOfWork) -> None:
        ticket = _opened(uow, inside, routed, author)
        ticket = hold(uow, ticket, routed)
        uow.outbox.put(question_about(ticket, routed), in_thread_of(ticket), ticket.id)
        close_if_silent(uow, ticket, desk.clock() + desk.patience.close_answered)
        _say_where(uow, message, inside)

    return change


def _opened(uow: UnitOfWork, message: Message, routed: Routed, author: UserId | None) -> Ticket:
    ticket = uow.tickets.open(message.thread, message.user, message.text, message.ts)
    record(uow, ticket, message, author)
    uow.audit.note(ticket.id, message.user, "opened", f"route {routed.route.matter}")
    return ticket


def _aside(message: Message, desk: Desk, author: UserId | None = None) -> Message:
    """Move a message into its requester's direct messages; done again, it is the same thread."""
    if message.place is Place.DIRECT:
        return message
    asked = Asked(message.user, message.text, author, message.channel)
    key = f"route:{message.channel}:{message.ts}"
    thread = desk.reception.begin(message.team, message.user, asked, key)
    return replace(
        message, channel=thread.channel, ts=thread.ts, thread_ts=None, place=Place.DIRECT
    )


def _say_where(uow: UnitOfWork, message: Message, inside: Message) -> None:
    if inside is message:
        return
    at = Spot(message.team, message.channel, message.ts, message.user, message.thread_ts)
    uow.outbox.put(DeskWord("asked_directly"), privately(at))


def act_on(
    message: Message,
    routed: Routed,
    desk: Desk,
    usual: Callable[[], Callable[[UnitOfWork, Ticket], None]],
) -> Callable[[UnitOfWork, Ticket], None]:
    """Give what happens to a ticket that everybody may see: its route, or a question beside."""
    if routed.suspicion.sure:
        target = prepare_routed(desk, message, routed)
        return lambda uow, ticket: send_on_route(uow, ticket, routed, target)
    act = usual()

    def change(uow: UnitOfWork, ticket: Ticket) -> None:
        act(uow, hold(uow, ticket, routed) if routed.may_be_confidential else ticket)
        ask_beside(uow, ticket, routed)

    return change


def hold(uow: UnitOfWork, ticket: Ticket, routed: Routed) -> Ticket:
    """Keep a ticket to its requester, until they have said what it is."""
    held = ticket.routed(routed.route.matter, NOBODY)
    uow.tickets.save(held)
    return held


# --- what is said and done on a route


def prepare_routed(desk: Desk, about: Ticket | Message, routed: Routed) -> PreparedCall:
    """Look up who is on call for the route's group."""
    if routed.group is None:
        raise ConfigurationError(f"Nobody is configured for the route {routed.route.matter}.")
    return prepare_group(desk, about, routed.group, routed.route)


def send_on_route(uow: UnitOfWork, ticket: Ticket, routed: Routed, target: PreparedCall) -> None:
    """Say the first words, and call the route's group."""
    kept = target.group.name if routed.route.restricted else None
    ticket = ticket.routed(routed.route.matter, kept)
    uow.tickets.save(ticket)
    uow.outbox.put(first_words(ticket, routed), in_thread_of(ticket), ticket.id)
    uow.audit.note(ticket.id, None, "routed", routed.route.matter)
    call(uow, ticket, target, Case((routed.reason,)))


def first_words(ticket: Ticket, routed: Routed) -> FirstWords:
    """Give the first words, with the button that takes it back."""
    no = routed.route.say(routed.route.no, routed.language)
    text = routed.words(called=True)
    return FirstWords(ticket.id, ticket.requester, routed.route.matter, text, no)


def question_about(ticket: Ticket, routed: Routed, *, wanted: bool = False) -> RouteQuestion:
    """Ask whether it is about the matter."""
    return question_of(ticket, routed.route, routed.language, wanted=wanted)


def say_beside(uow: UnitOfWork, ticket: Ticket, routed: Routed) -> None:
    """Say to somebody whose request joined another's what they are to do first, or ask them."""
    if not routed.suspicion.sure:
        ask_beside(uow, ticket, routed)
        return
    matter = routed.route.matter
    current = uow.tickets.get(ticket.id) or ticket
    uow.tickets.save(current.routed(matter))
    words = FirstWords(ticket.id, ticket.requester, matter, routed.words(called=True))
    uow.outbox.put(words, in_thread_of(ticket), ticket.id)
    uow.audit.note(ticket.id, None, "routed", matter)


def ask_beside(uow: UnitOfWork, ticket: Ticket, routed: Routed) -> None:
    """Ask about a suspicion, privately, while the request goes the usual way."""
    uow.outbox.put(question_about(ticket, routed), aside(ticket), ticket.id)
    uow.audit.note(ticket.id, None, "asked about a route", routed.route.matter)


# --- a message on a request that exists


def plan_turn(message: Message, ticket: Ticket, desk: Desk) -> Change | None:
    """Handle a follow-up that turns out to be such a matter; None where it is a usual one."""
    if ticket.matter is not None:
        return None
    routed = route_for(message.text, desk.triager.suspicion(message.text), desk, message)
    if routed is None or not routed.suspicion.sure or not tells_of(message, ticket, routed, desk):
        routed = _told_in_pieces(message, ticket, desk)
    if routed is None:
        return None
    if routed.group is None:
        return plan_told(message.channel, message, routed)
    if routed.route.restricted:
        return _plan_beside(message, routed, desk)
    target = prepare_routed(desk, ticket, routed)

    def change(uow: UnitOfWork) -> None:
        current = uow.tickets.get(ticket.id) or ticket
        record(uow, ticket, message)
        send_on_route(uow, taken_back(uow, current), routed, target)

    return change


def tells_of(message: Message, ticket: Ticket, routed: Routed, desk: Desk) -> bool:
    """Tell whether a matter is there with what was asked, too, and not in a few words alone.

    "I am afraid that is not what I asked" was confidential by itself.
    """
    together = desk.triager.suspicion(f"{ticket.question}\n{message.text}")
    return together is not None and together.matter is routed.route.matter


def _told_in_pieces(message: Message, ticket: Ticket, desk: Desk) -> Routed | None:
    """Read what comes together with what was asked about and not answered; None where it is less.

    "Somebody rang from Microsoft" is asked about, "and I gave him the key" says the rest.
    """
    with desk.look() as uow:
        matter, standing = asked_about(uow, ticket), standing_of(uow, ticket)
    if matter is None or understood_in(message.text, standing, desk).meaning in CALMS:
        return None
    together = desk.triager.suspicion(f"{ticket.question}\n{message.text}")
    if together is None or not together.sure or together.matter is not matter:
        return None
    before = desk.triager.suspicion(ticket.question)
    if before is not None and together.chance < before.chance + TOLD_MORE:
        return None
    return route_for(message.text, together, desk, message)


def asked_about(uow: UnitOfWork, ticket: Ticket) -> Matter | None:
    """Give the matter that a ticket's requester was asked about, and did not answer."""
    latest = (posted.notice for posted in uow.outbox.latest_of(ticket.id))
    asked = (e for e in latest if isinstance(e, RouteQuestion) and e.outcome is None)
    return next((each.matter for each in asked), None)


def _plan_beside(message: Message, routed: Routed, desk: Desk) -> Change:
    """Open a restricted ticket for words in another one's thread, where they are not recorded."""
    elsewhere = replace(message, place=Place.CHANNEL)
    return plan_restricted(elsewhere, routed, desk)


def taken_back(uow: UnitOfWork, ticket: Ticket) -> Ticket:
    """Take a ticket back from whoever has it, so that it can go elsewhere; weighed anew."""
    current = uow.tickets.get(ticket.id) or ticket
    if uow.escalations.open_for(current.id) is not None:
        withdraw(uow, current, "rerouted")
    current = current.reopen() if current.is_settled else current.recalled()
    return replace(current, priority=None, priority_why="")

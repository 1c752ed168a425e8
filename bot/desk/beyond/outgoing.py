"""What leaves Slack, as a value; private stays private."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.desk.beyond.targets import Happening
from bot.desk.ids import TicketId, ticket_name
from bot.desk.privacy import is_direct
from bot.desk.tickets import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desk.beyond.targets import Target
    from bot.desk.privacy import Scrubber
    from bot.desk.tickets import Escalation, Ticket


@dataclass(frozen=True)
class About:
    """What is told of a ticket; of one whose words are kept back, its name and priority alone."""

    name: str
    priority: str | None = None
    kept_back: bool = False
    """Whether more is known than is told."""
    state: str | None = None
    resolution: str | None = None
    tier: str | None = None
    group: str | None = None
    requester: str | None = None
    assignee: str | None = None
    channel: str | None = None
    opened_at: datetime | None = None
    reopened: int = 0
    subject: str | None = None
    fix: str | None = None
    author: str | None = None
    """Of a message on it: who wrote it."""
    comment: str | None = None
    """What they wrote."""


LONGEST_COMMENT = 2_000


@dataclass(frozen=True)
class AboutProblem:
    """What is told of a recurring problem, or of a wish; all of it may be read by everybody."""

    name: str
    sort: str
    """`cause` or `wish`."""
    state: str
    title: str | None
    link: str | None
    times: int
    people: int
    first: datetime
    last: datetime
    tickets: tuple[TicketId, ...]


@dataclass(frozen=True)
class Outgoing:
    """Something that a target is told.

    `key` is the same however often it is sent, so that a receiver knows it again; `page` is what
    a pager knows one page by, from its being raised to its end.
    """

    target: str
    what: Happening
    key: str
    at: datetime
    says: str
    about: About | None = None
    page: str | None = None
    problem: AboutProblem | None = None
    kind: Literal["outgoing"] = "outgoing"


def about(
    ticket: Ticket, escalation: Escalation | None, target: Target, scrubber: Scrubber
) -> About:
    """Tell of a ticket what a target may know; secrets are taken out of what people wrote."""
    priority = ticket.priority.value if ticket.priority else None
    if ticket.is_restricted and not target.restricted:
        return About(ticket.name, priority, kept_back=True)
    told = About(
        ticket.name,
        priority,
        state=ticket.state.value,
        resolution=ticket.resolution.value if ticket.resolution else None,
        tier=escalation.tier.value if escalation else None,
        group=escalation.group if escalation else None,
        requester=ticket.requester,
        assignee=escalation.assignee if escalation else None,
        channel=ticket.thread.channel,
        opened_at=ticket.opened_at,
        reopened=ticket.reopened,
    )
    if is_direct(ticket.thread.channel) and not target.direct:
        return replace(told, kept_back=True)
    fix = escalation.settlement.fix if escalation and escalation.settlement else ""
    return replace(
        told,
        subject=scrubber.scrub(subject_of(ticket.question)).text or None,
        fix=scrubber.scrub(fix).text or None,
    )


def commented(known: About, author: str, text: str) -> About:
    """Tell of a message on a ticket besides: its words only where the ticket's own are told."""
    if known.requester is None:
        # Of a restricted ticket nobody is named.
        return known
    words = None if known.kept_back else text[:LONGEST_COMMENT] or None
    return replace(known, author=author, comment=words)


VERBS = {
    Happening.PROBLEM_FOUND: "was found",
    Happening.PROBLEM_LINKED: "was linked to an issue",
    Happening.PROBLEM_CLOSED: "was closed",
    Happening.PROBLEM_REOPENED: "is open again",
    Happening.OPENED: "was opened",
    Happening.ESCALATED: "was passed to people",
    Happening.TAKEN: "was taken",
    Happening.HANDED_OVER: "was handed over",
    Happening.GIVEN_BACK: "was put back to the queue",
    Happening.COMMENTED: "has a new message",
    Happening.SETTLED: "was settled",
    Happening.REOPENED: "was reopened",
    Happening.CLOSED: "was closed",
    Happening.INCIDENT: "is an incident now",
    Happening.INCIDENT_UPDATED: "has news of its incident",
    Happening.INCIDENT_ENDED: "is no incident any more",
    Happening.PAGE: "has been taken by nobody yet",
    Happening.PAGE_TAKEN: "was taken",
    Happening.PAGE_ENDED: "needs nobody any more",
}


def in_a_line(what: Happening, told: About) -> str:
    """Say in a line what happened to which ticket."""
    head = f"{told.name}, {told.priority}," if told.priority else told.name
    subject = f": {told.subject}" if told.subject else ""
    return f"{head} {VERBS[what]}{subject}"


def problem_in_a_line(what: Happening, told: AboutProblem) -> str:
    """Say in a line what happened to which problem."""
    title = f": {told.title}" if told.title else ""
    return f"{told.name} ({told.sort}, {told.times} times) {VERBS[what]}{title}"


def kept_back(outgoing: Outgoing) -> Outgoing:
    """Give the same without a word or a person: what is forgotten is told of all the same."""
    if outgoing.about is None:
        return outgoing
    known = About(outgoing.about.name, outgoing.about.priority, kept_back=True)
    return replace(outgoing, about=known, says=in_a_line(outgoing.what, known))


def without(outgoing: Outgoing, words: Iterable[str]) -> Outgoing:
    """Give the same without a subject that was taken from some words."""
    if outgoing.problem is not None:
        return _without_title(outgoing, outgoing.problem, words)
    outgoing, words = _without_comment(outgoing, tuple(words)), tuple(words)
    told = outgoing.about
    subject = told.subject.rstrip("…").strip() if told and told.subject else ""
    if told is None or not subject:
        return outgoing
    if not any(subject in " ".join(each.split()) for each in words):
        return outgoing
    known = replace(told, subject=None, kept_back=True)
    return replace(outgoing, about=known, says=in_a_line(outgoing.what, known))


def _without_comment(outgoing: Outgoing, words: tuple[str, ...]) -> Outgoing:
    told = outgoing.about
    if told is None or told.comment is None:
        return outgoing
    said = " ".join(told.comment.split())
    if not any(said in " ".join(each.split()) for each in words):
        return outgoing
    return replace(outgoing, about=replace(told, comment=None, kept_back=True))


def _without_title(outgoing: Outgoing, told: AboutProblem, words: Iterable[str]) -> Outgoing:
    title = (told.title or "").rstrip("…").strip()
    if not title or not any(title in " ".join(each.split()) for each in words):
        return outgoing
    known = replace(told, title=None)
    return replace(outgoing, problem=known, says=problem_in_a_line(outgoing.what, known))


def page_key(ticket: TicketId, salt: str) -> str:
    """Name a page so that nobody guesses it, and two desks never share one."""
    return f"frontline-{ticket_name(ticket)}-{salt}"

"""How an incident is told: to those who reported it, in channels, and to its engineers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from bot.desk.ids import incident_name, ticket_name
from bot.desk.incidents import (
    IncidentBanner,
    IncidentNews,
    IncidentNote,
    IncidentReview,
    IncidentWord,
)
from bot.slack import actions as ids
from bot.slack.blocks.asking.answers import OUTCOMES
from bot.slack.blocks.parts import Rendered, actions, button, context, person, section, when
from bot.slack.blocks.quoting import quoted, shortened
from bot.slack.limits import SECTION_TEXT
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip_escaped, escape
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from bot.desk.ids import IncidentId
    from bot.desk.incidents import IncidentNotice

WORDS_ROOM = 2_500
TITLE = 80
MOST_SECTIONS = 8
NAMED = re.compile(
    r"^(• (?:\*Owner:\* |\d{4}-\d\d-\d\d \d\d:\d\d UTC ))&lt;@([UW][A-Z0-9]+)&gt;", re.MULTILINE
)
"""Whom a review itself names, at the head of its lines; what people wrote calls nobody."""


def render_incident(notice: IncidentNotice) -> Rendered:
    """Render what is said of an incident."""
    match notice:
        case IncidentNews():
            return _news(notice)
        case IncidentBanner():
            return _banner(notice)
        case IncidentNote():
            return _note(notice)
        case IncidentReview():
            return _review(notice)
        case IncidentWord():
            return _word(notice)
        case _:
            assert_never(notice)


def called(incident: IncidentId, title: str) -> str:
    """Name an incident as it is shown: its number and its title."""
    return f"*{incident_name(incident)} {clip_escaped(title, TITLE)}*"


def _news(notice: IncidentNews) -> Rendered:
    lead = _lead(notice)
    blocks = [section(lead)]
    whole = _where(notice.incident)
    if notice.text and notice.what == "known":
        blocks += quoted(f"*{_('Last news')}*{_dated(notice)}", notice.text, whole)
    elif notice.text:
        blocks = quoted(lead, notice.text, whole)
    small = f"{ticket_name(notice.ticket)} · {_(AFTER[notice.what])}"
    blocks.append(context(small))
    if notice.ticket != notice.root and notice.what in {"known", "update"}:
        if notice.outcome is not None:
            blocks.append(context(_(OUTCOMES[notice.outcome])))
        elif notice.what == "known":
            label, about = _("Mine is another problem"), ids.about(notice.ticket)
            blocks.append(actions(button(label, ids.OTHER_PROBLEM, about)))
    return Rendered(f"{lead} {clip_escaped(notice.text, WORDS_ROOM)}".rstrip(), blocks)


def _lead(notice: IncidentNews) -> str:
    owned = notice.owner is not None
    match notice.what:
        case "known":
            words = (
                _("{name} is known since {time} and being worked on: {person} leads the work.")
                if owned
                else _("{name} is known since {time} and being worked on: people are on it.")
            )
            sign = ":rotating_light:"
        case "gathered":
            words = (
                _("Others report the same as you: it is {name} now, and {person} leads the work.")
                if owned
                else _(
                    "Others report the same as you: it is {name} now, and the engineers who own "
                    "the system are called."
                )
            )
            sign = ":rotating_light:"
        case "update":
            words = _("News of {name} from {by}:") if notice.by else _("News of {name}:")
            sign = ":loudspeaker:"
        case "goes_on":
            words = _(
                "Good that it works for you. Others still report {name}, so the engineers go on."
            )
            sign = ":white_check_mark:"
        case _ as never:
            assert_never(never)
    said = words.format(
        name=called(notice.incident, notice.title),
        time=when(notice.since),
        person=person(notice.owner),
        by=person(notice.by),
    )
    return f"{sign} {said}"


def _dated(notice: IncidentNews) -> str:
    by = f", {person(notice.by)}" if notice.by else ""
    return f" ({when(notice.told_at)}{by})" if notice.told_at else ""


AFTER = {
    "known": N_("you need not do anything: news and the end are told here"),
    "gathered": N_("news and the end are told here, in this thread"),
    "update": N_("you hear here how it goes on"),
    "goes_on": N_("you hear here when it is over"),
}


def _banner(notice: IncidentBanner) -> Rendered:
    name = called(notice.incident, notice.title)
    if notice.ended_at is not None:
        over = _("{name} is over since {time}.")
        text = f":white_check_mark: {over.format(name=name, time=when(notice.ended_at))}"
        return Rendered(text, [section(text)])
    since = _("{name}: known since {time}.").format(name=name, time=when(notice.since))
    leads = _("{person} leads the work on it.").format(person=person(notice.owner))
    text = f":rotating_light: {since} {leads if notice.owner else ''}".rstrip()
    blocks = [section(text)]
    if notice.text and notice.told_at:
        blocks += quoted(f"*{when(notice.told_at)}*", notice.text, _where(notice.incident))
    small = _("Is it that for you too? Say so here or to me: you are told how it goes on.")
    return Rendered(f"{text} {clip_escaped(notice.text, 300)}".rstrip(), [*blocks, context(small)])


def _note(notice: IncidentNote) -> Rendered:
    name, by = called(notice.incident, notice.title), person(notice.by)
    people = f"{notice.people} people" if notice.people != 1 else "1 person"
    match notice.what:
        case "opened":
            how = f"{by} declared an incident" if notice.by else f"{people} report the same"
            text = (
                f":rotating_light: {how}: {name}. Later reports of it join it without a page; "
                "*Update everyone* on the card reaches all who reported it."
            )
        case "update":
            text = f":loudspeaker: {by} told everyone ({people}):"
        case "named":
            owner = f", led by {person(notice.owner)}" if notice.owner else ""
            text = f":pencil2: {by} says: it is {name}{owner}."
        case "left":
            other = ticket_name(notice.other) if notice.other else "theirs"
            text = f":leftwards_arrow_with_hook: {by} says that {other} is another problem."
        case "works":
            text = f":white_check_mark: {by} says that it works again; {people} more reported it."
        case "owner_left":
            now = f"{person(notice.owner)} leads" if notice.owner else "nobody leads"
            text = f":rotating_light: {by} has left the workspace: {now} {name} now."
            if notice.owner is None:
                text += " Whoever takes it leads it."
        case _:
            assert_never(notice.what)
    if not notice.text:
        return Rendered(text, [section(text)])
    return Rendered(
        f"{text} {clip_escaped(notice.text, WORDS_ROOM)}",
        quoted(text, notice.text, _where(notice.incident)),
    )


def _where(incident: IncidentId) -> str:
    return f"The whole: `frontline incidents show {incident_name(incident)}`."


def _review(notice: IncidentReview) -> Rendered:
    name = called(notice.incident, notice.title)
    lead = f":memo: Review of {name}"
    told = NAMED.sub(r"\1<@\2>", to_mrkdwn(notice.markdown))
    parts = _parts(told)
    blocks = [section(part) for part in parts[:MOST_SECTIONS]]
    if len(parts) > MOST_SECTIONS:
        blocks.append(shortened(_where(notice.incident)))
    number = incident_name(notice.incident)
    small = f"As Markdown: `frontline incidents show {number}`"
    return Rendered(lead, [section(lead), *blocks, context(small)])


def _parts(text: str) -> list[str]:
    """Cut a long text at its lines, so that each part has room in a section."""
    parts, room = [""], SECTION_TEXT - 100
    for line in text.splitlines():
        if len(parts[-1]) + len(line) > room:
            parts.append("")
        parts[-1] += f"{line[:room]}\n"
    return [part for part in parts if part.strip()]


WORDS = {
    "told": N_(":loudspeaker: {people} people and the banners are told of {name}."),
    "no_incident": N_(
        "{ticket} is no incident, or it is over; nobody was told anything. "
        "Declare one on the card first."
    ),
    "no_such_ticket": N_("There is no {ticket} that people work on."),
    "not_yours": N_("Incidents are declared by the people of a resolver group."),
    "nobodys": N_("Nobody works on {ticket}; pass it to people first, then declare the incident."),
    "opened": N_(":rotating_light: {name} is declared on {ticket}."),
}


def _word(notice: IncidentWord) -> Rendered:
    text = _(WORDS[notice.what]).format(
        people=notice.people,
        ticket=escape(ticket_name(notice.ticket)) if notice.ticket else _("That ticket"),
        name=called(notice.incident, notice.title) if notice.incident else _("It"),
    )
    return Rendered(text, [section(text)])

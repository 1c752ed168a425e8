"""An incident on one line, as its engineers read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import incident_name
from bot.slack.blocks.parts import header, person, section, when
from bot.slack.text import clip_escaped, escape
from bot.slack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.tickets import IncidentLine
    from bot.desk.views import TicketSummary
    from bot.slack.blocks.parts import Block

NAME = 80
NEWS = 200


def part_of(line: IncidentLine, *, root: bool = False) -> str:
    """Tell a reporter of which incident theirs is part, who leads it, and what was told last."""
    name = f"*{incident_name(line.number)} {clip_escaped(line.title, NAME)}*"
    if line.ended:
        return _(":white_check_mark: Part of {name}, which is over.").format(name=name)
    parts = [_(":rotating_light: Part of {name}, known since {time}.")]
    if line.owner:
        parts.append(_("{person} leads the work on it."))
    told = clip_escaped(" ".join(line.told.split()), NEWS)
    if told and line.told_at:
        parts.append(_("Last news, {last}: “{told}”."))
    if not root:
        parts.append(_("You hear how it ends."))
    return " ".join(parts).format(
        name=name,
        time=when(line.since),
        person=person(line.owner),
        last=when(line.told_at) if line.told_at else "",
        told=told,
    )


def incident_blocks(roots: Sequence[TicketSummary]) -> list[Block]:
    """Show engineers the open incidents, each with the way to its card; nothing where none is."""
    lines = [incident_lines(each) for each in roots]
    return [header("Incidents"), *(section(line) for line in lines)] if lines else []


def incident_lines(root: TicketSummary) -> str:
    """Show an incident by its root: what, how many, whose, and the ticket that people work on."""
    if root.incident is None:
        return root.name
    card = f"<{root.link}|{root.name}>" if root.link else root.name
    urgent = f"*{root.priority}*, " if root.priority else ""
    since = f"since {when(root.incident.since)}"
    return (
        f"{incident_words(root.incident)}\n{card}, {urgent}{escape(str(root.tier or ''))} {since}"
    )


def incident_words(line: IncidentLine) -> str:
    """Say of which incident it is: how many, whose, and when everyone was told something."""
    name = f"*{incident_name(line.number)} {clip_escaped(line.title, NAME)}*"
    people = people_of(line)
    if line.ended:
        return f":white_check_mark: {name} is over  ·  {people} reported it"
    told = f"told everyone {when(line.told_at)}" if line.told_at else "nobody was told anything yet"
    owner = f"owner {person(line.owner)}" if line.owner else "no owner yet"
    return f":rotating_light: {name}  ·  *{people}*  ·  {owner}  ·  {told}"


def people_of(line: IncidentLine) -> str:
    """Say how many people an incident affects, as far as they reported it."""
    return f"{line.affected} people" if line.affected != 1 else "1 person"

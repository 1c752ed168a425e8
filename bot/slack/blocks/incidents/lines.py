"""An incident on one line, as its engineers read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import incident_name
from bot.slack.blocks.parts import person, when
from bot.slack.text import clip_escaped

if TYPE_CHECKING:
    from bot.desk.tickets import IncidentLine

NAME = 80


def incident_words(line: IncidentLine) -> str:
    """Say of which incident it is: how many, whose, and when everyone was told something."""
    name = f"*{incident_name(line.number)} {clip_escaped(line.title, NAME)}*"
    people = f"{line.affected} people" if line.affected != 1 else "1 person"
    if line.ended:
        return f":white_check_mark: {name} is over  ·  {people} reported it"
    told = f"told everyone {when(line.told_at)}" if line.told_at else "nobody was told anything yet"
    owner = f"owner {person(line.owner)}" if line.owner else "no owner yet"
    return f":rotating_light: {name}  ·  *{people}*  ·  {owner}  ·  {told}"

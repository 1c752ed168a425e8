"""The weekly report of gaps: what to write next, and why it comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.desk.learning import GapState, evidence, name_of
from bot.slack import actions as ids
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, person, section
from bot.slack.text import clip_escaped, escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desk.learning import Ailing, GapLine, GapReport

QUESTION_ROOM = 200
NAMED = 5
BECAME = {
    GapState.IN_WORK: ":memo: in work: a draft is there",
    GapState.DONE: ":books: done: an article answers it",
    GapState.DISMISSED: ":wastebasket: not a gap",
}


def render_gaps(notice: GapReport) -> Rendered:
    """Render what costs a group most, a few lines a gap."""
    count = len(notice.lines) + notice.more
    gaps = "gap" if count == 1 else "gaps"
    lead = (
        f":compass: *What to write next*: {count} {gaps} that no article fills, the dearest first"
        if count
        else ":compass: *What to write next*: no gap, but articles that need an update"
        if notice.ailing
        else ":compass: *What to write next*: no gap, but drafts that wait"
    )
    blocks = [section(lead)]
    blocks += gap_blocks(notice.lines)
    if notice.more:
        blocks.append(context(f"and {notice.more} more: `frontline kb gaps`"))
    if notice.ailing:
        told = "\n".join(f"• {ailing_line(each)}" for each in notice.ailing)
        blocks.append(section(f":wrench: *Needs an update*\n{told}"))
    if notice.waiting and notice.since is not None:
        names = ", ".join(f"D-{each}" for each in notice.waiting[:NAMED])
        more = f" and {len(notice.waiting) - NAMED} more" if len(notice.waiting) > NAMED else ""
        blocks.append(
            section(
                f":memo: *Drafts wait for a decision*: {names}{more}, the oldest since "
                f"{notice.since.day} {notice.since:%B}. One press on each card above will do."
            )
        )
    return Rendered(lead, blocks)


def to_write(lines: Sequence[GapLine]) -> list[Block]:
    """Render on a Home what to write next; nothing where there is no gap."""
    return [section(":compass: *What to write next*"), *gap_blocks(lines)] if lines else []


def gap_blocks(lines: Sequence[GapLine]) -> list[Block]:
    """Render gaps, the dearest first, each with how it stands and what can be done about it."""
    blocks = []
    for place, line in enumerate(lines, start=1):
        asked = clip_escaped(name_of(line.question), QUESTION_ROOM)
        blocks += [section(f"*{place}. {asked}*\n{said(line)}"), *_below(line)]
    return blocks


def ailing_line(each: Ailing) -> str:
    """Say why an article needs an update, and on which tickets that shows."""
    tickets = ", ".join(ticket_name(one) for one in dict.fromkeys((*each.tickets, *each.proposed)))
    where = f" ({tickets})" if tickets else ""
    told = "; ".join(clip_escaped(line, QUESTION_ROOM) for line in evidence(each))
    whose = f" ({person(each.owner)})" if each.owner else ""
    return f"`{escape(each.article)}`{whose} {told}{where}"


def said(line: GapLine) -> str:
    """Say how often, by how many, since when, at what cost, and what is near."""
    times = "once" if line.asked == 1 else f"{line.asked} times"
    people = "one person" if line.people == 1 else f"{line.people} people"
    cost = f", {line.minutes / 60:.1f} h of {line.tier}" if line.minutes and line.tier else ""
    return f"asked {times} by {people} {_span(line.first, line.last)}{cost}, {_nearest(line)}"


def _span(first: datetime, last: datetime) -> str:
    begun, ended = (f"{each.day} {each:%B}" for each in (first, last))
    return f"on {begun}" if begun == ended else f"from {begun} to {ended}"


def _nearest(line: GapLine) -> str:
    if line.failing:
        where = f" at step {line.step}" if line.step is not None else ""
        return f"nearest article `{escape(line.failing)}` fails{where}"
    if line.near:
        return f"nearest article `{escape(line.near)}` does not answer it"
    return "no article is near"


def _below(line: GapLine) -> list[Block]:
    number = ids.about(line.gap)
    ends = (
        button("Done", f"{ids.GAP_DONE}.{line.gap}", number),
        button("Not a gap", f"{ids.GAP_DISMISS}.{line.gap}", number),
    )
    match line.state:
        case GapState.OPEN:
            draft = button("Draft an article", f"{ids.GAP_DRAFT}.{line.gap}", number)
            return [actions(draft, *ends)]
        case GapState.IN_WORK:
            return [context(BECAME[line.state]), actions(*ends)]
        case _:
            return [context(BECAME[line.state])]

"""The weekly message of figures, and what stands where its pictures would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk.figures import DeskReport, ReportPictures
from bot.slack.blocks.parts import Rendered, context, header, section
from bot.slack.text import clip_escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk.figures import FiguresNotice, Headline
    from bot.slack.blocks.parts import Block

AT_ONCE = 8
MOST_LINES, MOST_WARNINGS = 80, 5
ROOM, TITLE = 600, 150
"""More letters than these no figure needs."""
WHOLE = (
    "`frontline report --html FILE` has all figures, their definitions, and the tickets behind "
    "each. Shares stand with the interval in which the true one lies 95 times in 100."
)


def render_figures(notice: FiguresNotice) -> Rendered:
    """Render what the admins are told of figures."""
    match notice:
        case DeskReport():
            return _report(notice)
        case ReportPictures():
            return pictures_missing("they could not be drawn")
        case _:
            assert_never(notice)


def _report(notice: DeskReport) -> Rendered:
    title = f"The desk, {notice.since:%d %B} to {notice.until:%d %B}"
    blocks = [header(title)]
    blocks += [
        section(f":warning: {clip_escaped(each, ROOM)}") for each in notice.warnings[:MOST_WARNINGS]
    ]
    blocks += lines_of(notice.lines[:MOST_LINES])
    notes = (clip_escaped(each, ROOM) for each in notice.notes[:MOST_WARNINGS] if each.strip())
    blocks += [*(context(each) for each in notes), context(WHOLE)]
    first = clip_escaped(notice.lines[0].says, ROOM) if notice.lines else ""
    return Rendered(f"{title}: {first}", blocks)


def lines_of(lines: Sequence[Headline]) -> list[Block]:
    """Render headlines, several in a section."""
    told = [
        f"*{clip_escaped(each.title, TITLE)}*: {clip_escaped(each.says, TITLE)}" for each in lines
    ]
    return [
        section("\n".join(told[first : first + AT_ONCE]))
        for first in range(0, len(told), AT_ONCE)
    ]  # fmt: skip


def pictures_missing(why: str) -> Rendered:
    """Say that the pictures are missing, and why."""
    text = (
        f":frame_with_picture: The pictures of this report are missing: {clip_escaped(why, ROOM)}."
    )
    return Rendered(text, [section(text)])

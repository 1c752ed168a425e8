"""What people wrote, quoted whole: over several sections, and said where it was shortened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.slack.blocks.parts import context, section
from bot.slack.limits import SECTION_TEXT
from bot.slack.text import HALF_ENTITY, escape
from bot.slack.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.ids import TicketId
    from bot.slack.blocks.parts import Block

ROOM = 9_000
"""Characters for one text: what a modal takes is quoted whole, with all marks in it."""
ENOUGH = 200
"""A line is not broken for fewer characters than these at the end of a section."""


def quoted(lead: str, text: str, where: str, room: int = ROOM) -> list[Block]:
    """Quote a text below its lead; `where` says where the whole is, should it not fit."""
    size = SECTION_TEXT - len(lead) - 1
    pieces, left = [], room
    whole = True
    for piece in _pieces(text.strip() or " ", size):
        if len(piece) > left:
            whole = False
            if left >= ENOUGH:
                pieces.append(_cut(piece, left - len("…")))
            break
        pieces.append(piece)
        left -= len(piece)
    first, *others = pieces or [""]
    blocks = [
        section(f"{lead}\n{first}".rstrip()),
        *(section(each.rstrip("\n")) for each in others),
    ]
    return blocks if whole else [*blocks, shortened(where)]


def shortened(where: str) -> Block:
    """Say that something was shortened, and where the whole is."""
    return context(f":scissors: _{_('Shortened.')} {where}_")


def on_record(ticket: TicketId) -> str:
    """Say where everything is that was written on a ticket."""
    number = ticket_name(ticket)
    return _(
        "The whole is on record: an admin reads it with `frontline tickets show {number}`."
    ).format(number=number)


def _pieces(text: str, size: int) -> Iterator[str]:
    """Give the lines of a text as quotations that fit, none broken inside an entity."""
    piece = ""
    for line in escape(text).splitlines():
        rest: str | None = line
        while rest is not None:
            room = size - len(piece) - len("> \n")
            if len(rest) <= room:
                piece, rest = f"{piece}> {rest}\n", None
            elif piece and room < ENOUGH:
                yield piece
                piece = ""
            else:
                head = _cut(rest, room, more="")
                yield f"{piece}> {head}"
                piece, rest = "", rest[len(head) :].lstrip(" ")
    if piece:
        yield piece


def _cut(text: str, room: int, more: str = "…") -> str:
    if len(text) <= room:
        return text + more
    at = text.rfind(" ", room // 2, room)
    head = HALF_ENTITY.sub("", text[: at if at > 0 else room])
    return (head.rstrip("\n> ") if more else head) + more

"""What requesters read from engineers, and what they are asked once it is resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.desk.learning import STARS
from bot.slack import actions as ids
from bot.slack.blocks.asking.answers import OUTCOMES
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, person, section
from bot.slack.blocks.quoting import on_record, quoted
from bot.slack.text import clip_escaped

if TYPE_CHECKING:
    from bot.desk.ids import TicketId
    from bot.desk.tickets import Linked, Relayed, Settled

REMARK = 6_000


def render_relayed(notice: Relayed) -> Rendered:
    """Render an engineer's question or reply, in the engineer's words."""
    number = ticket_name(notice.ticket)
    lead = f"*{person(notice.by)} ({notice.tier}) {notice.what}:*"
    blocks = quoted(lead, notice.text, f"{person(notice.by)} has the rest.")
    if notice.what == "asks":
        blocks.append(context(f"{number} · please answer here, in this thread; it waits for you"))
    else:
        blocks.append(context(f"{number} · what you write here reaches them"))
    return Rendered(f"{lead} {clip_escaped(notice.text, 2_500)}", blocks)


def render_linked(notice: Linked) -> Rendered:
    """Render that the same is worked on already."""
    number, original = ticket_name(notice.ticket), ticket_name(notice.original)
    text = (
        f":link: {person(notice.by)} found that {number} is the same as {original}, which is being "
        "worked on. I tell you here as soon as that is settled; what you add here reaches them."
    )
    if notice.outcome is not None:
        return Rendered(text, [section(text), context(OUTCOMES[notice.outcome])])
    back = button("It is something else", ids.NOT_FIXED, ids.about(notice.ticket))
    return Rendered(text, [section(text), actions(back)])


def closing_blocks(notice: Settled) -> list[Block]:
    """Ask whether it is fixed; then for stars; then show them, with room for a remark."""
    number = ids.about(notice.ticket)
    if notice.outcome is None:
        return [
            actions(
                button("It is fixed", ids.FIXED, number, "primary"),
                button("It is not fixed", ids.NOT_FIXED, number),
            )
        ]
    blocks = [context(OUTCOMES[notice.outcome])]
    if notice.outcome != "fixed":
        return blocks
    return [*blocks, *star_blocks(notice.ticket, notice.stars, notice.remark)]


def star_blocks(ticket: TicketId, stars: int | None, remark: str) -> list[Block]:
    """Ask for stars; then show them, with room for a remark."""
    if stars is None:
        row = [button("★" * n, f"{ids.RATE}.{n}", ids.about(ticket, str(n))) for n in STARS]
        return [section("How was it? One click is enough."), actions(*row)]
    given = max(STARS.start, min(stars, STARS.stop - 1))
    shown = "★" * given + "☆" * (STARS.stop - 1 - given)
    if remark:
        return quoted(f"{shown} Thank you.", remark, on_record(ticket), room=REMARK)
    add = button("Add a remark", ids.REMARK, ids.about(ticket))
    return [section(f"{shown} Thank you."), actions(add)]

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
from bot.slack.words import _

if TYPE_CHECKING:
    from bot.desk.ids import TicketId, UserId
    from bot.desk.tickets import Linked, Relayed, Settled

REMARK = 6_000


def has_the_rest(user: UserId) -> str:
    """Say who knows what was shortened."""
    return _("{person} has the rest.").format(person=person(user))


def render_relayed(notice: Relayed) -> Rendered:
    """Render an engineer's question or reply, in the engineer's words."""
    number = ticket_name(notice.ticket)
    said = _("{person} ({tier}) asks:") if notice.what == "asks" else _("{person} ({tier}) writes:")
    lead = f"*{said.format(person=person(notice.by), tier=notice.tier)}*"
    blocks = quoted(lead, notice.text, has_the_rest(notice.by))
    small = (
        _("please answer here, in this thread; it waits for you")
        if notice.what == "asks"
        else _("what you write here reaches them")
    )
    blocks.append(context(f"{number} · {small}"))
    return Rendered(f"{lead} {clip_escaped(notice.text, 2_500)}", blocks)


def render_linked(notice: Linked) -> Rendered:
    """Render that the same is worked on already."""
    number, original = ticket_name(notice.ticket), ticket_name(notice.original)
    text = _(
        ":link: {person} found that {number} is the same as {original}, which is being worked on. "
        "I tell you here as soon as that is settled; what you add here reaches them."
    ).format(person=person(notice.by), number=number, original=original)
    if notice.outcome is not None:
        return Rendered(text, [section(text), context(_(OUTCOMES[notice.outcome]))])
    back = button(_("It is something else"), ids.NOT_FIXED, ids.about(notice.ticket))
    return Rendered(text, [section(text), actions(back)])


def closing_blocks(notice: Settled) -> list[Block]:
    """Ask whether it is fixed; then for stars; then show them, with room for a remark."""
    number = ids.about(notice.ticket)
    if notice.outcome is None:
        return [
            actions(
                button(_("It is fixed"), ids.FIXED, number, "primary"),
                button(_("It is not fixed"), ids.NOT_FIXED, number),
            )
        ]
    blocks = [context(_(OUTCOMES[notice.outcome]))]
    if notice.outcome != "fixed":
        return blocks
    return [*blocks, *star_blocks(notice.ticket, notice.stars, notice.remark)]


def star_blocks(ticket: TicketId, stars: int | None, remark: str) -> list[Block]:
    """Ask for stars; then show them, with room for a remark."""
    if stars is None:
        row = [button("★" * n, f"{ids.RATE}.{n}", ids.about(ticket, str(n))) for n in STARS]
        return [section(_("How was it? One click is enough.")), actions(*row)]
    given = max(STARS.start, min(stars, STARS.stop - 1))
    shown = "★" * given + "☆" * (STARS.stop - 1 - given)
    if remark:
        return quoted(f"{shown} {_('Thank you.')}", remark, on_record(ticket), room=REMARK)
    add = button(_("Add a remark"), ids.REMARK, ids.about(ticket))
    return [section(f"{shown} {_('Thank you.')}"), actions(add)]

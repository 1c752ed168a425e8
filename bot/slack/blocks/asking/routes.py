"""First words on a route, and the question whether a request is about its matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.slack import actions as ids
from bot.slack.blocks.asking.answers import OUTCOMES
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, section
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.words import N_, _

if TYPE_CHECKING:
    from bot.desk.asking import FirstWords, RouteQuestion

ASKED, YES, NO = N_("Is it about that?"), N_("Yes"), N_("No")
"""Stand where the configuration says nothing."""

SIGNS = {"danger": ":rotating_light:", "security": ":shield:", "confidential": ":lock:"}


def render_route(notice: FirstWords | RouteQuestion) -> Rendered:
    """Render what is said of a matter that does not go the usual way."""
    if notice.kind == "first_words":
        return _first_words(notice)
    return _question(notice)


def _first_words(notice: FirstWords) -> Rendered:
    """Render what to do first, and who is called or whom to turn to."""
    # The words come from the configuration: its own marks are kept.
    text = f"{SIGNS[notice.matter]} {to_mrkdwn(notice.text)}"
    blocks: list[Block] = [section(text)]
    if notice.ticket is not None:
        number = ticket_name(notice.ticket)
        if notice.outcome is not None:
            blocks.append(context(f"{number} · {_(OUTCOMES[notice.outcome])}"))
        else:
            if notice.no:
                value = ids.about(notice.ticket, notice.matter)
                blocks.append(actions(button(notice.no, ids.ROUTE_NO, value)))
            blocks.append(context(number))
    if notice.alone and notice.outcome is None:
        person = ids.about(notice.ticket or 0)
        blocks.append(actions(button(_("Talk to a person"), ids.CALL_PERSON, person)))
    return Rendered(text, blocks)


def _question(notice: RouteQuestion) -> Rendered:
    """Render the question, with its two answers."""
    text = to_mrkdwn(notice.text).strip() or _(ASKED)
    number = ticket_name(notice.ticket)
    if notice.outcome is not None:
        return Rendered(text, [context(f"{number} · {_(OUTCOMES[notice.outcome])}")])
    value = ids.about(notice.ticket, notice.matter)
    yes = button(notice.yes or _(YES), ids.ROUTE_YES, value, "primary")
    blocks = [
        section(text),
        actions(yes, button(notice.no or _(NO), ids.ROUTE_NO, value)),
        context(number),
    ]
    return Rendered(text, blocks)

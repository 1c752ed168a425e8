"""What rests, and what nobody has any more: as the group reads it, and the snooze's modal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ticket_name
from bot.slack import actions as ids
from bot.slack.blocks.modals import modal, plain
from bot.slack.blocks.parts import Rendered, actions, button, person, section, when
from bot.slack.text import escape

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.tickets import Requeued
    from bot.slack.blocks.modals import View
    from bot.slack.blocks.parts import Block

PUT_BACK = "put {} back to the queue"
SPANS = {
    "hour": "For an hour",
    "morning": "Until tomorrow morning",
}


def render_requeued(notice: Requeued) -> Rendered:
    """Render that somebody gave it up, to those who are called for it."""
    number = ticket_name(notice.ticket)
    subject = " · ".join(part for part in (notice.priority or "", escape(notice.subject)) if part)
    how = "has left the workspace, so {} is back in the queue" if notice.has_left else PUT_BACK
    had = f", which {person(notice.had)} had" if notice.had is not None else ""
    lead = f":inbox_tray: {person(notice.by)} {how.format(number)}{had}. Nobody has it now."
    if notice.expected is not None:
        call = (
            f":crescent_moon: Outside support hours: the group is called {when(notice.expected)}."
        )
    else:
        people = " ".join(person(member) for member in notice.members)
        called = f"<!subteam^{notice.usergroup}>" if notice.usergroup else people
        call = f"Can you take it? {called}".rstrip()
    lines = [*([f"*{subject}*"] if subject else []), lead, call]
    take = button("Take it", ids.TAKE, ids.about(notice.escalation), "primary")
    told = ": ".join(part for part in (subject, f"{lead} {call}") if part)
    return Rendered(told, [section("\n".join(lines)), actions(take)])


def snooze_modal(origin: ids.ModalOrigin, morning: datetime | None = None) -> View:
    """Ask until when; `morning` is the group's next one, on its own clock."""
    labels = dict(SPANS)
    if morning is not None:
        labels["morning"] += f": {morning:%A %d %b, %H:%M} ({morning.tzname()})"
    options = [{"text": plain(label), "value": span} for span, label in labels.items()]
    span: Block = {
        "type": "input",
        "block_id": ids.SPAN,
        "label": plain("How long does it rest?"),
        "element": {
            "type": "radio_buttons",
            "action_id": ids.SPAN,
            "options": options,
            "initial_option": options[0],
        },
        "hint": plain(
            "Nobody is reminded until then. What was promised to the requester stays promised, "
            "and their next word wakes it."
        ),
    }
    own: Block = {
        "type": "input",
        "block_id": ids.UNTIL,
        "optional": True,
        "label": plain("Or until a time of your own"),
        "element": {"type": "datetimepicker", "action_id": ids.UNTIL},
    }
    return modal(ids.SNOOZE_MODAL, "Snooze", "Snooze", origin, [span, own])

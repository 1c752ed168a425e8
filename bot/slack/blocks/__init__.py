"""State to JSON: how each notice looks in Slack. Pure; nothing here calls Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk import notices
from bot.desk.oncall_notices import OnCallNotice
from bot.desk.place_notices import PlaceNotice
from bot.desk.thread_notices import Relayed
from bot.desk.walking import Walk
from bot.slack.blocks import (
    answers,
    cards,
    closing,
    escalations,
    helpdesk,
    oncall,
    progress,
    walking,
)

if TYPE_CHECKING:
    from bot.slack.blocks.parts import Rendered

SEEN_EMOJI = "eyes"


def render(notice: notices.Notice) -> Rendered | None:
    """Render a notice as a message; None where it is a mere mark on somebody's message."""
    if isinstance(notice, PlaceNotice):
        return helpdesk.render_place(notice)
    if isinstance(notice, OnCallNotice):
        return oncall.render_on_call(notice)
    match notice:
        case notices.Answer():
            return answers.render_answer(notice)
        case notices.Clarify():
            return answers.render_clarify(notice)
        case notices.Courtesy():
            return answers.render_courtesy(notice)
        case notices.Passed():
            return progress.render_passed(notice)
        case notices.Progress():
            return progress.render_progress(notice)
        case notices.Settled():
            return progress.render_settled(notice)
        case notices.Linked():
            return closing.render_linked(notice)
        case Relayed():
            return closing.render_relayed(notice)
        case notices.Thanked():
            return progress.render_thanked(notice)
        case notices.Reminder():
            return escalations.render_reminder(notice)
        case notices.Refusal():
            return progress.render_refusal(notice)
        case notices.Apology():
            return progress.render_apology(notice)
        case notices.Card():
            return cards.render_card(notice)
        case Walk():
            return walking.render_walk(notice)
        case notices.Handoff():
            return escalations.render_handoff(notice)
        case notices.ThreadNote():
            return escalations.render_thread_note(notice)
        case notices.Seen():
            return None
        case _:
            assert_never(notice)

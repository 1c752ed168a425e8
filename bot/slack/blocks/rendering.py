"""State to JSON: how each notice looks in Slack. Pure; nothing here calls Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.desk.asking import (
    Answer,
    AskingNotice,
    Besides,
    Clarify,
    Courtesy,
    FirstWords,
    RouteQuestion,
    StepHelp,
    Thanked,
    Walk,
)
from bot.desk.figures import FiguresNotice
from bot.desk.incidents import IncidentNotice
from bot.desk.learning import LearningNotice
from bot.desk.oncall import OnCallNotice
from bot.desk.privacy import PrivacyNotice
from bot.desk.tickets import (
    Apology,
    Card,
    Handoff,
    Linked,
    Passed,
    Progress,
    Refusal,
    Relayed,
    Reminder,
    Requeued,
    Seen,
    Settled,
    ThreadNote,
)
from bot.desk.views import PlaceNotice
from bot.slack.blocks.asking import answers, routes, walking
from bot.slack.blocks.figures import reports
from bot.slack.blocks.incidents import news
from bot.slack.blocks.lateness import DATED, said_when_asked
from bot.slack.blocks.learning import drafts
from bot.slack.blocks.oncall import board
from bot.slack.blocks.privacy import words
from bot.slack.blocks.tickets import cards, closing, progress, refusals, resting, threads
from bot.slack.blocks.views import helpdesk

if TYPE_CHECKING:
    from bot.desk.notices import Notice
    from bot.slack.blocks.parts import Rendered

SEEN_EMOJI = "eyes"


def render(notice: Notice) -> Rendered | None:
    """Render a notice as a message; None where it is a mere mark on somebody's message."""
    shown = _render(notice)
    if shown is not None and isinstance(notice, DATED) and notice.asked_at is not None:
        return said_when_asked(shown, notice.asked_at)
    return shown


def _render(notice: Notice) -> Rendered | None:
    topics = PlaceNotice | PrivacyNotice | OnCallNotice | LearningNotice | IncidentNotice
    if isinstance(notice, FiguresNotice):
        return reports.render_figures(notice)
    if isinstance(notice, topics):
        return _of_its_topic(notice)
    if isinstance(notice, AskingNotice):
        return _render_asking(notice)
    match notice:
        case Passed():
            return progress.render_passed(notice)
        case Progress():
            return progress.render_progress(notice)
        case Settled():
            return progress.render_settled(notice)
        case Linked():
            return closing.render_linked(notice)
        case Relayed():
            return closing.render_relayed(notice)
        case Thanked():
            return progress.render_thanked(notice)
        case Reminder():
            return threads.render_reminder(notice)
        case Requeued():
            return resting.render_requeued(notice)
        case Refusal():
            return refusals.render_refusal(notice)
        case Apology():
            return progress.render_apology(notice)
        case Card():
            return cards.render_card(notice)
        case Walk():
            return walking.render_walk(notice)
        case Handoff():
            return threads.render_handoff(notice)
        case ThreadNote():
            return threads.render_thread_note(notice)
        case Seen():
            return None
        case _:
            assert_never(notice)


def _of_its_topic(
    notice: PlaceNotice | PrivacyNotice | OnCallNotice | LearningNotice | IncidentNotice,
) -> Rendered | None:
    """Render what a topic of its own renders whole."""
    if isinstance(notice, PlaceNotice):
        return helpdesk.render_place(notice)
    if isinstance(notice, IncidentNotice):
        return news.render_incident(notice)
    if isinstance(notice, PrivacyNotice):
        return words.render_privacy(notice)
    if isinstance(notice, LearningNotice):
        return drafts.render_learning(notice)
    return board.render_on_call(notice)


def _render_asking(notice: AskingNotice) -> Rendered:
    match notice:
        case Answer():
            return answers.render_answer(notice)
        case Clarify():
            return answers.render_clarify(notice)
        case Courtesy():
            return answers.render_courtesy(notice)
        case StepHelp():
            return answers.render_step_help(notice)
        case Besides():
            return answers.render_besides(notice)
        case FirstWords() | RouteQuestion():
            return routes.render_route(notice)

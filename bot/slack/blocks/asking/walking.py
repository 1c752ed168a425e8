"""How a walk through an article's steps looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.articles import StepOutcome
from bot.desk.ids import ticket_name
from bot.slack import actions as ids
from bot.slack.blocks.asking.answers import OUTCOMES
from bot.slack.blocks.parts import Block, Rendered, actions, button, context, section
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.text import clip_mrkdwn, escape
from bot.slack.words import _

if TYPE_CHECKING:
    from bot.desk.articles import TriedStep
    from bot.desk.asking import Step, Walk

STEP_ROOM = 1_500
SHORT = 120
MARKS = {
    StepOutcome.DONE: ":white_check_mark:",
    StepOutcome.FAILED: ":x:",
    StepOutcome.SKIPPED: ":fast_forward:",
}


def render_walk(walk: Walk) -> Rendered:
    """Render the step at hand, what was tried so far, and the ways on."""
    number = ticket_name(walk.ticket)
    blocks = [section(_("*{title}*, step by step").format(title=escape(walk.title)))]
    if walk.tried:
        blocks.append(context("\n".join(_tried(each) for each in walk.tried)))
    if walk.outcome is not None:
        blocks.append(context(f"{number} · {_(OUTCOMES[walk.outcome])}"))
        return Rendered(f"{number}: {_(OUTCOMES[walk.outcome])}", blocks)
    step = walk.step
    if step is None:
        blocks.append(section(_("Those were all the steps. *Is it solved?*")))
        blocks.append(_ending(walk, _("It still does not work")))
        return Rendered(f"{number}: {_('Those were all the steps. *Is it solved?*')}", blocks)
    at = _("Step {number} of {all}").format(number=walk.number, all=len(walk.steps))
    shown = walk.branch.text if walk.branch else step.text
    text = clip_mrkdwn(to_mrkdwn(shown), STEP_ROOM)
    blocks.append(section(f"*{at}*\n{text}"))
    if step.branches and walk.branch is None:
        blocks.append(_branches(walk, step))
    blocks.append(_outcomes(walk))
    return Rendered(f"{at}: {text}", blocks)


def _tried(tried: TriedStep) -> str:
    first = clip_mrkdwn(to_mrkdwn(tried.text.partition("\n")[0]), SHORT)
    return f"{MARKS[tried.outcome]} {tried.number}. {first}"


def _branches(walk: Walk, step: Step) -> Block:
    return actions(
        *(
            button(
                branch.label,
                f"{ids.BRANCH}.{position}",
                ids.about(walk.ticket, f"{walk.number}/{position}"),
            )
            for position, branch in enumerate(step.branches[:5])
        )
    )


def _outcomes(walk: Walk) -> Block:
    def told(outcome: StepOutcome) -> str:
        return ids.about(walk.ticket, f"{walk.number}/{outcome}")

    return actions(
        button(_("Done"), f"{ids.STEP}.done", told(StepOutcome.DONE), "primary"),
        button(_("Did not work"), f"{ids.STEP}.failed", told(StepOutcome.FAILED)),
        button(_("Skip"), f"{ids.STEP}.skipped", told(StepOutcome.SKIPPED)),
        button(_("It is solved"), ids.SOLVED, ids.about(walk.ticket)),
        button(_("Talk to a person"), ids.CALL_PERSON, ids.about(walk.ticket)),
    )


def _ending(walk: Walk, otherwise: str) -> Block:
    return actions(
        button(_("That solved it"), ids.SOLVED, ids.about(walk.ticket), "primary"),
        button(otherwise, ids.NOT_HELPFUL, ids.about(walk.ticket, walk.article)),
        button(_("Talk to a person"), ids.CALL_PERSON, ids.about(walk.ticket)),
    )

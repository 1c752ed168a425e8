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
    blocks = [section(f"*{escape(walk.title)}*, step by step")]
    if walk.tried:
        blocks.append(context("\n".join(_tried(each) for each in walk.tried)))
    if walk.outcome is not None:
        blocks.append(context(f"{number} · {OUTCOMES[walk.outcome]}"))
        return Rendered(f"{number}: {OUTCOMES[walk.outcome]}", blocks)
    step = walk.step
    if step is None:
        blocks.append(section("Those were all the steps. *Is it solved?*"))
        blocks.append(_ending(walk, "It still does not work"))
        return Rendered(f"{number}: those were all the steps. Is it solved?", blocks)
    lead = f"*Step {walk.number} of {len(walk.steps)}*\n"
    shown = walk.branch.text if walk.branch else step.text
    text = clip_mrkdwn(to_mrkdwn(shown), STEP_ROOM)
    blocks.append(section(lead + text))
    if step.branches and walk.branch is None:
        blocks.append(_branches(walk, step))
    blocks.append(_outcomes(walk))
    return Rendered(f"Step {walk.number} of {len(walk.steps)}: {text}", blocks)


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
        button("Done", f"{ids.STEP}.done", told(StepOutcome.DONE), "primary"),
        button("Did not work", f"{ids.STEP}.failed", told(StepOutcome.FAILED)),
        button("Skip", f"{ids.STEP}.skipped", told(StepOutcome.SKIPPED)),
        button("It is solved", ids.SOLVED, ids.about(walk.ticket)),
        button("Talk to a person", ids.CALL_PERSON, ids.about(walk.ticket)),
    )


def _ending(walk: Walk, otherwise: str) -> Block:
    return actions(
        button("That solved it", ids.SOLVED, ids.about(walk.ticket), "primary"),
        button(otherwise, ids.NOT_HELPFUL, ids.about(walk.ticket, walk.article)),
        button("Talk to a person", ids.CALL_PERSON, ids.about(walk.ticket)),
    )

"""Walking an article's steps: reading them, and going from one to the next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.articles import StepOutcome, TriedStep
from bot.desk.asking import Step, Walk, steps_of
from bot.desk.ids import TicketId, UserId


def walk_of(*texts: str) -> Walk:
    """Begin a walk through steps."""
    return Walk(TicketId(1001), UserId("U1"), "vpn", "VPN", steps_of(texts))


def test_a_bulleted_list_inside_a_step_gives_its_branches() -> None:
    """Each is named by what stands before the colon."""
    (step,) = steps_of(["Open the settings.\n- **Windows:** press Start\n- macOS: press the apple"])
    assert step.text == "Open the settings."
    assert [branch.label for branch in step.branches] == ["Windows", "macOS"]


def test_a_branch_that_names_a_step_goes_on_there() -> None:
    """The steps between are left out, and what was chosen is on record."""
    walk = walk_of("Look.\n- Light is on: go to step 3\n- Light is off: read on", "Two", "Three")
    further = walk.choose(0).tell(StepOutcome.DONE)
    assert further.number == 3
    assert further.tried[0].text == "Look. (Light is on)"


def test_after_the_last_step_nothing_is_left_to_do() -> None:
    """The walk stands past its end, and asks whether it is solved."""
    walk = walk_of("One").tell(StepOutcome.FAILED)
    assert walk.step is None
    assert walk.tried == (TriedStep("vpn", 1, "One", StepOutcome.FAILED),)


def test_one_bullet_alone_is_part_of_its_step() -> None:
    """There is nothing to choose from."""
    (step,) = steps_of(["Open it.\n- with the left button"])
    assert step == Step("Open it.\n- with the left button")


@given(
    st.lists(st.text(min_size=1) | st.just("x\n- a: go to step 1\n- b: go to step 2"), max_size=8),
    st.lists(st.sampled_from(StepOutcome), max_size=20),
)
def test_a_walk_always_ends(texts: list[str], outcomes: list[StepOutcome]) -> None:
    """It never goes back, whatever the article says, and records each step that it stood at."""
    walk = walk_of(*texts)
    seen = [walk.number]
    for outcome in outcomes:
        if walk.step is not None and walk.step.branches:
            walk = walk.choose(0)
        walk = walk.tell(outcome)
        seen.append(walk.number)
    assert seen == sorted(seen)
    assert walk.number <= len(texts) + 1
    assert len(walk.tried) == min(len(outcomes), len({n for n in seen if n <= len(texts)}))

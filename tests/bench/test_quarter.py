"""The simulated quarter: what is asked and what is right, and a fortnight of it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pytest

from kb.encoding.loading import load_encoder
from kb.encoding.once import once
from tests.bench.quarters.figures import repeats, report, wrongs
from tests.bench.quarters.fixes import CHANGED, TERSE
from tests.bench.quarters.model import unknowing_model
from tests.bench.quarters.questions import FULL, WEEKS, drawn, is_asked, rows
from tests.bench.quarters.truth import CHANGE_WEEK, Truth, careful
from tests.bench.quarters.weeks import Plan, live
from tests.bench.quarters.workplace import MONDAY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare


def test_the_quarter_is_drawn_from_a_seed_and_nothing_is_asked_twice() -> None:
    """So both loops meet the same people with the same words, at the same time."""
    asked = drawn(FULL, WEEKS, 18, MONDAY)
    assert asked == drawn(FULL, WEEKS, 18, MONDAY)
    assert asked != drawn(FULL, WEEKS, 19, MONDAY)
    assert len({each.text for each in asked}) >= FULL
    assert {each.topic for each in asked} >= TERSE.keys() | CHANGED.keys()


def test_what_is_asked_is_learned_nowhere() -> None:
    """Whole authors are held out."""
    askers = {row["author"] for row in rows() if is_asked(row)}
    learned = {row["author"] for row in rows() if not is_asked(row)}
    assert {"outsider1", "outsider2", "newcomers", "leads", "banter"} <= askers - learned


@pytest.mark.parametrize("topic", [*TERSE, *CHANGED])
def test_a_right_fix_settles_its_own_topic_and_no_other(topic: str) -> None:
    """However it was written; before and after the answer changed."""
    truth = Truth()
    others = [each for each in (*TERSE, *CHANGED) if each != topic]
    for week in (1, CHANGE_WEEK):
        for fix in truth.fixes(topic, week):
            assert truth.helps(topic, week, "a-page", fix)
            assert truth.helps(topic, week, "a-page", f"On Slack: {escape(fix)}")
            assert not any(truth.helps(other, week, "a-page", fix) for other in others)


@pytest.mark.parametrize("topic", CHANGED)
def test_what_was_right_is_wrong_after_the_change(topic: str) -> None:
    """Be it the old article or its words."""
    truth = Truth()
    assert truth.helps(topic, CHANGE_WEEK - 1, topic, "")
    assert not truth.helps(topic, CHANGE_WEEK, topic, careful(topic))


def test_a_fortnight_with_the_loop_escalates_less_again(tmp_path: Path) -> None:
    """A page that was published answers what would have been a person's work once more."""
    encoder = once(load_encoder())
    plan = Plan(900, 2, 18, tmp_path, unknowing_model(encoder), encoder, lambda _: None)
    off, on = (live(plan, loop=loop) for loop in (False, True))
    assert sum(repeats(on)) < sum(repeats(off)), report(off, on)
    assert sum(wrongs(on)) <= sum(wrongs(off)) + 3, report(off, on)
    assert on.presses["became published"] > 0

"""Everybody writes at once: nothing lost or twice, in order, heard at once, memory bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground.faults.latency import Latency
from tests.faults.flood import play

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare

QUESTIONS = 600
HEARD_S = 60.0
"""Slack's pace for one channel, and no more, may keep somebody waiting for a sign."""
A_QUESTION_MB = 0.1
"""A message that waits is a row, and nothing in memory."""


def test_everybody_writes_at_once(tmp_path: Path) -> None:
    """`python -m tests.faults.flood` plays the same with 10,000, and tells how soon each heard."""
    found = play(tmp_path, QUESTIONS, seconds=1.0, latency=Latency(), seed=3)
    assert (found.unhandled, found.unanswered) == (0, 0)
    assert (found.twice, found.out_of_order) == (0, 0)
    assert found.most_mb - found.before_mb < QUESTIONS * A_QUESTION_MB
    assert len(found.signs_s) > QUESTIONS / 2
    assert found.signs_s[-1] < HEARD_S

"""What comes late says since when it waited."""

from __future__ import annotations

import pytest

from bot.desk.asking import Courtesy
from bot.desk.tickets import Progress
from bot.desk.tiers import Tier
from bot.slack.blocks.lateness import said_late, said_when_asked
from bot.slack.blocks.parts import Rendered, section
from bot.slack.blocks.rendering import render
from bot.slack.limits import BLOCKS_A_MESSAGE
from tests import builders as a


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (Courtesy("vague"), "Asked at"),
        (a.card(), "Called at"),
        (Progress(1001, "taken", Tier.L2, a.TOM), "From"),
    ],
)
def test_the_first_line_says_since_when(notice: object, words: str) -> None:
    """In the reader's own time zone, which Slack knows; in the notification too."""
    shown = render(notice)
    assert shown is not None
    late = said_late(shown, notice, a.NOON)
    first = late.blocks[0]["elements"][0]["text"]
    assert words in first
    assert f"<!date^{int(a.NOON.timestamp())}^" in first
    assert late.blocks[1:] == shown.blocks
    assert words in late.text


def test_a_message_that_is_full_stays_within_slacks_limit() -> None:
    """One block is left out, rather than all."""
    full = Rendered("x", [section("x")] * BLOCKS_A_MESSAGE)
    assert len(said_late(full, Courtesy("vague"), a.NOON).blocks) == BLOCKS_A_MESSAGE


def test_what_was_asked_while_frontline_was_away_says_when_once_and_within_the_limit() -> None:
    """The wait for Slack after that is not told as well."""
    notice = Courtesy("vague", asked_at=a.NOON)
    shown = render(notice)
    assert shown is not None
    assert "you asked at" in shown.blocks[0]["elements"][0]["text"]
    assert said_late(shown, notice, a.NOON) is shown
    full = Rendered("x", [section("x")] * BLOCKS_A_MESSAGE)
    assert len(said_when_asked(full, a.NOON).blocks) == BLOCKS_A_MESSAGE

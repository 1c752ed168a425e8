"""`/oncall` at the edge: the payload read, the button's value, every answer rendered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk.ids import UserId
from bot.desk.oncall import (
    AskOnCall,
    ConfirmOnCall,
    OnCallBoard,
    OnCallChanged,
    OnCallProposed,
    OnCallWord,
    Override,
    Proposal,
    RotaTrouble,
    Shift,
    StandingOverride,
    Watchers,
)
from bot.slack import actions as ids
from bot.slack.blocks.rendering import render
from bot.slack.limits import BUTTON_VALUE
from bot.slack.manifest import manifest
from bot.slack.parsing.commands import UnreadablePayloadError, parse
from bot.slack.parsing.proposals import dump_proposal, load_proposal
from tests import builders as a

START, END = datetime(2026, 11, 23, 8, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)
SWAP = Proposal(
    "l2",
    "swap",
    (
        Override("l2", START, END, a.MEI, a.TOM),
        Override("l2", END, END.replace(day=30, hour=9), a.TOM, a.MEI),
    ),
)


def slash(**changes: Any) -> dict[str, Any]:
    """Build a slash command as Slack delivers it; it has no type."""
    return {
        "command": "/oncall",
        "text": " take l2 ",
        "team_id": a.TEAM,
        "channel_id": a.L2_CHANNEL,
        "user_id": a.TOM,
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        **changes,
    }


def test_a_slash_command_is_read_with_its_words() -> None:
    """Where it was used, by whom, and what stands behind it."""
    command = parse(slash(), a.BOT)
    assert isinstance(command, AskOnCall)
    assert (command.at.user, command.at.channel, command.text) == (a.TOM, a.L2_CHANNEL, "take l2")


def test_a_command_of_another_app_is_none_of_its_business() -> None:
    """Nothing is done."""
    assert parse(slash(command="/giphy"), a.BOT) is None


def test_a_slash_command_that_lacks_its_user_is_unreadable() -> None:
    """It stays in the inbox."""
    payload = slash()
    del payload["user_id"]
    with pytest.raises(UnreadablePayloadError):
        parse(payload, a.BOT)


def test_a_proposal_survives_the_button_and_fits_into_it() -> None:
    """Even a swap."""
    assert load_proposal(dump_proposal(SWAP)) == SWAP
    assert len(dump_proposal(SWAP)) < BUTTON_VALUE


@pytest.mark.parametrize(
    "value", ["", "7", "{}", '{"group":"l2","what":"dance","overrides":[]}', '{"what":[]}']
)
def test_a_value_that_was_not_written_by_us_is_refused(value: str) -> None:
    """Buttons are not proof."""
    with pytest.raises((ValueError, KeyError, TypeError)):
        load_proposal(value)


@pytest.mark.parametrize(
    ("action", "agreed"), [(ids.ON_CALL_CONFIRM, True), (ids.ON_CALL_LEAVE, False)]
)
def test_the_buttons_under_a_proposal_are_read(action: str, agreed: bool) -> None:
    """An ephemeral message has no `message` in its payload."""
    payload = {
        "type": "block_actions",
        "team": {"id": a.TEAM},
        "user": {"id": a.TOM},
        "container": {
            "type": "message",
            "message_ts": "1772452800.000100",
            "channel_id": a.L2_CHANNEL,
            "is_ephemeral": True,
        },
        "actions": [{"action_id": action, "value": dump_proposal(SWAP)}],
    }
    command = parse(payload, a.BOT)
    assert isinstance(command, ConfirmOnCall)
    assert (command.proposal, command.agreed, command.at.user) == (SWAP, agreed, a.TOM)


WORDS = (
    "help", "done", "dropped", "already_so", "not_in_group", "stranger", "no_group",
    "which_group", "no_shift", "over", "no_time", "too_long", "no_override",
    "changed_meanwhile", "yourself",
)  # fmt: skip


@pytest.mark.parametrize("what", WORDS)
def test_no_word_is_without_a_sentence(what: Any) -> None:
    """Each by its name."""
    about = UserId("U0TOM00001") if what == "no_shift" else "l2 & <!here>"
    shown = render(OnCallWord(what, about))
    assert shown is not None
    assert "<!here>" not in str(shown.blocks)


def test_the_board_shows_now_next_overrides_and_what_is_wrong() -> None:
    """In words, with each reader's own clock."""
    board = OnCallBoard(
        (
            Watchers(
                "l2",
                Shift(START, END, (a.TOM,)),
                (Shift(END, END.replace(hour=9), (a.MEI,)),),
                (a.TOM,),
                (StandingOverride(3, START, END, a.MEI, a.TOM),),
                "The calendar is old.",
            ),
            Watchers("l3", None, called=(a.JONAS,)),
        )
    )
    shown = render(board)
    assert shown is not None
    text = str(shown.blocks)
    for part in (f"Now: <@{a.TOM}> until <!date^", f"Next: <@{a.MEI}>", "Override 3", "is old"):
        assert part in text
    assert f"nobody by the rota; <@{a.JONAS}> would be called" in text


@pytest.mark.parametrize(
    "notice",
    [
        OnCallProposed(SWAP),
        OnCallChanged(SWAP, a.TOM),
        RotaTrouble("l2", "It fails.", (a.TOM,)),
        RotaTrouble("l2", "", over=True),
        OnCallBoard(()),
    ],
)
def test_every_other_notice_renders(notice: Any) -> None:
    """With a text for notifications and at least one block."""
    shown = render(notice)
    assert shown is not None
    assert shown.text
    assert shown.blocks


def test_the_manifest_has_the_command_and_asks_for_mentions_as_ids() -> None:
    """Else `@jane` would arrive as plain text."""
    (command,) = [
        each for each in manifest()["features"]["slash_commands"] if each["command"] == "/oncall"
    ]
    assert command["should_escape"]

"""Presses on a Home: the same commands as on a card, from a place that is no conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.desk.addresses import Spot
from bot.desk.ids import ChannelId, EscalationId, Ts
from bot.desk.tickets import AcknowledgeForNow, BackToQueue, SnoozeFor, Take, WakeUp
from bot.desk.views import ChooseOnHome, Listing, TurnPage
from bot.slack import actions as ids
from bot.slack.parsing.commands import parse
from bot.slack.parsing.deliveries import delivery_of
from bot.slack.parsing.shapes import UnreadablePayloadError
from tests import builders as a

AT = Spot(a.TEAM, ChannelId(a.MEI), Ts(""), a.MEI)
SEVEN = EscalationId(7)


def press(action_id: str, value: str, *, surface: str = "home", menu: bool = False) -> Any:
    """Build a press on a Home, or in a modal."""
    given = {"selected_option": {"value": value}} if menu else {"value": value}
    return {
        "type": "block_actions",
        "team": {"id": a.TEAM},
        "user": {"id": a.MEI},
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "type": surface, "hash": "1.2"},
        "trigger_id": "1.2.3",
        "actions": [{"action_id": action_id, **given}],
    }


PRESSES = [
    (ids.TAKE, "7", False, Take(AT, SEVEN)),
    (ids.FOR_NOW, "7", False, AcknowledgeForNow(AT, SEVEN)),
    (ids.WAKE, "7", False, WakeUp(AT, SEVEN)),
    (ids.MORE, f"7|{ids.QUEUE}", True, BackToQueue(AT, SEVEN)),
    (f"{ids.CHOOSE_ON_HOME}.group", "0|l2-network", True, ChooseOnHome(AT, "group", "l2-network")),
    (f"{ids.CHOOSE_ON_HOME}.priority", "0|P1", True, ChooseOnHome(AT, "priority", "P1")),
    (f"{ids.CHOOSE_ON_HOME}.show", "0|taken", True, ChooseOnHome(AT, "show", "taken")),
    (f"{ids.CHOOSE_ON_HOME}.show", "0|", True, ChooseOnHome(AT, "show", "")),
    (f"{ids.TURN_PAGE}.on", "0|groups/2", False, TurnPage(AT, Listing.GROUPS, 2)),
]


@pytest.mark.parametrize(("action_id", "value", "menu", "command"), PRESSES)
def test_what_is_pressed_on_a_home_is_read(
    action_id: str, value: str, menu: bool, command: object
) -> None:
    """And in a modal of ours, where none of these stands, it is nothing."""
    assert parse(press(action_id, value, menu=menu), a.BOT) == command
    assert parse(press(action_id, value, menu=menu, surface="modal"), a.BOT) is None


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        (f"{ids.CHOOSE_ON_HOME}.priority", "0|P9"),
        (f"{ids.CHOOSE_ON_HOME}.show", "0|everything"),
        (f"{ids.CHOOSE_ON_HOME}.colour", "0|red"),
        (f"{ids.TURN_PAGE}.on", "0|groups/soon"),
        (f"{ids.TURN_PAGE}.on", "0|nothing/1"),
        (ids.TAKE, "seven"),
    ],
)
def test_what_nobody_could_press_is_not_guessed(action_id: str, value: str) -> None:
    """It is set aside with its reason, and whoever sent it is told."""
    payload = press(action_id, value)
    with pytest.raises(UnreadablePayloadError):
        parse(payload, a.BOT)
    assert delivery_of(payload).event_id == "1.2.3"


def snooze(**values: Any) -> Any:
    """Build the modal of *Snooze* as it is sent."""
    origin = ids.ModalOrigin(7, a.MEI, "", None)
    return {
        "type": "view_submission",
        "team": {"id": a.TEAM},
        "user": {"id": a.MEI},
        "view": {
            "id": "V2",
            "callback_id": ids.SNOOZE_MODAL,
            "private_metadata": origin.dump(),
            "state": {
                "values": {
                    ids.SPAN: {ids.SPAN: {"selected_option": {"value": values["span"]}}},
                    ids.UNTIL: {ids.UNTIL: {"selected_date_time": values.get("until")}},
                }
            },
        },
    }


@pytest.mark.parametrize(
    ("span", "until", "command"),
    [
        ("hour", None, SnoozeFor(AT, SEVEN, "hour")),
        ("morning", None, SnoozeFor(AT, SEVEN, "morning")),
        (
            "hour",
            1_772_460_000,
            SnoozeFor(AT, SEVEN, "until", datetime.fromtimestamp(1_772_460_000, UTC)),
        ),
    ],
)
def test_a_time_of_ones_own_counts_whatever_else_is_marked(
    span: str, until: int | None, command: SnoozeFor
) -> None:
    """What somebody chose is not lost to a mark that stood there first."""
    assert parse(snooze(span=span, until=until), a.BOT) == command


@pytest.mark.parametrize(
    ("span", "until"), [("year", None), ("hour", -1), ("hour", 2**50), ("hour", "soon")]
)
def test_no_time_at_all_is_not_read_as_one(span: str, until: object) -> None:
    """Nothing is put off by what cannot be read."""
    with pytest.raises(UnreadablePayloadError):
        parse(snooze(span=span, until=until), a.BOT)

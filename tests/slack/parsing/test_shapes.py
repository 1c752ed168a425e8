"""What the desk reads of a payload is typed: the rest is refused by name, or not looked at."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack import actions as ids
from bot.slack.limits import LONGEST_TEXT
from bot.slack.parsing.deliveries import LARGEST_PAYLOAD, delivery_of, sender_of
from bot.slack.parsing.shapes import UnreadablePayloadError, checked
from tests import builders as a
from tests.slack import payloads


def at(payload: Any, path: str, value: Any) -> dict[str, Any]:
    """Put something else at a place of a payload."""
    *steps, last = path.split(".")
    holder = payload
    for step in steps:
        holder = holder[int(step) if step.isdigit() else step]
    holder[last] = value
    return dict(payload)


@pytest.mark.parametrize(
    ("payload", "path", "value"),
    [
        (payloads.callback(payloads.message()), "event.user", 12345),
        (payloads.callback(payloads.message()), "event.text", {"rich": "text"}),
        (payloads.callback(payloads.message()), "event.ts", 1772452800.0001),
        (payloads.callback(payloads.message()), "event.channel", "C0\x00"),
        (payloads.callback(payloads.message()), "event.thread_ts", "9" * 400),
        (payloads.callback(payloads.message()), "event.files", [7]),
        (payloads.callback(payloads.message()), "event", "lunch"),
        (payloads.press(ids.TAKE, "7"), "user.id", 12345),
        (payloads.press(ids.TAKE, "7"), "user", "U0ANA00001"),
        (payloads.press(ids.TAKE, "7"), "actions", []),
        (payloads.press(ids.TAKE, "7"), "actions.0.action_id", None),
        (payloads.press(ids.TAKE, "7"), "container.channel_id", "U0\ud800"),
        (payloads.submission(ids.REMARK_MODAL, {ids.TEXT: "Hm."}), "view.state", {"values": [1]}),
    ],
)
def test_what_is_not_as_its_type_promises_is_refused_by_name(
    payload: dict[str, Any], path: str, value: Any
) -> None:
    """The place is named; what stood there is not, since it may be anything."""
    with pytest.raises(UnreadablePayloadError) as refused:
        checked(at(payload, path, value))
    assert path.split(".", maxsplit=1)[0] in str(refused.value)
    assert "12345" not in str(refused.value)


def test_halves_of_characters_and_endless_texts_are_no_reason_to_refuse() -> None:
    """They are what people paste."""
    read = checked(payloads.callback(payloads.message("\ud83d" + "x" * 100_000)))
    assert read is not None
    assert read["event"]["text"] == "x" * (LONGEST_TEXT - 1)


@pytest.mark.parametrize("left_out", [None, ""])
def test_where_slack_says_nothing_nothing_is_missed(left_out: str | None) -> None:
    """Null and an empty text are the same as a field that is not there."""
    event = payloads.message(thread_ts=left_out, bot_id=left_out, subtype=None, files=None)
    assert checked(payloads.callback(event)) is not None


@pytest.mark.parametrize(
    "payload",
    [
        payloads.callback({"type": "user_change", "user": {"id": a.ANA}}),
        payloads.callback({"type": "message", "subtype": "bot_message", "user": {}, "text": 7}),
        {"type": "view_closed", "user": 7},
        {"type": 7},
        {},
    ],
)
def test_what_nobody_reads_is_not_looked_at(payload: dict[str, Any]) -> None:
    """It is none of the desk's business what it is like."""
    assert checked(payload) is None


def test_reading_what_was_read_changes_nothing() -> None:
    """So the part that is read can be kept in place of a payload that is too large."""
    for payload in (payloads.callback(payloads.message()), payloads.press(ids.SOLVED)):
        read = checked(payload)
        assert read is not None
        assert checked(read) == read


def test_a_payload_that_is_too_large_is_kept_in_part() -> None:
    """What is read of it; it is recognised as the message that it is."""
    event = payloads.message("VPN?", blocks=["x" * LARGEST_PAYLOAD])
    kept = delivery_of(payloads.callback(event))
    assert "blocks" not in kept.payload["event"]
    assert (kept.event_id, kept.thread) == ("Ev0MESSAGE1", a.THREAD)
    assert kept.message_key == f"{a.TEAM}:{a.IT_HELP}:{a.ASKED}"


def test_a_payload_that_is_too_deep_and_unreadable_is_kept_as_a_beginning() -> None:
    """It is shown to the admin, and no more."""
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    kept = delivery_of({"type": "block_actions", "user": deep})
    assert kept.event_id.startswith("unreadable:")
    assert kept.payload["too_large"] == "deeper than it can be written down"
    while isinstance(deep, list):  # taken apart by hand: the interpreter would recurse
        deep = deep.pop()


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        (payloads.press(ids.SOLVED, actions=7), a.ANA),
        (payloads.press(ids.SOLVED, actions=7, user={"id": 7}), None),
        (payloads.callback(payloads.message(text=7, channel=a.DIRECT)), a.ANA),
        (payloads.callback(payloads.message(text=7)), None),
        (payloads.callback(payloads.message(text=7, type="app_mention")), a.ANA),
        (payloads.callback(payloads.message(text=7, channel=a.DIRECT, bot_id="B1")), None),
        ({"command": "/helpdesk", "user_id": a.ANA, "channel_id": a.IT_HELP, "text": 7}, a.ANA),
        ({"type": "view_submission", "user": {"id": a.ANA}, "view": 7}, a.ANA),
    ],
)
def test_who_waits_for_a_word_is_found_in_what_cannot_be_read(
    payload: dict[str, Any], told: str | None
) -> None:
    """Those who addressed the desk; chatter in a channel is nobody's concern."""
    at = sender_of(payload)
    assert (at.user if at else None) == told


@pytest.mark.parametrize("value", ["", "-1", "1e9", "9" * 19, "٣", " 7", "7 ", "|vpn"])
def test_a_buttons_number_is_a_number_that_a_database_can_hold(value: str) -> None:
    """Anybody can send any value."""
    with pytest.raises(ValueError, match="is no number"):
        ids.read_about(value)


@pytest.mark.parametrize(
    "metadata",
    [
        '{"escalation": "7", "channel": "C", "ts": "1.0", "thread_ts": null}',
        '{"escalation": 99999999999999999999, "channel": "C", "ts": "1.0", "thread_ts": null}',
        '{"escalation": 7, "channel": 5, "ts": "1.0", "thread_ts": null}',
        '{"escalation": 7, "channel": "\\ud800", "ts": "1.0", "thread_ts": null}',
        "[]",
        "{",
    ],
)
def test_where_a_modal_was_opened_from_is_typed_too(metadata: str) -> None:
    """It comes back from the outside."""
    with pytest.raises(ValueError, match="ModalOrigin"):
        ids.ModalOrigin.load(metadata)

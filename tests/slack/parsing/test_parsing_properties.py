"""Whatever arrives, reading it ends in a command, in nothing, or in the one error meant for it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.slack import actions as ids
from bot.slack.parsing.commands import UnreadablePayloadError, parse
from bot.slack.parsing.deliveries import delivery_of
from tests import builders as a
from tests.slack import payloads

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
KEYS = st.sampled_from(
    [
        "event", "type", "subtype", "user", "text", "channel", "ts", "thread_ts", "message",
        "previous_message", "deleted_ts", "files", "attachments", "bot_id", "team_id", "team", "id",
        "container", "actions", "action_id", "value", "view", "callback_id", "private_metadata",
        "state", "values", "channel_id", "message_ts", "name",
    ]
)  # fmt: skip
words = st.sampled_from(
    [
        "event_callback", "block_actions", "view_submission", "message", "app_mention",
        "message_changed", "message_deleted", "file_share", "tombstone", ids.SOLVED, ids.TAKE,
        f"{ids.CHOOSE}.1", ids.RESOLVE_MODAL, ids.ESCALATE_MODAL, "1001", "1001|vpn", a.ANA, a.BOT,
        '{"escalation": 7, "channel": "C", "ts": "1.0", "thread_ts": null}', "{}", "[]",
    ]
)  # fmt: skip
anything = st.recursive(
    scalars | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)
ORIGINALS = (
    payloads.callback(payloads.message()),
    payloads.callback(payloads.changed("new", "old")),
    payloads.callback(payloads.removed()),
    payloads.press(ids.SOLVED),
    payloads.press(f"{ids.CHOOSE}.1", "1001|vpn-connect"),
    payloads.submission(ids.RESOLVE_MODAL, {ids.CAUSE: "Dust.", ids.FIX: "Cleaned."}),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List every place in a payload."""
    found = [path] if path else []
    if isinstance(value, dict):
        found += [p for key, inner in value.items() for p in places(inner, (*path, key))]
    elif isinstance(value, list):
        found += [p for n, inner in enumerate(value) for p in places(inner, (*path, n))]
    return found


def put_at(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """Copy a payload with one place replaced."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put_at(value[path[0]], path[1:], new)
    return copy


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """Take a real payload and put something else in one or two places."""
    payload: Any = draw(st.sampled_from(ORIGINALS))
    for _ in range(draw(st.integers(1, 2))):
        payload = put_at(payload, draw(st.sampled_from(places(payload))), draw(anything))
    return dict(payload)


@given(st.dictionaries(KEYS, anything, max_size=8) | damaged())
def test_reading_raises_nothing_but_its_own_error(payload: dict[str, Any]) -> None:
    """A payload of any shape is read, ignored, or named as unreadable."""
    with suppress(UnreadablePayloadError):
        parse(payload, a.BOT)


@given(damaged())
def test_any_event_or_press_can_be_stored(payload: dict[str, Any]) -> None:
    """A payload that cannot be read can still be recognised when it comes again."""
    first, again = delivery_of(payload), delivery_of(payload)
    assert first.event_id
    assert first == again

"""What cannot be read, planned, rendered or sent is set aside: nobody else waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.slack import actions as ids
from tests import builders as a

if TYPE_CHECKING:
    from tests.scenarios.office import Office


def envelope(office: Office, payload: Any, kind: str = "interactive") -> str:
    """Let an envelope come over the socket as text; gives its id."""
    assert office.application is not None
    number = f"poison-{len(office.playground.record())}-{len(str(payload))}"
    raw = {"envelope_id": number, "type": kind, "payload": payload}
    office.application.handler.client.enqueue_message(json.dumps(raw))
    return number


def acknowledged(office: Office, number: str) -> bool:
    """Whether an envelope was answered."""
    office.ana.wait_for(lambda: number in acks(office))
    return True


def acks(office: Office) -> set[str]:
    """The envelopes that were answered since the test began."""
    record = office.playground.record(office._since)
    return {entry["envelope_id"] for entry in record if entry["kind"] == "ack"}


def ask_about(office: Office, ts: str, **changes: Any) -> Any:
    """The shortcut *Ask Frontline about this*, on somebody's message."""
    return {
        "type": "message_action", "callback_id": ids.ASK_ABOUT, "trigger_id": f"odd.{ts}",
        "team": {"id": a.TEAM}, "channel": {"id": a.IT_HELP}, "user": {"id": office.tom.id},
        "message": {"ts": ts, "user": office.ana.id, "text": "my password"},
        **changes,
    }  # fmt: skip


@pytest.mark.parametrize("user", [12345, 2**70, "U0\ud800", ["U0ANA00001"], None])
def test_an_odd_user_id_stops_nobody(office: Office, user: Any) -> None:
    """One shortcut by nobody, then everybody else is answered; also after a restart."""
    ts = office.ana.say("it-help", f"lunch at noon, {user!r}?")
    number = envelope(office, ask_about(office, ts, user={"id": user}))
    assert acknowledged(office, number)
    office.ask(office.tom, f"my password, after {user!r}").waits_for("Reset your password")
    office.bot_leaves()
    office.bot_comes()
    office.ask(office.tom, f"my password, restarted {user!r}").waits_for("Reset your password")
    office.settle()

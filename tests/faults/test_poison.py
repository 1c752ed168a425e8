"""What cannot be read, planned, rendered or sent is set aside: nobody else waits for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli.doctor import doctor
from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.slack import actions as ids
from tests import builders as a
from tests.fakes import TurnableClock
from tests.scenarios.office import BOT, Office
from tests.slack import payloads

if TYPE_CHECKING:
    from pathlib import Path

    from bot.bootstrap import Application

pytestmark = pytest.mark.rare


HOLOGRAM = '{"kind": "hologram"}'


def envelope(office: Office, payload: Any, kind: str = "interactive") -> str:
    """Let an envelope come over the socket as text; gives its id."""
    assert office.application is not None
    number = f"poison-{len(office.playground.record())}-{len(str(payload))}"
    raw = {"envelope_id": number, "type": kind, "payload": payload}
    office.application.line.client.enqueue_message(json.dumps(raw))
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


def failed(office: Office) -> list[str]:
    """Why the latest deliveries could not be handled."""
    return [row[0] for row in office.rows("SELECT error FROM inbox WHERE state = 'failed'")]


@pytest.mark.parametrize(
    ("number", "payload"),
    [
        (1, {"type": "event_callback", "event": "lunch", "team_id": a.TEAM}),
        (2, {"type": "block_actions", "user": 5, "actions": 7, "team": ["T"]}),
        (3, {"type": "block_actions", "authorizations": [], "team": 7, "user": {"id": "U1"}}),
        (4, {"type": "event_callback", "authorizations": [1], "event_id": "Ev\ud800"}),
        (5, ["no", "object"]),
        (6, None),
    ],
)
def test_what_bolt_itself_fails_on_is_answered_and_set_aside(
    office: Office, number: int, payload: Any
) -> None:
    """Left unanswered, it would be delivered again and again."""
    assert acknowledged(office, envelope(office, payload))
    office.ask(office.tom, f"my password, odd {number}").waits_for("Reset your password")
    assert "Traceback" not in str(failed(office))


def test_who_pressed_is_told_where_that_can_be_read(office: Office) -> None:
    """Privately, in the thread of the press; the admin is shown it, too."""
    asked = office.ask(office.ana, "my password, and an odd press")
    asked.waits_for("Reset your password")
    office.settle()
    press = payloads.press(ids.SOLVED, "1001", trigger_id="odd.actions")
    press["user"]["id"] = office.ana.id
    press["container"]["thread_ts"] = press["message"]["thread_ts"] = asked.ts
    press["actions"][0]["value"] = {"no": "text"}
    assert acknowledged(office, envelope(office, press))
    asked.waits_for_whisper("that went wrong on my side and nothing was changed")
    assert any("actions.0.value" in why for why in failed(office))
    health = application(office).store
    with health.readings() as readings:
        assert readings.health().failed > 0


def test_a_giant_or_endlessly_deep_payload_is_cut_at_the_door(office: Office) -> None:
    """What is read of it is kept; what nobody reads is not stored."""
    deep: Any = "x"
    for _ in range(300):
        deep = [deep]
    event = payloads.message(
        "my password, " + "blah " * 200_000,
        user=office.ana.id, channel_type="im", channel=office.ana.dm(BOT), ts="1800000000.009900",
        blocks=deep,
    )  # fmt: skip
    assert acknowledged(office, envelope(office, payloads.callback(event, "EvGIANT"), "events_api"))
    office.settle()
    ((size,),) = office.rows("SELECT length(payload) FROM inbox WHERE event_id = 'EvGIANT'")
    assert size < 50_000
    ((question,),) = office.rows("SELECT question FROM tickets WHERE thread_ts = ?", event["ts"])
    assert question.startswith("my password, blah")


def application(office: Office) -> Application:
    """The running bot."""
    assert office.application is not None
    return office.application


def test_a_notice_of_another_version_stops_nobody_and_is_shown(office: Office) -> None:
    """As after an update that was taken back: the requester is told, and doctor names it."""
    asked = office.ask(office.ana, "my password, before the update")
    asked.waits_for("Reset your password")
    office.settle()
    ((ticket,),) = office.rows("SELECT id FROM tickets WHERE thread_ts = ?", asked.ts)
    store = application(office).store
    with store.unit_of_work() as uow:
        number = uow.outbox.put(Courtesy("settled"), Destination(a.IT_HELP, asked.ts), ticket)
        uow._db.execute("UPDATE outbox SET notice = ? WHERE id = ?", [HOLOGRAM, number])
    office.ask(office.tom, "my password, after the update").waits_for("Reset your password")
    asked.waits_for("I could not reach anybody on call")
    said = CliRunner().invoke(doctor, [], obj=office.settings)
    assert f"note set aside: notice {number}, T-{ticket}" in said.output
    assert "another version" in said.output


def test_what_was_said_days_ago_is_pressed_edited_and_recognised(tmp_path: Path) -> None:
    """Its rows have left the tables that are worked on; nobody who uses them notices."""
    with Office(tmp_path, clock=TurnableClock()) as office:
        asked = office.ask(office.ana, "my password, days ago")
        asked.waits_for("Reset your password")
        office.turn(days=2)
        store = application(office).store
        while store.history.step():
            pass
        assert office.rows("SELECT id FROM inbox WHERE state = 'done'") == []
        assert office.rows("SELECT id FROM outbox_history") != []
        ((body,),) = office.rows("SELECT payload FROM inbox_history WHERE message_key IS NOT NULL")
        envelope(office, json.loads(body), "events_api")
        asked.press("That solved it")
        asked.waits_for("Glad that it is solved")
        office.settle()
        assert "[That solved it]" not in asked.replies[0]
        assert len(office.rows("SELECT id FROM tickets")) == 1
        assert asked.count("Reset your password") == 1

"""Too fast, and too much at once: it is said, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings.file import FileSettings
from bot.slack.limits import LONGEST_TEXT
from bot.slack.parsing.deliveries import is_overlong
from bot.slack.parsing.shapes import checked
from tests.scenarios.office import BOT, SAM, Office, configuration
from tests.scenarios.screen import reads

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import TurnableClock


@pytest.mark.rare
def test_one_floods_and_another_is_answered_at_once(tmp_path: Path, clock: TurnableClock) -> None:
    """The flooder hears once that they wait; all of it is handled as its turn comes."""
    with Office(tmp_path, file=_with_who(), clock=clock) as office:
        direct = office.ana.dm(BOT)
        for number in range(40):
            office.ana.say(direct, f"thanks {number}")
        asked = office.ask(office.tom, "my password")
        asked.waits_for("Reset your password")
        held = "SELECT count(*) FROM inbox WHERE state = 'held'"
        # Their share is all that a minute's half holds; nothing more of it was handled before him.
        assert office.rows(held)[0][0] >= 40 - A_PERSON // 2
        clock.turn(180)
        office.wake()
        office.settle()
        assert office.rows(held)[0][0] == 0
        said = [str(call) for call in office.calls("chat.postMessage")]
        assert sum("I take it one after the other" in text for text in said) == 1
        assert office.rows("SELECT count(*) FROM inbox WHERE state <> 'done'")[0][0] == 0


@pytest.mark.rare
def test_an_app_that_may_ask_floods_and_its_worst_news_does_not_wait(
    tmp_path: Path, clock: TurnableClock
) -> None:
    """A first priority behind 59 alerts; the admin hears of an app beyond its share."""
    with Office(tmp_path, file=_with_who(bots=["B0ALERTS01"]), clock=clock) as office:
        for number in range(59):
            office.playground.control(
                "deliver", event=alert(number, f"thanks, disk {number} is well")
            )
        office.playground.control("deliver", event=alert(99, "The vpn drops everywhere, alert 99"))
        office.card(office.mei, "alert 99")
        for number in range(100, 110):
            office.playground.control("deliver", event=alert(number, "thanks, the last"))
        office.ask(office.tom, "my password").waits_for("Reset your password")
        clock.turn(60)
        office.wake()
        office.settle()
        told = [reads(message) for message in office.sam.sees(office.sam.dm(BOT))]
        assert sum("posts more than its share" in text for text in told) == 1


def alert(number: int, text: str) -> dict[str, object]:
    """Build an app's post."""
    return {
        "type": "message", "subtype": "bot_message", "bot_id": "B0ALERTS01", "text": text,
        "channel": "C0ITHELP01", "channel_type": "channel", "ts": f"1800000000.{number:06}",
    }  # fmt: skip


def _with_who(**who: object) -> FileSettings:
    """The office as it is configured, with everybody's usual share."""
    office = configuration().model_dump(exclude_unset=True)
    return FileSettings.model_validate({**office, "who": who, "desk": {"admins": [SAM]}})


A_PERSON = FileSettings().who.share
TOO_LONG = "x" * (LONGEST_TEXT + 1)
MANY = [{"name": f"{n}.txt"} for n in range(150)]


def event(**said: object) -> dict[str, object]:
    """Build a message's event."""
    inner = {"type": "message", "user": "U0ANA00001", "channel": "D1", "ts": "1.0", **said}
    return {"type": "event_callback", "event_id": "Ev1", "team_id": "T1", "event": inner}


def modal(value: str) -> dict[str, object]:
    """Build a modal that was sent."""
    view = {"id": "V1", "private_metadata": "", "state": {"values": {"b": {"a": {"value": value}}}}}
    return {"type": "view_submission", "user": {"id": "U1"}, "view": view}


@pytest.mark.parametrize(
    "payload",
    [
        event(text=TOO_LONG),
        event(text="see these", files=MANY),
        event(text="", attachments=[{"text": "a"}] * 150),
        event(subtype="message_changed", message={"user": "U1", "ts": "1.0", "text": TOO_LONG}),
        modal(TOO_LONG),
        {"command": "/oncall", "team_id": "T1", "channel_id": "C1", "user_id": "U1",
         "text": TOO_LONG},
    ],
)  # fmt: skip
def test_what_is_too_much_is_read_as_far_as_the_limit_and_said(payload: dict[str, object]) -> None:
    """Texts, files, quoted messages, edits, fields of modals, commands."""
    assert is_overlong(payload)
    read = checked(payload)
    assert read is not None
    assert not is_overlong(read)


@pytest.mark.parametrize(
    "payload",
    [
        event(text="short"), event(text=None), event(text="x" * LONGEST_TEXT), modal("short"),
        event(files="odd"), {"view": 7}, {"event": []}, {},
    ],
)  # fmt: skip
def test_what_fits_or_is_odd_is_not_called_too_long(payload: dict[str, object]) -> None:
    """Odd payloads have a way of their own."""
    assert not is_overlong(payload)

"""Too fast, and too much at once: it is said, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings.file import FileSettings
from bot.slack.limits import LONGEST_TEXT
from bot.slack.parsing.deliveries import is_overlong
from bot.slack.parsing.shapes import checked
from tests.scenarios.office import BOT, Office, configuration
from tests.scenarios.screen import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path


def test_who_sends_too_fast_is_told_once_and_all_is_handled(tmp_path: Path) -> None:
    """Thirty-four direct messages at once, at a share of sixty a minute."""
    file = FileSettings.model_validate(
        {**configuration().model_dump(exclude_unset=True), "who": {"share": 60}}
    )
    with Office(tmp_path, file=file) as office:
        direct = office.ana.dm(BOT)
        for number in range(34):
            office.ana.say(direct, f"thanks {number}")
        told = "SELECT count(*) FROM all_outbox WHERE notice LIKE '%too_much%'"
        held = "SELECT count(*) FROM inbox WHERE state <> 'done'"
        office.ana.wait_for(lambda: office.rows(told)[0][0] or None, PATIENCE_S)
        office.ana.wait_for(lambda: office.rows(held)[0][0] == 0, PATIENCE_S)
        assert office.rows(told)[0][0] == 1


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

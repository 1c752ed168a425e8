"""A line that is open and brings nothing is found and replaced; a second process is refused."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.bootstrap import start_with
from bot.settings.file import DeskSettings
from bot.slack.lines.socket import LOOK_AFTER_CONNECTION_S
from bot.store.holding import InUseError
from tests.faults.test_away import pass_in_vain
from tests.scenarios.office import Office, configuration
from tests.scenarios.screen import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare

SINGS = 60.0
"""After so long without an event the canary has sung."""
ANSWERED = 25.0


def later(office: Office, seconds: float) -> None:
    """Let what listens believe that so many seconds more have passed."""
    listening = office._working().listening
    so_far = listening._monotonic() - time.monotonic()
    listening._monotonic = lambda: time.monotonic() + so_far + seconds
    listening._ear._monotonic = listening._monotonic


def connection(office: Office) -> str:
    """Name the open connection."""
    open_now = office.playground.control("connections")["connections"]
    return str(open_now[-1]) if open_now else ""


def said(office: Office, what: str) -> list[Any]:
    """Give what is on record of the machine."""
    return office.rows("SELECT details FROM audit WHERE what = ?", what)


def test_a_question_on_a_deaf_line_is_found_in_slack_and_the_line_replaced(
    tmp_path: Path,
) -> None:
    """Slack has given up delivering it; the minute's comparison finds it."""
    with Office(tmp_path) as office:
        office.ask(office.ana, "my password, heard").waits_for("Reset your password")
        office.settle()
        deaf = connection(office)
        office.playground.control("mute")
        asked = office.ask(office.ana, "my password, unheard")
        pass_in_vain(office)
        later(office, 3_000)
        assert "asked at" in asked.waits_for("Reset your password")
        office.ana.wait_for(lambda: connection(office) not in {deaf, ""}, PATIENCE_S)
        office.settle()
        assert len(asked.replies) == 1
        assert len(said(office, "deaf")) == 1
        office.ask(office.tom, "my password, on the new line").waits_for("Reset your password")


def test_a_line_on_which_nobody_writes_is_proved_by_the_canary(tmp_path: Path) -> None:
    """One message, edited in silence; while its events come back the line stays."""
    file = configuration().model_copy(update={"desk": DeskSettings(canary_channel="warehouse")})
    with Office(tmp_path, file=file) as office:
        office.ana.wait_for(lambda: office._working().listening._session, PATIENCE_S)
        first = connection(office)
        for sung in (1, 2):
            later(office, SINGS)
            office.ana.wait_for(lambda n=sung: sings(office) >= n, PATIENCE_S)  # type: ignore[misc]
            later(office, ANSWERED)
            office.ana.wait_for(lambda: office._working().listening._sang_at is None, PATIENCE_S)
            assert connection(office) == first
        office.playground.control("mute")
        later(office, SINGS)
        office.ana.wait_for(lambda: sings(office) >= 3, PATIENCE_S)
        later(office, ANSWERED)
        office.ana.wait_for(lambda: connection(office) not in {first, ""}, PATIENCE_S)
        office.ana.wait_for(lambda: len(said(office, "deaf")) == 1, PATIENCE_S)
        shown = [m for m in office.tom.sees("warehouse") if "hears this workspace" in m["text"]]
        assert len(shown) == 1, "one message, edited"


def sings(office: Office) -> int:
    """Count how often the canary sang."""
    posted = office.calls("chat.postMessage") + office.calls("chat.update")
    return sum("hears this workspace" in call["arguments"].get("text", "") for call in posted)


def test_a_connection_that_is_open_on_this_side_alone_is_found_within_ten_seconds() -> None:
    """The client counts whole seconds without a pong, more than four pings, and looks each ping."""
    assert math.floor(4 * LOOK_AFTER_CONNECTION_S + 1) + LOOK_AFTER_CONNECTION_S <= 10


def test_a_second_process_on_the_same_database_is_refused_and_harms_nothing(
    tmp_path: Path,
) -> None:
    """The first goes on; what only reads is let in."""
    with Office(tmp_path) as office:
        with pytest.raises(InUseError, match="in use by process"):
            start_with(office.triager, office.settings)
        office.ask(office.ana, "my password, with one bot").waits_for("Reset your password")
        office.settle()


def test_a_start_waits_until_slack_lets_it_sign_in(tmp_path: Path) -> None:
    """A token that is refused for a moment, and a failing Slack, delay a start and no more."""
    office = Office(tmp_path)
    office.open()
    try:
        office.fault("error", "auth.test", code="invalid_auth")
        office.fault("server_error", "apps.connections.open")
        office.bot_comes()
        office.ask(office.ana, "my password, at last").waits_for("Reset your password")
    finally:
        office.close()

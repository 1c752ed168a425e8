"""`frontline serve` itself reads its configuration anew when it is told to."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

import pytest

from tests.faults.test_serve_killed import serve, served
from tests.scenarios.screen import PATIENCE_S

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from tests.scenarios.office import Office

__all__ = ["served"]

pytestmark = pytest.mark.rare  # real models


@contextlib.contextmanager
def logged(office: Office, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `frontline serve` until the end of the block; its log goes to a file."""
    with log.open("wb") as file, serve(office, stderr=file) as process:
        yield process


def waits_for_line(office: Office, log: Path, words: str, times: int = 1) -> None:
    """Wait until the log says something."""
    office.ana.wait_for(lambda: log.read_text("utf-8").count(words) >= times, PATIENCE_S)


def test_a_configuration_is_taken_up_while_the_bot_works(served: Office, tmp_path: Path) -> None:
    """What is in hand is answered once; a bad one is refused in one line, and the old goes on."""
    office, log = served, tmp_path / "log"
    config = office.folder / "frontline.toml"
    good = config.read_text("utf-8")
    with logged(office, log) as process:
        unasked = office.ask(office.tom, "My laptop is slow since the update", "warehouse")
        office.settle()
        assert unasked.replies == []

        asked = office.ask(office.ana, "My laptop is slow since the morning")
        config.write_text(good + '[channels.warehouse]\nmode = "questions"\n', "utf-8")
        process.send_signal(signal.SIGHUP)
        waits_for_line(office, log, "configuration_read")
        assert "channels" in log.read_text("utf-8")
        now = office.ask(office.tom, "My laptop is slow since the weekend", "warehouse")
        for each in (asked, now):
            office.ana.wait_for(lambda each=each: each.replies, PATIENCE_S)  # type: ignore[misc]
        office.settle()
        assert len(asked.replies) == len(now.replies) == 1

        config.write_text(good.replace('tier = "L3"', 'tier = "L9"'), "utf-8")
        process.send_signal(signal.SIGHUP)
        waits_for_line(office, log, "configuration_refused")
        waits_for_line(office, log, "The configuration was not taken up")
        said = log.read_text("utf-8")
        refused = [line for line in said.splitlines() if "configuration_refused" in line]
        assert len(refused) == 1
        assert "frontline.toml:" in refused[0]
        assert "Traceback" not in said[said.index("configuration_refused") :]
        still = office.ask(office.tom, "My laptop is slow since the storm", "warehouse")
        office.ana.wait_for(lambda: still.replies, PATIENCE_S)

        config.write_text(f'database = "elsewhere.db"\n{good}', "utf-8")
        process.send_signal(signal.SIGHUP)
        waits_for_line(office, log, "needs_a_restart")
        waits_for_line(office, log, "configuration_read", times=2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

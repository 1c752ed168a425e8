"""`frontline serve` itself, with its real models, killed with signal 9 and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from typing import IO, TYPE_CHECKING

import pytest

from tests.scenarios.models import ARTICLES, ROOT, real_triager, small_model
from tests.scenarios.office import Office
from tests.scenarios.screen import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.scenarios.screen import Screen

pytestmark = pytest.mark.rare

START_S = 60
CONFIGURATION = """
[knowledge]
sources = ["{root}/kb/articles"]
[classifier]
model = "{model}"
[who]
share = 10000
[channels.it-help]
mode = "questions"
[groups.l2]
tier = "L2"
channel = "l2-support"
usergroup = "l2-oncall"
[groups.l3]
tier = "L3"
channel = "l3-engineering"
usergroup = "l3-oncall"
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace whose bot is to be started as an admin starts it."""
    folder = tmp_path_factory.mktemp("served")
    model = small_model(tmp_path_factory.mktemp("small"), each=60)
    (folder / "frontline.toml").write_text(CONFIGURATION.format(root=ROOT, model=model))
    office = Office(folder)
    office.open()
    with contextlib.closing(office):
        settings = office.settings
        settings.model = model
        real_triager(settings, *sorted(ARTICLES.glob("laptop-*.md")))
        yield office


@contextlib.contextmanager
def serve(
    office: Office,
    command: Sequence[str] = (sys.executable, "-m", "bot", "serve"),
    stderr: IO[bytes] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `frontline serve` until the end of the block."""
    playground = office.playground
    environment = {
        **os.environ,
        "SLACK_API_URL": playground.api_url,
        "SLACK_BOT_TOKEN": playground.bot_token,
        "SLACK_APP_TOKEN": playground.app_token,
        "FRONTLINE_DB": str(office.settings.db),
        "FRONTLINE_CONFIG": str(office.folder / "frontline.toml"),
    }
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=stderr) as process:
        try:
            office.ana.wait_for(lambda: office.ana.boot()["is_connected"], START_S)
            yield process
        finally:
            process.kill()


def test_a_kill_between_state_and_sending_loses_and_repeats_nothing(served: Office) -> None:
    """The state is written; the message is under way, or arrived without the bot's knowledge."""
    slow = ask_and_kill(served, "slow")
    lost = ask_and_kill(served, "lost_answer", and_before=slow)
    with serve(served):
        is_answered_once(served, lost)
        is_answered_once(served, slow)


def ask_and_kill(office: Office, fault: str, and_before: Screen | None = None) -> Screen:
    """Start, ask, and kill the bot in the middle of its first message."""
    with serve(office) as process:
        if and_before is not None:
            is_answered_once(office, and_before)
        office.begin()
        office.fault(fault, "chat.postMessage", seconds=600)
        asked = office.ask(office.ana, f"My laptop is slow since the update, {fault}")
        office.ana.wait_for(lambda: has_failed(office), PATIENCE_S)
        process.send_signal(signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    return asked


def has_failed(office: Office) -> bool:
    """Whether the fault that was arranged has come."""
    return any(entry["kind"] == "fault" for entry in office.playground.record(office._since))


def is_answered_once(office: Office, asked: Screen) -> None:
    """One reply in the thread, one ticket, at most one card."""
    office.ana.wait_for(lambda: asked.replies, PATIENCE_S)
    office.settle()
    assert len(asked.replies) == 1
    tickets = office.rows("SELECT id FROM tickets WHERE thread_ts = ?", asked.ts)
    assert len(tickets) == 1
    assert len(office.cards(office.mei, f"T-{tickets[0][0]} ")) <= 1

"""A run of learning that is killed by the system: the old state is whole at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.bootstrap import lessons as off_the_record
from bot.bootstrap import running as starting
from bot.bootstrap.lessons import put_back
from bot.fitting.learning import running
from bot.fitting.learning.running import learn
from bot.settings.loading import load_settings
from tests.fitting.small_desk import NOW, lessons, state

if TYPE_CHECKING:
    from bot.desk.learning import Lesson
    from bot.fitting.learning.running import Setup
    from bot.settings.settings import Settings

pytestmark = pytest.mark.rare

ROOT = Path(__file__).parents[2]
EARLY = ("weighed", "trained", "judged", "written")
SWITCHING = ("a switch is announced", "the search has it", "the model has it", "it is pointed to")


def killed_at(step: str, made: Path, folder: Path, count: int = 80) -> None:
    """Let a run die there."""
    command = [sys.executable, "-m", "tests.fitting.killed", str(made), str(folder), str(count)]
    ended = subprocess.run([*command, step], cwd=ROOT, env=os.environ, check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.fixture
def settings(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those of a bot on this desk, on whose record the lessons are."""
    found = load_settings(None)
    found.db, found.model = setup.base.store.path, setup.versions.model

    def on_record(_: Settings) -> list[Lesson]:
        return lessons()

    monkeypatch.setattr(off_the_record, "lessons_of", on_record)
    return found


@pytest.mark.parametrize("step", [*EARLY, *SWITCHING])
def test_the_start_of_the_bot_finds_the_old_state_or_puts_it_back(
    setup: Setup, settings: Settings, made: Path, tmp_path: Path, step: str
) -> None:
    """Whatever step the first run was killed at; and the next run learns as if nothing was."""
    before = state(setup)
    killed_at(step, made, tmp_path)
    assert put_back(settings, setup.base) is (step in SWITCHING)
    assert state(setup)[:3] == before[:3]
    assert setup.versions.serving() is None
    assert not setup.versions.is_half_done()
    assert not put_back(settings, setup.base)
    report = learn(replace(setup, now=NOW + timedelta(minutes=1)), lessons(), dry_run=False,
                   by_hand=True)  # fmt: skip
    assert report.outcome == running.PROMOTED


@pytest.mark.parametrize("step", SWITCHING)
def test_what_was_learned_before_serves_again(
    setup: Setup, settings: Settings, made: Path, tmp_path: Path, step: str
) -> None:
    """Model, questions, profile and pointer of the former version."""
    assert learn(setup, lessons(70), dry_run=False, by_hand=True).outcome == running.PROMOTED
    before = state(setup)
    killed_at(step, made, tmp_path)
    assert put_back(settings, setup.base)
    assert state(setup) == before
    assert setup.versions.journal()[-1]["outcome"] == "put back"


def test_the_bot_puts_it_back_before_it_loads_the_model(
    setup: Setup, settings: Settings, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of a switch that never ended is served, not even for one message."""
    before = state(setup)
    killed_at("the model has it", made, tmp_path)
    seen = []
    monkeypatch.setattr(starting, "tokens", lambda _: ("", ""))
    monkeypatch.setattr(starting, "build_encoder", lambda _: setup.encoder)
    monkeypatch.setattr(starting, "build_triager", lambda *_: seen.append(state(setup)))
    monkeypatch.setattr(starting, "start_with", lambda *_, **__: None)
    starting.start(settings)
    assert seen[0][:3] == before[:3]


def test_a_run_that_is_busy_is_left_alone(setup: Setup, settings: Settings) -> None:
    """It ends what it began; the start of the bot does not wait for it."""
    learn(setup, lessons(70), dry_run=False, by_hand=True)
    (setup.versions.folder / "switch.json").write_text('{"from": null}')
    before = state(setup)
    with setup.versions.alone():
        assert not put_back(settings, setup.base)
    assert state(setup) == before


def test_words_that_were_put_aside_go_with_the_next_run(
    setup: Setup, made: Path, tmp_path: Path
) -> None:
    """A killed run leaves copies of the search; nobody's words lie about in them for long."""
    killed_at("trained", made, tmp_path)
    assert list(setup.versions.work.iterdir())
    learn(setup, [], dry_run=False, by_hand=True)
    assert list(setup.versions.work.iterdir()) == []

"""What nobody waits for gives way, and takes nothing of the bot's own share."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bot.bootstrap import yielding
from bot.bootstrap.apart import bring_in_apart, learn_apart
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's file on the group of this process, which has a session of its own."""
    file = tmp_path / "autogroup"
    monkeypatch.setattr(yielding, "GROUP", file)
    monkeypatch.setattr("os.getsid", lambda _: os.getpid())
    monkeypatch.setattr("os.nice", lambda _: 0)
    return file


def test_the_whole_session_gives_way(group: Path) -> None:
    """Niceness alone counts only inside of it."""
    yielding.give_way(yielding.LOWEST)
    assert group.read_text() == "19"


def test_a_session_that_others_are_in_stays_as_it_is(
    group: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand in a terminal: its shell is in the same."""
    monkeypatch.setattr("os.getsid", lambda _: os.getppid())
    yielding.give_way(yielding.LOWEST)
    assert not group.exists()


def test_what_others_wait_for_is_done_at_the_usual_priority(group: Path) -> None:
    """And after it all gives way again, even if it failed."""
    seen: list[str] = []

    def fail() -> None:
        seen.append(group.read_text())
        raise ValueError("a full disk")

    with yielding.giving_way() as promptly, pytest.raises(ValueError, match="a full disk"):
        promptly(fail)
    assert seen == ["0"]
    assert group.read_text() == "19"


def test_a_system_without_groups_has_threads_that_give_way(group: Path) -> None:
    """As in a container, and elsewhere than on Linux."""
    group.mkdir()
    done: list[int] = []
    with yielding.giving_way() as promptly:
        promptly(lambda: done.append(1))
    assert done == [1]


@pytest.mark.parametrize("begin", [learn_apart, lambda given: bring_in_apart(given, ["wiki"])])
def test_what_the_bot_begins_is_in_a_session_of_its_own(
    begin: Callable[[Settings], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what it is given would be taken from the bot's share."""
    given: dict[str, object] = {}
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **how: given.update(how))
    begin(Settings(FileSettings(), Secrets()))
    assert given["start_new_session"] is True


@pytest.mark.skipif(not yielding.GROUP.exists(), reason="this system has no such groups")
def test_the_system_says_so_too() -> None:
    """In a process of its own: what is given up is not taken back."""
    told = "from bot.bootstrap.yielding import *; give_way(LOWEST); print(GROUP.read_text())"
    child = subprocess.run(
        [sys.executable, "-c", told],
        start_new_session=True, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert child.stdout.strip().endswith("nice 19")

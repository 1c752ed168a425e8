"""An office in which things go wrong."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import Office
from tests.scenarios.reporting import _a_new_page, _plain_logs, pytest_runtest_makereport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["_a_new_page", "_plain_logs", "pytest_runtest_makereport"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A workspace with the bot in this process, for one test."""
    with Office(tmp_path) as opened:
        yield opened


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Office]:
    """A workspace without the bot: the test starts it as a process of its own."""
    empty = Office(tmp_path)
    empty.open()
    with contextlib.closing(empty):
        yield empty

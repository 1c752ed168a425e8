"""An office in which things go wrong."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import Office
from tests.scenarios.reporting import _a_new_page, _plain_logs, pytest_runtest_makereport

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["_a_new_page", "_plain_logs", "pytest_runtest_makereport"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace with the bot in this process."""
    with Office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace without the bot: each test starts it as a process of its own."""
    empty = Office(tmp_path_factory.mktemp("workspace"))
    empty.open()
    with contextlib.closing(empty):
        yield empty

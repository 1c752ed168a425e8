"""What tests of fitting share: a small desk, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fitting.small_desk import make, move_in, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.fitting.learning.running import Setup


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with labels, articles, and a model."""
    folder = tmp_path_factory.mktemp("desk")
    make(folder)
    return folder


@pytest.fixture
def setup(made: Path, tmp_path: Path) -> Iterator[Setup]:
    """The desk before it has learned anything."""
    move_in(made, tmp_path)
    found = set_up(made, tmp_path)
    yield found
    found.base.close()

"""One office for each module: stories keep to threads of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import Office
from tests.scenarios.reporting import _a_new_page, _plain_logs, pytest_runtest_makereport

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["_a_new_page", "_plain_logs", "pytest_runtest_makereport"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The workspace, its people, and the bot with scripted triage."""
    with Office(tmp_path_factory.mktemp("office")) as opened:
        yield opened

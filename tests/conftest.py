"""What tests of several packages share: a clock that is turned, and an empty store on disk."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
import structlog
from hypothesis import HealthCheck, settings

from bot.store.unit_of_work import Store
from tests import held
from tests.fakes import TurnableClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Deadlines measure the machine, not the code; a fixed seed keeps a run repeatable.
settings.register_profile(
    "frontline",
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("frontline")


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Logs go where pytest shows them; tracebacks in colour would cost seconds each."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


# Before any of our modules makes a lock.
held.install()

if os.environ.get("FRONTLINE_ENGINE") == "postgresql":
    from tests import postgresql

    desks = postgresql.install()

    @pytest.fixture(autouse=True)
    def _a_database_is_used_again(request: pytest.FixtureRequest) -> Iterator[None]:
        """What a test had in its own folder is another's afterwards."""
        yield
        folder = request.node.funcargs.get("tmp_path")
        if folder is not None:
            desks.done(folder)


@pytest.fixture(autouse=True)
def _nothing_is_held_during_a_call() -> Iterator[None]:
    """No call to Slack, a network or the encoder holds up others (tests/held.py)."""
    held.seen.clear()
    yield
    assert not held.seen


@pytest.fixture
def clock() -> TurnableClock:
    """A clock that stands at noon until it is turned."""
    return TurnableClock()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database that tests copy; migrating once keeps them quick."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    Store(path, TurnableClock()).migrate()
    # On PostgreSQL the file holds articles alone, and here none.
    path.touch()
    return path


@pytest.fixture
def new_store(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Store]:
    """Makes empty stores, one for each example of a property test."""

    def make() -> Store:
        path = tmp_path_factory.mktemp("desk") / "frontline.db"
        shutil.copy(empty_database, path)
        return Store(path, TurnableClock())

    return make


@pytest.fixture
def store(empty_database: Path, tmp_path: Path, clock: TurnableClock) -> Store:
    """An empty store on disk."""
    path = tmp_path / "frontline.db"
    shutil.copy(empty_database, path)
    return Store(path, clock)

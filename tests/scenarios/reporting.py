"""A failing story tells what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import structlog

from tests.scenarios.office import running

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture(autouse=True, scope="session")
def _plain_logs() -> None:
    """Print what the bot logs plainly: its default for terminals draws every local variable."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ]
    )


@pytest.fixture(autouse=True)
def _a_new_page() -> None:
    """Each test begins with a fresh transcript."""
    for office in running:
        office.begin()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the transcript of every open office to a failure's report."""
    report = yield
    if report.failed:
        for office in running:
            report.sections.append(("what was said", office.transcript()))
    return report

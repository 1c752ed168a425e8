"""The weekly report comes to the admin alone, in words and pictures; without a right it says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.figures import ReportPictures
from bot.service.figures.weekly import count_last_month, plan_weekly
from bot.worker.slowly.reporting import TOLD, ReportKeeper
from tests.scenarios.office import MEI, Office, configuration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare
PNG = b"\x89PNG\r\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desk of which Mei is the admin."""
    said = configuration()
    said = said.model_copy(update={"desk": said.desk.model_copy(update={"admins": (MEI,)})})
    with Office(tmp_path / "desk.db", said) as office:
        yield office


def told(office: Office) -> None:
    """Let the weekly report be told."""
    office.ask(office.ana, "How do I set up the authenticator app on my new phone?")
    office.settle()
    desk = office._working().reporting._desk
    change = plan_weekly(desk)
    with desk.unit_of_work() as uow:
        change(uow)
    office.settle()

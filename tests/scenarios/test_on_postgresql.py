"""The real bot with its desk on PostgreSQL, which is gone for a moment, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.store import database
from bot.store.postgresql.server import Server
from tests import postgresql
from tests.scenarios.office import Office

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare  # a server is started

NAME = "test_office"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The workspace, and the bot on an empty database that it makes itself."""
    folder = tmp_path_factory.mktemp("office")
    address = postgresql.new_database(NAME, pattern="template0")
    database.put_on(folder / "frontline.db", Server(address))
    with Office(folder) as opened:
        yield opened
    del database._servers[folder / "frontline.db"]


def test_somebody_is_helped_by_a_person(office: Office) -> None:
    """Asked, escalated, taken, resolved, and said to be solved."""
    asked = office.ask(office.ana, "The vpn drops every twenty minutes since Monday")
    asked.waits_for("passed it to the specialists on call (L2)")
    card = office.card(office.mei, "every twenty minutes")
    card.press("Take it")
    card.top_becomes("taken by <@U0MEI00001>")
    card.press("Resolve")
    card.person.wait_for(card.person.modal)
    assert card.person.submit({"cause": "An old profile", "fix": "Imported the new one"}) is None
    asked.waits_for("<@U0MEI00001> (L2) has resolved T-")
    card.top_becomes(":white_check_mark: resolved")


def test_a_server_that_was_away_for_a_moment_is_not_noticed(office: Office) -> None:
    """All connections are cut at once; what is asked then is answered."""
    with psycopg.connect(postgresql.cluster(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [NAME]
        )
    asked = office.ask(office.tom, "The scanner freezes whenever two pallets come")
    asked.waits_for("passed it to the specialists on call (L2)")
    office.card(office.mei, "two pallets")

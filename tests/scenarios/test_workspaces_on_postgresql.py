"""Two workspaces on one PostgreSQL: each in a schema of its own."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.store import database
from bot.store.holding import InUseError
from bot.workspaces.schemas import address_of, drop
from tests import postgresql
from tests.scenarios.tenants import LARK, MERIDIAN, Tenants

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare  # a server is started

NAME = "test_house"


@pytest.fixture(scope="module")
def address() -> str:
    """An empty database for the house."""
    return postgresql.new_database(NAME, pattern="template0")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[Tenants]:
    """Both workspaces, with the app installed."""
    before = dict(database._servers)
    with Tenants(tmp_path_factory.mktemp("both"), server=address) as opened:
        opened.installed(LARK, MERIDIAN)
        yield opened
    database._servers.clear()
    database._servers.update(before)


def asked_in(address: str) -> list[str]:
    """Give all questions on record."""
    with psycopg.connect(address) as connection:
        return [row[0] for row in connection.execute("SELECT question FROM tickets").fetchall()]


def test_the_house_goes_by_the_clock_of_its_server(both: Tenants) -> None:
    """A machine that is an hour wrong takes what Slack signs, and knows when tokens end."""
    server = database.server_of(both.house._settings.db)
    assert server is not None
    asked = [
        both.house._requests._verifier.clock.now,
        lambda: both.house._tending._clock().timestamp(),
    ]
    server.clock.compare(datetime.now(UTC) + timedelta(hours=1))
    assert all(abs(now() - time.time() - 3_600) < 60 for now in asked)
    server.compare_clocks()
    assert all(abs(now() - time.time()) < 60 for now in asked)


def test_each_has_a_schema_and_the_house_its_own(both: Tenants, address: str) -> None:
    """The same ids in both; what is asked in one is in its schema alone."""
    here = both.lark.ask(both.lark.ana, "My password is refused by the press")
    there = both.meridian.ask(both.meridian.ana, "My password is refused by the loom")
    here.waits_for("Reset your password at Larkfield")
    there.waits_for("Reset your password at Meridian")
    both.lark.settle()
    both.meridian.settle()
    assert asked_in(address_of(address, LARK)) == ["My password is refused by the press"]
    assert asked_in(address_of(address, MERIDIAN)) == ["My password is refused by the loom"]
    assert asked_in(address) == []
    with psycopg.connect(address) as connection:
        rows = connection.execute("SELECT home FROM installations ORDER BY home").fetchall()
    assert [row[0] for row in rows] == [LARK, MERIDIAN]


def test_a_press_counts_in_one_alone(both: Tenants) -> None:
    """Tickets have the same numbers."""
    asked = both.lark.ask(both.lark.ana, "The vpn drops at the gate")
    asked.waits_for("passed it to")
    card = both.lark.card(both.lark.mei, "at the gate")
    card.press("Take it")
    card.top_becomes("taken by")
    both.lark.settle()
    assert both.meridian.rows("SELECT 1 FROM escalations") == []


def test_a_schema_is_dropped_with_all_in_it(both: Tenants, address: str) -> None:
    """As `frontline workspaces remove --data` does, once nobody serves it; the others stay."""
    with pytest.raises(InUseError):
        drop(address, LARK)
    both.house.installations.end(LARK, "taken out by the operator")
    both.wait(lambda: both.house.desk(LARK) is None)
    drop(address, LARK)
    with pytest.raises(psycopg.errors.UndefinedTable):
        asked_in(address_of(address, LARK))
    assert asked_in(address_of(address, MERIDIAN)) != []

"""A desk that works moves to PostgreSQL, goes on there, and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.service.context import utc_now
from bot.store import database
from bot.store.copying.copying import Copying
from bot.store.copying.ends import FileEnd, ServerEnd
from bot.store.postgresql.server import Server
from tests import postgresql
from tests.scenarios.office import Office

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.copying.ends import End

pytestmark = pytest.mark.rare  # a server is started


def number_of(office: Office) -> int:
    """Give the number of the newest ticket."""
    ((newest,),) = office.rows("SELECT max(id) FROM tickets")
    return int(newest)


def copied(source: End, target: End) -> dict[str, tuple[int, str]]:
    """Copy without a word."""
    return Copying(source, target, lambda _: None).run()


def test_a_desk_goes_to_a_server_and_back_in_the_middle_of_its_work(tmp_path: Path) -> None:
    """Asked on a file, taken on the server, resolved on a file again; no number comes twice."""
    server = Server(postgresql.new_database("test_copied", pattern="template0"))
    path = tmp_path / "frontline.db"
    with Office(tmp_path) as office:
        asked = office.ask(office.ana, "The vpn drops every twenty minutes since Monday")
        asked.waits_for("passed it to the specialists on call (L2)")
        card = office.card(office.mei, "every twenty minutes")
        office.settle()
        first = number_of(office)
        office.bot_leaves()

        there = ServerEnd(server, tmp_path / "there")
        sums = copied(FileEnd(path, utc_now), there)
        assert sums["tickets"][0] == 1
        assert sums["inbox"][0] + sums["inbox_history"][0] > 0
        database.put_on(path, server)
        office.bot_comes()
        card.press("Take it")
        card.top_becomes("taken by <@U0MEI00001>")
        other = office.ask(office.tom, "The scanner freezes whenever two pallets come")
        other.waits_for("passed it to the specialists on call (L2)")
        office.card(office.mei, "two pallets")
        office.settle()
        assert number_of(office) == first + 1
        office.bot_leaves()

        del database._servers[path]
        path.rename(tmp_path / "before.db")
        assert copied(there, FileEnd(path, utc_now))["tickets"][0] == 2
        office.bot_comes()
        card.press("Resolve")
        card.person.wait_for(card.person.modal)
        assert card.person.submit({"cause": "An old profile", "fix": "A new one"}) is None
        asked.waits_for("<@U0MEI00001> (L2) has resolved T-")
        third = office.ask(office.ana, "The forklift charger shows an orange light")
        third.waits_for("passed it to the specialists on call (L2)")
        office.settle()
        assert number_of(office) == first + 2

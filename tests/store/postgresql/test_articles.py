"""Several machines with one base on PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.store import database
from bot.store.articles.places import articles, place_of
from bot.store.database import put_on
from bot.store.postgresql.server import Server
from bot.store.privacy.erasing import unlearn
from kb.searching.base import KnowledgeBase
from tests import postgresql
from tests.kb.conftest import WordEncoder
from tests.kb.shared.contract import PlaceContract

if TYPE_CHECKING:
    from pathlib import Path

    from kb.shared.copy import Place

pytestmark = pytest.mark.rare  # a server is started


class TestPlaceOnPostgresql(PlaceContract):
    """What holds for any place."""

    @pytest.fixture
    def place(
        self, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Place:
        """Give an empty place: a desk on a server."""
        monkeypatch.setattr(database, "_servers", {})
        self.path = tmp_path / "desk" / "frontline.db"
        name = f"articles_{abs(hash(request.node.name))}"
        put_on(self.path, Server(postgresql.new_database(name)))
        place = place_of(self.path)
        assert place is not None
        return place

    def test_what_was_said_is_unlearned_on_all_machines(self, place: Place, folder: Path) -> None:
        """Somebody deleted what they wrote; an article had learned it."""
        one = KnowledgeBase.open(self.path, WordEncoder(), place=place)
        other = KnowledgeBase.open(folder / "kb.db", WordEncoder(), place=place)
        one.sync([folder])
        one.learn([("zanzibar lighthouse", "vpn")])
        other.catch_up()
        with articles(self.path) as base:
            assert unlearn(base, ["zanzibar lighthouse"]) == 1
        other.catch_up()
        other.close()
        assert not [each for each in folder.glob("kb.db*") if b"zanzibar" in each.read_bytes()]
        with database.borrowed(self.path) as db:
            found = db.execute("SELECT 1 FROM base_rows WHERE instr(held, 'zanzibar') > 0")
            assert found.fetchall() == []

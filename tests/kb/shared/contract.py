"""What holds for any place where machines share a base, in memory and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from kb.index.learning import learned
from kb.searching.base import KnowledgeBase
from kb.searching.relearning import Taught
from kb.shared.rows import PARTS
from tests.kb.conftest import ARTICLES, WordEncoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kb.shared.copy import Place

    Machine = Callable[[str], KnowledgeBase]


def dump(base: KnowledgeBase) -> dict[str, list[tuple[object, ...]]]:
    """Give all that a machine's file holds of the base, its words too."""
    with closing(sqlite3.connect(base.store.path)) as db:
        found = {
            name: sorted(
                db.execute(
                    f"select {', '.join(part.columns)} from {name}"
                    f" where {part.where.format(row=name)}"
                ).fetchall(),
                key=repr,
            )
            for name, part in PARTS.items()
        }
        found["words"] = db.execute("select rowid, * from kb_words order by rowid").fetchall()
    return found


class PlaceContract:
    """Each test has machines that share a place."""

    @pytest.fixture
    def place(self) -> Place:
        """Give an empty place."""
        raise NotImplementedError

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Give a folder of a few articles."""
        made = tmp_path / "articles"
        made.mkdir()
        for name, text in ARTICLES.items():
            (made / f"{name}.md").write_text(text, "utf-8")
        return made

    @pytest.fixture
    def machine(self, place: Place, tmp_path: Path) -> Machine:
        """Open the base on a machine, by its name."""

        def opened(name: str) -> KnowledgeBase:
            return KnowledgeBase.open(tmp_path / name / "kb.db", WordEncoder(), place=place)

        return opened

    def test_what_one_machine_syncs_another_finds_without_embedding_it(
        self, machine: Machine, folder: Path
    ) -> None:
        """Text, words, vectors and what is said of collections, to the last byte."""
        one, other = machine("one"), machine("other")
        one.sync([folder], link="https://kb/{id}")
        assert other.search("forgot my password") == []
        assert other.catch_up()
        (hit, *_) = other.search("forgot my password")
        assert (hit.article, hit.url) == ("reset-password", "https://kb/reset-password")
        assert isinstance(other.encoder, WordEncoder)
        assert other.encoder.embedded == ["forgot my password"]
        assert dump(other) == dump(one)
        assert not other.catch_up()

    def test_a_new_machine_has_all_there_is_once_it_is_opened(
        self, machine: Machine, folder: Path
    ) -> None:
        """It makes its file out of what the others share."""
        machine("one").sync([folder])
        late = machine("late")
        assert late.search("ERR-4031")[0].article == "vpn"
        assert dump(late) == dump(machine("one"))

    def test_what_was_in_a_file_before_becomes_what_all_share(
        self, machine: Machine, folder: Path, tmp_path: Path
    ) -> None:
        """A desk that had its articles in a file alone."""
        alone = KnowledgeBase.open(tmp_path / "one" / "kb.db", WordEncoder())
        alone.sync([folder])
        alone.close()
        one, other = machine("one"), machine("other")
        assert one.count() == other.count() == len(ARTICLES)
        assert dump(one) == dump(other)

    def test_articles_of_another_origin_are_kept_beside_the_file(
        self, machine: Machine, folder: Path, tmp_path: Path
    ) -> None:
        """Two machines had files of their own: the first one's are shared."""
        machine("one").sync([folder])
        (folder / "own.md").write_text("---\nid: own\ntitle: Of the second one\n---\nText.\n")
        second = KnowledgeBase.open(tmp_path / "two" / "kb.db", WordEncoder())
        second.sync([folder])
        second.close()
        assert dump(machine("two")) == dump(machine("one"))
        aside = tmp_path / "two" / "kb.db.before-sharing"
        assert KnowledgeBase.open(aside, WordEncoder()).article("own") is not None

    def test_both_write_in_turns_and_none_undoes_the_others_work(
        self, machine: Machine, folder: Path
    ) -> None:
        """Whoever writes begins with what the other wrote, though nothing told it to look."""
        one, other = machine("one"), machine("other")
        one.sync([folder])
        other.learn([("where is the blue button", "reset-password")])
        one.learn([("the tunnel is broken", "vpn")])
        other.put_in_place("vpn", "printer")
        one.withdraw("printer")
        one.catch_up()
        other.catch_up()
        assert learned(one.store) == learned(other.store)
        assert one.search("the tunnel is broken")[0].article == "vpn"
        assert dump(one) == dump(other)
        assert [each.article for each in other.search("printer")] == [
            each.article for each in one.search("printer")
        ]

    def test_what_changed_and_what_went_does_so_everywhere(
        self, machine: Machine, folder: Path
    ) -> None:
        """An article is rewritten, another is taken out, and its words are gone from the file."""
        one, other = machine("one"), machine("other")
        one.sync([folder])
        other.catch_up()
        (folder / "vpn.md").write_text("---\nid: vpn\ntitle: The tunnel\n---\nCall the desk.\n")
        (folder / "printer.md").unlink()
        one.sync([folder], prune=True)
        other.catch_up()
        assert dump(other) == dump(one)
        assert other.article("printer") is None
        assert "ERR-4031" not in repr(dump(other))

    def test_what_was_unlearned_is_in_no_file(
        self, machine: Machine, folder: Path, tmp_path: Path
    ) -> None:
        """What people asked does not lie about in the pages of any machine's file."""
        one, other = machine("one"), machine("other")
        one.sync([folder])
        one.relearn(Taught(questions=(("zanzibar lighthouse", "vpn"),)))
        other.catch_up()
        assert other.search("zanzibar lighthouse")[0].article == "vpn"
        one.relearn(Taught())
        other.catch_up()
        other.close()
        files = [*(tmp_path / "other").glob("kb.db*")]
        assert files
        assert not [each for each in files if b"zanzibar" in each.read_bytes()]

    def test_a_write_that_fails_is_nobodys(self, machine: Machine, folder: Path) -> None:
        """Neither at the place nor in the file; the next one goes through."""
        one, other = machine("one"), machine("other")
        one.sync([folder])
        before = dump(one)
        with pytest.raises(ZeroDivisionError), one.store.writing() as database:
            database.execute("delete from kb_articles")
            raise ZeroDivisionError
        other.catch_up()
        assert dump(one) == dump(other) == before
        one.withdraw("vpn")
        other.catch_up()
        assert dump(one) == dump(other)

    def test_whoever_dies_between_the_place_and_its_file_takes_up_its_own_work(
        self, machine: Machine, folder: Path, tmp_path: Path
    ) -> None:
        """What was handed over counts, and the file follows."""
        one = machine("one")
        one.sync([folder])
        before = (tmp_path / "one" / "kb.db").read_bytes()
        one.withdraw("vpn")
        after = dump(one)
        one.close()
        for each in (tmp_path / "one").iterdir():
            each.unlink()
        (tmp_path / "one" / "kb.db").write_bytes(before)
        again = machine("one")
        assert again.article("vpn") is None
        assert dump(again) == after

    def test_keys_of_units_are_never_used_twice_on_whatever_machine(
        self, machine: Machine, folder: Path
    ) -> None:
        """Files of a large base know units by them."""
        one, other = machine("one"), machine("other")
        one.sync([folder])
        one.learn([("the last unit of all", "vpn")])
        last = one.store.last_unit()
        one.withdraw("vpn")
        other.learn([("where is it", "printer")])
        assert learned(other.store)
        assert other.store.last_unit() > last

    def test_a_place_that_was_put_back_from_a_copy_is_followed(
        self, machine: Machine, folder: Path, place: Place
    ) -> None:
        """It is older than the files, which give way."""
        one = machine("one")
        one.sync([folder])
        before = dump(one)
        with place.since(0) as rows:
            kept = list(rows)
        generation = place.stands()[0]
        one.withdraw("vpn")
        with place.turn() as turn:
            turn.keep(kept, generation)
        one.catch_up()
        assert dump(one) == before

    def test_a_machine_that_was_away_for_long_has_its_file_made_anew(
        self, machine: Machine, folder: Path, place: Place
    ) -> None:
        """Nobody knows any more what went meanwhile."""
        one, other = machine("one"), machine("other")
        one.sync([folder])
        other.catch_up()
        one.withdraw("vpn")
        with one.store.writing() as database:
            database.execute("update kb_state set value = value + 1000 where name = 'generation'")
        with place.since(0) as rows:
            assert all(row.values is not None for row in rows)
        other.catch_up()
        assert dump(other) == dump(one)

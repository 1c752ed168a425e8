"""A large base: files beside the database, and what came since."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from kb.errors import IndexUnavailableError
from kb.index.mapped import Folder
from kb.searching.base import KnowledgeBase
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class OtherEncoder(WordEncoder):
    """Another model, of the same vectors."""

    name = "other"


def test_a_large_base_finds_the_same_and_follows_changes(
    large: KnowledgeBase, folder: Path
) -> None:
    """What came, changed or went since the files were written is found, or found no more."""
    large.sync([folder])
    assert large.search("forgot my password")[0].article == "reset-password"
    assert large.search("ERR-4031")[0].article == "vpn"
    (files,) = _index_files(large)
    (folder / "vpn.md").unlink()
    (folder / "badge.md").write_text("---\nid: badge\ntitle: Lost badge\n---\nAsk the desk.\n")
    (folder / "printer.md").write_text("---\nid: printer\ntitle: Mend a plotter\n---\nAsk.\n")
    large.sync([folder], prune=True)
    assert large.search("lost badge")[0].article == "badge"
    assert large.search("plotter")[0].article == "printer"
    assert "vpn" not in {hit.article for hit in large.search("ERR-4031")}
    assert {hit.passage for hit in large.search("printer settings")} & {"Ask."}
    assert _index_files(large) == [files]


def test_a_large_base_scores_as_a_small_one(
    large: KnowledgeBase, base: KnowledgeBase, folder: Path
) -> None:
    """Meaning within what int8 leaves, words alike; also after a change and a new folder."""
    for one in (large, base):
        one.sync([folder])
    _same_parts(large, base, "which page to connect the printer, or the client")
    (folder / "vpn.md").write_text("---\nid: vpn\ntitle: Connect the client\n---\nAt home.\n")
    for one in (large, base):
        one.search("anything")
        one.sync([folder])
    # Rarities and the mean length are still those of the files: much in a base of three.
    _same_parts(large, base, "connect the client at home", words=0.1)
    _same_parts(large, base, "install a token for ERR-4031", words=0.1)
    large.prepare()
    _same_parts(large, base, "connect the client at home")


def test_a_removed_article_lends_its_meaning_to_no_other(
    large: KnowledgeBase, base: KnowledgeBase, folder: Path
) -> None:
    """The files still have its vectors, until they are written anew."""
    large.sync([folder])
    large.prepare()
    (folder / "vpn.md").unlink()
    large.sync([folder], prune=True)
    base.sync([folder])
    _same_parts(large, base, "Install the client, then connect to the VPN", words=0.5)


def test_preparing_folds_what_came_since_into_new_files(large: KnowledgeBase, folder: Path) -> None:
    """One folder at a time, and nothing half written beside it."""
    large.sync([folder])
    large.prepare()
    (first,) = _index_files(large)
    large.prepare()
    assert _index_files(large) == [first]
    (folder / "badge.md").write_text("---\nid: badge\ntitle: Lost badge\n---\nAsk the desk.\n")
    large.sync([folder])
    told: list[tuple[int, int]] = []
    large.prepare(lambda done, total: told.append((done, total)))
    (second,) = _index_files(large)
    assert second != first
    assert told == [(2, 2)]
    assert large.search("lost badge")[0].article == "badge"


def test_files_of_another_database_are_not_taken_for_its_own(
    large: KnowledgeBase, base: KnowledgeBase, folder: Path, encoder: WordEncoder
) -> None:
    """A database that was made anew under the old name has other articles under the old keys."""
    large.sync([folder])
    large.prepare()
    large.close()
    for file in large.store.path.parent.glob("large.db*"):
        if file.is_file():
            file.unlink()
    for name in "abcdefgh":
        (folder / f"{name}.md").write_text(f"---\nid: {name}\n---\n# Plan {name}{name}\n\nWait.\n")
    anew = KnowledgeBase.open(large.store.path, encoder, approximate_from=1)
    for one in (anew, base):
        one.sync([folder])
    _same_parts(anew, base, "plan the printer and the client")
    anew.close()


def test_a_large_base_is_searched_while_it_is_written(
    large: KnowledgeBase, folder: Path, encoder: WordEncoder
) -> None:
    """A writer in the middle of its transaction holds up no reader."""
    large.sync([folder])
    writer = KnowledgeBase.open(large.store.path, encoder, approximate_from=1)
    with writer.store.writing() as database:
        writer.store.remove(database, [("default", "vpn")])
        assert large.search("ERR-4031")[0].article == "vpn"
    assert "vpn" not in {hit.article for hit in large.search("ERR-4031")}
    writer.close()


def test_files_that_cannot_be_written_leave_nothing_behind(
    large: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, and the next try starts afresh."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    large.sync([folder])
    for name in ("numpy.save", "kb.index.cutting.write_array_header_1_0"):
        with monkeypatch.context() as patched:
            patched.setattr(name, full)
            with pytest.raises(IndexUnavailableError, match=r"No space left.*free some space"):
                large.prepare()
        assert _index_files(large) == []
    assert large.search("ERR-4031")[0].article == "vpn"


def test_a_collection_of_a_large_base_is_searched_alone(large: KnowledgeBase, folder: Path) -> None:
    """Nothing of the others comes up, and its own articles do."""
    large.sync([folder])
    large.sync([(folder / "vpn.md").rename(folder.parent / "vpn.md")], collection="net")
    hits = large.search("how to connect to the vpn with my password", collection="net")
    assert {(hit.article, hit.collection) for hit in hits} == {("vpn", "net")}


def test_what_another_process_stored_unembedded_is_found(
    large: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came after this one had embedded all there was, and before it wrote its files."""
    from kb.searching import base as search  # noqa: PLC0415 (patched below)

    large.sync([folder])
    writer = KnowledgeBase.open(large.store.path, OtherEncoder(), approximate_from=1)
    embed = search.embed_stored
    late = [lambda: _write(folder, writer, "badge", "Lost badge")]

    def embed_and_be_late(*given: Any, **options: Any) -> None:
        embed(*given, **options)
        while late:
            late.pop()()

    monkeypatch.setattr(search, "embed_stored", embed_and_be_late)
    assert large.search("lost badge")[0].article == "badge"
    assert large.stale_count() == 0
    writer.close()


def test_a_vector_that_was_lost_is_made_again(large: KnowledgeBase, folder: Path) -> None:
    """Also of a unit that the files have: no new ones could be written without it."""
    large.sync([folder])
    large.prepare()
    large.store.database.execute("delete from kb_vectors where rowid = 1")
    large.store.database.conn.commit()
    for name in ("badge", "desk", "fax"):
        _write(folder, large, name, f"About the {name}")
    large.prepare()
    assert large.stale_count() == 0
    assert large.search("ERR-4031")[0].article == "vpn"


def test_an_article_without_vectors_is_no_hit(base: KnowledgeBase, folder: Path) -> None:
    """Stored by a process with another model a moment ago: its words are there already."""
    base.sync([folder])
    base.search("anything")
    base.store.database.execute("delete from kb_units where article = 1")
    base._load(lambda *_: None)
    assert base.search("ERR-4031 vpn client")  # no error


def test_the_files_of_another_model_stay(large: KnowledgeBase, folder: Path) -> None:
    """At a change of model both are in use for a while."""
    large.sync([folder])
    large.prepare()
    (first,) = _index_files(large)
    other = KnowledgeBase.open(large.store.path, OtherEncoder(), approximate_from=1)
    other.prepare()
    assert first in _index_files(large)
    assert len(_index_files(large)) == 2
    other.close()


def test_what_is_gone_makes_room_for_what_is_there(large: KnowledgeBase, folder: Path) -> None:
    """Hundreds of removed neighbours hide nothing, and count as a change."""
    for number in range(400):
        _page(folder, f"jam-{number}", f"Printer jam {number}")
    _page(folder, "paper", "The printer eats paper")
    large.sync([folder])
    large.prepare()
    (first,) = _index_files(large)
    for number in range(400):
        (folder / f"jam-{number}.md").unlink()
    large.sync([folder], prune=True)
    snapshot = large._current().snapshot
    near = snapshot.nearest.nearest(large.encoder.encode(["printer jam"])[0])  # type: ignore[attr-defined]
    assert len(near.rows) == len(snapshot.units.pks)
    large.prepare()
    assert _index_files(large) != [first]


def test_a_database_put_back_from_a_copy_takes_no_later_files(
    large: KnowledgeBase, base: KnowledgeBase, folder: Path, encoder: WordEncoder
) -> None:
    """Under the same keys there are other articles by then."""
    large.sync([folder])
    large.close()
    copy = folder.parent / "copy.db"
    shutil.copy(large.store.path, copy)
    later = KnowledgeBase.open(large.store.path, encoder, approximate_from=1)
    _write(folder, later, "pie", "Bake an apple pie")
    later.prepare()
    later.close()
    shutil.copy(copy, large.store.path)
    (folder / "pie.md").unlink()
    _page(folder, "engine", "Mend a submarine engine")
    back = KnowledgeBase.open(large.store.path, encoder, approximate_from=1)
    for one in (back, base):
        one.sync([folder], prune=True)
    assert back.store.last_unit() == later.store.last_unit()
    _same_parts(back, base, "mend the submarine engine and the printer")
    back.close()


@pytest.mark.parametrize("name", ["cells-vectors", "units-pks", "words-places", "marks-keys"])
@pytest.mark.parametrize("length", [0, 40, 130])
def test_files_that_were_cut_short_are_made_again(
    large: KnowledgeBase, folder: Path, encoder: WordEncoder, name: str, length: int
) -> None:
    """The power went before they were on the disk."""
    large.sync([folder])
    large.prepare()
    (files,) = _index_files(large)
    file = large.store.path.with_name(f"{large.store.path.name}-kb") / files / f"{name}.npy"
    file.write_bytes(file.read_bytes()[:length])
    anew = KnowledgeBase.open(large.store.path, encoder, approximate_from=1)
    assert anew.search("ERR-4031")[0].article == "vpn"
    anew.close()


def test_files_that_another_process_replaces_meanwhile_are_looked_for_again(
    large: KnowledgeBase, folder: Path, encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between finding a folder and mapping it."""
    large.sync([folder])
    large.prepare()
    mapped: Callable[[Folder], object] = Folder.mapped
    once = [True]

    def replaced(found: Folder) -> object:
        if once:
            once.clear()
            shutil.rmtree(found.path)
        return mapped(found)

    monkeypatch.setattr(Folder, "mapped", replaced)
    anew = KnowledgeBase.open(large.store.path, encoder, approximate_from=1)
    assert anew.search("ERR-4031")[0].article == "vpn"
    anew.close()


def test_a_small_collection_is_compared_whole(
    large: KnowledgeBase, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many articles of others are nearer, and also after a change."""
    monkeypatch.setattr("kb.index.nearest.NEAREST", 2)
    for number in range(60):
        _page(folder, f"jam-{number}", f"Printer jam {number}")
    large.sync([folder])
    own = tmp_path / "own"
    own.mkdir()
    for name, title in (("fax", "Fax machine"), ("scan", "Scan a page"), ("tray", "Fill the tray")):
        _page(own, name, title)
    large.sync([own], collection="own")
    large.prepare()
    _write(own, large, "ink", "Change the ink", collection="own")
    ranked = large.explain("printer jam", collection="own", top=9)
    assert {found.article for found in ranked} == {"fax", "scan", "tray", "ink"}
    vector = large.encoder.encode(["printer jam"])[0]
    snapshot = large._current().snapshot
    rows = np.arange(len(snapshot.units.pks))
    cosines = snapshot.nearest.cosines(vector, rows)  # type: ignore[attr-defined]
    assert np.allclose(cosines, snapshot.nearest.vectors(rows) @ vector, atol=0.02)


def _page(folder: Path, name: str, title: str) -> None:
    text = f"---\nid: {name}\ntitle: {title}\n---\nAsk the desk about {name}.\n"
    (folder / f"{name}.md").write_text(text)


def _write(
    folder: Path, base: KnowledgeBase, name: str, title: str, collection: str = "default"
) -> None:
    _page(folder, name, title)
    base.sync([folder], collection=collection)


def _index_files(base: KnowledgeBase) -> list[str]:
    place = base.store.path.with_name(base.store.path.name + "-kb")
    return sorted(path.name for path in place.iterdir()) if place.exists() else []


def _same_parts(
    one: KnowledgeBase, other: KnowledgeBase, query: str, *, words: float = 0.001
) -> None:
    ours = {found.article: found.parts for found in one.explain(query)}
    theirs = {found.article: found.parts for found in other.explain(query)}
    assert set(ours) == set(theirs)
    for article, parts in theirs.items():
        assert ours[article]["coverage"] == pytest.approx(parts["coverage"], abs=words)
        assert ours[article]["bm25"] == pytest.approx(parts["bm25"], abs=words)
        # Articles with sample questions are blended with their gist in a small base.
        if article != "reset-password":
            assert ours[article]["dense"] == pytest.approx(parts["dense"], abs=0.02)

"""Syncing and searching through the façade."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.errors import IndexUnavailableError
from kb.index.postings import COLUMN_WEIGHTS, K1
from kb.index.words import MemoryWordIndex
from kb.searching.base import KnowledgeBase
from kb.tuning.lint import lint
from kb.tuning.weights import tune_weights
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.encoding.encoder import Encoder, Vectors
    from kb.index.store import Store


def test_a_sync_counts_what_it_did(base: KnowledgeBase, folder: Path) -> None:
    """Added, changed, unchanged; a removed file stays until it is pruned."""
    first = base.sync([folder])
    (folder / "vpn.md").write_text("---\nid: vpn\ntitle: VPN\n---\nNew text.\n")
    (folder / "printer.md").unlink()
    second = base.sync([folder])
    third = base.sync([folder], prune=True)
    assert (first.added, first.changed, first.unchanged) == (3, 0, 0)
    assert (second.added, second.changed, second.unchanged, second.removed) == (0, 1, 1, 0)
    assert (third.removed, base.count()) == (1, 2)


def test_unchanged_text_is_not_embedded_again(
    base: KnowledgeBase, folder: Path, encoder: WordEncoder
) -> None:
    """Also not where only another part of the article changed."""
    base.sync([folder])
    encoder.embedded.clear()
    file = folder / "reset-password.md"
    file.write_text(file.read_text().replace("If it fails.", "If all fails."))
    base.sync([folder])
    assert len(encoder.embedded) == 1


def test_a_dry_run_changes_nothing(base: KnowledgeBase, folder: Path) -> None:
    """It says what would happen."""
    assert base.sync([folder], dry_run=True).added == 3
    assert base.count() == 0


def test_an_interrupted_sync_leaves_the_old_state_whole(
    base: KnowledgeBase, folder: Path, encoder: WordEncoder
) -> None:
    """The vectors that were made are kept for the next try."""

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        base.sync([folder], progress=interrupt)
    assert base.count() == 0
    encoder.embedded.clear()
    base.sync([folder])
    assert (base.count(), encoder.embedded) == (3, [])


def test_two_articles_with_one_id_are_a_problem_and_the_first_counts(
    base: KnowledgeBase, folder: Path
) -> None:
    """The line names both files."""
    (folder / "zz.md").write_text("---\nid: vpn\ntitle: Other\n---\nOther.\n")
    report = base.sync([folder])
    assert report.added == 3
    assert "zz.md" in report.problems[0]
    assert "vpn.md" in report.problems[0]


def test_a_search_gives_one_hit_an_article_with_its_passage(
    base: KnowledgeBase, folder: Path
) -> None:
    """The best first; scores fall and are probabilities."""
    base.sync([folder])
    hits = base.search("forgot my password")
    assert hits[0].article == "reset-password"
    assert len({hit.article for hit in hits}) == len(hits) == 3
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert hits[0].passage


def test_an_error_code_is_found_as_it_is(base: KnowledgeBase, folder: Path) -> None:
    """Letter for letter, in the passage that has it."""
    base.sync([folder])
    best = base.search("ERR-4031 what now")[0]
    assert best.article == "vpn"
    assert "ERR-4031" in best.passage


def test_a_search_keeps_to_its_collection(base: KnowledgeBase, folder: Path) -> None:
    """Another collection's articles do not appear."""
    base.sync([folder], collection="a")
    assert base.search("password", collection="b") == []
    assert {hit.collection for hit in base.search("password", collection="a")} == {"a"}


@pytest.mark.parametrize("query", ["", " ", "?!", "\x00", ":smile:", '"*(', "a" * 40_000])
def test_any_query_has_an_answer_without_an_error(
    base: KnowledgeBase, folder: Path, query: str
) -> None:
    """Full-text syntax, control characters, nothing at all."""
    base.sync([folder])
    base.search(query)


def test_an_empty_base_finds_nothing(base: KnowledgeBase) -> None:
    """And says so with an empty list."""
    assert base.search("anything") == []


def test_threads_search_while_another_writes(base: KnowledgeBase, folder: Path) -> None:
    """Each sees a whole state, old or new."""
    base.sync([folder])
    failures: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(30):
                assert base.search("password")[0].article == "reset-password"
        except BaseException as error:  # noqa: BLE001 (a thread's error must reach the test)
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(5):
        (folder / "vpn.md").write_text(f"---\nid: vpn\ntitle: VPN {number}\n---\nText.\n")
        base.sync([folder])
    for thread in threads:
        thread.join()
    assert not failures


def test_a_changed_model_embeds_the_stored_articles_again(folder: Path, tmp_path: Path) -> None:
    """The vectors of two models are never mixed."""
    old, new = WordEncoder(), WordEncoder()
    new.name = "other"
    first = KnowledgeBase.open(tmp_path / "kb.db", old)
    first.sync([folder])
    second = KnowledgeBase.open(tmp_path / "kb.db", new)
    assert second.search("forgot my password")[0].article == "reset-password"


class Pausing(WordEncoder):
    """Pauses in what it embeds after the first batch of some articles, until it may go on."""

    def __init__(self, name: str) -> None:
        """Pause at nothing yet."""
        super().__init__()
        self.name = name
        self.pauses, self.paused, self.goes_on = False, threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the other, and pause."""
        if self.pauses and len(texts) > 1 and len(self.embedded) > 1:
            self.paused.set()
            assert self.goes_on.wait(20)
        return super().encode(texts)


def test_while_one_search_embeds_what_another_model_stored_the_others_go_on(
    folder: Path, tmp_path: Path
) -> None:
    """A program with another model synced a hundred articles: nobody's answer waits for them."""
    ours, theirs = Pausing("ours"), WordEncoder()
    theirs.name = "theirs"
    base = KnowledgeBase.open(tmp_path / "kb.db", ours)
    base.sync([folder])
    assert base.search("password")[0].article == "reset-password"
    for number in range(200):
        (folder / f"a{number}.md").write_text(f"---\nid: a{number}\ntitle: A {number}\n---\nT.\n")
    KnowledgeBase.open(tmp_path / "kb.db", theirs).sync([folder])
    ours.embedded.clear()
    ours.pauses = True
    one = threading.Thread(target=base.search, args=("password",))
    one.start()
    assert ours.paused.wait(20)
    assert base.search("password")[0].article == "reset-password"
    assert one.is_alive()
    ours.goes_on.set()
    one.join()
    assert base.search("A 199")[0].article == "a199"


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, encoder: WordEncoder) -> None:
    """One line that names it."""
    file = tmp_path / "notes.db"
    file.write_text("not a database, " * 100)
    with pytest.raises(IndexUnavailableError, match=r"notes\.db"):
        KnowledgeBase.open(file, encoder)


def test_a_locked_database_says_so(
    base: KnowledgeBase, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is half written."""
    base.store.database.execute("pragma busy_timeout = 1")
    other = sqlite3.connect(base.store.path)
    other.execute("begin immediate")
    with pytest.raises(IndexUnavailableError, match="another program"):
        base.sync([folder])
    other.rollback()
    assert base.count() == 0


def test_words_in_memory_score_as_sqlite_does(base: KnowledgeBase, folder: Path) -> None:
    """Both indexes rank alike, whichever the size of the base chooses."""
    base.sync([folder])
    store: Store = base.store
    keys = store.article_keys()
    ours = MemoryWordIndex(store.database.conn, keys).scores("password page")
    having = np.flatnonzero(ours.coverage)
    marks = ", ".join(map(str, COLUMN_WEIGHTS))
    theirs = store.rows(
        f"select rowid, -bm25(kb_words, {marks}) from kb_words"
        " where kb_words match 'password OR page' order by rowid"
    )
    assert keys[having].tolist() == [pk for pk, _ in theirs]
    ratio = ours.bm25[having] * (K1 + 1) / np.array([score for _, score in theirs])
    assert np.allclose(ratio, ratio[0], rtol=1e-4)


@pytest.mark.parametrize(("sections", "first"), [(5, "bicycles"), (1, "all-sorts")])
def test_among_long_pages_one_that_is_about_it_is_nearer_than_one_with_a_line_of_it(
    base: KnowledgeBase, tmp_path: Path, sections: int, first: str
) -> None:
    """Of many passages one is always near; short articles are told by their nearest alone."""
    root = tmp_path / "pages"
    root.mkdir()
    others = ["the lift stands", "canteen soup today", "parking by tram", "badges from a porter"]
    pages = {
        "all-sorts": ["bicycle shed key lost", *others],
        "bicycles": [
            f"bicycle shed key {word}" for word in ("rack", "pump", "gate", "lamp", "bell")
        ],
        "lifts": [f"lift {word} stands" for word in ("north", "south", "east", "west", "new")],
    }
    for name, lines in pages.items():
        text = "".join(f"## Part {line}\n\n{line}\n\n" for line in lines[:sections])
        (root / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n{text}")
    base.sync([root])
    found = base.explain("bicycle shed key lost")
    assert max(found, key=lambda one: one.parts["dense"]).article == first


def test_what_most_articles_name_is_no_proof(base: KnowledgeBase, folder: Path) -> None:
    """An error's number tells the article; the organisation's own domain tells nothing."""
    for number in range(24):
        (folder / f"desk-{number}.md").write_text(
            f"# Desk {number}\n\nAsk desk{number}.example.org for key KX-{number}00.\n"
            + "The site is www.example.org.\n" * (number < 12)
        )
    base.sync([folder])
    common = base.explain("what does www.example.org say about chairs", top=12)
    assert 0 < max(one.parts["exact"] for one in common) < 0.4
    (one, *_) = base.explain("key KX-700 is gone")
    assert (one.article, one.parts["exact"]) == ("desk-7", 1.0)
    odd = base.explain('what does "\0 "" * NOT" say')
    assert all(one.parts["exact"] == 0 for one in odd)


def test_tuning_is_kept_only_if_unseen_questions_gain(base: KnowledgeBase, folder: Path) -> None:
    """With too few questions nothing is tried."""
    base.sync([folder])
    assert tune_weights(base) is None


def test_lint_names_the_article_and_what_is_wrong(base: KnowledgeBase, folder: Path) -> None:
    """Too short, a broken link, the same title twice."""
    (folder / "copy.md").write_text(
        "---\nid: copy\ntitle: Add a printer\n---\nSee [there](nowhere.md), [again](nowhere.md),\n"
        "or go [up](#top), [by](printer.md), [so](../printer.rst) or [page](printer.adoc#paper).\n"
    )
    base.sync([folder])
    findings = lint(base.store.articles(), base.encoder)
    found = {(finding.article, finding.kind) for finding in findings}
    assert [each.message for each in findings if each.kind == "link"] == [
        "links to nowhere.md, which is no article here"
    ]
    assert {("copy", "short"), ("copy", "link")} <= found
    assert {("copy", "duplicate"), ("printer", "duplicate")} & found


def test_the_real_model_finds_by_meaning(
    folder: Path, tmp_path: Path, real_encoder: Encoder
) -> None:
    """No word of the question is in the article."""
    base = KnowledgeBase.open(tmp_path / "real.db", real_encoder)
    base.sync([folder])
    assert base.search("cannot log in any more, my secret is outdated")[0].article == (
        "reset-password"
    )
    base.close()

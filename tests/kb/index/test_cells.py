"""Cells find what comparing with every vector finds, also after some came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.index import cutting
from kb.index.cells import Cells
from kb.index.cutting import Older, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kb.encoding.encoder import Vectors

TOPICS = 60
OF_TOPIC = 50
DIMENSION = 48


def unit(vectors: np.ndarray) -> Vectors:
    """The same directions, of length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


class Stored:
    """Vectors by key, around directions that they share."""

    def __init__(self) -> None:
        """Draw them, and a query near each direction."""
        chosen = np.random.default_rng(0)
        topics = chosen.normal(size=(TOPICS, DIMENSION))
        near = np.repeat(topics, OF_TOPIC, axis=0)
        self.vectors = unit(near + 0.6 * chosen.normal(size=near.shape))
        self.queries = unit(topics + 0.6 * chosen.normal(size=topics.shape))
        self.asked: list[int] = []

    def read(self, keys: Sequence[int]) -> Iterable[tuple[Sequence[int], Vectors]]:
        """As a store does."""
        self.asked.extend(keys)
        for first in range(0, len(keys), 700):
            some = keys[first : first + 700]
            yield some, self.vectors[list(some)]

    def recall(self, found: Cells, keys: np.ndarray) -> float:
        """Share of the ten nearest of these keys that are found."""
        shares = []
        for query in self.queries:
            right = keys[np.argsort(-(self.vectors[keys] @ query))[:10]]
            rows, cosines = found.search(query, 40)
            assert np.allclose(cosines, self.vectors[keys[rows]] @ query, atol=0.01)
            first = keys[rows[np.argsort(-cosines)[:10]]]
            shares.append(len(set(first.tolist()) & set(right.tolist())) / 10)
        return float(np.mean(shares))


@pytest.fixture
def stored() -> Stored:
    """Three thousand vectors."""
    return Stored()


def test_a_few_cells_hold_the_nearest(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search looks into less than half of the cells, and misses next to nothing."""
    monkeypatch.setattr(cutting, "FEWEST", 1)
    keys = np.random.default_rng(1).permutation(len(stored.vectors))
    write(tmp_path, keys, stored.read)
    found = Cells.mapped(tmp_path)
    assert found.probes < (len(found.starts) - 1) / 2
    assert stored.recall(found, keys) > 0.98
    assert np.allclose(found.of(np.arange(50)), stored.vectors[keys[:50]], atol=0.01)


def test_vectors_without_any_order_make_a_search_look_into_more_cells(tmp_path: Path) -> None:
    """How many is measured, not assumed."""
    chosen = np.random.default_rng(2)
    stored = Stored()
    stored.vectors = unit(chosen.normal(size=stored.vectors.shape))
    stored.queries = unit(chosen.normal(size=stored.queries.shape))
    keys = np.arange(len(stored.vectors))
    write(tmp_path, keys, stored.read)
    found = Cells.mapped(tmp_path)
    assert found.probes > cutting.FEWEST
    assert stored.recall(found, keys) > 0.98


def test_only_what_is_new_is_read_again(stored: Stored, tmp_path: Path) -> None:
    """Of older cells the centres and vectors stay; what is gone is found no more."""
    (before, after) = (tmp_path / name for name in ("before", "after"))
    before.mkdir()
    after.mkdir()
    first = np.arange(0, 2_000)
    write(before, first, stored.read)
    stored.asked.clear()
    second = np.random.default_rng(3).permutation(np.arange(300, 2_500))
    write(after, second, stored.read, Older(Cells.mapped(before), first))
    assert sorted(stored.asked) == list(range(2_000, 2_500))
    assert stored.recall(Cells.mapped(after), second) > 0.98


def test_a_base_that_has_grown_gets_cells_of_its_own(stored: Stored, tmp_path: Path) -> None:
    """Centres of a tenth of the vectors would make cells ten times as large."""
    (before, after) = (tmp_path / name for name in ("before", "after"))
    before.mkdir()
    after.mkdir()
    keys = np.arange(len(stored.vectors))
    write(before, keys[:300], stored.read)
    older = Cells.mapped(before)
    write(after, keys, stored.read, Older(older, keys[:300]))
    found = Cells.mapped(after)
    assert len(found.starts) > 3 * len(older.starts)
    assert stored.recall(found, keys) > 0.98


def test_cells_whose_vectors_are_others_now_are_cut_anew(stored: Stored, tmp_path: Path) -> None:
    """Old centres would put all of another region into a few cells."""
    (before, after) = (tmp_path / name for name in ("before", "after"))
    before.mkdir()
    after.mkdir()
    half = len(stored.vectors) // 2
    first, second = np.arange(half), np.arange(half - 100, 2 * half)
    write(before, first, stored.read)
    write(after, second, stored.read, Older(Cells.mapped(before), first))
    found = Cells.mapped(after)
    assert np.diff(found.starts).max() < 10 * np.diff(found.starts).mean()
    assert found.centres.fitted == len(second)


def test_looking_wider_finds_more(
    stored: Stored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For searches that may show only some of what is there."""
    monkeypatch.setattr(cutting, "FEWEST", 1)
    keys = np.arange(len(stored.vectors))
    write(tmp_path, keys, stored.read)
    found = Cells.mapped(tmp_path)
    rows, _ = found.search(stored.queries[0], len(keys))
    wide, _ = found.search(stored.queries[0], len(keys), wider=4)
    assert len(rows) < len(wide) < len(keys)

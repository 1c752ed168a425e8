"""A sparse table by its columns says what scipy's says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from classifier.features import columns
from classifier.features.columns import Columns
from classifier.features.views import Terms


def _table(seed: int) -> sparse.csr_matrix:
    chance = np.random.default_rng(seed)
    table = chance.random((40, 300), np.float32)
    table[chance.random(table.shape) > 0.2] = 0
    return sparse.csr_matrix(table)


def _columns(table: sparse.csr_matrix) -> Columns:
    return Columns.turned(table.data, table.indices, table.indptr, table.shape[1])


@pytest.mark.parametrize("narrow", [columns.NARROW, 8])
def test_what_all_rows_say_is_summed_up_as_by_scipy(
    monkeypatch: pytest.MonkeyPatch, narrow: int
) -> None:
    """However many columns there are, and in whatever order a text has its terms."""
    monkeypatch.setattr(columns, "NARROW", narrow)
    table, chance = _table(1), np.random.default_rng(2)
    weights = chance.random((40, 7), np.float32)
    summed = _columns(table).summed(weights)
    assert summed.shape == (300, 7)
    for size in (0, 1, 30, 200):
        asked = chance.permutation(300)[:size].astype(np.int32)
        data = chance.random(size, np.float32)
        row = sparse.csr_matrix((data, asked, [0, size]), shape=(1, 300))
        wanted = (row @ table.T).toarray() @ weights
        assert Terms(asked, data) @ summed == pytest.approx(wanted, rel=1e-3)


def test_a_term_of_nobody_says_nothing() -> None:
    """As an emoji that nobody sent before, between two that somebody did."""
    table = _table(3).toarray()
    table[:, [0, 7, 299]] = 0
    summed = _columns(sparse.csr_matrix(table)).summed(np.ones((40, 2), np.float32))
    assert not summed[[0, 7, 299]].any()
    assert summed[[1, 8, 298]].all()


def test_for_many_texts_it_is_the_table_turned_round() -> None:
    """As training reads it."""
    table = _table(4)
    assert (_columns(table).matrix() != table.T).nnz == 0

"""A sparse table by its columns says what scipy's says, to the last bit."""

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
def test_a_text_is_compared_as_by_scipy(monkeypatch: pytest.MonkeyPatch, narrow: int) -> None:
    """However many columns there are, and in whatever order the text has its terms."""
    monkeypatch.setattr(columns, "NARROW", narrow)
    table, chance = _table(1), np.random.default_rng(2)
    for size in (1, 30, 200):
        asked = chance.permutation(300)[:size].astype(np.int32)
        data = chance.random(size, np.float32)
        row = sparse.csr_matrix((data, asked, [0, size]), shape=(1, 300))
        wanted = (row @ table.T.tocsr()).toarray()
        found = _columns(table).products(Terms(asked, data))
        assert found.dtype == np.float32
        assert found.tobytes() == wanted.tobytes()


def test_a_text_of_which_nothing_is_known_is_like_nothing() -> None:
    """As an emoji that nobody sent before."""
    none = Terms(np.zeros(0, np.int32), np.zeros(0, np.float32))
    assert not _columns(_table(3)).products(none).any()


def test_for_many_texts_it_is_the_table_turned_round() -> None:
    """As training reads it."""
    table = _table(4)
    assert (_columns(table).matrix() != table.T).nnz == 0

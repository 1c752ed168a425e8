"""Which weights are taken where nothing was tuned: by what the base is like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.searching.base import KnowledgeBase
from kb.searching.ranking import ASKED, LEARNED, LONG, PAGES, PLAIN, SHORT, profile

if TYPE_CHECKING:
    from pathlib import Path

    from kb.encoding.encoder import Encoder

SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("asked", "learned", "passages", "wanted"),
    [
        (0.0, 0.0, 1.0, PLAIN),
        (0.0, 0.0, SHORT, PLAIN),
        (0.0, 0.0, LONG, PAGES),
        (0.0, 0.0, 30.0, PAGES),
        (1.0, 0.0, 30.0, ASKED),
        (1.0, 1.0, 1.0, LEARNED),
        (0.0, 1.0, 30.0, LEARNED),
    ],
)
def test_a_base_of_one_kind_has_the_weights_of_its_kind(
    asked: float, learned: float, passages: float, wanted: object
) -> None:
    """Questions say more than length does, and learned ones the most."""
    assert profile(asked, learned, passages) == wanted


@given(SHARES, SHARES, st.floats(0, 1_000))
def test_weights_of_any_base_are_shares(asked: float, learned: float, passages: float) -> None:
    """They sum to one and none is negative, whatever is blended."""
    weights = vars(profile(asked, learned, passages).weights).values()
    assert sum(weights) == pytest.approx(1)
    assert min(weights) >= 0


@given(st.floats(SHORT, LONG), st.floats(SHORT, LONG))
def test_the_longer_the_pages_the_more_meaning_counts(one: float, other: float) -> None:
    """With no jump between two bases that are nearly alike."""
    few, many = sorted((one, other))
    assert profile(0, 0, few).weights.dense <= profile(0, 0, many).weights.dense
    assert profile(0, 0, many).weights.dense - profile(0, 0, few).weights.dense <= many - few


@pytest.mark.parametrize(("sections", "wanted"), [(1, PLAIN), (2, None), (6, PAGES)])
def test_a_base_is_taken_for_what_it_holds(
    tmp_path: Path, encoder: Encoder, sections: int, wanted: object
) -> None:
    """Counted over all its articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(3):
        parts = [f"## Part {part}\n\nText {part} of {number}.\n" for part in range(sections)]
        (folder / f"a{number}.md").write_text(f"# Article {number}\n\n" + "\n".join(parts))
    base = KnowledgeBase.open(tmp_path / "kb.db", encoder)
    base.sync([folder])
    if wanted is None:
        assert base.profile not in (PLAIN, PAGES)
    else:
        assert base.profile == wanted
    base.close()

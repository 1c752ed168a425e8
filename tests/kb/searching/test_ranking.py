"""Which weights are taken where nothing was tuned: by what the base is like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.encoding.late import TokenVectors
from kb.questions.hygiene import clean
from kb.searching.base import KnowledgeBase
from kb.searching.ranking import ASKED, FOREIGN, LEARNED, LONG, PAGES, PLAIN, SHORT, profile
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb.encoding.encoder import Encoder, Vectors

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


class TwoTongues(WordEncoder):
    """Has no tokens for words of another language, like two encoders joined."""

    def encode_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[TokenVectors]]:
        """Vectors as ever; of each English word one token."""
        counts = [0 if "wie" in text else len(text.split()) for text in texts]
        tokens = [
            TokenVectors(np.arange(count, dtype=np.int32), np.ones((count, 4), np.int8))
            for count in counts
        ]
        return self.encode(texts), tokens


@pytest.mark.parametrize(
    ("asked", "alone"),
    [
        ("wie drucke ich", True),
        ("wie printer", True),
        ("how do I print", False),
        ("printer", False),
        ("", False),
    ],
)
def test_a_question_in_another_language_is_judged_by_what_it_means(
    tmp_path: Path, asked: str, alone: bool
) -> None:
    """Its words, and what was learned from English ones, do not count."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("printer", "mailbox"):
        (folder / f"{name}.md").write_text(f"# The {name}\n\nHow to use the {name}, wie immer.\n")
    base = KnowledgeBase.open(tmp_path / "kb.db", TwoTongues())
    base.sync([folder])
    (question,) = base._encode([clean(asked)])
    assert question.meant_alone is alone
    weights = vars(FOREIGN.weights)
    for found in base.explain(asked) if alone else ():
        counted = sum(weight * found.parts[part] for part, weight in weights.items())
        assert found.fused == pytest.approx(counted, abs=1e-4)
    assert all(0 <= hit.score <= 1 for hit in base.search(asked))
    base.close()

"""Recognises a wish: somebody asks for what a system cannot do yet, not how, nor for help.

Learned from `wishes/`, one file an author, when it is asked: a linear model over meaning, words
and letters, which takes a moment. Precision comes first, so it misses more than it takes
wrongly; `python -m tests.bench.wishes` measures both on authors left out.
"""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.questions.clustering import Vectors

FOLDER = Path(__file__).parent / "wishes"
SURE = 0.75
"""From this chance on it is one."""
LOOSE = 50.0
"""How little the model is held back: of few examples much is to be learned."""
WORDS = 2.0
"""How much words count beside letters and meaning: "it would be great if" is told by them."""


@dataclass(frozen=True)
class Example:
    """A message, and whether it is a wish."""

    author: str
    text: str
    wish: bool
    language: str


def examples() -> list[Example]:
    """Read what it is learned from."""
    found = []
    for file in sorted(FOLDER.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append(Example(file.stem, row["text"], row["wish"], row["language"]))
    return found


@dataclass(frozen=True)
class Told:
    """Texts with their embeddings, one row each."""

    texts: Sequence[str]
    vectors: Vectors

    def of(self, places: Sequence[int]) -> Told:
        """Give those at some places."""
        return Told([self.texts[each] for each in places], self.vectors[list(places)])


def chances(asked: Told, learned: Told, wish: Sequence[bool], others: Told) -> NDArray[np.float64]:
    """Give each text's chance to be a wish; `others` are what is asked anyway, and wishes not."""
    from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415 - slow to load, seldom used
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - as above
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - as above

    if not len(asked.texts):
        return np.zeros(0)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    words = TfidfVectorizer(
        ngram_range=(1, 3),
        sublinear_tf=True,
        token_pattern=r"\w+",  # noqa: S106 - what a word is, and no password
    )
    texts = [*learned.texts, *others.texts]
    vectors = np.vstack([learned.vectors, others.vectors]) if others.texts else learned.vectors
    rows = hstack(
        [letters.fit_transform(texts), WORDS * words.fit_transform(texts), csr_matrix(vectors)]
    ).tocsr()
    truth = np.r_[np.asarray(wish, bool), np.zeros(len(others.texts), bool)]
    model = LogisticRegression(C=LOOSE, class_weight="balanced", max_iter=2_000).fit(rows, truth)
    new = hstack(
        [
            letters.transform(asked.texts),
            WORDS * words.transform(asked.texts),
            csr_matrix(asked.vectors),
        ]
    ).tocsr()
    return np.asarray(model.predict_proba(new)[:, 1])


def wished(asked: Told, learned: Told, wish: Sequence[bool], others: Told) -> list[bool]:
    """Say of each text whether it is a wish."""
    return [bool(chance >= SURE) for chance in chances(asked, learned, wish, others)]


def wished_apart(asked: Told, learned: Told, wish: Sequence[bool], others: Told) -> list[bool]:
    """Do it in a process of its own: what it loads and needs is given back at the end."""
    apart = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=apart) as pool:
        return pool.submit(wished, asked, learned, list(wish), others).result()

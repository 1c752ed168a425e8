"""Questions about the same thing, taken together: by their meaning and by their letters.

Distances are averages over all pairs (average linkage), so that no chain of neighbours joins two
topics. Meaning is compared after what all questions of a desk have in common is taken out.
`background` is what the base says anyway: it tells what that is, and which letters are
telling. Two that the same settled are nearer by that; that other words settled them says nothing.
A group of questions of which none is near to any is no topic, and is taken apart again.
`python -m tests.bench.gaps` measures it.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

APART = 0.88
"""From this mean distance on, two groups of questions are about two things."""
CAUSES_APART = 0.72
"""The same for causes and fixes: engineers write more alike, and of other things alike too."""
ENOUGH = 20
"""So many texts of a base tell what all questions have in common; of fewer, each is a topic."""
LETTERS = 0.5
"""How much the letters count beside the meaning: names of systems are told by them."""
CLOSER = 0.06
"""So much less apart are those of a group that is loose: else what was asked once gathers there."""
LOOSE = 0.31
"""A group is, where the mean likeness of each to its nearest is less."""
SETTLED = 0.3
"""So much nearer are two that the same settled, at most."""
ALIKE, SAME = 0.5, 0.9
"""From this likeness on what settled two begins to count, and from this on it is the same."""
GRAMS = (3, 5)
COMMON = "frontline"
"""A text that is always there: what has no letters at all is like nothing."""


@dataclass(frozen=True)
class Settled:
    """What settled some of the questions: their places, the words, and the embeddings of these."""

    places: Sequence[int]
    texts: Sequence[str]
    vectors: Vectors


def grouped(  # noqa: PLR0913, PLR0917 - questions, what is known anyway, and what settled them
    texts: Sequence[str],
    vectors: Vectors,
    background: Sequence[str],
    known: Vectors,
    apart: float = APART,
    settled: Settled | None = None,
) -> tuple[list[list[int]], list[int]]:
    """Take questions together; gives the places of each cluster, and its most typical one.

    `vectors` and `known` are the embeddings of `texts` and `background`, one row each; from the
    mean distance `apart` on, two are about two things.
    """
    if not texts:
        return [], []
    similarity = alike(texts, vectors, background, known)
    both = similarity
    if settled is not None and len(settled.places) > 1:
        own = np.ix_(settled.places, settled.places)
        fixes = alike(settled.texts, settled.vectors, background, known)
        both = similarity.copy()
        both[own] += SETTLED * np.clip((fixes - ALIKE) / (SAME - ALIKE), 0.0, 1.0)
    found: dict[tuple[int, int], list[int]] = {}
    for place, label in enumerate(_labels(both, apart)):
        found.setdefault(label, []).append(place)
    clusters = list(found.values())
    return clusters, [_typical(similarity, members) for members in clusters]


def grouped_apart(  # noqa: PLR0913, PLR0917 - as above
    texts: Sequence[str],
    vectors: Vectors,
    background: Sequence[str],
    known: Vectors,
    apart: float = APART,
    settled: Settled | None = None,
) -> tuple[list[list[int]], list[int]]:
    """Do it in a process of its own: what it loads and needs is given back at the end."""
    if not texts:
        return [], []
    alone = multiprocessing.get_context("spawn")
    given = (list(texts), vectors, list(background), known, apart, settled)
    with ProcessPoolExecutor(1, mp_context=alone) as pool:
        return pool.submit(grouped, *given).result()


def _labels(similarity: NDArray[np.float64], limit: float) -> list[tuple[int, int]]:
    """Name the group of each; a loose one is taken apart into those that are closer."""
    wide, close = _cut(similarity, limit), _cut(similarity, limit - CLOSER)
    others = similarity.copy()
    np.fill_diagonal(others, -1.0)
    loose = set()
    for group in set(wide):
        inside = [place for place, label in enumerate(wide) if label == group]
        loose |= {group} if others[np.ix_(inside, inside)].max(axis=1).mean() < LOOSE else set()
    pairs = zip(wide, close, strict=True)
    return [(group, part if group in loose else 0) for group, part in pairs]


def _cut(similarity: NDArray[np.float64], limit: float) -> list[int]:
    if len(similarity) < 2:  # noqa: PLR2004 - one is a cluster
        return [0] * len(similarity)
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - slow to load, seldom used

    apart = np.clip(1.0 - similarity, 0.0, 2.0)
    np.fill_diagonal(apart, 0.0)
    found = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=limit
    ).fit_predict(apart)
    return [int(each) for each in found]


def alike(
    texts: Sequence[str], vectors: Vectors, background: Sequence[str], known: Vectors
) -> NDArray[np.float64]:
    """Say how much each question is like each other one: 1 for the same, about 0 for unrelated."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - as above

    # Not of the questions themselves: where all are about one thing, that is what they are about.
    common = known.mean(axis=0) if len(known) >= ENOUGH else 0.0
    centred = np.asarray(vectors, np.float64) - common
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=GRAMS, sublinear_tf=True)
    letters.fit([*texts, *background, COMMON])
    rows = letters.transform(texts)
    by_letters = (rows @ rows.T).toarray()
    return np.asarray((1 - LETTERS) * (centred @ centred.T) + LETTERS * by_letters)


def _typical(similarity: NDArray[np.float64], members: Sequence[int]) -> int:
    """Give the member that is most like all the others: a cluster is named by it."""
    inside = similarity[np.ix_(members, members)]
    return members[int(inside.mean(axis=1).argmax())]

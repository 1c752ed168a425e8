"""Fitting what learns from questions to the stored ones, once for each state of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from kb.index.learning import asked_texts, basis
from kb.index.units import ASKED_KINDS
from kb.questions.recogniser import Recogniser, fit

if TYPE_CHECKING:
    from kb.index.store import Store

LEAST_LEARNED = 100
"""Learned questions from which there is enough to fit to."""

LEAST_OF_ARTICLE = 3
"""Questions that an article needs to be told from others by them."""

ELSEWHERE = -1
NAME = "recogniser"


def recogniser(store: Store, model: str) -> Recogniser | None:
    """The one for the stored questions, fitted now if it was not yet; None if they are too few."""
    if store.learned_count() < LEAST_LEARNED:
        return None
    rows = asked_texts(store)
    state = basis(model, rows)
    kept = store.model(NAME, state)
    if kept is not None:
        return Recogniser.from_bytes(kept)
    fitted = _fit(store, model, rows)
    if fitted is not None:
        store.put_model(NAME, state, fitted.to_bytes())
    return fitted


def _fit(store: Store, model: str, rows: list[tuple[int, str, str, str]]) -> Recogniser | None:
    asked = Counter(article for article, kind, *_ in rows if kind in ASKED_KINDS)
    known = {article for article, count in asked.items() if count >= LEAST_OF_ARTICLE}
    vectors = store.vectors_by_hash(model, [row[3] for row in rows])
    rows = [row for row in rows if row[3] in vectors]
    if len(known) < 2 or not rows:  # noqa: PLR2004 (one article is not to be told from another)
        return None
    return fit(
        [text for _, _, text, _ in rows],
        np.array([vectors[digest] for *_, digest in rows], np.float32),
        np.array([article if article in known else ELSEWHERE for article, *_ in rows], np.int64),
    )

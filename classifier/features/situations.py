"""Follow-ups with what is around them, encoded: the question, and what was shown last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from classifier.features.embedding import embed, encoded
from classifier.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.data.followups import FollowUp
    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Situated:
    """Follow-ups as the estimator takes them.

    `vectors` (n, dimension) are of the texts, of unit length, `layers` the states of the
    encoder's layers or None; `near` (n, 2) are the cosines of each text to the question and to
    what was shown last.
    """

    texts: Sequence[str]
    states: Sequence[str]
    others: Sequence[bool]
    vectors: Matrix
    near: Matrix
    layers: Matrix | None = None

    def __len__(self) -> int:
        """Count the follow-ups."""
        return len(self.texts)


def situated(
    followups: Sequence[FollowUp], encoder: Encoder, progress: Progress | None = None
) -> Situated:
    """Encode follow-ups with their context."""
    texts = [each.text for each in followups]
    around = list(dict.fromkeys(t for each in followups for t in (each.opened, each.shown) if t))
    told = progress or silent
    inputs = embed(texts, encoder, told) if progress else encoded(texts, encoder)
    place = {text: row for row, text in enumerate(around)}
    if around:
        vectors = embed(around, encoder, told).vectors if progress else encoder.encode(around)

    def near(others: list[str]) -> Matrix:
        found = np.zeros(len(others), np.float32)
        if rows := [row for row, text in enumerate(others) if text]:
            theirs = vectors[[place[others[row]] for row in rows]]
            found[rows] = (inputs.vectors[rows] * theirs).sum(axis=1)
        return found

    both = [near([each.opened for each in followups]), near([each.shown for each in followups])]
    return Situated(
        texts,
        [each.state for each in followups],
        [each.who != "requester" for each in followups],
        inputs.vectors,
        np.column_stack(both),
        None if inputs.layers is None else inputs.layers.astype(np.float32),
    )

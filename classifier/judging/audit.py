"""The audit of labelled data: wrong labels, near-duplicates, shortcuts, thin spots."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.estimators.tier import MessageClassifier
from classifier.features.words import WordFeatures
from classifier.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from classifier.data.dataset import Message
    from classifier.features.embedding import Inputs
    from classifier.progress import Progress

NEAR = 0.95
"""Cosine from which two messages say the same."""

GIVES_AWAY = 0.98
OFTEN = 15
"""A word in so many messages, nearly all of one label, is a shortcut."""

THIN = 8
"""Fewer messages than this of an article or of an area's label are a thin spot."""

_BLOCK = 1_000


@dataclass(frozen=True)
class Doubt:
    """A message whose label the others contradict."""

    message: Message
    suggested: str
    chance_of_label: float
    chance_of_suggested: float


@dataclass(frozen=True)
class Pair:
    """Two messages that say much the same, and what is wrong with that."""

    first: Message
    second: Message
    similarity: float
    why: str


@dataclass(frozen=True)
class Shortcut:
    """A single word that gives a label away."""

    word: str
    label: str
    share: float
    count: int


@dataclass(frozen=True)
class Audit:
    """What the audit found."""

    doubts: tuple[Doubt, ...]
    pairs: tuple[Pair, ...]
    shortcuts: tuple[Shortcut, ...]
    thin: tuple[str, ...]


def audit(
    messages: Sequence[Message],
    held: Sequence[Message],
    inputs: Inputs,
    groups: Sequence[str] | None,
    progress: Progress = silent,
) -> Audit:
    """Audit the training part, and what of the holdout lies too near to it.

    Args:
        messages: the training part.
        held: the holdout; it is only compared, never learned from.
        inputs: both as the encoder sees them, the training part's first.
        groups: what is left out together when a label is doubted.
        progress: told how far it is.
    """
    return Audit(
        tuple(_doubts(messages, inputs.take(np.arange(len(messages))), groups, progress)),
        tuple(_pairs(messages, held, inputs.vectors)),
        tuple(_shortcuts(messages)),
        tuple(_thin(messages)),
    )


def _doubts(
    messages: Sequence[Message],
    inputs: Inputs,
    groups: Sequence[str] | None,
    progress: Progress,
) -> list[Doubt]:
    """Confident learning (Northcutt et al. 2021): likelier another label than its own is wont."""
    fitted = MessageClassifier().fit(inputs, [m.label for m in messages], groups, progress)
    proba, names = fitted.left_out_proba_, list(fitted.classes_)
    learned = [messages[row] for row in fitted.rows_]
    codes = np.array([names.index(m.label) for m in learned])
    # A label's threshold is the mean chance that its own messages get.
    usual = np.array([proba[codes == code, code].mean() for code in range(len(names))])
    doubts = []
    for message, code, chances in zip(learned, codes, proba, strict=True):
        above = np.flatnonzero(chances >= usual)
        best = int(above[chances[above].argmax()]) if len(above) else int(code)
        if best != code and chances[best] > chances[code]:
            doubts.append(Doubt(message, names[best], float(chances[code]), float(chances[best])))
    return sorted(doubts, key=lambda doubt: doubt.chance_of_label - doubt.chance_of_suggested)


def _pairs(
    messages: Sequence[Message], held: Sequence[Message], vectors: NDArray[np.float32]
) -> Iterator[Pair]:
    everyone = [*messages, *held]
    known = len(messages)
    for start in range(0, len(everyone), _BLOCK):
        cosines = vectors[start : start + _BLOCK] @ vectors[:known].T
        for row, column in zip(*np.nonzero(cosines >= NEAR), strict=True):
            one, other = start + int(row), int(column)
            similarity = float(cosines[row, column])
            if one >= known:
                why = "on both sides of the split"
            elif one > other and everyone[one].label != everyone[other].label:
                why = "labelled differently"
            elif one > other and everyone[one].scenario != everyone[other].scenario:
                why = "said twice"
            else:
                continue
            yield Pair(everyone[other], everyone[one], similarity, why)


def _shortcuts(messages: Sequence[Message]) -> list[Shortcut]:
    features = WordFeatures(min_count=OFTEN).fit([m.text for m in messages])
    words: Any = features.words_.transform([m.text for m in messages]) > 0
    labels = np.array([m.label for m in messages])
    counts = {
        label: np.asarray(words[labels == label].sum(axis=0)).ravel() for label in set(labels)
    }
    total = np.sum(list(counts.values()), axis=0)
    found = [
        Shortcut(name, label, float(count[place] / total[place]), int(total[place]))
        for label, count in counts.items()
        for place, name in enumerate(features.words_.get_feature_names_out())
        if " " not in name and count[place] / total[place] >= GIVES_AWAY
    ]
    return sorted(found, key=lambda shortcut: -shortcut.count)


def _thin(messages: Sequence[Message]) -> list[str]:
    articles = Counter(m.article for m in messages if m.article)
    spots = [f"article {name}: {n} message(s)" for name, n in articles.items() if n < THIN]
    areas = {m.area for m in messages if m.area}
    labels = sorted({m.label for m in messages})
    cells = Counter((m.area, m.label) for m in messages if m.area)
    spots += [
        f"area {area}, label {label}: {cells[area, label]} message(s)"
        for area in sorted(areas)
        for label in labels
        if cells[area, label] < THIN
    ]
    return spots

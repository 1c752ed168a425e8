"""Evaluation: everything that says how far a classifier can be trusted."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import roc_auc_score

from classifier.judging.metrics import calling_figures, reliability, risk_coverage, summary, wilson
from classifier.judging.thresholds import expected_cost, is_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from classifier.data.dataset import Message
    from classifier.judging.metrics import Floats
    from classifier.serving.predict import Classifier, Prediction

MISTAKES = 25
MOST_SLICES = 12
SHORT, LONG = 8, 40


@dataclass(frozen=True)
class Evaluation:
    """The figures of one classifier on one set of messages, ready for JSON."""

    version: str
    rows: int
    figures: Mapping[str, float]
    labels: tuple[str, ...]
    per_label: Mapping[str, Any]
    confusion: Mapping[str, Mapping[str, int]]
    reliability: tuple[Mapping[str, float], ...]
    risk_coverage: tuple[tuple[float, float], ...]
    calling: Mapping[str, Any] | None
    """Whom the classifier alone would call, at its own threshold; None for other labels."""
    slices: Mapping[str, Any]
    mistakes: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Give plain values; in files and to scripts `calling` is `gate`, as it always was."""
        return {"gate" if key == "calling" else key: value for key, value in asdict(self).items()}


def evaluate(classifier: Classifier, messages: Sequence[Message]) -> Evaluation:
    """Compare what a classifier says of messages with their labels."""
    predictions = classifier.predict([message.text for message in messages])
    return from_predictions(classifier, messages, predictions)


def from_predictions(
    classifier: Classifier, messages: Sequence[Message], predictions: Sequence[Prediction]
) -> Evaluation:
    """Compare predictions made already with the messages' labels."""
    names = list(classifier.labels)
    truth = [message.label for message in messages]
    proba = np.array([[p.probabilities[name] for name in names] for p in predictions])
    guessed = [p.label for p in predictions]
    right = np.array([a == b for a, b in zip(guessed, truth, strict=True)])
    confidence = proba.max(axis=1)
    figures = summary(truth, proba, np.asarray(names))
    if classifier.abstain_label is not None:
        figures |= _refusal_figures(truth, guessed, proba, names, classifier.abstain_label)
    return Evaluation(
        version=classifier.version,
        rows=len(messages),
        figures=figures,
        labels=tuple(names),
        per_label=_per_label(truth, guessed),
        confusion=_confusion(truth, guessed),
        reliability=tuple(asdict(point) for point in reliability(confidence, right)),
        risk_coverage=tuple(risk_coverage(confidence, right)),
        calling=_calling(classifier, truth, proba, names),
        slices=_slices(messages, right),
        mistakes=_mistakes(messages, predictions, right),
    )


def _refusal_figures(
    truth: Sequence[str], guessed: Sequence[str], proba: Floats, names: list[str], label: str
) -> dict[str, float]:
    strange = np.array([t == label for t in truth])
    right = np.array([t == g for t, g in zip(truth, guessed, strict=True)])
    if strange.all() or not strange.any():
        return {}
    return {
        "in_scope_accuracy": float(right[~strange].mean()),
        "out_of_scope_recall": float(right[strange].mean()),
        "out_of_scope_auroc": float(roc_auc_score(strange, proba[:, names.index(label)])),
    }


def _per_label(truth: Sequence[str], guessed: Sequence[str]) -> dict[str, Any]:
    hits = Counter(t for t, g in zip(truth, guessed, strict=True) if t == g)
    had, got = Counter(truth), Counter(guessed)
    return {
        label: {
            "precision": asdict(wilson(hits[label], got[label])),
            "recall": asdict(wilson(hits[label], had[label])),
        }
        for label in sorted(had | got)
    }


def _confusion(truth: Sequence[str], guessed: Sequence[str]) -> dict[str, dict[str, int]]:
    pairs = Counter(zip(truth, guessed, strict=True))
    table: dict[str, dict[str, int]] = {label: {} for label in sorted(set(truth))}
    for (was, said), count in sorted(pairs.items()):
        table[was][said] = count
    return table


def _calling(
    classifier: Classifier, truth: Sequence[str], proba: Floats, names: list[str]
) -> dict[str, Any] | None:
    if not is_desk(names):
        return None
    threshold = classifier.thresholds["escalate_at"]
    return {
        "escalate_at": threshold,
        "expected_cost": expected_cost(truth, proba, names, threshold),
        **asdict(calling_figures(truth, proba, names, threshold)),
    }


def _slices(messages: Sequence[Message], right: Any) -> dict[str, Any]:
    ways: dict[str, Callable[[Message], str | None]] = {
        "length": _length,
        "register": _register,
        "area": lambda message: message.area,
        "author": lambda message: message.author,
    }
    found: dict[str, Any] = {}
    for way, place in ways.items():
        places = [place(message) for message in messages]
        common = Counter(p for p in places if p is not None).most_common(MOST_SLICES)
        found[way] = {
            name: asdict(wilson(int(right[[p == name for p in places]].sum()), count))
            for name, count in common
        }
    return {way: table for way, table in found.items() if table}


def _length(message: Message) -> str:
    words = len(message.text.split())
    if words <= SHORT:
        return f"up to {SHORT} words"
    return f"up to {LONG} words" if words <= LONG else "longer"


def _register(message: Message) -> str:
    text = message.text
    if "```" in text or "\n" in text.strip():
        return "with pasted or several lines"
    letters = [c for c in text if c.isalpha()]
    if letters and sum(c.isupper() for c in letters) > len(letters) / 2:
        return "capitals"
    return "lower case" if text == text.lower() else "mixed case"


def _mistakes(
    messages: Sequence[Message], predictions: Sequence[Prediction], right: Any
) -> tuple[dict[str, Any], ...]:
    wrong = [row for row in range(len(messages)) if not right[row]]
    wrong.sort(key=lambda row: predictions[row].probabilities.get(messages[row].label, 0.0))
    return tuple(
        {
            "place": messages[row].place,
            "text": messages[row].text[:300],
            "label": messages[row].label,
            "predicted": predictions[row].label,
            "probability": max(predictions[row].probabilities.values()),
            "words": list(predictions[row].words),
        }
        for row in wrong[:MISTAKES]
    )

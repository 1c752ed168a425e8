"""Training: from labelled messages to a model directory."""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier import artifact
from classifier.abstain import novelty_threshold, refusal_threshold
from classifier.dataset import Message, data_hash, read_messages, without_duplicates
from classifier.errors import ClassifierError, DataError
from classifier.estimator import Inputs, MessageClassifier
from classifier.holdout import Holdout, check, load_holdout, split
from classifier.metrics import summary
from classifier.predict import pack

if TYPE_CHECKING:
    from kb.encoder import Encoder

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

REMEMBERED = 20_000
"""Messages kept in the model to compare with; more would make it slow and large."""

LETTING_THROUGH = 0.25
"""What letting a strange message through costs, next to refusing a known one, as shares."""

_BATCH = 256


@dataclass(frozen=True)
class Report:
    """What a training did."""

    directory: Path
    version: str
    messages: int
    held_out: int
    labels: Mapping[str, int]
    metrics: Mapping[str, float]
    thresholds: Mapping[str, float]
    seconds: float


def train(
    data: Path | Sequence[Path],
    directory: Path,
    encoder: Encoder,
    *,
    abstain_label: str | None = None,
    labels: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Train on labelled messages, the holdout left out, and write a model directory."""
    started = time.monotonic()
    told = progress or (lambda what, done, total: None)
    messages, held, holdout = load_training_data(data, labels=labels)
    counts = _checked_labels(messages, abstain_label)
    vectors = embed([m.text for m in messages], encoder, told)
    inputs = Inputs([m.text for m in messages], vectors)
    groups = groups_of(messages)
    estimator = MessageClassifier().fit(
        inputs,
        [m.label for m in messages],
        groups,
        progress=lambda done, total: told("training", done, total),
    )
    thresholds = _thresholds(estimator, messages, vectors, groups, abstain_label)
    metrics = summary([m.label for m in messages], estimator.outside_proba_, estimator.classes_)
    facts = {
        "version": _version(messages),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "labels": estimator.classes_.tolist(),
        "abstain_label": abstain_label,
        "encoder": encoder.name,
        "thresholds": thresholds,
        "metrics": metrics,
        "counts": counts,
        "data": {
            "files": sorted({m.file.name for m in messages}),
            "rows": len(messages),
            "sha256": data_hash(messages),
            "holdout_rows": len(held),
            "holdout_sha256": holdout.sha256 if holdout else None,
        },
        "code": _versions(),
    }
    arrays, tables = pack(estimator)
    remembered = _remembered(len(messages))
    arrays["memory_vectors"] = vectors[remembered].astype(np.float16)
    tables["memory_texts"] = [messages[row].text[:300] for row in remembered]
    tables["memory_labels"] = [messages[row].label for row in remembered]
    artifact.save(directory, facts, arrays, tables)
    return Report(
        directory,
        str(facts["version"]),
        len(messages),
        len(held),
        counts,
        metrics,
        thresholds,
        time.monotonic() - started,
    )


def load_training_data(
    data: Path | Sequence[Path], *, labels: Sequence[str] | None = None
) -> tuple[list[Message], list[Message], Holdout | None]:
    """Read messages and part the holdout off, where a folder among `data` has one."""
    folders = [path for path in ([data] if isinstance(data, Path) else data) if path.is_dir()]
    messages = without_duplicates(read_messages(data, labels=labels))
    holdout, held = None, []
    for folder in folders:
        found = load_holdout(folder)
        if found is not None:
            messages, held = split(messages, found)
            check(held, found, folder)
            holdout = found
    return messages, held, holdout


def embed(texts: Sequence[str], encoder: Encoder, progress: Progress) -> NDArray[np.float32]:
    """Encode texts, the short ones together, so that little is wasted on padding."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        vectors[rows] = encoder.encode([texts[row] for row in rows])
        progress("embedding", min(start + _BATCH, len(order)), len(order))
    return vectors


def groups_of(messages: Sequence[Message]) -> list[str] | None:
    """Say which messages must stay together in cross-validation: those of one scenario."""
    if not any(m.scenario for m in messages):
        return None
    return [m.scenario or f"row {number}" for number, m in enumerate(messages)]


def _checked_labels(messages: Sequence[Message], abstain_label: str | None) -> dict[str, int]:
    counts = Counter(message.label for message in messages)
    if not messages:
        raise ClassifierError("no message to train on: all rows belong to the holdout, or none is")
    first = messages[0]
    if len(counts) == 1:
        raise DataError(
            first.file, None, f"only one label, {first.label!r}; at least two are needed"
        )
    for message in messages:
        if counts[message.label] == 1:
            raise DataError(
                message.file,
                message.line,
                f"the only message labelled {message.label!r}; at least two are needed",
            )
    if abstain_label is not None and abstain_label not in counts:
        raise DataError(first.file, None, f"no message has the abstain label {abstain_label!r}")
    return dict(sorted(counts.items()))


def _thresholds(
    estimator: MessageClassifier,
    messages: Sequence[Message],
    vectors: NDArray[np.float32],
    groups: list[str] | None,
    abstain_label: str | None,
) -> dict[str, float]:
    if abstain_label is None:
        return {"nearest_at_least": novelty_threshold(vectors, groups)}
    column = list(estimator.classes_).index(abstain_label)
    refused = np.array([m.label == abstain_label for m in messages])
    chance = estimator.outside_proba_[:, column]
    return {"abstain_at": refusal_threshold(chance, refused, LETTING_THROUGH)}


def _remembered(count: int) -> NDArray[np.intp]:
    if count <= REMEMBERED:
        return np.arange(count)
    return np.sort(np.random.default_rng(7).choice(count, REMEMBERED, replace=False))


def _version(messages: Sequence[Message]) -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{data_hash(messages)[:6]}"


def _versions() -> dict[str, Any]:
    found = {"python": platform.python_version()}
    for name in ("frontline-desk", "scikit-learn", "numpy", "scipy", "sentence-transformers"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found

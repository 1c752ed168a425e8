"""Training anew from a model and from more messages: what settles a message, and nothing else.

Matters that have a route of their own, priorities and the meaning of follow-ups stay as they were
trained: no outcome moves what is dangerous, confidential or urgent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.errors import ModelError
from classifier.estimators.tier import MessageClassifier
from classifier.judging.metrics import summary
from classifier.judging.thresholds import Costs, escalate_at, is_desk
from classifier.progress import Progress, silent
from classifier.registry import artifact
from classifier.registry.packing import MATTERS, pack, unpack
from classifier.training.train import KEPT_CHARACTERS, groups_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from classifier.data.dataset import Message
    from classifier.features.embedding import Inputs
    from classifier.registry.artifact import Stored


GROWING = ("known", "known_scales", "known_layers", "known_layers_scales", "dual")
"""What has a row for each message that is known."""


@dataclass(frozen=True)
class Added:
    """A message that is learned beside the shipped ones."""

    label: str
    person: str
    """Whose messages are left out together when calibrating."""
    trust: float
    shown: str
    """How it is named where the nearest learned messages are shown; its words are not kept."""


@dataclass(frozen=True)
class Lesson:
    """All that a training anew is given; `inputs` are of the shipped messages, then the added."""

    shipped: Sequence[Message]
    added: Sequence[Added]
    inputs: Inputs


def train_again(  # noqa: PLR0913 - the public call, options by keyword
    base: Path,
    directory: Path,
    given: Lesson,
    facts: Mapping[str, Any],
    *,
    costs: Costs | None = None,
    progress: Progress | None = None,
) -> MessageClassifier:
    """Write a model directory that is the base but for its tiers; gives what was fitted."""
    stored = artifact.load(base)
    before, outside = unpack(stored)
    if outside is not None:
        raise ModelError(f"{base}: has a label for what is none of the others; train it anew")
    shipped = groups_of(given.shipped)
    groups = [*(shipped or [f"row {row}" for row in range(len(given.shipped))])]
    groups += [f"asker {each.person}" for each in given.added]
    labels = [*(m.label for m in given.shipped), *(each.label for each in given.added)]
    trust = [1.0] * len(given.shipped) + [each.trust for each in given.added]
    estimator = MessageClassifier(shape=before.shape_, layer_features=before.layer_features_).fit(
        given.inputs, labels, groups, progress or silent, trust=np.asarray(trust, np.float32)
    )
    arrays, tables = pack(estimator, None)
    arrays["left_out"] = estimator.left_out_proba_.astype(np.float32)
    arrays["learned_rows"] = np.asarray(estimator.rows_, np.int32)
    known = [m.text[:KEPT_CHARACTERS] for m in given.shipped] + [a.shown for a in given.added]
    tables["memory_texts"] = [known[row] for row in estimator.rows_]
    keys = [m.mark for m in given.shipped] + [a.shown for a in given.added]
    tables["learned_keys"] = [keys[row] for row in estimator.rows_]
    tables["memory_labels"] = [labels[row] for row in estimator.rows_]
    arrays = {**stored.arrays, **arrays, **_matters_beside(stored, arrays)}
    thresholds = {**stored.manifest["thresholds"], **_thresholds(estimator, given, labels, costs)}
    kept = {name: value for name, value in stored.manifest.items() if name != "files"}
    metrics = summary(
        [labels[row] for row in estimator.rows_], estimator.left_out_proba_, estimator.classes_
    )
    manifest = {**kept, "thresholds": thresholds, "metrics": metrics, **facts}
    artifact.save(directory, manifest, arrays, {**stored.tables, **tables})
    return estimator


def _thresholds(
    estimator: MessageClassifier, given: Lesson, labels: Sequence[str], costs: Costs | None
) -> dict[str, float]:
    """Read the thresholds off the shipped messages alone: their labels were looked over."""
    if not is_desk(list(estimator.classes_)):
        return {}
    own = np.flatnonzero(estimator.rows_ < len(given.shipped))
    proba = estimator.left_out_proba_[own]
    theirs = [labels[row] for row in estimator.rows_[own]]
    return {"escalate_at": escalate_at(theirs, proba, list(estimator.classes_), costs or Costs())}


def _matters_beside(stored: Stored, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Let the matters know the added messages too, without learning of them.

    Serving compares a message once with what both know, where the one's are among the other's.
    """
    name = f"{MATTERS}.known"
    if name not in stored.arrays:
        return {}
    there = {row.tobytes() for row in stored.arrays[name]}
    fresh = np.array([row.tobytes() not in there for row in arrays["known"]])
    dual = stored.arrays[f"{MATTERS}.dual"]
    added = {**arrays, "dual": np.zeros((len(fresh), dual.shape[1]), dual.dtype)}
    return {
        f"{MATTERS}.{part}": np.concatenate([stored.arrays[f"{MATTERS}.{part}"], theirs[fresh]])
        for part, theirs in added.items()
        if part in GROWING and f"{MATTERS}.{part}" in stored.arrays
    }

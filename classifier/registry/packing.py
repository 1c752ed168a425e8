"""Packing: an estimator as plain arrays and tables, and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier.data.labels import PRIORITIES
from classifier.estimators.abstain import OutsideModel
from classifier.estimators.calibration import Calibration
from classifier.estimators.kernel import Shape
from classifier.estimators.priority import Head, PriorityModel
from classifier.estimators.tier import MessageClassifier
from classifier.features.layers import LayerFeatures
from classifier.features.nearness import Packed, packed
from classifier.features.words import WordFeatures

if TYPE_CHECKING:
    from classifier.registry.artifact import Stored

Arrays = dict[str, NDArray[Any]]

PROJECTION = ("layer_centre", "layer_directions")
"""How the states of the encoder's layers are read: what stands beside the tiers shares theirs."""

MATTERS, PRIORITY = "matters", "priority"
"""Begin the names of what belongs to the estimators beside the tiers."""


@dataclass(frozen=True)
class Beside:
    """The estimators beside the tiers, as far as they were trained."""

    matters: MessageClassifier | None = None
    priority: PriorityModel | None = None


def pack(
    estimator: MessageClassifier, outside: OutsideModel | None
) -> tuple[Arrays, dict[str, Any]]:
    """Take a fitted estimator apart."""
    arrays: Arrays = {
        # Half precision: the rounding is far below what one message's score varies by.
        "word_weights": estimator.word_weights_.astype(np.float16),
        **packed(estimator.known_).arrays("known"),
        "dual": estimator.dual_,
        "prior": estimator.prior_,
        "slopes": estimator.calibration_.slopes,
        "starts": estimator.calibration_.starts,
        **estimator.features_.arrays(),
    }
    tables = {
        "labels": estimator.classes_.tolist(),
        "shape": asdict(estimator.shape_),
        **estimator.features_.tables(),
    }
    if estimator.layer_features_ is not None and estimator.known_layers_ is not None:
        arrays["layer_centre"] = estimator.layer_features_.centre_
        arrays["layer_directions"] = estimator.layer_features_.directions_.astype(np.float16)
        arrays |= packed(estimator.known_layers_).arrays("known_layers")
    if outside is not None:
        arrays["outside_weights"] = outside.weights
        tables["outside"] = {
            "column": outside.column,
            "start": outside.start,
            "slope": outside.slope,
        }
    return arrays, tables


def unpack(stored: Stored) -> tuple[MessageClassifier, OutsideModel | None]:
    """Build the estimator again; ValueError where the parts do not fit together."""
    arrays, tables = stored.arrays, stored.tables
    estimator = MessageClassifier()
    estimator.classes_ = np.asarray(tables["labels"])
    estimator.shape_ = Shape(**tables["shape"])
    estimator.features_ = WordFeatures.restore(tables, arrays)
    estimator.word_weights_ = arrays["word_weights"].astype(np.float32)
    # What is known stays in eight bits: a quarter of the memory, and of the wait for it.
    estimator.known_ = Packed.stored("known", arrays)
    estimator.layer_features_ = estimator.known_layers_ = None
    if "known_layers" in arrays:
        estimator.known_layers_ = Packed.stored("known_layers", arrays)
    if "layer_directions" in arrays:
        estimator.layer_features_ = LayerFeatures.restore(
            arrays["layer_centre"], arrays["layer_directions"]
        )
    estimator.dual_ = arrays["dual"]
    estimator.prior_ = arrays["prior"]
    estimator.calibration_ = Calibration(arrays["slopes"], arrays["starts"])
    if estimator.dual_.shape != (len(estimator.known_), len(estimator.classes_)):
        raise ValueError("labels and weights do not match")
    if "outside" not in tables:
        return estimator, None
    return estimator, OutsideModel(weights=arrays["outside_weights"], **tables["outside"])


def pack_beside(
    matters: MessageClassifier, priority: PriorityModel | None, tiers: MessageClassifier
) -> tuple[Arrays, dict[str, Any]]:
    """Take the estimators beside the tiers apart; what these read by as well is not repeated."""
    arrays, tables = pack(matters, None)
    if matters.layer_features_ is tiers.layer_features_:
        for name in PROJECTION:
            arrays.pop(name, None)
    packed = {f"{MATTERS}.{name}": values for name, values in arrays.items()}
    said: dict[str, Any] = {MATTERS: tables}
    if priority is not None:
        said[PRIORITY] = {name: list(head.labels) for name, head in priority.heads.items()}
        for name, head in priority.heads.items():
            packed[f"{PRIORITY}.{name}.weights"] = head.weights.astype(np.float32)
            packed[f"{PRIORITY}.{name}.starts"] = head.starts.astype(np.float32)
    return packed, said


def unpack_beside(stored: Stored, tiers: MessageClassifier) -> Beside:
    """Build the estimators beside the tiers again; none where the model has none."""
    if MATTERS not in stored.tables:
        return Beside()
    start = f"{MATTERS}."
    arrays = {
        name.removeprefix(start): values
        for name, values in stored.arrays.items()
        if name.startswith(start)
    }
    matters, _ = unpack(replace(stored, arrays=arrays, tables=stored.tables[MATTERS]))
    if matters.layer_features_ is None and matters.known_layers_ is not None:
        matters.layer_features_ = tiers.layer_features_
    if PRIORITY not in stored.tables:
        return Beside(matters)
    heads = {
        name: Head(
            tuple(labels),
            stored.arrays[f"{PRIORITY}.{name}.weights"].astype(np.float64),
            stored.arrays[f"{PRIORITY}.{name}.starts"].astype(np.float64),
        )
        for name, labels in stored.tables[PRIORITY].items()
    }
    return Beside(matters, PriorityModel(heads, PRIORITIES))

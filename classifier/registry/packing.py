"""Packing: an estimator as plain arrays and tables, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier.estimators.abstain import OutsideModel
from classifier.estimators.calibration import Calibration
from classifier.estimators.kernel import Shape
from classifier.estimators.tier import MessageClassifier
from classifier.features.layers import LayerFeatures
from classifier.features.words import WordFeatures

if TYPE_CHECKING:
    from classifier.registry.artifact import Stored

Arrays = dict[str, NDArray[Any]]


def pack(
    estimator: MessageClassifier, outside: OutsideModel | None
) -> tuple[Arrays, dict[str, Any]]:
    """Take a fitted estimator apart."""
    arrays: Arrays = {
        # Half precision: the rounding is far below what one message's score varies by.
        "word_weights": estimator.word_weights_.astype(np.float16),
        "known": estimator.known_.astype(np.float16),
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
        arrays["known_layers"] = estimator.known_layers_.astype(np.float16)
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
    estimator.known_ = arrays["known"].astype(np.float32)
    estimator.layer_features_ = estimator.known_layers_ = None
    if "known_layers" in arrays:
        estimator.layer_features_ = LayerFeatures.restore(
            arrays["layer_centre"], arrays["layer_directions"]
        )
        estimator.known_layers_ = arrays["known_layers"].astype(np.float32)
    estimator.dual_ = arrays["dual"]
    estimator.prior_ = arrays["prior"]
    estimator.calibration_ = Calibration(arrays["slopes"], arrays["starts"])
    if estimator.dual_.shape != (len(estimator.known_), len(estimator.classes_)):
        raise ValueError("labels and weights do not match")
    if "outside" not in tables:
        return estimator, None
    return estimator, OutsideModel(weights=arrays["outside_weights"], **tables["outside"])

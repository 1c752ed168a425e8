"""Packing what reads follow-ups: as plain arrays and tables beside the tiers' own, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from classifier.estimators.calibration import Calibration
from classifier.estimators.followup import FollowUpClassifier, Known
from classifier.features.columns import Columns
from classifier.features.layers import FirstDirections, LayerFeatures
from classifier.features.nearness import Packed, packed
from classifier.features.phrases import PhraseFeatures

if TYPE_CHECKING:
    from classifier.estimators.tier import MessageClassifier
    from classifier.registry.artifact import Stored

PREFIX = "followup_"
TABLE = "followups"

Arrays = dict[str, NDArray[Any]]


def pack_followups(estimator: FollowUpClassifier) -> tuple[Arrays, dict[str, Any]]:
    """Take a fitted estimator apart."""
    known = estimator.known_
    arrays: Arrays = {
        "words_data": known.words.data.astype(np.float16),
        "words_columns": known.words.indices.astype(np.int32),
        "words_ends": known.words.indptr.astype(np.int32),
        **packed(known.vectors).arrays("vectors"),
        "shapes": known.shapes,
        "states": known.states.astype(np.int8),
        "others": known.others,
        "dual": estimator.dual_,
        "prior": estimator.prior_,
        "slopes": estimator.calibration_.slopes,
        "starts": estimator.calibration_.starts,
        **estimator.features_.arrays(),
    }
    if estimator.layer_features_ is not None and known.layers is not None:
        arrays |= packed(known.layers).arrays("layers")
        if isinstance(estimator.layer_features_, LayerFeatures):
            arrays["layer_centre"] = estimator.layer_features_.centre_
            arrays["layer_directions"] = estimator.layer_features_.directions_.astype(np.float16)
    tables = {"meanings": estimator.classes_.tolist(), **estimator.features_.tables()}
    return {PREFIX + name: array for name, array in arrays.items()}, {TABLE: tables}


def unpack_followups(stored: Stored, tiers: MessageClassifier) -> FollowUpClassifier | None:
    """Build the estimator again, beside the tiers; None where the model has none.

    Raises:
        ValueError: the parts do not fit together.
    """
    if TABLE not in stored.tables:
        return None
    tables = stored.tables[TABLE]
    arrays = {
        name.removeprefix(PREFIX): array
        for name, array in stored.arrays.items()
        if name.startswith(PREFIX)
    }
    estimator = FollowUpClassifier()
    estimator.classes_ = np.asarray(tables["meanings"])
    estimator.features_ = PhraseFeatures.restore(tables, arrays)
    estimator.layer_features_ = None
    if "layer_directions" in arrays:
        estimator.layer_features_ = LayerFeatures.restore(
            arrays["layer_centre"], arrays["layer_directions"]
        )
    elif "layers" in arrays and tiers.layer_features_ is not None:
        estimator.layer_features_ = FirstDirections(
            tiers.layer_features_, arrays["layers"].shape[1]
        )
    width = sum(len(tables[name]) for name in estimator.features_.views_)
    count = len(arrays["states"])
    estimator.known_ = Known(
        # By column, as they are looked up.
        Columns.turned(arrays["words_data"], arrays["words_columns"], arrays["words_ends"], width),
        Packed.stored("vectors", arrays),
        Packed.stored("layers", arrays) if "layers" in arrays else None,
        arrays["shapes"],
        arrays["states"].astype(np.intp),
        arrays["others"],
    )
    estimator.dual_, estimator.prior_ = arrays["dual"], arrays["prior"]
    estimator.calibration_ = Calibration(arrays["slopes"], arrays["starts"])
    if estimator.dual_.shape != (count, len(estimator.classes_)):
        raise ValueError("meanings and weights do not match")
    return estimator

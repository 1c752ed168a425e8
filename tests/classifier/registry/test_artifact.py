"""A model directory: what is written is read, and a start does not unpack it."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np

from classifier.registry import artifact

if TYPE_CHECKING:
    from pathlib import Path


def test_weights_lie_as_they_are(tmp_path: Path) -> None:
    """To unpack them would take each start a tenth of a second for a seventh of the disk."""
    weights = np.zeros((100, 100), np.float16)
    directory = tmp_path / "model"
    artifact.save(directory, {"version": "v1"}, {"known": weights}, {"labels": ["L1"]})
    with zipfile.ZipFile(directory / "weights.npz") as packed:
        assert [each.compress_type for each in packed.infolist()] == [zipfile.ZIP_STORED]
    stored = artifact.load(directory)
    assert np.array_equal(stored.arrays["known"], weights)
    assert stored.tables == {"labels": ["L1"]}

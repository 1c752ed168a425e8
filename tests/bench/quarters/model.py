"""The classifier of the simulated desk, which has met none of the authors who ask in it."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.errors import ModelError
from classifier.serving.predict import Classifier
from classifier.training.train import train
from tests.bench.quarters.questions import DATA, is_asked, rows

if TYPE_CHECKING:
    from kb.encoding.encoder import Encoder

ROOT = Path(__file__).parents[3]
MADE = ROOT / "var" / "quarter-model"
BESIDE = ("followups", "routes", "priority")


def unknowing_model(encoder: Encoder, made: Path = MADE) -> Path:
    """Give the model, which is trained where it is not there yet; that takes some minutes."""
    try:
        Classifier.load(made, encoder)
    except ModelError:
        with tempfile.TemporaryDirectory() as folder:
            train(learned_messages(Path(folder) / "data"), made, encoder)
    return made


def learned_messages(folder: Path) -> Path:
    """Write the training data without what is asked in the quarter, and without the holdout."""
    (folder / "messages").mkdir(parents=True)
    with (folder / "messages" / "learned.jsonl").open("w", encoding="utf-8") as stream:
        for row in rows():
            if not is_asked(row):
                stream.write(json.dumps(row) + "\n")
    for name in BESIDE:
        shutil.copytree(DATA / name, folder / name)
    return folder

"""What follow-ups mean, on people that no training met: `python tests/bench/followups.py`.

The first figures are those of authors left out one by one, from the model's manifest; the second
are measured on the authors who are held out whole. A look at these is written into the journal.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.metrics import classification_report

from bot.bootstrap import build_encoder
from bot.settings.loading import load_settings
from classifier.data.followups import read_followups
from classifier.judging.metrics import summary
from classifier.registry.models import Registry
from classifier.serving.predict import Classifier


def main() -> None:
    """Print the figures."""
    settings = load_settings()
    model = Classifier.load(settings.model, build_encoder(settings))
    about = model.manifest["followups"]
    print("authors left out:", {k: round(v, 3) for k, v in about["metrics"].items()})
    _, held = read_followups(Path("training_data") / "followups")
    Registry(settings.model).note("holdout used", None, use="followups", rows=len(held))
    names = about["meanings"]
    chances = np.asarray([[model.read(row.followup).chances[n] for n in names] for row in held])
    truth = [row.label for row in held]
    found = summary(truth, chances, np.asarray(names))
    print(f"held out, {len(held)} rows:", {k: round(v, 3) for k, v in found.items()})
    guessed = np.asarray(names)[chances.argmax(axis=1)]
    print(classification_report(truth, guessed, zero_division=0, digits=3))


if __name__ == "__main__":
    main()

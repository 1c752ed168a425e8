"""Measure the classifier on public data: `python tests/bench/classifier_public.py [NAME...]`.

Each set's own part at ../shared/bench is used: CLINC150 trains on one file and is measured
on the other; of BANKING77 and the IT tickets every message is left out of training once, in
closed form. Beside it, in the same run, the plain peer: logistic regression on the sentence
vectors. A set that is absent is skipped, and said so.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from figures import record
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from classifier.data.dataset import read_messages
from classifier.estimators.abstain import fit_outside, nearest_known
from classifier.estimators.tier import MessageClassifier, silent
from classifier.features.embedding import Inputs, embed
from classifier.judging.metrics import summary
from kb.encoding.loading import load_encoder

BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"
CACHE = Path("var/bench")
GOALS = {
    ("clinc150_train, frontline", "in_scope_accuracy"): "≥ 0.965",
    ("clinc150_train, frontline", "out_of_scope_recall"): "≥ 0.75",
    ("clinc150_train, frontline", "auroc"): "≥ 0.98",
    ("banking77_train, frontline", "accuracy"): "≥ 0.945",
    ("itsm_tickets_train, frontline", "auroc"): "≥ 0.935",
    ("itsm_tickets_train, frontline", "coverage_at_5%_error"): "≥ 0.62",
}
"""What is promised of public sets; only these stand on the page of figures."""


def load(name: str, encoder: Any) -> tuple[Inputs, np.ndarray]:
    """Read one file of the bench; what the encoder makes of it is kept under var/."""
    messages = read_messages(BENCH / f"{name}.jsonl")
    texts, labels = [m.text for m in messages], np.array([m.label for m in messages])
    file = CACHE / f"{name}-{encoder.name.replace(':', '-')}.npz"
    if file.is_file():
        with np.load(file) as kept:
            return Inputs(texts, kept["vectors"], kept["layers"]), labels
    CACHE.mkdir(parents=True, exist_ok=True)
    inputs = embed(texts, encoder, silent)
    if inputs.layers is not None:
        np.savez(file, vectors=inputs.vectors, layers=inputs.layers)
    return inputs, labels


def left_out(name: str, encoder: Any) -> None:
    """Figures of messages that were left out of training, and the peer's by five folds."""
    inputs, labels = load(name, encoder)
    started = time.monotonic()
    fitted = MessageClassifier().fit(inputs, labels)
    seconds = time.monotonic() - started
    shown(f"{name}, frontline", summary(labels, fitted.left_out_proba_, fitted.classes_))
    print(f"    kernel {fitted.shape_}, {seconds:.0f} s")
    folds = StratifiedKFold(5, shuffle=True, random_state=7)
    peer = LogisticRegression(C=1.0, max_iter=200)
    proba = cross_val_predict(peer, inputs.vectors * 8, labels, cv=folds, method="predict_proba")
    shown(f"{name}, logistic regression", summary(labels, proba, fitted.classes_))


def clinc(encoder: Any) -> None:
    """Out-of-scope queries: threshold from the training file, figures on the other."""
    inputs, labels = load("clinc150_train", encoder)
    asked, truth = load("clinc150_val", encoder)
    started = time.monotonic()
    fitted = MessageClassifier().fit(inputs, labels)
    codes = np.searchsorted(fitted.classes_, labels[fitted.rows_])
    outside = fit_outside(fitted, codes, "oos", nearest_known(fitted.known_, None))
    seconds = time.monotonic() - started
    nearest = (asked.vectors @ fitted.known_.T).max(axis=1)
    proba = outside.probabilities(fitted.scores(asked), nearest)
    guessed, strange = fitted.classes_[proba.argmax(axis=1)], truth == "oos"
    guessed[proba[:, outside.column] >= 0.5] = "oos"
    figures = {
        "in_scope_accuracy": (guessed == truth)[~strange].mean(),
        "out_of_scope_recall": (guessed == truth)[strange].mean(),
        "auroc": roc_auc_score(strange, proba[:, outside.column]),
    }
    shown("clinc150_train, frontline", figures)
    print(f"    kernel {fitted.shape_}, {seconds:.0f} s")


def shown(title: str, figures: dict[str, float]) -> None:
    """Print one line of figures."""
    print(f"{title}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
    command = f".venv/bin/python tests/bench/classifier_public.py {title.partition(',')[0]}"
    for name, value in figures.items():
        if goal := GOALS.get((title, name)):
            what = f"{title}: {name.replace('_', ' ')}"
            record("classifier", what, value, goal=goal, command=command)


def main() -> None:
    """Measure the sets that are named, or all."""
    sets = {
        "itsm_tickets_train": lambda encoder: left_out("itsm_tickets_train", encoder),
        "banking77_train": lambda encoder: left_out("banking77_train", encoder),
        "clinc150_train": clinc,
    }
    wanted = sys.argv[1:] or list(sets)
    encoder = load_encoder()
    for name in wanted:
        if (BENCH / f"{name}.jsonl").is_file():
            sets[name](encoder)
        else:
            print(f"{name}: skipped, no such file in {BENCH}")


if __name__ == "__main__":
    main()

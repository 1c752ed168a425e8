"""Measure the desk's classifier by author: `python tests/bench/classifier_desk.py`.

Every author's messages are judged by a model that never saw that author, nor the scenarios
that the author wrote; the holdout is not touched. This is the figure to trust for messages
that other people write.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from figures import record
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from classifier.estimators.tier import MessageClassifier, silent
from classifier.features.embedding import embed
from classifier.judging.metrics import calling_figures, summary
from classifier.judging.thresholds import Costs, escalate_at, expected_cost
from classifier.training.train import load_training_data
from kb.encoding.loading import load_encoder

DATA = Path("training_data")
COMMAND = ".venv/bin/python tests/bench/classifier_desk.py"
THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5)


def main() -> None:
    """Print figures by author left out, whom it calls at several thresholds, and the peer."""
    messages, held, _ = load_training_data(DATA)
    print(f"{len(messages)} messages to learn, {len(held)} held out and not looked at")
    encoder = load_encoder()
    texts, labels = [m.text for m in messages], [m.label for m in messages]
    started = time.monotonic()
    inputs = embed(texts, encoder, silent)
    print(f"embedding: {time.monotonic() - started:.1f} s")
    authors = [str(m.author) for m in messages]
    started = time.monotonic()
    fitted = MessageClassifier().fit(inputs, labels, authors)
    print(f"training: {time.monotonic() - started:.1f} s, kernel {fitted.shape_}")
    proba, names = fitted.left_out_proba_, [str(name) for name in fitted.classes_]
    figures = summary(labels, proba, fitted.classes_)
    shown("authors left out", figures)
    left = "macro-F1, each author left out in turn"
    record("classifier", left, figures["macro_f1"], goal="≥ 0.92", command=COMMAND)
    for author in sorted(set(authors)):
        rows = np.flatnonzero(np.asarray(authors) == author)
        shown(f"  {author}", summary([labels[r] for r in rows], proba[rows], fitted.classes_))
    peer = cross_val_predict(
        LogisticRegression(C=1.0, max_iter=300),
        inputs.vectors * 8,
        labels,
        groups=authors,
        cv=LeaveOneGroupOut(),
        method="predict_proba",
    )
    shown("peer, logistic regression on vectors", summary(labels, peer, fitted.classes_))
    chosen = escalate_at(labels, proba, names, Costs())
    for threshold in sorted({*THRESHOLDS, round(chosen, 3)}):
        calling = calling_figures(labels, proba, names, threshold)
        print(
            f"person from {threshold:.3f}: must-escalate recall "
            f"{calling.must_escalate_recall.value:.4f}, L1 left to articles "
            f"{calling.answered.value:.4f}, chat that called {calling.paged_chat.value:.4f}, "
            f"cost {expected_cost(labels, proba, names, threshold):.4f}"
        )
    # As in the bot: on one small message BLAS's own threads only wait for each other.
    threadpool_limits(1, user_api="blas")
    asked = inputs.take(np.arange(1))
    times = []
    for _ in range(200):
        started = time.perf_counter()
        fitted.predict_proba(asked)
        times.append(time.perf_counter() - started)
    taken = float(np.median(times)) * 1e3
    print(f"one decision after its embedding: {taken:.2f} ms median")
    one = "one decision after its embedding, reasons included"
    record("classifier", one, taken, unit="ms", goal="≤ 1", command=COMMAND)


def shown(title: str, figures: dict[str, float]) -> None:
    """Print one line of figures."""
    print(f"{title}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()

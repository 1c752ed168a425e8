"""Shipped and own labels together: `python -m tests.bench.own_labels [SHIPPED]`.

Two organisations: one whose messages are like the shipped ones (three authors of the training
data, left out of what is shipped), one whose are not (the public IT tickets, where a service desk
or a specialist settled them: L1 and L2). From 30 to 1,000 of their messages are own ones, the
rest is asked. Four ways: shipped alone, own alone, both alike, and as `classifier train` does it.
SHIPPED shipped messages are drawn (2,000), so that it ends in minutes; nothing is kept.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from classifier.data.dataset import read_messages
from classifier.estimators.tier import MessageClassifier
from classifier.features.embedding import Inputs, embed
from classifier.progress import silent
from classifier.training.mixing import fit_mixed
from classifier.training.train import load_training_data
from kb.encoding.loading import load_encoder
from tests.bench.figures import record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from classifier.data.dataset import Message
    from kb.encoding.encoder import Encoder

ROOT = Path(__file__).resolve().parents[2]
TICKETS = ROOT.parent / "shared" / "bench" / "itsm_tickets_train.jsonl"
COMMAND = ".venv/bin/python -m tests.bench.own_labels"
SIZES = (30, 50, 200, 1_000)
ASKED = 600
AUTHORS = 3
SETTLED_BY = {"service_desk": "L1", "specialist": "L2"}


@dataclass(frozen=True)
class Rows:
    """Messages, embedded, with labels and whose they are."""

    inputs: Inputs
    labels: NDArray[np.str_]
    groups: NDArray[np.str_]

    def __len__(self) -> int:
        """How many."""
        return len(self.labels)

    def take(self, rows: NDArray[np.intp]) -> Rows:
        """Some of them."""
        return Rows(self.inputs.take(rows), self.labels[rows], self.groups[rows])

    def beside(self, other: Rows) -> Rows:
        """These and others."""
        ours, theirs = self.inputs, other.inputs
        layers = None
        if ours.layers is not None and theirs.layers is not None:
            layers = np.concatenate([ours.layers, theirs.layers])
        return Rows(
            Inputs(
                [*ours.texts, *theirs.texts], np.concatenate([ours.vectors, theirs.vectors]), layers
            ),
            np.concatenate([self.labels, other.labels]),
            np.concatenate([self.groups, other.groups]),
        )


def _rows(messages: list[Message], labels: list[str], encoder: Encoder, whose: str) -> Rows:
    groups = [f"{whose} {m.author or number}" for number, m in enumerate(messages)]
    return Rows(
        embed([m.text for m in messages], encoder, silent), np.array(labels), np.array(groups)
    )


def _alone(rows: Rows) -> Rows:
    """The same, each message left out by itself: one organisation does not name its authors."""
    return Rows(rows.inputs, rows.labels, np.array([f"own {n}" for n in range(len(rows))]))


def _judged(estimator: MessageClassifier, asked: Rows) -> tuple[float, float]:
    """Accuracy and log-loss; a label that it does not know has no chance."""
    proba = estimator.predict_proba(asked.inputs)
    classes = estimator.classes_.tolist()
    right = estimator.classes_[proba.argmax(axis=1)] == asked.labels
    said = np.array(
        [
            row[classes.index(label)] if label in classes else 0.0
            for row, label in zip(proba, asked.labels.tolist(), strict=True)
        ]
    )
    return float(right.mean()), float(-np.log(np.maximum(said, 1e-3)).mean())


def _learned(rows: Rows) -> MessageClassifier:
    return MessageClassifier().fit(rows.inputs, rows.labels.tolist(), rows.groups.tolist())


def measure(name: str, shipped: Rows, theirs: Rows) -> None:
    """Print each way at each size."""
    asked, pool = theirs.take(np.arange(ASKED)), theirs.take(np.arange(ASKED, len(theirs)))
    alone = _judged(_learned(shipped), asked)
    print(f"{name}: {len(asked)} asked, {len(shipped)} shipped; accuracy / log-loss", flush=True)
    for size in SIZES:
        if size > len(pool):
            continue
        own = _alone(pool.take(np.arange(size)))
        both = shipped.beside(own)
        is_own = np.arange(len(both)) >= len(shipped)
        mixed = fit_mixed(both.inputs, both.labels.tolist(), both.groups.tolist(), is_own)
        ways = {
            "shipped alone": alone,
            "own alone": _judged(_learned(own), asked),
            "both alike": _judged(_learned(both), asked),
            "as train does it": _judged(mixed.estimator, asked),
        }
        shown = ", ".join(f"{way} {a:.3f} / {loss:.3f}" for way, (a, loss) in ways.items())
        print(f"  {size}: {shown}; shipped count for {mixed.share:g}", flush=True)
        for way, (accuracy, _) in ways.items():
            record("own labels", f"{name}, {size}: {way}", accuracy, command=COMMAND)


def main() -> None:
    """Measure both organisations."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    encoder = load_encoder()
    draw = np.random.default_rng(15)
    messages = load_training_data(ROOT / "training_data")[0]
    many = Counter(m.author for m in messages if m.author)
    apart = {author for author, _ in many.most_common(AUTHORS)}
    rest = [m for m in messages if m.author and m.author not in apart]
    ours = [m for m in messages if m.author in apart]
    chosen = [rest[row] for row in draw.permutation(len(rest))[:most]]
    shipped = _rows(chosen, [m.label for m in chosen], encoder, "author")
    like = [ours[row] for row in draw.permutation(len(ours))[: ASKED + SIZES[-1]]]
    measure(
        "messages like the shipped ones",
        shipped,
        _rows(like, [m.label for m in like], encoder, "x"),
    )
    if not TICKETS.is_file():
        print(f"{TICKETS}: not here, skipped")
        return
    tickets = read_messages(TICKETS)
    some = [tickets[row] for row in draw.permutation(len(tickets))[: ASKED + SIZES[-1]]]
    labels = [SETTLED_BY[m.label] for m in some]
    measure("tickets unlike them", shipped, _rows(some, labels, encoder, "x"))


if __name__ == "__main__":
    main()

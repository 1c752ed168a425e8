"""Compare the classifier with its peers: `python tests/bench/classifier_peers.py [SET...]`.

Sets: desk, itsm, banking77, clinc150; all without an argument. On each, ours and every peer
learn the same messages and are asked the same others, in one run, from the same model files.
SetFit sets the pace, so the samples are fixed (seed 7, BENCH_SAMPLE=4 takes four times as much):
- desk: `training_data/` without the holdout; the messages of two authors are asked, each
  time with what all the others wrote learned.
- itsm: 1,600 tickets learned, 400 asked; banking77: 2,400 and 800; both stratified.
- clinc150: 16 messages of each intent and every `oos` of the training file learned; 6 of each
  intent and every `oos` of the validation file asked, `oos` to be refused.
Ours is trained and asked through its public calls. A peer that is not installed is skipped.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from figures import record
from peer_classifiers import PEERS, Answers, Encode, MissingPeerError, Task
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import train_test_split

from classifier.data.dataset import Message, read_messages, without_duplicates
from classifier.judging.metrics import calibration_error, coverage_at
from classifier.serving.predict import Classifier
from classifier.training.train import load_training_data, train
from kb.encoding.loading import load_encoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.encoding.encoder import Encoder

BENCH = Path(os.environ.get("BENCH_DATA", Path(__file__).resolve().parents[3] / "shared" / "bench"))
DESK = Path("training_data")
SEED = 7
MORE = int(os.environ.get("BENCH_SAMPLE", "1"))
DESK_AUTHORS = 2


@dataclass(frozen=True)
class Split:
    """Messages to learn, messages to ask, and the label that the set is about."""

    learned: list[Message]
    asked: list[Message]
    focus: str
    refuses: bool = False

    @property
    def task(self) -> Task:
        """The same for peers."""
        return Task(
            [m.text for m in self.learned],
            np.array([m.label for m in self.learned]),
            [m.text for m in self.asked],
            self.focus,
            self.refuses,
        )


def frontline(split: Split, encoder: Encoder) -> Answers:
    """Train ours on a file of what is learned, and ask it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "learned.jsonl"
        rows = ({"text": m.text, "label": m.label, "author": m.author} for m in split.learned)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        refused_label = split.focus if split.refuses else None
        train(file, Path(folder) / "model", encoder, abstain_label=refused_label)
        model = Classifier.load(Path(folder) / "model", encoder)
        found = model.predict([m.text for m in split.asked])
    return Answers(
        np.array([answer.label for answer in found]),
        np.array([max(answer.probabilities.values()) for answer in found]),
        np.array([answer.probabilities[split.focus] for answer in found]),
        np.array([answer.abstain and split.refuses for answer in found]),
    )


def desk() -> Iterator[Split]:
    """Two authors, each left out in turn."""
    messages, _, _ = load_training_data(DESK)
    for author in sorted({str(m.author) for m in messages})[: DESK_AUTHORS * MORE]:
        yield Split(
            [m for m in messages if m.author != author],
            [m for m in messages if m.author == author],
            "L1",
        )


def stratified(name: str, learn: int, ask: int) -> Iterator[Split]:
    """Parts of a public set, with each label's share."""
    messages = without_duplicates(read_messages(BENCH / f"{name}.jsonl"))
    labels = [m.label for m in messages]
    ask = min(ask * MORE, len(messages) // 5)
    learned, asked = train_test_split(
        messages,
        train_size=min(learn * MORE, len(messages) - ask),
        test_size=ask,
        stratify=labels,
        random_state=SEED,
    )
    yield Split(learned, asked, max(labels))


def clinc() -> Iterator[Split]:
    """Some messages of each intent, and all that are out of scope."""
    learned = of_each(read_messages(BENCH / "clinc150_train.jsonl"), 16 * MORE)
    asked = of_each(read_messages(BENCH / "clinc150_val.jsonl"), 6 * MORE)
    yield Split(learned, asked, "oos", refuses=True)


def of_each(messages: Sequence[Message], most: int) -> list[Message]:
    """The first messages of each label in a fixed random order; all of `oos`."""
    chosen: dict[str, list[Message]] = {}
    for row in np.random.default_rng(SEED).permutation(len(messages)):
        message = messages[row]
        same = chosen.setdefault(message.label, [])
        if len(same) < most or message.label == "oos":
            same.append(message)
    return [message for same in chosen.values() for message in same]


SETS = {
    "desk": desk,
    "itsm": lambda: stratified("itsm_tickets_train", 1_600, 400),
    "banking77": lambda: stratified("banking77_train", 2_400, 800),
    "clinc150": clinc,
}


def compare(name: str, splits: Sequence[Split], encoder: Encoder) -> None:
    """Measure ours and each peer on all splits of a set."""
    print(f"{name}: {len(splits[0].learned)} learned, {len(splits[0].asked)} asked", end="")
    print(f"; {len(splits)} splits" if len(splits) > 1 else "", flush=True)

    @lru_cache(maxsize=8)
    def encoded(texts: tuple[str, ...]) -> Any:
        return encoder.encode(texts)

    encode: Encode = lambda texts: encoded(tuple(texts))  # noqa: E731 (a key for the cache)
    report(name, "frontline", splits, lambda split: frontline(split, encoder))
    for peer, ask in PEERS.items():
        try:
            report(name, peer, splits, lambda split, ask=ask: ask(split.task, encode))
        except MissingPeerError as missing:
            print(f"  {peer}: skipped, {missing}")


def report(of: str, name: str, splits: Sequence[Split], ask: Any) -> None:
    """Print one line of figures over all splits together."""
    started = time.monotonic()
    parts = [ask(split) for split in splits]
    seconds = time.monotonic() - started
    truth = np.array([m.label for split in splits for m in split.asked])
    all_of_them = Answers(
        *(
            np.concatenate([getattr(part, field) for part in parts])
            for field in ("labels", "confidence", "focus", "refused")
        )
    )
    figures = refusing if splits[0].refuses else closed
    shown = figures(truth, all_of_them, splits[0].focus)
    line = ", ".join(f"{key} {value:.4f}" for key, value in shown.items())
    print(f"  {name}: {line} ({seconds:.0f} s)", flush=True)
    command = f".venv-peers/bin/python tests/bench/classifier_peers.py {of}"
    size = f"{len(splits[0].learned):,} learned, {len(splits[0].asked):,} asked"
    record("classifier beside others", f"{of}, {size}: {name}", shown, command=command)


def closed(truth: np.ndarray, answers: Answers, focus: str) -> dict[str, float]:
    """Figures where every message has one of the labels."""
    right = answers.labels == truth
    shown = {
        "accuracy": float(right.mean()),
        "macro_f1": float(f1_score(truth, answers.labels, average="macro")),
        "calibration_error": calibration_error(answers.confidence, right),
        "coverage_at_5%_error": coverage_at(answers.confidence, right),
    }
    if len(set(truth)) == 2:
        shown["auroc"] = float(roc_auc_score(truth == focus, answers.focus))
    return shown


def refusing(truth: np.ndarray, answers: Answers, focus: str) -> dict[str, float]:
    """Figures where some messages are to be refused."""
    strange = truth == focus
    right = (answers.labels == truth) & ~answers.refused
    return {
        "in_scope_accuracy": float(right[~strange].mean()),
        "out_of_scope_recall": float(answers.refused[strange].mean()),
        "auroc": float(roc_auc_score(strange, answers.focus)),
    }


def main() -> None:
    """Compare on the sets that are named, or on all."""
    encoder = load_encoder()
    for name in sys.argv[1:] or list(SETS):
        if name not in SETS:
            sys.exit(f"{name}: no such set; choose of {', '.join(SETS)}")
        if name != "desk" and not BENCH.is_dir():
            print(f"{name}: skipped, no folder {BENCH}")
            continue
        compare(name, list(SETS[name]()), encoder)


if __name__ == "__main__":
    main()

"""Other people's classifiers, on our model's files and on the messages that ours gets.

Each learns from texts and labels, and answers for others: which label, how sure, and how
likely the label is that the comparison asks about (the one to refuse, or one of two).
"""

# ruff: noqa: PLC0415 (a peer loads where it is used, and is skipped where it is not installed)

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict, train_test_split

from classifier.estimators.abstain import LETTING_THROUGH
from kb.encoding.loading import model_directory

os.environ.setdefault("HF_HUB_OFFLINE", "1")
# torch's threads wait for each other at each step: on a busy machine fewer are faster.
os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) // 2)))

SEED = 7
SHARPNESS = 8.0
"""Unit vectors are this much longer before a logistic regression with C=1."""

SETFIT_MOST_TEXTS = 1_200
"""Texts that SetFit makes its pairs of, at most: their number grows with the square."""
SETFIT_PER_LABEL = 16
SETFIT_STEPS = int(os.environ.get("BENCH_SETFIT_STEPS", "100"))
"""Steps of 16 pairs: what two cores do in about a minute."""

SETFIT_PIECES = 64
"""Word pieces of a text that its pairs are cut at; when it answers, nothing is cut."""

ROUTER_CALIBRATES_ON = 0.2
"""semantic-router calibrates on messages that its routes do not hold."""

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Task:
    """What is learned, what is asked, and which label the comparison asks about."""

    texts: Sequence[str]
    labels: NDArray[np.str_]
    asked: Sequence[str]
    focus: str
    refuses: bool
    """Whether the focus is what is to be refused, or just one of two labels."""


@dataclass(frozen=True)
class Answers:
    """For each message asked: the label, how sure, the score of the focus, whether refused."""

    labels: NDArray[np.str_]
    confidence: NDArray[np.float64]
    focus: NDArray[np.float64]
    refused: NDArray[np.bool_]


class MissingPeerError(Exception):
    """A package is not installed; the message says which."""


def logistic_regression(task: Task, encode: Encode) -> Answers:
    """The plain peer: logistic regression on the sentence vectors."""
    return _headed(task, encode(task.texts), encode(task.asked))


def setfit(task: Task, encode: Encode) -> Answers:
    """SetFit: pairs of a few texts a label teach the encoder, all texts teach the head."""
    _needs("setfit")
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments
    from setfit import logging as setfit_logging

    few = _few(task.labels)
    codes = np.unique(task.labels, return_inverse=True)[1]
    setfit_logging.set_verbosity_error()
    with tempfile.TemporaryDirectory() as folder, _quiet():
        model = SetFitModel.from_pretrained(str(model_directory()), device="cpu")
        arguments = TrainingArguments(
            output_dir=folder,
            batch_size=16,
            max_steps=SETFIT_STEPS,
            save_strategy="no",
            report_to="none",
            seed=SEED,
        )
        texts = [task.texts[row] for row in few]
        pairs = Dataset.from_dict({"text": texts, "label": codes[few].tolist()})
        trainer = Trainer(model=model, args=arguments, train_dataset=pairs)
        whole, model.model_body.max_seq_length = model.model_body.max_seq_length, SETFIT_PIECES
        trainer.train_embeddings(texts, codes[few].tolist())
        model.model_body.max_seq_length = whole
    learned, asked = (
        np.asarray(model.encode(list(part), show_progress_bar=False), np.float32)
        for part in (task.texts, task.asked)
    )
    return _headed(task, learned, asked)


def semantic_router(task: Task, encode: Encode) -> Answers:
    """semantic-router: a route a label, the index in memory, calibrated by its own `fit`."""
    _needs("semantic_router")
    from semantic_router import Route
    from semantic_router.encoders import DenseEncoder
    from semantic_router.index import LocalIndex
    from semantic_router.routers import IndexedRouter

    known = dict(zip(task.texts, encode(task.texts), strict=True))
    known |= dict(zip(task.asked, encode(task.asked), strict=True))

    class OurVectors(DenseEncoder):  # type: ignore[misc]
        def __call__(self, docs: list[str]) -> list[list[float]]:
            return [known[doc].tolist() for doc in docs]

    stored, kept = train_test_split(
        np.arange(len(task.labels)),
        test_size=ROUTER_CALIBRATES_ON,
        stratify=task.labels,
        random_state=SEED,
    )
    routes = [
        Route(name=str(name), utterances=_texts(task, stored[task.labels[stored] == name]))
        for name in np.unique(task.labels)
        if not (task.refuses and name == task.focus)
    ]
    router = IndexedRouter(OurVectors(name="ours"), routes, LocalIndex())
    truth = [None if task.refuses and n == task.focus else str(n) for n in task.labels[kept]]
    router.fit(_texts(task, kept), truth)
    mine, chance = _routed(router, _texts(task, kept), task)
    refuse_at = _refuse_at(task, chance[:, 1], mine, task.labels[kept])
    labels, chance = _routed(router, task.asked, task)
    return Answers(labels, chance[:, 0], chance[:, 1], chance[:, 1] >= refuse_at)


PEERS: dict[str, Callable[[Task, Encode], Answers]] = {
    "logistic regression": logistic_regression,
    "semantic-router": semantic_router,
    "SetFit": setfit,
}


def refusal_threshold(
    chance: NDArray[np.float64], strange: NDArray[np.bool_], right: NDArray[np.bool_]
) -> float:
    """Choose where to refuse by our own rule (`classifier/estimators/abstain.py`)."""
    order = np.argsort(-chance, kind="stable")
    lost = np.cumsum((right & ~strange)[order]) / max(1, (~strange).sum())
    missed = 1 - np.cumsum(strange[order]) / max(1, strange.sum())
    return float(chance[order[int(np.argmin(lost + LETTING_THROUGH * missed))]])


def _headed(task: Task, learned: Vectors, asked: Vectors) -> Answers:
    head = LogisticRegression(C=1.0, max_iter=200)
    names = np.unique(task.labels)
    refuse_at = np.inf
    if task.refuses:
        folds = StratifiedKFold(3, shuffle=True, random_state=SEED)
        proba = cross_val_predict(
            head, learned * SHARPNESS, task.labels, cv=folds, method="predict_proba"
        )
        chance, guessed = _apart(proba, names, task)
        refuse_at = _refuse_at(task, chance, guessed, task.labels)
    proba = head.fit(learned * SHARPNESS, task.labels).predict_proba(asked * SHARPNESS)
    chance, guessed = _apart(proba, names, task)
    return Answers(guessed, proba.max(axis=1), chance, chance >= refuse_at)


def _apart(
    proba: NDArray[np.float64], names: NDArray[np.str_], task: Task
) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """Part the chance of the focus from the likeliest label (of the others, if it refuses)."""
    column = int(np.flatnonzero(names == task.focus)[0])
    chance = proba[:, column].copy()
    others = proba.copy()
    if task.refuses:
        others[:, column] = -1
    return chance, names[others.argmax(axis=1)]


def _refuse_at(
    task: Task,
    chance: NDArray[np.float64],
    guessed: NDArray[np.str_],
    truth: NDArray[np.str_],
) -> float:
    if not task.refuses:
        return float(np.inf)
    return refusal_threshold(chance, truth == task.focus, guessed == truth)


def _routed(
    router: Any, texts: Sequence[str], task: Task
) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Ask each text; the routes chosen, and (n, 2): how sure, and the score of the focus."""
    names, rows = [], []
    for text in texts:
        ranked = router(text, limit=None)
        scores = {choice.name: choice.confidence for choice in ranked}
        best = ranked[0].confidence
        if task.refuses:
            focus = 1 - best
        else:
            others = [score for name, score in scores.items() if name != task.focus]
            focus = scores[task.focus] - max(others)
        names.append(ranked[0].name)
        rows.append((best, focus))
    return np.array(names), np.array(rows)


def _few(labels: NDArray[np.str_]) -> NDArray[np.intp]:
    """Choose as many texts of each label, a few."""
    names = np.unique(labels)
    each = max(2, min(SETFIT_PER_LABEL, SETFIT_MOST_TEXTS // len(names)))
    if len(names) * SETFIT_PER_LABEL < SETFIT_MOST_TEXTS // 4:
        each = SETFIT_MOST_TEXTS // 4 // len(names)
    order = np.random.default_rng(SEED).permutation(len(labels))
    return np.concatenate([order[labels[order] == name][:each] for name in names])


def _texts(task: Task, rows: NDArray[np.intp]) -> list[str]:
    return [task.texts[row] for row in rows]


def _needs(package: str) -> None:
    if find_spec(package) is None:
        raise MissingPeerError(f"{package} is not installed; `make bench-peers` installs it")


class _quiet:  # noqa: N801 (reads as a statement)
    """Keep a peer's progress bars and logs off the screen."""

    def __enter__(self) -> None:
        self._out, self._error = redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO())
        self._out.__enter__()
        self._error.__enter__()

    def __exit__(self, *raised: object) -> None:
        self._error.__exit__(*raised)
        self._out.__exit__(*raised)

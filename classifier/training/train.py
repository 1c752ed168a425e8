"""Training: from labelled messages to a model directory."""

from __future__ import annotations

import platform
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.data.dataset import Message, data_hash, read_messages, without_duplicates
from classifier.data.holdout import Holdout, check, load_holdout, split
from classifier.errors import ClassifierError, DataError
from classifier.estimators.abstain import (
    ABSTAIN_AT,
    OutsideModel,
    fit_outside,
    nearest_known,
    novelty_threshold,
)
from classifier.features.embedding import embed
from classifier.features.nearness import unpacked
from classifier.judging.metrics import summary
from classifier.judging.thresholds import Costs, escalate_at, is_desk
from classifier.progress import Progress, silent
from classifier.registry import artifact
from classifier.registry.packing import pack
from classifier.training.beside import Given, routes_folder, train_beside
from classifier.training.followups import train_followups
from classifier.training.mixing import fit_mixed, is_own

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifier.estimators.tier import MessageClassifier
    from kb.encoding.encoder import Encoder

FEWEST_AUTHORS = 3
"""Leaving one author of fewer out would leave too little to learn from."""

KEPT_CHARACTERS = 300
"""Of each learned message so much is kept, to be shown as a nearest one."""


@dataclass(frozen=True)
class Report:
    """What a training did."""

    directory: Path
    version: str
    messages: int
    learned: int
    held_out: int
    labels: Mapping[str, int]
    metrics: Mapping[str, float]
    thresholds: Mapping[str, float]
    seconds: float
    apart: str = ""
    """What is left out together when confidence is measured, and why not authors."""
    share: float = 1.0
    """How far shipped messages count beside own ones."""
    losses: tuple[float, ...] = ()
    """Log-loss of own messages for each share that was tried; empty where none was."""


def train(  # noqa: PLR0913 - the public call, options by keyword
    data: Path | Sequence[Path],
    directory: Path,
    encoder: Encoder,
    *,
    abstain_label: str | None = None,
    labels: Sequence[str] | None = None,
    costs: Costs | None = None,
    own: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Report:
    """Train on labelled messages, the holdout left out, and write a model directory.

    `costs` are what the desk's mistakes cost; the threshold for calling a person follows. Beside
    messages of `own` files and folders the others fade as far as these gain by it.
    """
    started = time.monotonic()
    told = progress or silent
    messages, held, holdout = load_training_data(data, labels=labels)
    counts = _checked_labels(messages, abstain_label)
    inputs = embed([m.text for m in messages], encoder, told)
    groups = groups_of(messages)
    mixed = fit_mixed(inputs, [m.label for m in messages], groups, is_own(messages, own), told)
    estimator = mixed.estimator
    learned = [messages[row] for row in estimator.rows_]
    outside, thresholds = _refusal(estimator, learned, abstain_label, costs or Costs())
    metrics = summary([m.label for m in learned], estimator.left_out_proba_, estimator.classes_)
    facts: dict[str, Any] = {
        "version": _version(messages),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "labels": estimator.classes_.tolist(),
        "abstain_label": abstain_label,
        "encoder": encoder.name,
        "thresholds": thresholds,
        "metrics": metrics,
        "counts": counts,
        "data": _provenance(messages, held, holdout),
        "code": _versions(),
        "shipped_count_for": mixed.share,
    }
    folders = [path for path in ([data] if isinstance(data, Path) else data) if path.is_dir()]
    companion = train_followups(folders, encoder, told, estimator.layer_features_)
    facts.update(companion.facts)
    arrays, tables = pack(estimator, outside)
    arrays.update(companion.arrays)
    tables.update(companion.tables)
    # `judging.thresholds.left_out` reads what each message got without its group.
    arrays["left_out"] = estimator.left_out_proba_.astype(np.float32)
    tables["learned_keys"] = [message.mark for message in learned]
    tables["memory_texts"] = [message.text[:KEPT_CHARACTERS] for message in learned]
    tables["memory_labels"] = [message.label for message in learned]
    folder = routes_folder([data] if isinstance(data, Path) else data)
    if folder is not None:
        beside = train_beside(folder, Given(messages, inputs, estimator, encoder, told))
        arrays |= beside.arrays
        tables |= beside.tables
        facts |= beside.facts
    artifact.save(directory, facts, arrays, tables)
    return Report(
        directory=directory,
        version=str(facts["version"]),
        messages=len(messages),
        learned=len(learned),
        held_out=len(held),
        labels=counts,
        metrics=metrics,
        thresholds=thresholds,
        seconds=time.monotonic() - started,
        apart=apart_of(messages),
        share=mixed.share,
        losses=mixed.losses,
    )


def load_training_data(
    data: Path | Sequence[Path], *, labels: Sequence[str] | None = None
) -> tuple[list[Message], list[Message], Holdout | None]:
    """Read messages and part the holdout off, where a folder among `data` has one."""
    paths = [data] if isinstance(data, Path) else list(data)
    messages: list[Message] = []
    held: list[Message] = []
    frozen: list[Holdout] = []
    for path in paths:
        # Each folder by itself: a holdout is of its own rows, whatever the others hold.
        rows = read_messages(path, labels=labels)
        found = load_holdout(path) if path.is_dir() else None
        if found is not None:
            theirs = without_duplicates(split(rows, found)[1])
            check(theirs, found, path)
            held += theirs
            frozen.append(found)
            rows = [row for row in rows if not found.contains(row)]
        messages += rows
    settled = without_duplicates(messages)
    if not frozen:
        return settled, [], None
    # A text that is held out is not learned either, whatever file repeats it.
    kept_out = {message.key for message in held}
    return [m for m in settled if m.key not in kept_out], without_duplicates(held), frozen[-1]


def groups_of(messages: Sequence[Message]) -> list[str] | None:
    """Say which messages are left out together when calibrating.

    Those of one author, where there are several: confidence is to hold for messages that
    other people write. Else those of one scenario; else each alone.
    """
    authors = {m.author for m in messages} - {None}
    if len(authors) >= FEWEST_AUTHORS:
        # Messages without one are left out by their scenario, or each alone.
        return [f"author {m.author}" if m.author else m.bundle for m in messages]
    if any(m.scenario for m in messages):
        return [m.scenario or f"row {number}" for number, m in enumerate(messages)]
    return None


def apart_of(messages: Sequence[Message]) -> str:
    """Say what `groups_of` leaves out together, so that its choice is no surprise."""
    unnamed = sum(message.author is None for message in messages)
    authors = len({message.author for message in messages} - {None})
    if authors >= FEWEST_AUTHORS:
        more = f", and {unnamed} without `author` one by one" if unnamed else ""
        return f"the messages of each of {authors} authors{more}"
    why = f"fewer than {FEWEST_AUTHORS} have a name under `author`"
    kind = "scenarios" if any(message.scenario for message in messages) else "messages one by one"
    return f"{kind} ({why})"


def _checked_labels(messages: Sequence[Message], abstain_label: str | None) -> dict[str, int]:
    counts = Counter(message.label for message in messages)
    if not messages:
        raise ClassifierError("no message to train on: the files are empty, or all is held out")
    first = messages[0]
    if len(counts) == 1:
        raise DataError(
            first.file, None, f"only one label, {first.label!r}; at least two are needed"
        )
    for message in messages:
        if counts[message.label] == 1:
            raise DataError(
                message.file,
                message.line,
                f"the only message labelled {message.label!r}; at least two are needed",
            )
    if abstain_label is not None and abstain_label not in counts:
        raise DataError(first.file, None, f"no message has the abstain label {abstain_label!r}")
    return dict(sorted(counts.items()))


def _refusal(
    estimator: MessageClassifier,
    learned: Sequence[Message],
    abstain_label: str | None,
    costs: Costs,
) -> tuple[OutsideModel | None, dict[str, float]]:
    nearest = nearest_known(unpacked(estimator.known_), groups_of(learned))
    if abstain_label is None:
        thresholds = {"nearest_at_least": novelty_threshold(nearest)}
        if is_desk(list(estimator.classes_)):
            thresholds["escalate_at"] = escalate_at(
                [message.label for message in learned],
                estimator.left_out_proba_,
                list(estimator.classes_),
                costs,
            )
        return None, thresholds
    codes = np.searchsorted(estimator.classes_, [message.label for message in learned])
    outside = fit_outside(estimator, codes, abstain_label, nearest)
    return outside, {"abstain_at": ABSTAIN_AT}


def _provenance(
    messages: Sequence[Message], held: Sequence[Message], holdout: Holdout | None
) -> dict[str, Any]:
    return {
        "files": sorted({message.file.name for message in messages}),
        "rows": len(messages),
        "sha256": data_hash(messages),
        "holdout_rows": len(held),
        "holdout_sha256": holdout.sha256 if holdout else None,
    }


def _version(messages: Sequence[Message]) -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{data_hash(messages)[:6]}"


def _versions() -> dict[str, Any]:
    found = {"python": platform.python_version()}
    for name in ("frontline-desk", "scikit-learn", "numpy", "scipy", "sentence-transformers"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found

"""Training what reads follow-ups, beside the tiers, from a folder of training data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.data.dataset import MESSAGES, read_messages
from classifier.data.followups import (
    FILLING,
    FOLDER,
    FollowUp,
    LabelledFollowUp,
    followups_hash,
    read_followups,
)
from classifier.data.holdout import load_holdout, split
from classifier.data.labels import CHAT
from classifier.estimators.followup import FollowUpClassifier
from classifier.features.situations import situated
from classifier.judging.metrics import summary
from classifier.progress import silent
from classifier.registry.followups import pack_followups

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from classifier.features.layers import LayerFeatures
    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder

ONE_REQUEST_IN, ONE_CHAT_IN = 8, 2
"""Of first messages so many are shown as what begins a thread; few, or they drown the rest."""

ANYWHERE = frozenset(("another", "person", "solved", "status", "thanks"))
"""What means the same wherever a thread stands that has not ended."""

OPEN_STATES = ("asked_back", "walking", "asked_back", "waiting", "escalated", "answered")
"""Where it is said as well, drawn from these: twice where authors said next to nothing of it."""


@dataclass(frozen=True)
class Companion:
    """What a model directory takes along besides the tiers' classifier."""

    arrays: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def train_followups(
    folders: Sequence[Path],
    encoder: Encoder,
    progress: Progress | None = None,
    layers: LayerFeatures | None = None,
) -> Companion:
    """Learn from the first folder that holds follow-ups; nothing where none does.

    `layers` say how the tiers read what the encoder's layers show: follow-ups are read alike.
    """
    folder = next((path for path in folders if (path / FOLDER).is_dir()), None)
    if folder is None:
        return Companion()
    _, held = read_followups(folder / FOLDER)
    learned = learned_followups(folder)
    estimator, measured = fit_followups(learned, encoder, progress or silent, layers)
    arrays, tables = pack_followups(estimator)
    facts = {
        "meanings": estimator.classes_.tolist(),
        "rows": len(learned),
        "sha256": followups_hash(learned),
        "holdout_rows": len(held),
        "metrics": measured,
    }
    return Companion(arrays, tables, {"followups": facts})


def fit_followups(
    rows: Sequence[LabelledFollowUp],
    encoder: Encoder,
    progress: Progress = silent,
    layers: LayerFeatures | None = None,
) -> tuple[FollowUpClassifier, dict[str, float]]:
    """Fit on labelled follow-ups; gives the figures of authors left out, too."""
    counted = np.asarray([counts(row) for row in rows])
    inputs = situated([row.followup for row in rows], encoder, progress)
    labels = [row.label for row in rows]
    groups = [row.author for row in rows]
    estimator = FollowUpClassifier().fit(inputs, labels, groups, counted, layers)
    chances = estimator.calibration_.probabilities(estimator.left_out_)
    truth = [label for label, counts in zip(labels, counted, strict=True) if counts]
    return estimator, summary(truth, chances, estimator.classes_)


def counts(row: LabelledFollowUp) -> bool:
    """Whether figures and calibration go by a row; what fills thin spots is learned only."""
    return row.author not in {*FILLING, MESSAGES} and not row.elsewhere


def learned_followups(folder: Path) -> list[LabelledFollowUp]:
    """Give all that is learned: follow-ups that are not held out, and some first messages."""
    rows = read_followups(folder / FOLDER)[0]
    return [*rows, *_elsewhere(rows), *_first_messages(folder)]


def _elsewhere(rows: Sequence[LabelledFollowUp]) -> list[LabelledFollowUp]:
    """Let some of what means the same anywhere be said in a state where its author did not.

    Whoever wrote for us answers what is asked back, as a rule. In life they have found it by then.
    """
    places: dict[tuple[str, str], list[FollowUp]] = {}
    for row in rows:
        places.setdefault((row.author, row.followup.state), []).append(row.followup)
    moved = []
    for row in (row for row in rows if row.label in ANYWHERE and counts(row)):
        drawn = _drawn(row.followup.state + row.followup.text)
        state = OPEN_STATES[drawn % len(OPEN_STATES)]
        there = places.get((row.author, state))
        if state != row.followup.state and there:
            shown = there[drawn // len(OPEN_STATES) % len(there)].shown
            said = replace(row.followup, state=state, shown=shown)
            moved.append(replace(row, followup=said, elsewhere=True))
    return moved


def _drawn(text: str) -> int:
    """Give a number that is the same for the same text at every training."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])


def _first_messages(folder: Path) -> list[LabelledFollowUp]:
    """Take some first messages, none held out: requests, and small talk."""
    if not (folder / MESSAGES).is_dir():
        return []
    messages, _ = split(read_messages(folder / MESSAGES), load_holdout(folder))
    taken = []
    for message in messages:
        chat = message.label == CHAT
        if _drawn(message.text) % (ONE_CHAT_IN if chat else ONE_REQUEST_IN) == 0:
            label = "talk" if chat else "another"
            taken.append(LabelledFollowUp(FollowUp(message.text), label, MESSAGES))
    return taken

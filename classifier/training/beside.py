"""Training what stands beside the tiers: matters that have a route of their own, and priority."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from classifier.data.authors import read_rows
from classifier.data.labels import IMPACTS, L3, MATTERS, PRIORITIES, USUAL
from classifier.data.threads import in_threads
from classifier.errors import DataError
from classifier.estimators.kernel import Shape
from classifier.estimators.priority import PriorityModel, features, how_of
from classifier.estimators.tier import MessageClassifier
from classifier.features.concepts import UNREAD_ONLY, named
from classifier.features.embedding import Inputs, embed
from classifier.judging.thresholds import shared_thresholds
from classifier.registry.packing import pack_beside
from kb.encoding.unread import is_unread

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from classifier.data.authors import Row
    from classifier.data.dataset import Message
    from classifier.progress import Progress
    from classifier.registry.packing import Arrays
    from kb.encoding.encoder import Encoder

SHAPE = Shape(meaning_weight=1.0, sharpness=1.0, ridge=0.3, layer_weight=1.0, layer_sharpness=0.5)
"""Chosen by leaving authors out: in English others differ by less than chance; in other languages
words and concepts have to count more than what all-MiniLM-L6-v2 makes of them."""

SECURITY_AREA = "security"

SURE_ALARMS, ASKED_ALARMS = 0.005, 0.05
"""Of ordinary messages so many are taken for any matter, or asked about one."""

UNREAD_ASKED = 0.1
"""In other languages than English less can be sure: more is asked about instead."""

PARTS = 5
"""Authors are left out in so many parts to see how well priority is met: each takes seconds."""

ADDED = "follow-up"
"""The scenario of rows that something stood before: they sound graver than they are."""

ALIKE = "alike"
"""How scenarios begin whose rows sound like a matter, and are none."""

GRAVE_BELOW, ADDED_BELOW = 4, 3
"""One in so many of the grave rows, and of those that were added, is learned in its thread, too."""

EVERYDAY = frozenset({"ordinary", ADDED})
"""Scenarios of rows that are ordinary messages, not such as were written to sound alike."""


@dataclass(frozen=True)
class Beside:
    """What was learned beside the tiers, packed for the model directory."""

    arrays: Arrays
    tables: dict[str, Any]
    facts: dict[str, Any]


@dataclass(frozen=True)
class Example:
    """One learned message: whose it is, what it is about, and whether false alarms count on it."""

    author: str
    said: str
    ordinary: bool
    key: str
    foreign: bool = False
    """In a language that the encoder does not read: it has concepts, and limits of its own."""
    added: bool = False
    """Whether something stood before it."""
    below: bool = False
    """Read together with what stood before it: learned so, and never measured."""


@dataclass(frozen=True)
class Given:
    """What training has at hand: the desk's messages, embedded, and its estimator of tiers."""

    messages: Sequence[Message]
    inputs: Inputs
    tiers: MessageClassifier
    encoder: Encoder
    told: Progress


@dataclass(frozen=True)
class Matters:
    """What was learned of matters, of which messages, and which words are taken for English."""

    estimator: MessageClassifier
    learned: Sequence[str]
    words: Container[str]


def routes_folder(data: Sequence[Path]) -> Path | None:
    """Find the folder with labelled matters among the training data."""
    found = [path / "routes" for path in data if (path / "routes").is_dir()]
    return found[0] if found else None


def train_beside(folder: Path, given: Given) -> Beside:
    """Learn matters, then priorities where there are any, from the folders beside messages."""
    rows, held = read_rows(folder, ["route"], [MATTERS])
    if not rows:
        raise DataError(folder, None, "no row with a route; remove the folder, or fill it")
    words = frozenset(given.tiers.features_.names())
    examples, inputs = _examples(rows, given, words)
    # Read as the tiers read them: a message is then projected, and compared, once for both.
    estimator = MessageClassifier(shape=SHAPE, layer_features=given.tiers.layer_features_).fit(
        inputs, [each.said for each in examples], [each.author for each in examples], given.told
    )
    learnt = [examples[row] for row in estimator.rows_]
    limits = _limits(estimator, learnt, ASKED_ALARMS, foreign=False)
    unread = _limits(estimator, learnt, UNREAD_ASKED, foreign=True) or limits
    first = _limits(estimator, learnt, UNREAD_ASKED, foreign=True, first=True) or unread
    facts: dict[str, Any] = {
        "matters": {
            "limits": limits,
            "unread_limits": unread,
            "unread_first_limits": first,
            "concepts": UNREAD_ONLY,
            "counts": dict(sorted(Counter(each.said for each in examples).items())),
            "left_out": _recall(estimator, learnt, limits, first),
            "left_out_unread": _recall(estimator, learnt, {}, first),
            "holdout_rows": len(held),
        }
    }
    matters = Matters(estimator, [each.key for each in learnt], words)
    model = _priorities(folder.parent / "priority", matters, given, facts)
    arrays, tables = pack_beside(estimator, model, given.tiers)
    return Beside(arrays, tables, facts)


def _examples(
    rows: Sequence[Row], given: Given, words: Container[str]
) -> tuple[list[Example], Inputs]:
    """Give all that is learned, and what it is made of.

    The desk's own messages are ordinary, but for security incidents that L3 was called for; a
    row of the same text, from a second reading, says more.
    """
    read_again = {row.key: row.said[0] for row in rows}
    examples = []
    kept = []
    for place, message in enumerate(given.messages):
        incident = message.label == L3 and message.area == SECURITY_AREA
        known = read_again.pop(message.key, None)
        said = known or (SECURITY_AREA if incident else USUAL)
        kept.append(place)
        ordinary = said == USUAL and message.label != L3
        examples.append(Example(message.author or "", said, ordinary, message.key))
    fresh = [row for row in rows if row.key in read_again]
    examples += [_example(row, words) for row in fresh]
    threads = _in_threads(fresh)
    examples += [replace(_example(row, words), ordinary=False, below=True) for row in threads]
    fresh += threads
    theirs = given.inputs.take(np.asarray(kept, np.intp))
    ours = embed([row.text for row in fresh], given.encoder, given.told)
    layers = None
    if theirs.layers is not None and ours.layers is not None:
        layers = np.concatenate([theirs.layers, ours.layers])
    texts = [*theirs.texts, *ours.texts]
    vectors = np.concatenate([theirs.vectors, ours.vectors])
    return examples, named(Inputs(texts, vectors, layers), [each.foreign for each in examples])


def _in_threads(fresh: Sequence[Row]) -> list[Row]:
    """Put some grave rows, and some that were added, below what an ordinary thread begins with."""
    usual = [row for row in fresh if row.said[0] == USUAL]
    openings = [r for r in usual if r.scenario != ADDED and not r.scenario.startswith(ALIKE)]
    grave = [row for row in fresh if row.said[0] != USUAL]
    added = [row for row in usual if row.scenario == ADDED]
    return [*in_threads(grave, openings, GRAVE_BELOW), *in_threads(added, openings, ADDED_BELOW)]


def _example(row: Row, words: Container[str]) -> Example:
    foreign = is_unread(row.text, words.__contains__)
    ordinary = foreign and row.said[0] == USUAL and row.scenario in EVERYDAY
    return Example(row.author, row.said[0], ordinary, row.key, foreign, row.scenario == ADDED)


def _limits(
    estimator: MessageClassifier,
    examples: Sequence[Example],
    asked: float,
    *,
    foreign: bool,
    first: bool = False,
) -> dict[str, dict[str, float]]:
    """Set the limits by the ordinary messages of authors left out; none where there are none.

    With `first`, by those alone that nothing stood before.
    """
    ordinary = np.array(
        [
            each.ordinary and each.foreign == foreign and not (first and each.added)
            for each in examples
        ],
        bool,
    )
    if not ordinary.any():
        return {}
    proba = estimator.left_out_proba_
    said = np.array(
        [each.said if each.foreign == foreign and not each.below else USUAL for each in examples]
    )
    matters = {
        str(label): column for column, label in enumerate(estimator.classes_) if label != USUAL
    }
    usual = proba[ordinary][:, list(matters.values())]
    own = [proba[said == label, column] for label, column in matters.items()]
    both = zip(
        matters,
        shared_thresholds(usual, SURE_ALARMS, own),
        shared_thresholds(usual, asked, own),
        strict=True,
    )
    return {label: {"sure_at": sure, "ask_at": ask} for label, sure, ask in both}


def _recall(
    estimator: MessageClassifier,
    examples: Sequence[Example],
    limits: Mapping[str, Mapping[str, float]],
    unread: Mapping[str, Mapping[str, float]],
) -> dict[str, dict[str, float]]:
    """Say what share of each matter is found by its limits, of authors left out.

    Without `limits` only messages in other languages than English are counted.
    """
    proba, labels = estimator.left_out_proba_, list(estimator.classes_)
    found: dict[str, dict[str, float]] = {}
    for label in unread:
        theirs = [
            (proba[row, labels.index(label)], (unread if each.foreign else limits)[label])
            for row, each in enumerate(examples)
            if each.said == label and not each.below and (limits or each.foreign)
        ]
        found[label] = {
            name: float(np.mean([chance >= own[name] for chance, own in theirs]))
            for name in ("sure_at", "ask_at")
            if theirs
        }
    return found


def _priorities(
    folder: Path, matters: Matters, given: Given, facts: dict[str, Any]
) -> PriorityModel | None:
    if not folder.is_dir():
        return None
    rows, held = read_rows(folder, ["impact", "urgency"], IMPACTS)
    if not rows:
        return None
    inputs = embed([row.text for row in rows], given.encoder, given.told)
    tiers = _as_left_out(
        rows, inputs, given.tiers, [given.messages[row].key for row in given.tiers.rows_]
    )
    foreign = [is_unread(row.text, matters.words.__contains__) for row in rows]
    apart = _as_left_out(rows, named(inputs, foreign), matters.estimator, matters.learned)
    known = features(how_of(given.tiers, inputs), tiers, apart)
    pairs = [(row.said[0], row.said[1]) for row in rows]
    facts["priorities"] = {
        "counts": dict(sorted(Counter(PRIORITIES[pair] for pair in pairs).items())),
        "left_out": _left_out_priorities(known, pairs, [row.author for row in rows]),
        "holdout_rows": len(held),
    }
    return PriorityModel.fit(known, pairs, PRIORITIES)


def _left_out_priorities(
    known: NDArray[np.float64], pairs: Sequence[tuple[str, str]], authors: Sequence[str]
) -> dict[str, float]:
    """Say how well the priority is met for authors who were left out; empty with one author."""
    parts = np.unique(np.array(authors), return_inverse=True)[1] % PARTS
    off: list[int] = []
    for part in np.unique(parts):
        theirs = np.flatnonzero(parts == part).tolist()
        others = np.flatnonzero(parts != part).tolist()
        if len({PRIORITIES[pairs[row]] for row in others}) < len(set(PRIORITIES.values())):
            continue
        model = PriorityModel.fit(known[others], [pairs[row] for row in others], PRIORITIES)
        for row, said in zip(theirs, model.chances(known[theirs]), strict=True):
            guessed = max(said["priority"], key=lambda level: said["priority"][level])
            off.append(abs(int(guessed[1]) - int(PRIORITIES[pairs[row]][1])))
    if not off:
        return {}
    return {"exact": off.count(0) / len(off), "within_one": sum(o <= 1 for o in off) / len(off)}


def _as_left_out(
    rows: Sequence[Row], inputs: Inputs, estimator: MessageClassifier, learned: Sequence[str]
) -> NDArray[np.float64]:
    """Give the chances as if each author were unknown: what serving will see of new people."""
    proba = estimator.predict_proba(inputs)
    left_out: Mapping[str, Any] = dict(zip(learned, estimator.left_out_proba_, strict=True))
    for place, row in enumerate(rows):
        if row.key in left_out:
            proba[place] = left_out[row.key]
    return proba

"""Fit the judge of pasted secrets: `python -m bot.fitting.secrets.fit`.

Reads `training_data`, writes `trees.json` and `ordinary.txt` of `bot/scrubbing/judge`: numbers and
words. The same comes out each time.
The ordinary messages of the authors `HELD` are left out of the fitting, for `apart` to count on.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from bot.fitting.secrets.voices import Marked, forms, pasted, read, spoken
from bot.scrubbing.eastern import opened
from bot.scrubbing.judge import judge, looks
from bot.scrubbing.judge.judge import cases

if TYPE_CHECKING:
    from bot.scrubbing.judge.candidates import Candidate

DATA = Path("training_data")
HELD = ("makers", "banter", "outsider1", "outsider2")
LIMITS = {
    "odd": 0.45, "digits": 0.72, "word": 0.45, "words": 0.4, "known": 0.55, "spelled": 0.25,
}  # fmt: skip
"""How likely something must be, by its look. Chosen where three authors were left out
(`apart voices_b,voices_c,voices_f`): about one of a hundred ordinary messages may alarm."""
SPOKEN, SILENT, FORMS = 700, 500, 1_500
PASTED = ("pasted", "pasted_two")
VOICES = tuple(f"voices_{letter}" for letter in "abcdefghij")
WRITTEN = ("lives", "lives_two", "lives_three", *VOICES)
"""Whole messages of people with lives, each set with others that hold no secret."""
WEIGHTS = {"": 1.0, "written": 6.0, "alike": 6.0}
"""How much a message counts."""
EVERY, ORDINARILY = 4, 3.0
"""Of ordinary messages one of so many is taken, which counts as much."""
ORDINARY = 3
"""As often a word was written, to be an ordinary one."""
SEED = 20261129


def messages() -> dict[str, list[str]]:
    """Give ordinary messages by author."""
    return {
        file.stem: [
            json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()
        ]
        for file in sorted((DATA / "messages").glob("*.jsonl"))
    }


def ordinary(texts: list[str]) -> list[str]:
    """Give the words that are written again and again."""
    counts = Counter(
        word for text in texts for word in set(re.findall(r"[^\W\d_]{3,20}", text.lower()))
    )
    return sorted(word for word, count in counts.items() if count >= ORDINARY)


def rows(
    messages: list[tuple[Marked, float]],
) -> tuple[list[list[float]], list[int], list[float]]:
    """Give the figures of all that may be a secret, whether it is one, and how much it counts."""
    figures: list[list[float]] = []
    truths, weights = [], []
    for message, weight in messages:
        for what, row in cases(judge.without_slack(opened(message.text))):
            truth = truth_of(what, message)
            if truth is not None:
                figures.append(row.all())
                truths.append(int(truth))
                weights.append(weight)
    return figures, truths, weights


def truth_of(what: Candidate, message: Marked) -> bool | None:
    """Say whether something is a secret; None where it is neither that nor anything else."""
    for start, end in message.secrets:
        if what.end <= start or end <= what.start:
            continue
        if abs(what.start - start) <= 1 and abs(what.end - end) <= 1:
            return True
        inside = start <= what.start and what.end <= end
        spoken = " " in message.text[start:end]
        if what.phrase:
            return False
        if inside:
            return True if not spoken or " " in message.text[what.start : what.end] else None
        return False if " " in message.text[what.start : what.end] else None
    return False


def cases_of(names: list[str]) -> tuple[Any, Any, Any]:
    """Give the cases of some groups, one group below the other."""
    found = [weighed(name) for name in names]
    return tuple(np.concatenate(each) for each in zip(*found, strict=True))  # type: ignore[return-value]


@cache
def weighed(name: str) -> tuple[Any, Any, Any]:
    """Give the figures of a group's cases, which are secrets, and how much each counts."""
    figures, truths, weights = rows(of_group(name))
    return np.asarray(figures, dtype=np.float32), np.asarray(truths), np.asarray(weights)


def fit(cases: tuple[Any, Any, Any]) -> Any:
    """Fit boosted trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - slow to import

    figures, truths, weights = cases
    click.echo(f"{len(figures)} cases, {sum(truths)} secrets", err=True)
    learner = HistGradientBoostingClassifier(
        max_iter=130,
        max_leaf_nodes=31,
        max_bins=63,
        max_features=0.25,
        learning_rate=0.14,
        min_samples_leaf=20,
        l2_regularization=2.0,
        random_state=SEED,
        early_stopping=False,
    )
    return learner.fit(figures, truths, sample_weight=weights)


def stored(learner: Any, limits: dict[str, float]) -> dict[str, Any]:
    """Give the trees as numbers."""
    trees = []
    for (predictor,) in learner._predictors:  # noqa: SLF001 - there is no other way to them
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        values = np.where(leaf, nodes["value"], nodes["num_threshold"])
        trees.append(
            [
                np.where(leaf, -1, nodes["feature_idx"]).astype(int).tolist(),
                [float(f"{value:.5g}") for value in values],
                nodes["left"].astype(int).tolist(),
                nodes["right"].astype(int).tolist(),
            ]
        )
    start = float(np.ravel(learner._baseline_prediction)[0])  # noqa: SLF001 - as above
    return {"start": start, "limits": limits, "trees": trees}


def written(learner: Any) -> None:
    """Write the trees where the judge reads them."""
    judge.FILE.write_text(json.dumps(stored(learner, LIMITS), separators=(",", ":")), "utf-8")
    judge.fitted.cache_clear()


def of_group(name: str) -> list[tuple[Marked, float]]:
    """Give the messages of one group, and how much each counts; the same however often."""
    folder = DATA / "secrets"
    chance = Random(f"{SEED} {name}")  # noqa: S311 - nothing is kept secret by it
    if name == "spoken":
        found = spoken(folder / "tongues.txt", chance, SPOKEN, silent=False)
        found += spoken(folder / "tongues.txt", chance, SILENT, silent=True)
    elif name == "forms":
        found = forms(folder / "forms.txt", chance, FORMS)
    elif name == "messages":
        return [(Marked(text, ()), ORDINARILY) for text in fitted_on()[::EVERY]]
    elif name in PASTED:
        found = pasted(folder / f"{name}.txt", chance)
    else:
        found = read(folder / f"{name}.txt")
    weight = WEIGHTS["alike" if name.endswith("_alike") else "written" if name in WRITTEN else ""]
    return [(each, weight) for each in found]


def groups(*without: str) -> list[str]:
    """Name all groups but some authors'."""
    authors = [name for name in WRITTEN if name not in without]
    return [
        "spoken",
        "forms",
        "messages",
        *PASTED,
        *authors,
        *(f"{name}_alike" for name in authors),
    ]


def fitted_on() -> list[str]:
    """Give the ordinary messages of the authors who are not held out."""
    return [text for name, texts in messages().items() if name not in HELD for text in texts]


def main() -> None:
    """Fit, and write the trees."""
    looks.FILE.write_text("\n".join(ordinary(fitted_on())) + "\n", "utf-8")
    looks.ordinary.cache_clear()
    written(fit(cases_of(groups())))


if __name__ == "__main__":
    main()

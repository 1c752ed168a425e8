"""Fit the judge of pasted secrets: `python -m bot.fitting.secrets.fit`.

Reads `training_data`, writes `trees.json` and `ordinary.txt` of `bot/scrubbing/judge`: numbers and
words.
The authors `HELD` are left out of the fitting: each limit is set where no more than `ALARMS`
of their messages alarm.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import click
import numpy as np

from bot.fitting.secrets.voices import Marked, forms, pasted, spoken
from bot.scrubbing.judge import judge, looks
from bot.scrubbing.judge.judge import cases

DATA = Path("training_data")
HELD = ("makers", "banter", "outsider1", "outsider2")
ALARMS = {"odd": 0.004, "digits": 0.0015, "word": 0.0015, "words": 0.0005, "known": 0.0005}
"""Of ordinary messages so large a share may alarm for something that looks like this."""
LOWEST = {"odd": 0.45, "digits": 0.55, "word": 0.6, "words": 0.5, "known": 0.9}
HIGHEST = 0.99
SPOKEN, SILENT, FORMS = 12_000, 7_000, 14_000
PASTED, TIMES = ("pasted.txt", "pasted_two.txt"), 12
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


def rows(made: list[Marked]) -> tuple[list[list[float]], list[int]]:
    """Give the figures of all that may be a secret, and whether it is one."""
    figures, truths = [], []
    for each in made:
        for what, row in cases(each.text):
            span = what.start, what.end
            inside = any(start <= span[0] and span[1] <= end for start, end in each.secrets)
            apart = all(span[1] <= start or end <= span[0] for start, end in each.secrets)
            if inside or apart or " " in each.text[slice(*span)]:
                figures.append([float(each) for each in row])
                truths.append(int(inside))
    return figures, truths


def fit(made: list[Marked]) -> Any:
    """Fit boosted trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - slow to import

    figures, truths = rows(made)
    click.echo(f"{len(figures)} cases, {sum(truths)} secrets", err=True)
    learner = HistGradientBoostingClassifier(
        max_iter=240,
        max_leaf_nodes=31,
        learning_rate=0.12,
        min_samples_leaf=30,
        l2_regularization=1.0,
        random_state=SEED,
        early_stopping=False,
    )
    return learner.fit(np.asarray(figures), np.asarray(truths))


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


def limits_for(texts: list[str]) -> dict[str, float]:
    """Give by look the least limit at which no more than its share of ordinary texts alarm."""
    trees = judge.fitted()
    most: dict[str, list[float]] = {look: [] for look in ALARMS}
    for text in texts:
        of_text = dict.fromkeys(ALARMS, 0.0)
        for what, row in cases(text):
            look = judge.look_of(text[what.start : what.end])
            of_text[look] = max(of_text[look], trees.chance(row))
        for look, chance in of_text.items():
            most[look].append(chance)
    return {look: _limit(sorted(found), ALARMS[look], LOWEST[look]) for look, found in most.items()}


def _limit(chances: list[float], alarms: float, lowest: float) -> float:
    """Give a limit above all but a share of chances, and not lower than makes sense."""
    above = chances[len(chances) - 1 - int(len(chances) * alarms)]
    return round(min(max(above + 0.001, lowest), HIGHEST), 3)


def written(learner: Any, limits: dict[str, float]) -> None:
    """Write the trees where the judge reads them."""
    judge.FILE.write_text(json.dumps(stored(learner, limits), separators=(",", ":")), "utf-8")
    judge.fitted.cache_clear()


def main() -> None:
    """Fit, set the limit by those held out, and write both."""
    chance = Random(SEED)  # noqa: S311 - nothing is kept secret by it
    by_author = messages()
    known = [text for name, texts in by_author.items() if name not in HELD for text in texts]
    looks.FILE.write_text("\n".join(ordinary(known)) + "\n", "utf-8")
    looks.ordinary.cache_clear()
    folder = DATA / "secrets"
    made = [
        *spoken(folder / "tongues.txt", chance, SPOKEN, silent=False),
        *spoken(folder / "tongues.txt", chance, SILENT, silent=True),
        *forms(folder / "forms.txt", chance, FORMS),
        *(each for name in PASTED for each in pasted(folder / name, chance, TIMES)),
        *(Marked(text, ()) for text in known),
    ]
    chance.shuffle(made)
    learner = fit(made)
    written(learner, dict.fromkeys(ALARMS, 1.0))
    limits = limits_for([text for name in HELD for text in by_author[name]])
    written(learner, limits)
    click.echo(f"limits {limits}", err=True)


if __name__ == "__main__":
    main()

"""How well routes and priorities are told, on authors whom no training has met.

    python tests/bench/classifier_routes.py [MODEL] [--json]

Matters: the held-out authors of training_data/routes. False alarms: what the two held-out authors
of training_data/messages wrote, but for L3, and the ordinary openings of the others. Priorities:
the held-out authors of training_data/priority, beside today's word lists. Nothing is fitted here.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import click
from figures import record

from bot.desk.deciding import Limits, Weight, first_priority, suspicion_of, weigh
from bot.desk.promises import Priority
from bot.desk.tiers import Tier
from classifier.data.authors import read_rows
from classifier.data.labels import IMPACTS, MATTERS, PRIORITIES
from classifier.judging.metrics import wilson
from classifier.serving.predict import Classifier
from classifier.training.train import load_training_data
from kb.encoding.loading import load_encoder
from kb.encoding.unread import is_unread

COMMAND = ".venv/bin/python tests/bench/classifier_routes.py"
TOPIC = {"matters": "matters", "priorities": "priority"}
NAME = {"model": "predicted"}
DATA = Path("training_data")
OUTSIDERS = {"outsider1", "outsider2"}
LATER = {"outsider5", "outsider6"}, {"outsider10"}, {"outsider11"}, {"outsider13"}, {"outsider14"}
"""Authors who were held out later: nothing was looked at or chosen with them."""

HARD, SEVERAL_LANGUAGES = "look-alikes", "openings in several languages"
ENGLISH = "ordinary messages"
FOLLOW_UPS = "follow-ups in several languages"
USUALLY = {"ordinary": SEVERAL_LANGUAGES, "follow-up": FOLLOW_UPS}


def matters(model: Classifier) -> dict[str, Any]:
    """Measure what is taken, what is asked about, and what is passed over."""
    read, unread, first = (
        {name: Limits(**both) for name, both in model.manifest["matters"].get(which, {}).items()}
        for which in ("limits", "unread_limits", "unread_first_limits")
    )
    _, held = read_rows(DATA / "routes", ["route"], [MATTERS])
    ordinary = [
        m.text for m in load_training_data(DATA)[1] if m.author in OUTSIDERS and m.label != "L3"
    ]
    asked: list[tuple[str, str, str, str]] = [(ENGLISH, "en", "", text) for text in ordinary]
    scenarios = _scenarios()
    for row in held:
        usual = USUALLY.get(scenarios[row.key], HARD)
        what = usual if row.said[0] == "none" else row.said[0]
        asked.append((what, row.language, row.author, row.text))
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for (what, language, author, text), found in zip(
        asked, model.predict([text for *_, text in asked]), strict=True
    ):
        foreign = bool(unread) and is_unread(text, model.vocabulary.__contains__)
        other = unread if what == FOLLOW_UPS else first or unread
        suspicion = suspicion_of(found.matters, other if foreign else read)
        outcome = "passed over"
        if suspicion is not None:
            right = suspicion.matter == what or what not in MATTERS
            outcome = ("taken" if suspicion.sure else "asked") if right else "as another matter"
        said[what][outcome] += 1
        group = "English" if language == "en" else "other languages"
        if what in MATTERS:
            said[f"{what}, {group}"][outcome] += 1
        for some in LATER:
            if author in some:
                said[f"{what}, {', '.join(sorted(some))}"][outcome] += 1
    return {what: _shares(counts) for what, counts in sorted(said.items())}


def _scenarios() -> dict[str, str]:
    found = {}
    for file in sorted((DATA / "routes").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[" ".join(row["text"].casefold().split())] = str(row["scenario"])
    return found


def _shares(counts: Counter[str]) -> dict[str, Any]:
    rows = counts.total()
    either = wilson(rows - counts["passed over"], rows)
    return {
        "rows": rows,
        **{each: round(counts[each] / rows, 4) for each in ("taken", "asked", "as another matter")},
        "not passed over": round(either.value, 4),
        "from": round(either.low, 3),
        "to": round(either.high, 3),
    }


def priorities(model: Classifier) -> dict[str, Any]:
    """Compare the predicted priority with the one that follows from the labels."""
    _, held = read_rows(DATA / "priority", ["impact", "urgency"], IMPACTS)
    wanted = [Priority(PRIORITIES[row.said[0], row.said[1]]) for row in held]
    found = model.predict([row.text for row in held])
    guessed = [
        weigh(row.text, Tier.L2, weight=Weight(f.impacts, f.urgencies, f.priorities)).priority
        for row, f in zip(held, found, strict=True)
    ]
    words = [
        first_priority(row.text, Tier(_tier(f.label))) for row, f in zip(held, found, strict=True)
    ]
    return {"model": _met(wanted, guessed), "word lists": _met(wanted, words)}


def _tier(label: str) -> Tier:
    return Tier.L3 if label == "L3" else Tier.L2


def _met(wanted: list[Priority], guessed: list[Priority]) -> dict[str, Any]:
    off = [abs(a.rank - b.rank) for a, b in zip(wanted, guessed, strict=True)]
    firsts = [b for a, b in zip(wanted, guessed, strict=True) if a is Priority.P1]
    exact = wilson(off.count(0), len(off))
    return {
        "rows": len(off),
        "exact": round(exact.value, 4),
        "from": round(exact.low, 3),
        "to": round(exact.high, 3),
        "within one": round(sum(each <= 1 for each in off) / len(off), 4),
        "P1 found as P1": round(firsts.count(Priority.P1) / len(firsts), 4),
        "P1 found as P1 or P2": round(sum(f.rank <= 2 for f in firsts) / len(firsts), 4),
    }


def main() -> None:
    """Measure, and print one table a question."""
    named = [each for each in sys.argv[1:] if not each.startswith("-")]
    model = Classifier.load(Path(named[0] if named else "var/model"), load_encoder())
    figures = {"matters": matters(model), "priorities": priorities(model)}
    if "--json" in sys.argv:
        click.echo(json.dumps(figures))
        return
    for what, table in figures.items():
        click.echo(what)
        for name, row in table.items():
            record(TOPIC[what], NAME.get(name, name), row, command=COMMAND)
            shown = ", ".join(f"{key} {value}" for key, value in row.items())
            click.echo(f"  {name}: {shown}")


if __name__ == "__main__":
    main()

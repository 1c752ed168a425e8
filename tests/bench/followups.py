"""What follow-ups mean, on people that no training met: `python tests/bench/followups.py`.

The first figures are those of authors left out one by one, from the model's manifest; the second
are measured on the authors who are held out whole. A look at these is written into the journal.

A person does not see meanings but what happens: for both, what would have happened stands beside
what should have. `--left-out` learns anew, and prints that for the authors left out alone;
`--first-words` does so, and prints how many of their first requests, and of what they say among
colleagues, would be met with silence in a channel.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import classification_report

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.desk.asking import AT_THE_END, WITH_PEOPLE, Meaning, Stage, Understood
from bot.desk.deciding import Action, decide
from bot.service.messages.wording import VAGUE
from bot.settings.loading import load_settings
from classifier.data.followups import NEW, read_followups
from classifier.estimators.calibration import calibrate
from classifier.judging.metrics import calibration_error, summary
from classifier.registry.models import Registry
from classifier.serving.predict import Classifier
from classifier.training.followups import counts, fit_followups, learned_followups

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from classifier.data.followups import LabelledFollowUp
    from classifier.estimators.followup import FollowUpClassifier

DATA = Path("training_data")

HELD_OUT = ("outsider3", "outsider4"), ("outsider7", "outsider8"), ("outsider12",), ("outsider16",)
"""Those of the first sittings, who like to write well, plain people, and how they begin."""

FRONT = {
    Meaning.FAILED: "goes on",
    Meaning.STEP: "goes on",
    Meaning.SOLVED: "settles",
    Meaning.DETAILS: "takes it in",
    Meaning.ANOTHER: "opens a ticket",
    Meaning.PERSON: "calls",
    Meaning.THANKS: "is polite",
    Meaning.TALK: "is silent",
}
PEOPLE = {
    Meaning.SOLVED: "settles",
    Meaning.ANOTHER: "opens a ticket",
    Meaning.STATUS: "says who has it",
    Meaning.PERSON: "says who has it",
}
ENDED = {
    Meaning.FAILED: "calls",
    Meaning.STEP: "calls",
    Meaning.PERSON: "calls",
    Meaning.SOLVED: "is polite",
    Meaning.THANKS: "is polite",
    Meaning.TALK: "is polite",
    Meaning.ANOTHER: "opens a ticket",
}
DRAWS = 1_000
FOLDS = 6
ASKS = "asks back"
TROUBLE = {"goes on", "calls"}
BRUSHED_OFF = {"settles", "is polite", "is silent"}


def happens(meaning: Meaning | None, stage: Stage) -> str:
    """Say what comes of a meaning where a thread stands."""
    if stage in WITH_PEOPLE:
        return PEOPLE.get(meaning, "passes it on") if meaning else "passes it on"
    known = ENDED if stage in AT_THE_END else FRONT
    return known.get(meaning, ASKS) if meaning else ASKS


def hurts(wanted: str, happened: str) -> bool:
    """Whether a problem is brushed off, or people are called for what is settled."""
    off = wanted in TROUBLE and happened in BRUSHED_OFF
    return off or (wanted in BRUSHED_OFF and happened in TROUBLE)


def print_ends(rows: Sequence[LabelledFollowUp], names: list[str], chances: NDArray[Any]) -> None:
    """Print what would have happened, beside what should have."""
    ends = []
    for row, line in zip(rows, chances, strict=True):
        stage = Stage(row.followup.state)
        pairs = zip(names, line.tolist(), strict=True)
        understood = Understood({Meaning(name): chance for name, chance in pairs})
        ends.append((happens(Meaning(row.label), stage), happens(understood.meaning, stage)))
    told = {
        "as it should": np.mean([wanted == happened for wanted, happened in ends]),
        "asked back instead": np.mean([w != h and h == ASKS for w, h in ends]),
        "hurts": np.mean([hurts(w, h) for w, h in ends]),
    }
    print("what happens:", {what: round(float(share), 3) for what, share in told.items()})
    for wanted in sorted({wanted for wanted, _ in ends}):
        print(f"   {wanted:16}", dict(Counter(h for w, h in ends if w == wanted).most_common()))


def least_error(chances: NDArray[Any]) -> float:
    """Give the calibration error that chance alone makes, were each answer as likely as said."""
    sure = chances.max(axis=1)
    drawn = np.random.default_rng(0)
    errors = [calibration_error(sure, drawn.random(len(sure)) < sure) for _ in range(DRAWS)]
    return round(float(np.mean(errors)), 3)


def left_out() -> None:
    """Print what would have happened to the authors that are left out while learning."""
    rows = [row for row in learned_followups(DATA) if counts(row)]
    estimator, found = fit_followups(learned_followups(DATA), build_encoder(load_settings()))
    print(f"authors left out, {len(rows)} rows:", {k: round(v, 3) for k, v in found.items()})
    chances = estimator.calibration_.probabilities(estimator.left_out_)
    print_ends(rows, estimator.classes_.tolist(), chances)
    crossed(rows, estimator)


def first_words() -> None:
    """Print who of the authors left out would be passed over at their first words.

    The tiers have learned from none of them; what they take for talk is asked of the other alone.
    """
    settings = load_settings()
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    learned = learned_followups(DATA)
    estimator, _ = fit_followups(learned, encoder)
    chances = estimator.calibration_.probabilities(estimator.left_out_)
    passed: dict[str, list[bool]] = {}
    rows = (row for row in learned if counts(row))
    for row, line in zip(rows, chances, strict=True):
        if row.followup.state != NEW:
            continue
        text = row.followup.text
        (evidence,) = triager._evidence([text], None, ())
        found = decide(evidence, triager._policy())
        pairs = zip(estimator.classes_.tolist(), line.tolist(), strict=True)
        understood = Understood({Meaning(name): chance for name, chance in pairs})
        quiet = understood.is_small_talk(readable=not found.unknown, tone=triager.tone(text))
        quiet = quiet and (found.action is Action.COURTESY or found.unknown)
        passed.setdefault(row.label, []).append(quiet and not VAGUE.fullmatch(text.strip()))
    for label, some in sorted(passed.items()):
        print(f"{label}: {sum(some)} of {len(some)} are passed over")


def crossed(rows: Sequence[LabelledFollowUp], estimator: FollowUpClassifier) -> None:
    """Print the figures where the calibration has not seen the author either."""
    codes = np.searchsorted(estimator.classes_, [row.label for row in rows])
    authors = np.unique([row.author for row in rows], return_inverse=True)[1]
    chances = np.zeros((len(rows), len(estimator.classes_)))
    for fold in range(FOLDS):
        out = authors % FOLDS == fold
        found = calibrate(estimator.left_out_[~out], codes[~out], labels=len(estimator.classes_))
        chances[out] = found.probabilities(estimator.left_out_[out])
    right = chances.argmax(axis=1) == codes
    sure = chances.max(axis=1)
    each = [calibration_error(sure[authors == one], right[authors == one]) for one in set(authors)]
    least = [least_error(chances[authors == one]) for one in set(authors)]
    print("left out of the calibration, too: accuracy", round(float(right.mean()), 3))
    print("   calibration error", round(calibration_error(sure, right), 3))
    print("   of each author", round(float(np.mean(each)), 3), "by chance", np.mean(least).round(3))


def main() -> None:
    """Print the figures."""
    settings = load_settings()
    model = Classifier.load(settings.model, build_encoder(settings))
    about = model.manifest["followups"]
    print("authors left out:", {k: round(v, 3) for k, v in about["metrics"].items()})
    _, held = read_followups(DATA / "followups")
    Registry(settings.model).note("holdout used", None, use="followups", rows=len(held))
    names = about["meanings"]
    for authors in HELD_OUT:
        rows = [row for row in held if row.author in authors]
        chances = np.asarray([[model.read(row.followup).chances[n] for n in names] for row in rows])
        truth = [row.label for row in rows]
        found = summary(truth, chances, np.asarray(names))
        print(", ".join(authors), len(rows), "rows:", {k: round(v, 3) for k, v in found.items()})
        print("calibration error of chances that are true, on so many:", least_error(chances))
        guessed = np.asarray(names)[chances.argmax(axis=1)]
        print(classification_report(truth, guessed, zero_division=0, digits=3))
        print_ends(rows, names, chances)


if __name__ == "__main__":
    ways = {"--left-out": left_out, "--first-words": first_words}
    next((ways[each] for each in sys.argv if each in ways), main)()

"""Documentation that nobody wrote training data for: `python -m tests.bench.bodies [FOLDER]`.

FOLDER holds bodies of articles, `NAME/` beside `NAME_questions.jsonl` (text, label, article, also);
by default ../shared/bench/bodies. Each is synced into a new database and asked as `frontline ask`
does it, with the shipped model and nothing learned. Nothing of a body is fitted here.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.bootstrap.deciding import build_knowledge, build_triager
from bot.desk.deciding import Action, Triage
from bot.settings.loading import load_settings
from bot.settings.settings import Secrets, Settings
from classifier.data.labels import L1, MUST_ESCALATE
from classifier.judging.metrics import calibration_error
from kb.encoding.loading import load_encoder
from kb.tuning.calibrating import calibrate
from tests.bench.figures import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.judging.metrics import Flags, Floats
    from kb.encoding.encoder import Encoder

ROOT = Path(__file__).resolve().parents[2]
BODIES = ROOT.parent / "shared" / "bench" / "bodies"
COMMAND = ".venv/bin/python -m tests.bench.bodies"
GOALS = {
    "right article first": "≥ 0.78",
    "among three": "≥ 0.90",
    "wrong among answers": "≤ 0.08",
    "must-escalate recall": "≥ 0.97",
    "settled rightly": "≥ 0.80",
    "calibration error": "≤ 0.04",
}
DRAWS = 200
LEAST_CHANCE = 1e-4


@dataclass(frozen=True)
class Asked:
    """A question with what was decided."""

    row: dict[str, Any]
    triage: Triage

    @property
    def right(self) -> frozenset[str]:
        """Every article that answers."""
        return frozenset({self.row["article"], *self.row.get("also", ())} - {None})


def ask(folder: Path, questions: Sequence[dict[str, Any]], encoder: Encoder) -> list[Asked]:
    """Sync a folder into a new database and ask each question of it."""
    with tempfile.TemporaryDirectory() as place:
        base = load_settings()
        settings = Settings(base.file, Secrets(frontline_db=Path(place) / "desk.db"))
        settings.model = ROOT / "var" / "model"
        knowledge = build_knowledge(settings, encoder)
        started = time.monotonic()
        knowledge.sync([folder])
        synced = time.monotonic()
        knowledge.prepare()
        calibrate(knowledge)
        print(
            f"{folder.name}: {knowledge.count()} articles read and embedded in "
            f"{synced - started:.1f} s, indexed and calibrated in {time.monotonic() - synced:.1f} s"
        )
        triager = build_triager(settings, knowledge, encoder)
        found = triager.triage_batch([row["text"] for row in questions], readers=None)
        knowledge.close()
    return [Asked(row, triage) for row, triage in zip(questions, found, strict=True)]


def figures(asked: Sequence[Asked]) -> dict[str, tuple[float, int]]:
    """Each figure and of how many it is."""
    known = [one for one in asked if one.row["label"] == L1 and one.right]
    ranks = [_rank(one) for one in known]
    answers = [one for one in asked if one.triage.action is Action.ANSWER]
    must = [one for one in asked if one.row["label"] in MUST_ESCALATE]
    gaps = [one for one in asked if one.row["label"] == L1 and not one.right]
    settled = [_is_settled(one) for one in known]
    said = np.array([_best(one) for one in asked])
    came_true = np.array([_best_is_right(one) for one in asked])
    called = [one.triage.action is Action.ESCALATE for one in must]
    passed = [one.triage.action is Action.ESCALATE for one in gaps]
    return {
        "right article first": _share([rank == 0 for rank in ranks]),
        "among three": _share([rank < 3 for rank in ranks]),
        "wrong among answers": _share([one.triage.article not in one.right for one in answers]),
        "must-escalate recall": _share(called),
        "settled rightly": _share(settled),
        "answered": _share([one.triage.action is Action.ANSWER for one in known]),
        "gaps passed on": _share(passed),
        "gaps answered": _share([one.triage.action is Action.ANSWER for one in gaps]),
        "calibration error": (calibration_error(said, came_true), len(said)),
        "a truthful one's": (_truthful(said), len(said)),
        "log loss": (_log_loss(said, came_true), len(said)),
    }


def _truthful(said: Floats) -> float:
    """The calibration error, in the middle, of what comes true as often as it is said to."""
    chance = np.random.default_rng(0)
    drawn = [calibration_error(said, chance.random(len(said)) < said) for _ in range(DRAWS)]
    return float(np.median(drawn))


def _log_loss(said: Floats, came_true: Flags) -> float:
    given = np.where(came_true, said, 1.0 - said)
    return float(-np.log(np.maximum(given, LEAST_CHANCE)).mean())


def _share(flags: Sequence[bool]) -> tuple[float, int]:
    return (sum(flags) / max(1, len(flags)), len(flags))


def _rank(one: Asked) -> int:
    evidence = one.triage.evidence
    found = [c.article for c in evidence.candidates] if evidence else []
    return next((place for place, name in enumerate(found) if name in one.right), len(found) + 9)


def _is_settled(one: Asked) -> bool:
    if one.triage.action is Action.ANSWER:
        return one.triage.article in one.right
    choices = {c.article for c in one.triage.choices}
    return one.triage.action is Action.CLARIFY and bool(choices & one.right)


def _best(one: Asked) -> float:
    return max(one.triage.chances.articles, default=0.0) if one.triage.chances else 0.0


def _best_is_right(one: Asked) -> bool:
    chances, evidence = one.triage.chances, one.triage.evidence
    if one.row["label"] != L1 or not chances or not evidence or not chances.articles:
        return False
    place = chances.articles.index(max(chances.articles))
    return evidence.candidates[place].article in one.right


def main() -> None:
    """Print the figures of each body, and of all together."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BODIES
    files = sorted(folder.glob("*_questions.jsonl")) if folder.is_dir() else []
    if not files:
        print(f"{folder}: no bodies here, skipped")
        return
    encoder = load_encoder()
    together: list[Asked] = []
    for file in files:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        asked = ask(folder / file.stem.removesuffix("_questions"), rows, encoder)
        together += asked
        for what, (value, of) in figures(asked).items():
            print(f"  {what}: {value:.3f} of {of}")
    print(f"all {len(together)}")
    for what, (value, of) in figures(together).items():
        print(f"  {what}: {value:.3f} of {of}")
        record("a base of one's own", what, value, goal=GOALS.get(what, ""), command=COMMAND)


if __name__ == "__main__":
    main()

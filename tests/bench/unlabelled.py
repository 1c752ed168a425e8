"""What a base without labels decides by, fitted on bases whose questions are known.

`python -m tests.bench.unlabelled [FOLDER...]`: each FOLDER holds bodies as `tests.bench.bodies`
takes them. Beside them stand the sample articles, with and without their questions, asked the
holdout's messages, and the course FAQ. Printed are the curve of a scale (`kb.searching.scale`), the
weights (`UNLABELLED`), and what each body says where it was left out of both.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bot.bootstrap.deciding import build_knowledge, build_triager
from bot.desk.deciding import ARTICLES, UNLABELLED_THRESHOLDS, Joint, decide, terms, with_breadth
from bot.service.deciding.candidates import CANDIDATES, weighed
from bot.settings.loading import load_settings
from bot.settings.settings import Secrets, Settings
from classifier.data.labels import L1, MUST_ESCALATE
from kb.encoding.loading import load_encoder
from kb.searching.ranking import Calibration, probabilities
from kb.sources import read_source
from kb.tuning.calibrating import calibrate
from tests.bench.bodies import BODIES, ROOT, Asked, figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.desk.deciding import Policy, Triage
    from kb.encoding.encoder import Encoder
    from kb.searching.base import Explanation
    from kb.searching.scale import Scale

SHARES = {"sample": 0.25, "sample, plain": 0.25, "course FAQ": 0.5}
"""What the sample base and short answers count for beside a body of documentation."""

NEAR_TO = Joint(
    article=0.9, score=1.0, agreement=0.4, label=0.9, l2=1.0, l3=0.7, chat=0.4, sureness=0.5
)
PULL = 0.001
"""How much each weight is held near to these, per message."""

NEEDS_A_PERSON = 3.0
"""So many times a message counts that needs a person: to miss it costs more than a vain call."""

EVERY, MESSAGES, STRANGERS = 12, 600, 150


@dataclass(frozen=True)
class Known:
    """A question with what was found, before any curve."""

    row: dict[str, Any]
    found: Sequence[Explanation]
    triage: Triage

    @property
    def right(self) -> frozenset[str]:
        """Every article that answers."""
        return Asked(self.row, self.triage).right if self.row["label"] == L1 else frozenset()


@dataclass(frozen=True)
class Body:
    """A base that was calibrated on itself, and what was asked of it."""

    scale: Scale
    policy: Policy
    asked: Sequence[Known]


def ask(source: Path, rows: Sequence[dict[str, Any]], encoder: Encoder) -> Body:
    """Sync a source into a new database, and keep what each question finds."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(load_settings().file, Secrets(frontline_db=Path(place) / "desk.db"))
        settings.model = ROOT / "var" / "model"
        knowledge = build_knowledge(settings, encoder)
        knowledge.sync([source])
        scale = calibrate(knowledge)
        if not scale.asked:
            raise SystemExit(f"{source}: too small to be calibrated on itself")
        texts = [row["text"] for row in rows]
        triager = build_triager(settings, knowledge, encoder)
        decided = triager.triage_batch(texts, readers=None)
        found = knowledge.explain_batch(texts, top=CANDIDATES)
        policy, _ = triager.gate()
        knowledge.close()
    known = zip(rows, found, decided, strict=True)
    return Body(
        scale, policy, [Known(*one) for one in known if one[2].evidence and len(one[1]) > 1]
    )


def fitted_curve(bodies: Mapping[str, Body]) -> Calibration:
    """Logistic regression of "this article answers" on height and lead, in spreads."""
    inputs, answers, weights = [], [], []
    for name, body in bodies.items():
        for known in body.asked:
            fused = [one.fused for one in known.found[:ARTICLES]]
            for rank, height in enumerate(fused):
                lead = height - (fused[0] if rank else fused[1])
                inputs.append([height - body.scale.middle, lead])
                inputs[-1] = [each / body.scale.spread for each in inputs[-1]]
                answers.append(known.found[rank].article in known.right)
                weights.append(SHARES.get(name, 1.0) / len(body.asked))
    whole = np.array(weights) * len(bodies) * 100 / sum(weights)
    found = LogisticRegression(C=100.0).fit(inputs, answers, sample_weight=whole)
    return Calibration(float(found.intercept_[0]), *map(float, found.coef_[0]))


def judged(body: Body, known: Known, curve: Calibration, policy: Policy) -> Triage:
    """Decide on what was found as if the base's scores meant this."""
    scale = body.scale
    own = Calibration(
        curve.intercept - curve.score * scale.middle / scale.spread,
        curve.score / scale.spread,
        curve.lead / scale.spread,
    )
    fused = np.array([one.fused for one in known.found], np.float32)
    scores = probabilities(fused, own).tolist()
    found = [replace(one, score=score) for one, score in zip(known.found, scores, strict=True)]
    assert known.triage.evidence is not None
    evidence = replace(known.triage.evidence, candidates=weighed(found))
    return with_breadth(decide(evidence, policy))


def fitted_weights(bodies: Mapping[str, Body], curve: Calibration) -> Joint:
    """A conditional logit (McFadden 1974) over articles, none, L2, L3 and chat."""
    rows, came, weights = [], [], []
    for name, body in bodies.items():
        for known in body.asked:
            evidence = judged(body, known, curve, body.policy).evidence
            assert evidence is not None
            rows.append(np.array(terms(evidence.probabilities, evidence.candidates)))
            right = [
                place
                for place, one in enumerate(evidence.candidates[:ARTICLES])
                if one.article in known.right
            ]
            others = {"L2": 1, "L3": 2, "chat": 3}
            first = 4 + right[0] if right else 0
            came.append(others.get(known.row["label"], first))
            counted = NEEDS_A_PERSON if known.row["label"] in MUST_ESCALATE else 1.0
            weights.append(counted * SHARES.get(name, 1.0) / len(body.asked))
    whole, near = np.array(weights) / sum(weights), np.array([*vars(NEAR_TO).values()])

    def loss(weights: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        total = PULL * float(((weights - near) ** 2).sum())
        slope = 2 * PULL * (weights - near)
        for row, place, share in zip(rows, came, whole, strict=True):
            heights = row @ weights
            raised = np.exp(heights - heights.max())
            chances = raised / raised.sum()
            total -= share * float(np.log(chances[place]))
            slope = slope + share * (chances @ row - row[place])
        return total, slope

    return Joint(*map(float, minimize(loss, near, jac=True, method="L-BFGS-B").x))


def decided(body: Body, curve: Calibration, weights: Joint) -> Iterator[Asked]:
    """What each message of a body comes to."""
    policy = replace(body.policy, joint=weights, **UNLABELLED_THRESHOLDS)
    for known in body.asked:
        yield Asked(known.row, judged(body, known, curve, policy))


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _beside(encoder: Encoder, place: Path) -> Iterator[tuple[str, Body]]:
    """The sample articles with and without their questions, and the course FAQ where it is."""
    data = ROOT / "training_data"
    held = set(json.loads((data / "holdout.json").read_text())["scenarios"])
    lines = chain.from_iterable(
        _lines(file) for file in sorted((data / "messages").glob("*.jsonl"))
    )
    rows = [row for row in lines if row["scenario"] in held and row["label"] != "unclear"]
    chosen = np.random.default_rng(1).permutation(len(rows))[:MESSAGES]
    asked = [rows[number] for number in chosen.tolist()]
    sample = ROOT / "kb" / "articles"
    yield "sample", ask(sample, asked, encoder)
    plain = place / "plain.jsonl"
    entries = read_source(sample, collection="default")
    fields = [{**asdict(each.article), "questions": []} for each in entries if each.article]
    shown = ("id", "title", "body", "area")
    plain.write_text(
        "\n".join(json.dumps({name: each[name] for name in shown}) for each in fields),
        encoding="utf-8",
    )
    yield "sample, plain", ask(plain, asked, encoder)
    faq = BODIES.parent / "course_faq_articles.jsonl"
    if faq.exists():
        known = _lines(faq.with_name("course_faq_queries.jsonl"))[::EVERY]
        rows = [{"text": row["query"], "label": L1, "article": row["article"]} for row in known]
        rows += [{**row, "article": None} for row in asked[:STRANGERS]]
        yield "course FAQ", ask(faq, rows, encoder)


def main() -> None:
    """Fit, and say what each body says where it was left out."""
    encoder = load_encoder()
    bodies: dict[str, Body] = {}
    for folder in map(Path, sys.argv[1:] or [str(BODIES)]):
        for file in sorted(folder.glob("*_questions.jsonl")):
            name = file.stem.removesuffix("_questions")
            bodies[name] = ask(folder / name, _lines(file), encoder)
    with tempfile.TemporaryDirectory() as place:
        documented = list(bodies)
        bodies |= dict(_beside(encoder, Path(place)))
    for left_out in documented:
        others = {name: body for name, body in bodies.items() if name != left_out}
        curve = fitted_curve(others)
        asked = list(decided(bodies[left_out], curve, fitted_weights(others, curve)))
        print(f"{left_out}, left out")
        for what, (value, of) in figures(asked).items():
            print(f"  {what}: {value:.3f} of {of}")
    curve = fitted_curve(bodies)
    print("curve:", {name: round(value, 3) for name, value in vars(curve).items()})
    weights = fitted_weights(bodies, curve)
    print("weights:", {name: round(value, 2) for name, value in vars(weights).items()})


if __name__ == "__main__":
    main()

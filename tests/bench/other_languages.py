"""First messages in other languages than English: what becomes of them.

    python -m tests.bench.other_languages          # the two sittings that are held out
    python -m tests.bench.other_languages --fit    # weights, by the sittings that are learned

Fitted as the gate is (`bot/fitting/gate.py`), on what the tiers said of each sitting when it was
left out; search never learned any of them. Printed beside it is what asking back about each would
come to, as it was before 2026-12-01.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.desk.deciding import Action, ask_what
from bot.fitting.gate import Budget, crossed_joints, fit_gate
from bot.fitting.judging import Judged
from bot.settings.loading import load_settings
from classifier.data.labels import L1, LABELS, MUST_ESCALATE
from classifier.judging.thresholds import left_out
from classifier.registry.models import Registry
from classifier.training.train import load_training_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.desk.deciding import Triage
    from bot.service.deciding.triaging import Triager
    from bot.settings.settings import Settings

HELD = Path("training_data/languages")
TIMES = {L1: 1.0}


def rows() -> list[dict[str, Any]]:
    """Read what is held out."""
    files = sorted(HELD.glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def share(flags: Iterable[bool]) -> str:
    """Write a share, and of how many."""
    known = list(flags)
    return f"{sum(known) / max(1, len(known)):.2f} of {len(known)}"


def figures(asked: Sequence[tuple[dict[str, Any], Triage]]) -> dict[str, str]:
    """What a requester and an engineer would see of it."""
    known = [(row, its) for row, its in asked if row["label"] == L1 and row["article"]]
    gaps = [its for row, its in asked if row["label"] == L1 and not row["article"]]
    must = [its for row, its in asked if row["label"] in MUST_ESCALATE]
    chat = [its for row, its in asked if row["label"] == "chat"]
    answers = [(row, its) for row, its in asked if its.action is Action.ANSWER]

    def offered(row: dict[str, Any], its: Triage) -> bool:
        return row["article"] in {each.article for each in its.choices}

    return {
        "an article answers: answered": share(its.action is Action.ANSWER for _, its in known),
        "  answered rightly": share(
            its.action is Action.ANSWER and its.article == row["article"] for row, its in known
        ),
        "  asked, the right one offered": share(offered(row, its) for row, its in known),
        "  people called": share(its.action is Action.ESCALATE for _, its in known),
        "wrong among answers": share(its.article != row["article"] for row, its in answers),
        "needs a person: called": share(its.action is Action.ESCALATE for its in must),
        "  answered": share(its.action is Action.ANSWER for its in must),
        "no article answers: passed on": share(its.action is Action.ESCALATE for its in gaps),
        "  answered": share(its.action is Action.ANSWER for its in gaps),
        "asks for nothing: people called": share(its.action is Action.ESCALATE for its in chat),
        "  answered": share(its.action is Action.ANSWER for its in chat),
    }


def asked_back(triage: Triage) -> Triage:
    """Give what was done before: nothing was concluded, whatever was found."""
    if triage.evidence is None or triage.policy is None or triage.chances is None:
        return triage
    return ask_what(triage.evidence, triage.policy, triage.chances, triage.candidates)


def fit(triager: Triager, settings: Settings) -> None:
    """Print weights and thresholds, and what they come to on each sitting by the others."""
    messages, _, _ = load_training_data(Path("training_data"))
    theirs = [each for each in messages if each.is_foreign]
    kept, proba = left_out(settings.model, theirs, lambda _: np.zeros((0, len(LABELS))))
    found = triager.triage_batch([each.text for each in kept], readers=None, first=True)
    judged = []
    for message, chances, triage in zip(kept, proba, found, strict=True):
        assert triage.evidence is not None
        if triage.evidence.foreign:
            said = dict(zip(LABELS, chances.tolist(), strict=True))
            evidence = replace(triage.evidence, probabilities=said)
            judged.append(
                Judged(message.label, message.article or "", str(message.author), evidence)
            )
    print(len(judged), Counter(one.label for one in judged))
    gate = fit_gate(judged, settings_costs(settings), Budget())
    print({name: round(value, 2) for name, value in vars(gate.joint).items()}, gate.thresholds)
    for author, joint in sorted(crossed_joints(judged).items()):
        print(author, {name: round(value, 2) for name, value in vars(joint).items()})


def main() -> None:
    """Print what comes of them."""
    settings = load_settings()
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    if "--fit" in sys.argv:
        fit(triager, settings)
        return
    held = rows()
    Registry(settings.model).note("holdout used", None, use="other_languages", rows=len(held))
    found = triager.triage_batch([row["text"] for row in held], readers=None, first=True)
    asked = [one for one in zip(held, found, strict=True) if one[1].evidence.foreign]
    print(f"{len(asked)} of {len(held)} are taken for another language; now, and asked back")
    before = figures([(row, asked_back(its)) for row, its in asked])
    for what, now in figures(asked).items():
        print(f"{what}: {now}, {before[what]}")


if __name__ == "__main__":
    main()

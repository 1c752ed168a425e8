"""The whole desk on people it has never met: `.venv/bin/python tests/bench/desk_unseen.py`.

Every message of the two authors who are held out whole goes through triage as the bot does it,
with the model, the articles and the policy that `make model` makes. Looking at the holdout is
written into the model's journal, as always.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from figures import record

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.desk.deciding import Action, Triage
from bot.settings.loading import load_settings
from classifier.data.labels import L1, MUST_ESCALATE
from classifier.registry.models import Registry
from classifier.training.train import load_training_data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from classifier.data.dataset import Message

UNSEEN = ("outsider1", "outsider2")
BEST = 3
GOALS = {"must-escalate recall": "≥ 0.98", "L1 answered or asked back": "≥ 0.8"}

Decided = tuple["Message", Triage]


def main() -> None:
    """Print what was done with the messages of each label, and the shares that matter."""
    settings = load_settings()
    _, held, _ = load_training_data(Path("training_data"))
    asked = [message for message in held if message.author in UNSEEN]
    Registry(settings.model).note("holdout used", None, use="desk_unseen", rows=len(asked))
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    found = triager.triage_batch([message.text for message in asked], readers=None)
    decided = list(zip(asked, found, strict=True))
    for (kind, action), count in sorted(Counter((_kind(m), t.action) for m, t in decided).items()):
        print(f"{kind:18} {action:10} {count}")
    called = Action.ESCALATE
    must = [pair for pair in decided if pair[0].label in MUST_ESCALATE]
    easy = [pair for pair in decided if pair[0].label == L1]
    known = [pair for pair in easy if pair[0].article]
    answers = [pair for pair in decided if pair[1].action is Action.ANSWER]
    _share("must-escalate recall", must, (t.action is called for _, t in must))
    _share("to the right tier", must, (t.action is called and t.tier == m.label for m, t in must))
    without = (Action.ANSWER, Action.CLARIFY)
    _share("L1 answered or asked back", easy, (t.action in without for _, t in easy))
    _share("L1 with an article answered", known, (t.action is Action.ANSWER for _, t in known))
    _share("its article at rank 1", known, (_rank(m, t) == 0 for m, t in known))
    _share(f"its article in {BEST}", known, (_rank(m, t) < BEST for m, t in known))
    _share("wrong among answers", answers, (t.article != m.article for m, t in answers))


def _kind(message: Message) -> str:
    return (
        f"{message.label}, no article"
        if message.label == L1 and not message.article
        else (message.label)
    )


def _rank(message: Message, triage: Triage) -> int:
    found = [candidate.article for candidate in triage.candidates]
    return found.index(message.article) if message.article in found else len(found) + BEST


def _share(what: str, of: list[Decided], hits: Iterable[bool]) -> None:
    share = sum(hits) / max(1, len(of))
    print(f"{what}: {share:.3f} of {len(of)}")
    command = ".venv/bin/python tests/bench/desk_unseen.py"
    record("decision", f"unseen authors: {what}", share, goal=GOALS.get(what, ""), command=command)


if __name__ == "__main__":
    main()

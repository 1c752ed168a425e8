"""A small desk that learns: labels, articles, a model, a search, and what people settled there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.desk.deciding import Costs, Policy
from bot.desk.ids import TicketId
from bot.desk.learning import Lesson
from bot.fitting.gate import Budget
from bot.fitting.learning.refitting import Rules
from bot.fitting.learning.running import Setup
from bot.fitting.learning.versions import Versions
from classifier.data.dataset import read_messages
from classifier.data.holdout import freeze
from classifier.registry import artifact
from classifier.training.train import train
from kb.searching.base import KnowledgeBase
from tests.classifier.conftest import OPENINGS, SAID, HashingEncoder

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)
ARTICLES = {"reset": "reset my password", "printer": "add a printer", "travel": "book travel"}
NEWS = ("the turnstile badge reader blinks amber", "turnstile badge reader stays amber again")


def make(folder: Path) -> None:
    """Write labels and articles into a folder, and train a model there."""
    (folder / "data").mkdir()
    rows = [
        {
            "text": f"{opening} {said} {number}",
            "label": label,
            "scenario": f"{label}-{place}-{number}",
            "author": ("ann", "bob", "cem")[number % 3],
            "area": "identity" if place == 0 else "network",
        }
        for label, texts in SAID.items()
        for place, said in enumerate(texts)
        for number, opening in enumerate(OPENINGS * 2)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "data" / "all.jsonl").write_text(lines, encoding="utf-8")
    freeze(read_messages([folder / "data"]), folder / "data")
    train([folder / "data"], folder / "model", HashingEncoder())
    (folder / "articles").mkdir()
    for name, title in ARTICLES.items():
        text = f"---\ntitle: How to {title}\nid: {name}\n---\n\n1. Open the page.\n2. {title}.\n"
        (folder / "articles" / f"{name}.md").write_text(text, encoding="utf-8")


def move_in(made: Path, folder: Path) -> None:
    """Let a desk of its own begin with what was made."""
    artifact.copy(made / "model", folder / "model")
    with_base = KnowledgeBase.open(folder / "kb.db", HashingEncoder())
    with_base.sync([made / "articles"])
    with_base.close()


def set_up(made: Path, folder: Path) -> Setup:
    """Give what a run on such a desk works with; its base is to be closed."""
    return Setup(
        Versions(folder / "learning", folder / "model"),
        (made / "data",),
        KnowledgeBase.open(folder / "kb.db", HashingEncoder()),
        HashingEncoder(),
        Rules(lambda model, _: Policy.from_thresholds(model.thresholds), Costs(), Budget()),
        NOW,
    )


def lessons(count: int = 80, label: str = "L2") -> list[Lesson]:
    """What the shipped labels know nothing of: said by many, settled by three engineers."""
    return [
        Lesson(
            TicketId(number + 1), f"{NEWS[number % 2]} {OPENINGS[number % 6]} door {number}",
            label, "", 0.9, NOW - timedelta(days=58 - number * 0.7), f"e{number % 3}",
            f"p{number % 20}", label,
        )
        for number in range(count)
    ]  # fmt: skip


def state(setup: Setup) -> tuple[object, ...]:
    """All that serves: the model, the learned questions, and which version it is."""
    manifest = artifact.read_manifest(setup.versions.model)
    rows = setup.base.store.rows("select article, text, withdrawn from kb_learned order by text")
    profile = setup.base.store.state("profile-learned")
    return manifest, tuple(map(tuple, rows)), profile, setup.versions.serving()

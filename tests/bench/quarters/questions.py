"""What is asked in the quarter: messages of authors of whom the desk's model has learned nothing.

Whole authors are held out of its training, and the frozen holdout; each message is one person's
own words, written for the training data (training_data/DATASET.md), and each is asked once. What
it is about is the label that it was written with.
"""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.quarters.fixes import CHANGED, TERSE
from tests.bench.quarters.incidents import INCIDENT_WEEKS, INCIDENTS
from tests.bench.quarters.truth import bodies

if TYPE_CHECKING:
    from datetime import datetime

ROOT = Path(__file__).parents[3]
DATA = ROOT / "training_data"
FULL = 3_000
WEEKS = 13
SLOTS = 4
"""So often a day people write, two hours apart."""

ASKERS = frozenset({"outsider1", "outsider2", "newcomers", "leads", "banter"})
"""Authors who are left out of the training of the quarter's model whole."""


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """Read every labelled message."""
    found = []
    for file in sorted((DATA / "messages").glob("*.jsonl")):
        found += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return tuple(found)


@cache
def _frozen() -> frozenset[str]:
    return frozenset(json.loads((DATA / "holdout.json").read_text(encoding="utf-8"))["scenarios"])


def is_asked(row: dict[str, Any]) -> bool:
    """Tell whether a message is asked in the quarter, and so learned nowhere."""
    return row["author"] in ASKERS or row["scenario"] in _frozen()


@dataclass(frozen=True)
class Question:
    """One message that somebody writes, and what is true of it."""

    text: str
    label: str
    topic: str
    """What it is about: a sample article's id where one answers it, else its own scenario."""
    area: str
    at: datetime
    week: int

    @property
    def is_known(self) -> bool:
        """Whether an article of the sample answers it, be it taken away or not."""
        return self.topic in bodies()

    @property
    def needs_person(self) -> bool:
        """Whether nobody but a person can settle it."""
        return self.label in {"L2", "L3"}

    @property
    def is_talk(self) -> bool:
        """Whether nothing is asked."""
        return self.label == "chat"

    def draw(self, what: str, seed: int) -> float:
        """Give a chance between 0 and 1 that depends on nothing that the bot does."""
        told = hashlib.sha256(f"{seed}|{what}|{self.text}".encode()).digest()
        return int.from_bytes(told[:8], "big") / 2**64


def drawn(count: int, weeks: int, seed: int, begins: datetime) -> list[Question]:
    """Draw who asks what and when, over the working hours of some weeks.

    Of fewer questions whole topics are drawn, so that each is asked as often as in the full size.
    """
    draw = random.Random(seed)
    asked = [row for row in rows() if is_asked(row)]
    topics = sorted({_topic(row) for row in asked})
    chosen = frozenset(_some(topics, min(1.0, count / FULL), draw))
    asked = [row for row in asked if _topic(row) in chosen]
    draw.shuffle(asked)
    hours = [
        (week, begins + timedelta(weeks=week - 1, days=day, hours=2 * slot + 1))
        for week in range(1, weeks + 1)
        for day in range(5)
        for slot in range(SLOTS)
    ]
    share = weeks / WEEKS
    found = []
    for row in asked[: round(min(count, len(asked)) * share)]:
        week, at = draw.choice(hours)
        found.append(_question(row, at, week))
    for week, texts in zip(INCIDENT_WEEKS, INCIDENTS, strict=True):
        at = begins + timedelta(weeks=week - 1, days=1, hours=3)
        found += [_incident(text, at, week) for text in texts if week <= weeks]
    return sorted(found, key=lambda each: each.at)


def _some(topics: list[str], share: float, draw: random.Random) -> list[str]:
    kinds = (TERSE, CHANGED, bodies())
    parts: list[list[str]] = [[], [], [], []]
    for topic in topics:
        parts[next((n for n, kind in enumerate(kinds) if topic in kind), 3)].append(topic)
    return [topic for part in parts for topic in draw.sample(part, round(len(part) * share))]


def _topic(row: dict[str, Any]) -> str:
    return str(row["article"] or row["scenario"]) if row["label"] == "L1" else row["scenario"]


def _question(row: dict[str, Any], at: datetime, week: int) -> Question:
    return Question(row["text"], row["label"], _topic(row), row["area"], at, week)


def _incident(text: str, at: datetime, week: int) -> Question:
    return Question(text, "L3", f"incident of week {week}", "network", at, week)

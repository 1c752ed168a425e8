"""Labelled follow-ups: what somebody wrote into a thread, where it stood, and what they meant."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from classifier.data.dataset import read_records, text_of
from classifier.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FOLDER = "followups"
HOLDOUT = "holdout.json"
FILLING = frozenset(
    (
        "phrases",
        "crossings",
        "harvest",
        "firsts",
        "markets",
        "chapels",
        "mondays",
        "stages",
        "breakroom",
    )
)
"""Authors whose rows fill thin spots, by no one's frequencies: nothing is measured on them."""

NEW = "new"
STATES = (
    "answered",
    "walking",
    "asked_back",
    "escalated",
    "taken",
    "waiting",
    "settled",
    "closed",
    NEW,
)
"""Where a thread stands; `new` where nothing was asked in it yet."""

STAGES = (0, 1, 2, 3, 3, 4, 5, 5, 6)
"""States of one stage mean much the same for what is said in them."""

MEANINGS = (
    "another",
    "details",
    "failed",
    "on_call",
    "person",
    "solved",
    "status",
    "step",
    "talk",
    "thanks",
)
"""What a message means for what happens next; in a new thread `another` is a request."""


@dataclass(frozen=True)
class FollowUp:
    """A message in its context: how the thread began, where it stands, what was shown last."""

    text: str
    state: str = NEW
    opened: str = ""
    shown: str = ""
    who: str = "requester"


@dataclass(frozen=True)
class LabelledFollowUp:
    """A follow-up, what it means, and who wrote it."""

    followup: FollowUp
    label: str
    author: str
    elsewhere: bool = False
    """Whether it was said in another state than this: learned, and nothing is measured on it."""


def read_followups(folder: Path) -> tuple[list[LabelledFollowUp], list[LabelledFollowUp]]:
    """Read a folder's follow-ups: those to learn from, and those of authors held out whole.

    Raises:
        DataError: a row cannot be read, or the held-out rows are not those that were frozen.
    """
    files = sorted(folder.glob("*.jsonl"))
    rows = [_labelled(record, file, line) for file in files for line, record in read_records(file)]
    kept_out = _holdout(folder)
    held = [row for row in rows if row.author in kept_out]
    return [row for row in rows if row.author not in kept_out], held


def freeze_followups(folder: Path, authors: Sequence[str]) -> None:
    """Write down that all these authors wrote is held out."""
    file = folder / HOLDOUT
    file.unlink(missing_ok=True)
    held = [row for row in read_followups(folder)[0] if row.author in authors]
    record = {"authors": sorted(authors), "rows": len(held), "sha256": followups_hash(held)}
    file.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def followups_hash(rows: Iterable[LabelledFollowUp]) -> str:
    """SHA-256 over all that the rows say, whatever their order."""
    lines = sorted(json.dumps([asdict(row.followup), row.label]) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _holdout(folder: Path) -> frozenset[str]:
    file = folder / HOLDOUT
    if not file.is_file():
        return frozenset()
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        authors, frozen = frozenset(record["authors"]), str(record["sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(file, None, f"is not a holdout file ({error})") from error
    rows = [
        _labelled(found, path, line)
        for path in sorted(folder.glob("*.jsonl"))
        for line, found in read_records(path)
    ]
    if followups_hash(row for row in rows if row.author in authors) != frozen:
        raise DataError(
            file, None, "the held-out rows have changed since they were frozen; put them back"
        )
    return authors


def _labelled(record: dict[str, Any], file: Path, line: int) -> LabelledFollowUp:
    label, state = record.get("label"), record.get("state")
    if label not in MEANINGS:
        raise DataError(file, line, f"unknown meaning {label!r}; known: {', '.join(MEANINGS)}")
    if state not in STATES:
        raise DataError(file, line, f"unknown state {state!r}; known: {', '.join(STATES)}")
    followup = FollowUp(
        text_of(record, file, line),
        str(state),
        str(record.get("opened") or ""),
        str(record.get("shown") or ""),
        str(record.get("who") or "requester"),
    )
    return LabelledFollowUp(followup, str(label), str(record.get("author") or file.stem))

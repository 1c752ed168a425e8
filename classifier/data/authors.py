"""Data beside the desk's messages whose holdout is whole authors: routes and priorities."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.data.dataset import read_records, text_of
from classifier.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HOLDOUT = "holdout.json"


@dataclass(frozen=True)
class Row:
    """One text, who wrote it, and what is said of it, by name."""

    text: str
    author: str
    language: str
    said: tuple[str, ...]
    scenario: str = ""

    @property
    def key(self) -> str:
        """The text as compared for sameness: case and spacing do not count."""
        return " ".join(self.text.casefold().split())


def read_rows(
    folder: Path, names: Sequence[str], known: Sequence[frozenset[str]]
) -> tuple[list[Row], list[Row]]:
    """Read a folder's rows: those to train on, and those of the authors who are held out.

    Args:
        folder: holds *.jsonl and, where authors are held out, a holdout.json.
        names: the keys of what is said of a text.
        known: the values that each of them may have.
    """
    rows = []
    for file in sorted(folder.glob("*.jsonl")):
        for line, record in read_records(file):
            said = tuple(str(record.get(name)) for name in names)
            for name, value, allowed in zip(names, said, known, strict=True):
                if value not in allowed:
                    raise DataError(file, line, f"{name} is {value!r}; known: {sorted(allowed)}")
            author, language = record.get("author"), record.get("language")
            if not isinstance(author, str) or not author:
                raise DataError(file, line, "has no author, so it cannot be held out")
            scenario = str(record.get("scenario") or "")
            rows.append(
                Row(text_of(record, file, line), author, str(language or "en"), said, scenario)
            )
    held_authors = _frozen(folder, rows)
    held = [row for row in rows if row.author in held_authors]
    hidden = {row.key for row in held}
    return [row for row in rows if row.key not in hidden], held


def _frozen(folder: Path, rows: Sequence[Row]) -> frozenset[str]:
    """Give the authors who are held out, after checking that their rows are what they were."""
    file = folder / HOLDOUT
    if not file.is_file():
        return frozenset()
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        authors, expected = frozenset(record["authors"]), record["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(file, None, f"is not a holdout file ({error})") from error
    lines = sorted(json.dumps([r.text, *r.said]) for r in rows if r.author in authors)
    if hashlib.sha256("\n".join(lines).encode()).hexdigest() != expected:
        raise DataError(file, None, "the held-out rows have changed since they were frozen")
    return authors

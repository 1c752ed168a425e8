"""The frozen holdout: whole scenarios that no training ever sees; texts where there are none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.data.dataset import Message, data_hash, without_duplicates
from classifier.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

FILE_NAME = "holdout.json"

_ONE_IN = 5


@dataclass(frozen=True)
class Holdout:
    """Which scenarios are held out, and the hash of their rows when they were frozen."""

    scenarios: frozenset[str]
    sha256: str
    rows: int

    def contains(self, message: Message) -> bool:
        """Tell whether a message belongs to the holdout."""
        return message.bundle in self.scenarios


def load_holdout(folder: Path) -> Holdout | None:
    """Read the holdout beside training data; None where there is none."""
    file = folder / FILE_NAME
    if not file.is_file():
        return None
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        return Holdout(frozenset(record["scenarios"]), record["sha256"], int(record["rows"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(file, None, f"is not a holdout file ({error})") from error


def split(
    messages: Sequence[Message], holdout: Holdout | None
) -> tuple[list[Message], list[Message]]:
    """Part messages into those to train on and those held out."""
    if holdout is None:
        return list(messages), []
    held = [message for message in messages if holdout.contains(message)]
    return [message for message in messages if not holdout.contains(message)], held


def check(held: Sequence[Message], holdout: Holdout, folder: Path) -> None:
    """Refuse a holdout whose rows are no longer those that were frozen."""
    if data_hash(held) != holdout.sha256:
        raise DataError(
            folder / FILE_NAME,
            None,
            f"the held-out rows have changed since they were frozen ({len(held)} rows now, "
            f"{holdout.rows} then); put them back, or freeze anew with "
            "`frontline classifier freeze-holdout` and measure every model again",
        )


def freeze(
    messages: Iterable[Message], folder: Path, *, whole_authors: Collection[str] = ()
) -> Holdout:
    """Write down which scenarios are held out.

    The first time one in five, chosen by the hash of its name. What is frozen stays so: later
    calls only add all that `whole_authors` wrote, people whom no training has met.
    """
    rows = list(messages)
    before = load_holdout(folder)
    if before is None:
        chosen = {m.bundle for m in rows if _drawn(m.bundle)}
    else:
        chosen = set(before.scenarios)
    chosen |= {_own(m, rows) for m in rows if m.author in set(whole_authors)}
    held = without_duplicates(message for message in rows if message.bundle in chosen)
    holdout = Holdout(frozenset(chosen), data_hash(held), len(held))
    record = {"sha256": holdout.sha256, "rows": holdout.rows, "scenarios": sorted(chosen)}
    (folder / FILE_NAME).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return holdout


def _own(message: Message, rows: Sequence[Message]) -> str:
    """Give the scenario of a held-out author's message, if nobody else wrote of it."""
    others = {m.author for m in rows if m.bundle == message.bundle} - {message.author}
    if others:
        names = ", ".join(sorted(map(str, others)))
        raise DataError(
            message.file, message.line, f"shares its scenario with {names}; give it one of its own"
        )
    return message.bundle


def _drawn(scenario: str) -> bool:
    # A hash of the name alone: nobody can pick which scenarios are easy.
    return int.from_bytes(hashlib.sha256(scenario.encode()).digest()[:4]) % _ONE_IN == 0

"""In which language people are spoken to, and whether capitals are read.

    python -m tests.bench.spoken

Of messages whose language is known: how many are answered in it, surely and by the likeliest guess,
and how many English ones in another. Of some in capitals: how many are decided as in small letters.
Nothing here is held out: limits were set on such messages.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.desk.language import OFFERED
from bot.language import likely_in, surely_in
from bot.settings.loading import load_settings

if TYPE_CHECKING:
    from bot.service.deciding.triaging import Triager

DATA = Path("training_data")
MANY, SOME, SHORT, LONGEST = 2_500, 250, 6, 90


def rows(pattern: str) -> list[dict[str, Any]]:
    """Read rows of files, in a drawn but fixed order."""
    files = sorted(DATA.glob(pattern))
    found = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    random.Random(1).shuffle(found)
    return found


def guessed(text: str) -> str:
    """Give the language of somebody of whom nothing else is known."""
    return surely_in(text) or likely_in(text)


def decided(text: str, triager: Triager) -> tuple[str, str]:
    """Say what is done with a message, and which article comes first."""
    triage = triager.triage(text, readers=frozenset())
    return str(triage.action), triage.candidates[0].article if triage.candidates else ""


def main() -> None:
    """Print both."""
    theirs = [r for r in rows("routes/voices*.jsonl") if r["language"] in OFFERED][:MANY]
    short = [row for row in theirs if len(row["text"].split()) <= SHORT]
    english = [row["text"] for row in rows("messages/*.jsonl")[:MANY]]
    for name, tell in (("surely", surely_in), ("or likely", guessed)):
        right, few = (
            sum(tell(row["text"]) == row["language"] for row in some) / len(some)
            for some in (theirs, short)
        )
        wrong = sum(tell(text) in OFFERED for text in english)
        print(
            f"{name}: {right:.2f} of {len(theirs)}, {few:.2f} of {len(short)} short ones;", end=""
        )
        print(f" of {len(english)} in English {wrong} in another language")
    settings = load_settings()
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    others = [row["text"] for row in theirs if row["language"] != "ja"]
    for name, texts in (("English", english), ("other languages", others)):
        some = [text for text in texts if len(text) < LONGEST][:SOME]
        both = [(decided(text, triager), decided(text.upper(), triager)) for text in some]
        same = [sum(one[part] == other[part] for one, other in both) for part in (0, 1)]
        print(
            f"capitals, {name}: the same done for {same[0]}, the same article for {same[1]}", end=""
        )
        print(f" of {len(some)}")


if __name__ == "__main__":
    main()

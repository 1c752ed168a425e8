"""Typos: what tier and search lose when words are mistyped: `python tests/bench/typos.py`.

Messages of the training part are mistyped in so many of their words (a letter dropped, doubled,
swapped or replaced), a fixed few for each label, and decided with and without mending. The tier's
figures are flattered, as these messages were learned: read the differences.
"""

# ruff: noqa: T201 (a benchmark prints its figures, and its dice are no secret)

from __future__ import annotations

import json
import random
import string
from pathlib import Path

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.settings.loading import load_settings

SHARES = (0.0, 0.05, 0.1, 0.2)
EVERY = 20
SHORTEST = 4


def mistyped(text: str, share: float, dice: random.Random) -> str:
    """Mistype so many of a text's words, at least one where any are to be."""
    words = text.split(" ")
    long_ones = [row for row, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    count = min(len(long_ones), max(1, round(share * len(words)))) if share else 0
    for row in dice.sample(long_ones, count):
        words[row] = _slip(words[row], dice)
    return " ".join(words)


def _slip(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    replaced = word[:at] + dice.choice(string.ascii_lowercase) + word[at + 1 :]
    return dice.choice([word[:at] + word[at + 1 :], word[:at] + word[at:at] + word[at:], swapped,
                        word[:at] + word[at] + word[at:], replaced])  # fmt: skip


def main() -> None:
    """Print accuracy of the label and of the first article, for each share, without and with."""
    settings = load_settings()
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    rows = [
        json.loads(line)
        for file in sorted(Path("training_data/messages").glob("*.jsonl"))
        if not file.stem.startswith("outsider")
        for line in file.read_text(encoding="utf-8").splitlines()
    ][::EVERY]
    mend = triager._mended
    for share in SHARES:
        dice = random.Random(7)
        texts = [mistyped(row["text"], share, dice) for row in rows]
        for name, how in (("as typed", lambda text: text), ("mended", mend)):
            triager._mended = how  # type: ignore[method-assign]
            found = triager.triage_batch(texts, readers=None)
            labels = [max(t.probabilities, key=t.probabilities.__getitem__) for t in found]
            right = sum(one == row["label"] for one, row in zip(labels, rows, strict=True))
            asked = [(t, row) for t, row in zip(found, rows, strict=True) if row.get("article")]
            hits = sum(bool(t.candidates) and t.candidates[0].article == row["article"]
                       for t, row in asked)  # fmt: skip
            print(f"{share:4.0%} {name:9} label {right / len(rows):.3f} of {len(rows)}; "
                  f"article {hits / len(asked):.3f} of {len(asked)}")  # fmt: skip


if __name__ == "__main__":
    main()

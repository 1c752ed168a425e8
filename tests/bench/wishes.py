"""Is a wish recognised, whoever utters it? Each author is left out in turn.

The negatives of the examples are hard ones ("it would be great if somebody looked at the
printer"); how many of ordinary messages are taken for wishes is counted on those of two authors
of the training data whom nothing here is learned from.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from kb.encoding.loading import load_encoder
from kb.questions.wishing import SURE, Told, chances, examples
from kb.sources import read_source
from tests.bench.figures import record

ROOT = Path(__file__).parents[2]
OTHERS = 300
COMMAND = "python -m tests.bench.wishes"


def main() -> None:
    """Measure, print, and record."""
    encoder = load_encoder()
    rows = examples()
    told = Told([row.text for row in rows], encoder.encode([row.text for row in rows]))
    wish = np.asarray([row.wish for row in rows])
    asked = _asked()[:OTHERS]
    others = Told(asked, encoder.encode(asked))
    found = np.zeros(len(rows))
    for author in sorted({row.author for row in rows}):
        out = [n for n, row in enumerate(rows) if row.author == author]
        learned = [n for n, row in enumerate(rows) if row.author != author]
        found[out] = chances(told.of(out), told.of(learned), wish[learned].tolist(), others)
    taken = found >= SURE
    ordinary = _messages()
    wrongly = chances(Told(ordinary, encoder.encode(ordinary)), told, wish.tolist(), others) >= SURE
    figures = {
        "wishes, of what is taken for one, authors left out": float(wish[taken].mean()),
        "wishes, found, authors left out": float(taken[wish].mean()),
        "ordinary messages taken for wishes": float(wrongly.mean()),
    }
    for name, value in figures.items():
        sys.stdout.write(f"{name}: {value:.3f}\n")
        record("gaps", name, value, command=COMMAND)
    for text in np.asarray(ordinary)[wrongly]:
        sys.stdout.write(f"  {text[:160]}\n")


def _asked() -> list[str]:
    entries = read_source(ROOT / "kb" / "articles", collection="default")
    articles = [entry.article for entry in entries if entry.article is not None]
    texts = [text for one in articles for text in (one.title, *one.questions)]
    return [texts[n] for n in np.random.default_rng(0).permutation(len(texts))]


def _messages() -> list[str]:
    return [
        json.loads(line)["text"]
        for file in sorted((ROOT / "training_data" / "messages").glob("outsider*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]


if __name__ == "__main__":
    main()

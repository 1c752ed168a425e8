"""Which list of steps is shown, of an article that has several: theirs, or it is asked.

`python -m tests.bench.article_ways`: what ten people wrote, none of whom anything was set by. The
baseline shows the first list always, as Frontline did.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.service.deciding.ways import fitting
from kb.sources import read_source
from tests.bench.figures import record
from tests.scenarios.models import ARTICLES, encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = Path(__file__).with_name("article_ways.jsonl")
GOAL = 0.95


@cache
def _vector(text: str):  # noqa: ANN202 - a vector
    return encoder().encode([text])[0]


def likeness(text: str, others: Sequence[str]) -> list[float]:
    """Compare as the bot does."""
    return [float(_vector(each) @ _vector(text)) for each in others]


def main() -> int:
    """Choose for each row; print the shares."""
    read = read_source(ARTICLES, collection="default")
    known = {each.article.id: each.article for each in read if each.article}
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    right = asked = first = shown = 0
    telling = [row for row in rows if row["list"] is not None]
    for row in rows:
        article = known[row["article"]]
        way = fitting(row["text"], article.title, article.step_lists, likeness)
        if row["list"] is None:
            shown += way is not None
            continue
        asked += way is None
        right += way is not None and article.step_lists[way].title == row["list"]
        first += article.step_lists[0].title == row["list"]
    share, silent = (right + asked) / len(telling), len(rows) - len(telling)
    sys.stdout.write(
        f"of {len(telling)} messages that tell which: {right} got their steps, {asked} were asked, "
        f"{len(telling) - right - asked} got others ({share:.3f} right or asked; the first list "
        f"always: {first / len(telling):.3f}); of {silent} that do not tell, {shown} were not "
        "asked\n"
    )
    command = "python -m tests.bench.article_ways"
    record("ways", "steps of the right list, or asked", share, command=command, goal=f"≥ {GOAL}")
    record("ways", "steps of the right list at once", right / len(telling), command=command)
    record("ways", "the first list always (baseline)", first / len(telling), command=command)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

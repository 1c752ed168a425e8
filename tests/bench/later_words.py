"""What may be grave below an ordinary question: heard, and asked about in vain.

    python -m tests.bench.later_words

Rows on danger, security and confidential matters by authors held out, each below an opening of a
follow-up of its language that was drawn with a fixed seed; and those follow-ups, below their own.
*Acted on* is sure by itself and told with the opening; *asked* is suspected both times.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.settings.loading import load_settings
from classifier.data.authors import read_rows
from classifier.data.followups import HOLDOUT
from classifier.data.labels import MATTERS, USUAL
from classifier.data.threads import below
from classifier.registry.models import Registry

if TYPE_CHECKING:
    from bot.service.deciding.triaging import Triager

DATA = Path("training_data")
ENGLISH = "en"
SEED = 1


def heard(said: str, asked: str, triager: Triager) -> str:
    """Say what comes of words below an opening: acted on, asked, or nothing."""
    alone = triager.suspicion(said)
    together = triager.suspicion(below(asked, said)) if alone else None
    if alone is None or together is None or together.matter is not alone.matter:
        return "nothing"
    return "acted on" if alone.sure else "asked"


def of_language(code: str) -> str:
    """Give the group that a language is counted in."""
    return "English" if code == ENGLISH else "other languages"


def held_followups(folder: Path) -> list[dict[str, Any]]:
    """Read the follow-ups of authors held out, with their languages."""
    authors = json.loads((folder / HOLDOUT).read_text("utf-8"))["authors"]
    files = [folder / f"{author}.jsonl" for author in authors]
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def main() -> None:
    """Print shares of each matter, and of ordinary follow-ups."""
    settings = load_settings()
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    _, grave = read_rows(DATA / "routes", ["route"], [MATTERS])
    follow = [row for row in held_followups(DATA / "followups") if row["opened"]]
    Registry(settings.model).note(
        "holdout used", None, use="later_words", rows=len(grave) + len(follow)
    )
    openings: dict[str, list[str]] = defaultdict(list)
    for each in follow:
        openings[each["language"]].append(each["opened"])
    drawn = random.Random(SEED)
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in grave:
        if row.said[0] != USUAL:
            opening = drawn.choice(openings.get(row.language) or openings[ENGLISH])
            came = heard(row.text, opening, triager)
            found[row.said[0], of_language(row.language)][came] += 1
    for each in follow:
        came = heard(each["text"], each["opened"], triager)
        found["ordinary", of_language(each["language"])][came] += 1
    for (what, where), counts in sorted(found.items()):
        many = counts.total()
        shares = ", ".join(f"{how} {counts[how] / many:.2f}" for how in ("acted on", "asked"))
        print(f"{what}, {where}: {shares} of {many}")


if __name__ == "__main__":
    main()

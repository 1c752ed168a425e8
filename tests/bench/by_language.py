"""What first messages and follow-ups lead to, language by language.

    python -m tests.bench.by_language

The same sixteen messages in ten languages (`by_language.jsonl`), and the questions of
`ten_languages.jsonl`. *Wrong* is what is decided wrongly without asking: a request that meets
silence, the wrong tier, a follow-up taken for another. What is asked back has buttons.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.desk.asking import TROUBLE, Said, Stage
from bot.desk.deciding import Action, weigh
from bot.desk.promises import Priority
from bot.desk.tiers import Tier
from bot.settings.loading import load_settings

if TYPE_CHECKING:
    from bot.desk.deciding import Triage
    from bot.service.deciding.triaging import Triager

HERE = Path(__file__).parent
OPENED = "the article does not match my screen"


def rows(name: str) -> list[dict[str, Any]]:
    """Read one of the files beside this one."""
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def of_opening(row: dict[str, Any], triage: Triage, triager: Triager) -> str:
    """Say what a first message leads to: right, asked back, or wrong."""
    understood = triager.understand(Said(row["text"]))
    quiet = (triage.action is Action.COURTESY or triage.unknown) and understood.is_small_talk(
        readable=not triage.unknown
    )
    if row["what"] == "talk":
        return "right" if quiet else "asked" if triage.action is Action.CLARIFY else "wrong"
    if quiet:
        return "wrong"
    if triage.action is Action.CLARIFY:
        return "asked"
    if row["what"] == "L1":
        return "right" if triage.action is Action.ANSWER or triage.gap else "wrong"
    called = triage.action is Action.ESCALATE and triage.tier is Tier(row["what"])
    return "right" if called else "wrong"


def of_followup(row: dict[str, Any], triager: Triager) -> str:
    """Say how a follow-up is understood: right, asked back, or wrong."""
    said = Said(row["text"], Stage(row["state"]), opened=OPENED)
    meaning = triager.understand(said).meaning
    if meaning is None:
        return "asked"
    same = meaning == row["what"] or {meaning.value, row["what"]} <= {m.value for m in TROUBLE}
    return "right" if same or {meaning.value, row["what"]} == {"solved", "thanks"} else "wrong"


def of_priority(row: dict[str, Any], triager: Triager) -> str:
    """Say how far the predicted priority is off."""
    weighed = weigh(row["text"], Tier(row["what"]), weight=triager.weight(row["text"]))
    off = abs(weighed.priority.rank - Priority(row["priority"]).rank)
    return "exact" if not off else "one off" if off == 1 else "more off"


def main() -> None:
    """Print a line a language and question."""
    settings = load_settings()
    encoder = build_encoder(settings)
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    said = rows("by_language.jsonl")
    asked = [{**row, "what": "questions"} for row in rows("ten_languages.jsonl")]
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    first = [row for row in said if "state" not in row] + asked
    triages = triager.triage_batch([row["text"] for row in first], readers=None)
    for row, triage in zip(first, triages, strict=True):
        what = "tier" if row["what"].startswith("L") else row["what"]
        led = of_opening(row, triage, triager)
        if what == "questions" and led == "wrong" and triage.action is Action.ANSWER:
            led = "right" if triage.article == row["article"] else "wrong"
        found[what, row["language"]][led] += 1
        if "priority" in row:
            found["priority", row["language"]][of_priority(row, triager)] += 1
    for row in said:
        if "state" in row:
            found["follow-ups", row["language"]][of_followup(row, triager)] += 1
    for (what, language), counts in sorted(found.items()):
        print(f"{what}, {language}: {', '.join(f'{n} {k}' for k, n in sorted(counts.items()))}")


if __name__ == "__main__":
    main()

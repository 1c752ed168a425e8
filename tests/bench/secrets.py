"""How many secrets scrubbing finds, and how often it alarms for nothing.

    python -m tests.bench.secrets [--missed SITTING]

`sitting_one` was looked at while the rules were written; `sitting_two` was held out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.scrubbing.scrubber import RuleScrubber
from tests.bench.secrets_made import Made, made

MESSAGES = Path(__file__).parents[2] / "training_data" / "messages"
SITTINGS = ("sitting_one", "sitting_two")


def is_found(example: Made, scrubber: RuleScrubber) -> bool:
    """Whether nothing of any secret is left."""
    shown = scrubber.scrub(example.text).text
    return not any(secret in shown for secret in example.secrets)


def recall(sitting: str) -> tuple[int, list[Made]]:
    """Give how many examples there are, and those of which something was left."""
    scrubber, examples = RuleScrubber(), made(sitting)
    return len(examples), [each for each in examples if not is_found(each, scrubber)]


def alarms() -> tuple[int, list[str]]:
    """Give how many ordinary messages there are, and what became of those that alarmed."""
    scrubber, count, alarmed = RuleScrubber(), 0, []
    for file in sorted(MESSAGES.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            count += 1
            scrubbed = scrubber.scrub(json.loads(line)["text"])
            if scrubbed:
                alarmed.append(f"{json.loads(line)['text']}\n   -> {scrubbed.text}")
    return count, alarmed


def main() -> None:
    """Print the figures; with `--missed SITTING` also what was missed."""
    for sitting in SITTINGS:
        count, missed = recall(sitting)
        print(f"{sitting}: recall {1 - len(missed) / count:.3f} of {count}")
        if sitting in sys.argv:
            print(*(f"   {each.language} {each.text!r}" for each in missed), sep="\n")
    count, alarmed = alarms()
    print(f"false alarms: {len(alarmed) / count:.4f} of {count} ordinary messages")
    if "alarms" in sys.argv:
        print(*alarmed, sep="\n")


if __name__ == "__main__":
    main()

"""How many secrets scrubbing finds, and how often it alarms for nothing.

    python -m tests.bench.pasted_secrets [SITTING] [alarms]

`sitting_one` was looked at while the rules were written. `sitting_two` was held out of that:
0.948 when it was first looked at, which brought two rules more. `sitting_three` came after them
and is the figure for what the rules have never seen.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from bot.scrubbing.scrubber import RuleScrubber
from tests.bench.figures import record
from tests.bench.secrets_made import Made, made

MESSAGES = Path(__file__).parents[2] / "training_data" / "messages"
FOLDER = Path(__file__).parent / "secrets"
OUTSIDE = ("outside", "outside_two")
NAMES = {
    "outside": "pasted secrets found, of 195 forms that the rules were mended for",
    "outside_two": "of 40 more, never looked at",
}
COMMAND = ".venv/bin/python -m tests.bench.pasted_secrets"
GOAL = "≥ 0.95"
SITTINGS = {"sitting_one": 250, "sitting_two": 250, "sitting_three": 120}


def is_found(example: Made, scrubber: RuleScrubber) -> bool:
    """Whether nothing of any secret is left."""
    shown = scrubber.scrub(example.text).text
    return not any(secret in shown for secret in example.secrets)


def recall(sitting: str) -> tuple[int, list[Made]]:
    """Give how many examples there are, and those of which something was left."""
    scrubber, examples = RuleScrubber(), made(sitting, SITTINGS[sitting])
    return len(examples), [each for each in examples if not is_found(each, scrubber)]


def outside(name: str) -> tuple[int, list[Made]]:
    """The same of messages as people paste them, with what is secret between brackets.

    `outside` was written before its author had read the rules: 0.728 were found. Half of it was
    then mended for, which found 0.825 of the other half; then the other half too. `outside_two`
    came after that, nobody has looked at what is missed of it, and no rule is to be made of it.
    """
    scrubber, found = RuleScrubber(), []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        # What a scanner of repositories would take for somebody's key is written in two parts.
        whole = line.replace("‖", "").replace("\\n", "\n")
        text = whole.replace("⟦", "").replace("⟧", "")
        found.append(Made(text, "", tuple(re.findall("⟦(.*?)⟧", whole))))
    return len(found), [each for each in found if not is_found(each, scrubber)]


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
    """Print the figures; with a sitting's name also what was missed, with `alarms` those too."""
    for sitting in SITTINGS:
        count, missed = recall(sitting)
        click.echo(f"{sitting}: recall {1 - len(missed) / count:.3f} of {count}")
        if sitting in sys.argv:
            click.echo("\n".join(f"   {each.language} {each.text!r}" for each in missed))
    for name in OUTSIDE:
        count, missed = outside(name)
        click.echo(f"{name}: recall {1 - len(missed) / count:.3f} of {count}")
        record("privacy", NAMES[name], 1 - len(missed) / count, command=COMMAND, goal=GOAL)
    count, alarmed = alarms()
    record("privacy", "false alarms", len(alarmed) / count, command=COMMAND, goal="≤ 0.01")
    click.echo(f"false alarms: {len(alarmed) / count:.4f} of {count} ordinary messages")
    if "alarms" in sys.argv:
        click.echo("\n".join(alarmed))


if __name__ == "__main__":
    main()

"""How many secrets scrubbing finds, and how often it alarms for nothing.

    python -m tests.bench.pasted_secrets [SITTING] [alarms]

`sitting_one` was looked at while the rules were written. `sitting_two` was held out of that:
0.948 when it was first looked at, which brought two rules more. `sitting_three` came after them.
`outside_three`, `outside_four` and their look-alikes are the figures for what nobody wrote rules
for, and nobody looks at what is missed of them. The judge's own, without the rules, stand beside.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from bot.desk.privacy import without
from bot.scrubbing.judge.judge import judged
from bot.scrubbing.scrubber import RuleScrubber
from tests.bench.figures import record
from tests.bench.secrets_made import Made, made

MESSAGES = Path(__file__).parents[2] / "training_data" / "messages"
FOLDER = Path(__file__).parent / "secrets"
FITTED = Path(__file__).parents[2] / "training_data" / "secrets"
OUTSIDE = {
    "outside": FITTED / "pasted.txt",
    "outside_two": FITTED / "pasted_two.txt",
    "outside_three": FOLDER / "outside_three.txt",
    "outside_four": FOLDER / "outside_four.txt",
}
HELD_OUT = "outside_three"
ALIKE = FOLDER / "outside_three_alike.txt", FOLDER / "outside_four_alike.txt"
NAMES = {
    "outside": "pasted secrets found, of 195 forms that the rules were mended for",
    "outside_two": "of 40 more, looked at since",
    "outside_three": "of 100 more in forms that nobody wrote rules for",
    "outside_four": "of 90 by four people whose author had read neither rules nor data",
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
    came after that; `outside_three` came before anything that is in the judge, and is held out of
    rules and judge for good: no rule, cue or form is to be made of it, nor of `outside_four`.
    """
    scrubber = RuleScrubber()
    examples = marked(OUTSIDE[name])
    return len(examples), [each for each in examples if not is_found(each, scrubber)]


def marked(file: Path) -> list[Made]:
    """Give messages as people paste them, with what is secret between brackets."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        # What a scanner of repositories would take for somebody's key is written in two parts.
        whole = line.replace("‖", "").replace("\\n", "\n")
        text = whole.replace("⟦", "").replace("⟧", "")
        found.append(Made(text, "", tuple(re.findall("⟦(.*?)⟧", whole))))
    return found


def judge_alone() -> float:
    """Give the share that the judge finds without any rule, of what it was not fitted on."""
    examples = marked(OUTSIDE[HELD_OUT])
    left = (without(each.text, judged(each.text)).text for each in examples)
    missed = sum(
        any(secret in text for secret in each.secrets)
        for each, text in zip(examples, left, strict=True)
    )
    return 1 - missed / len(examples)


def alike() -> tuple[int, int]:
    """Give how many messages there are that only look like one, and how many of them alarm."""
    scrubber, texts = RuleScrubber(), [each.text for file in ALIKE for each in marked(file)]
    return len(texts), sum(bool(scrubber.scrub(text)) for text in texts)


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
    alone = judge_alone()
    click.echo(f"{HELD_OUT}, by the judge alone: {alone:.3f}")
    record("privacy", "of these by the judge alone, without rules", alone, command=COMMAND)
    count, alarming = alike()
    click.echo(f"look-alikes: {alarming} of {count} alarm")
    record(
        "privacy", "of 120 that only look like secrets, masked", alarming / count, command=COMMAND
    )
    count, alarmed = alarms()
    record("privacy", "false alarms", len(alarmed) / count, command=COMMAND, goal="≤ 0.01")
    click.echo(f"false alarms: {len(alarmed) / count:.4f} of {count} ordinary messages")
    if "alarms" in sys.argv:
        click.echo("\n".join(alarmed))


if __name__ == "__main__":
    main()

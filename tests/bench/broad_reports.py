"""What becomes of reports of outages, and of what could be mistaken for one.

`python -m tests.bench.broad_reports`: the sample desk decides on `broad_reports.tsv`, 160 messages
by two authors in eight persons' words; `W` is broken for many, `S` is not. Nothing was learned
from them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click

MESSAGES = Path(__file__).with_suffix(".tsv")
KINDS = {"W": "broken for many", "S": "not"}


def main() -> None:
    """Print how many of each kind are met with which action."""
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t", 1) for line in lines]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as asked:
        asked.writelines(json.dumps({"text": text}) + "\n" for _, text in rows)
        asked.flush()
        command = [sys.executable, "-m", "bot", "ask", "--batch", asked.name, "--json"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    actions = [json.loads(line)["action"] for line in done.stdout.splitlines()]
    counts = Counter(zip((kind for kind, _ in rows), actions, strict=True))
    for kind, name in KINDS.items():
        told = {action: n for (of, action), n in sorted(counts.items()) if of == kind}
        click.echo(f"{name}: {told}")


if __name__ == "__main__":
    main()

"""Whole conversations through the real bot: `python -m tests.bench.conversations FILE…`.

The files are lines of `say`, `want` and perhaps `where`; by default those of the authors who are
held out whole. The bot is the real one, with the articles and the model that `make model` makes,
in the local workspace. `--show` prints those that did not end as they should.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from bot.settings.file import ClassifierSettings
from tests.scenarios.conversing import conversations, play
from tests.scenarios.models import ROOT, real_triager
from tests.scenarios.office import Office, configuration

HELD_OUT = ROOT / "training_data" / "conversations"


def main() -> None:
    """Print the share of each file that ends as it should, by how it should end."""
    show = "--show" in sys.argv
    files = [Path(name) for name in sys.argv[1:] if not name.startswith("--")]
    model = ClassifierSettings(model=ROOT / "var" / "model")
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder), file=configuration().model_copy(update={"classifier": model}))
        office.triager = real_triager(office.settings)
        with office:
            for file in files or sorted(HELD_OUT.glob("*.jsonl")):
                told = [play(office, case) for case in conversations(file)]
                right = sum(each.right for each in told)
                print(f"{file.stem}: {right / len(told):.3f} of {len(told)} end as they should")
                print("  ", dict(Counter((t.want, t.ended) for t in told)))
                served = sum(each.right and not each.circled for each in told)
                circled = sum(each.circled for each in told)
                print(f"   asked the same again: {circled}; neither: {served / len(told):.3f}")
                asked = Counter(t.want for t in told if not t.right and t.offered)
                print("   of the others asked back, the right button there:", dict(asked))
                for each in told if show else ():
                    if not each.right or each.circled:
                        print(f"   {each.want} -> {each.ended}: {each.say} | {each.last[:90]!r}")


if __name__ == "__main__":
    main()

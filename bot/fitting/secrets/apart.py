"""What is found of authors whom nothing was fitted on.

    python -m bot.fitting.secrets.apart [voices_b voices_d]

Fits on all but one author and counts by the whole scrubber, in turn for each that is named, or
for every one; what stands in `bot/scrubbing/judge` stays as it is.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.fitting.secrets.fit import (
    DATA,
    HELD,
    VOICES,
    cases_of,
    fit,
    groups,
    messages,
    written,
)
from bot.fitting.secrets.voices import Marked, marked
from bot.scrubbing.judge import judge
from bot.scrubbing.scrubber import RuleScrubber


def read(path: Path) -> list[Marked]:
    """Give messages as they were written."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [marked(line.replace("‖", "").replace("\\n", "\n")) for line in lines]


def found(path: Path) -> float:
    """Give the share of messages of which nothing of any secret is left."""
    scrubber, written_so = RuleScrubber(), read(path)
    left = (
        any(each.text[start:end] in scrubber.scrub(each.text).text for start, end in each.secrets)
        for each in written_so
    )
    return 1 - sum(left) / len(written_so)


def alarming(texts: list[str]) -> float:
    """Give the share of texts of which something is masked."""
    scrubber = RuleScrubber()
    return sum(bool(scrubber.scrub(text)) for text in texts) / len(texts)


@click.command()
@click.argument("authors", nargs=-1)
def main(authors: tuple[str, ...]) -> None:
    """Fit without each author in turn, and print what is found of theirs."""
    by_author, folder = messages(), DATA / "secrets"
    apart = [text for name in HELD for text in by_author[name]]
    with TemporaryDirectory() as place:
        judge.FILE = Path(place) / "trees.json"
        for author in authors or VOICES:
            written(fit(cases_of(groups(author))))
            click.echo(f"{author}: recall {found(folder / f'{author}.txt'):.3f}")
            alike = [each.text for each in read(folder / f"{author}_alike.txt")]
            click.echo(f"{author}: {alarming(alike):.3f} of {len(alike)} look-alikes masked")
            click.echo(f"false alarms {alarming(apart):.4f} of {len(apart)} by authors held out")


if __name__ == "__main__":
    main()

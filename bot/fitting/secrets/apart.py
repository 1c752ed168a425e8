"""What is found of authors whom nothing was fitted on.

    python -m bot.fitting.secrets.apart [voices_b voices_d,voices_g]

Fits without an author, or without several with a comma between them, and counts by the whole
scrubber what is found of theirs; without arguments each author is left out once, two or three at
a time. What stands in `bot/scrubbing/judge` stays as it is.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.fitting.secrets.fit import (
    DATA,
    HELD,
    cases_of,
    fit,
    groups,
    messages,
    written,
)
from bot.fitting.secrets.voices import read
from bot.scrubbing.judge import judge
from bot.scrubbing.scrubber import RuleScrubber

TOGETHER = ("voices_a,voices_e", "voices_b,voices_c,voices_f", "voices_d,voices_g")
"""Who is left out together: a third of the fits, and figures that are rather too low."""


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
    """Fit without some authors in turn, and print what is found of theirs."""
    by_author, folder = messages(), DATA / "secrets"
    apart = [text for name in HELD for text in by_author[name]]
    with TemporaryDirectory() as place:
        judge.FILE = Path(place) / "trees.json"
        for together in authors or TOGETHER:
            names = together.split(",")
            written(fit(cases_of(groups(*names))))
            for name in names:
                alike = [each.text for each in read(folder / f"{name}_alike.txt")]
                click.echo(
                    f"{name}: recall {found(folder / f'{name}.txt'):.3f}, "
                    f"{alarming(alike):.3f} of {len(alike)} look-alikes masked"
                )
            click.echo(f"   {alarming(apart):.4f} of {len(apart)} ordinary messages alarm")


if __name__ == "__main__":
    main()

"""`frontline kb remove`: articles that do not belong to this desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.cli.knowledge.opening import db_option, opened

if TYPE_CHECKING:
    from pathlib import Path


@click.command("remove")
@click.argument("collection", required=False)
@click.option("--sample", is_flag=True, help="The sample desk's articles, in whatever collection.")
@db_option
@click.pass_obj
def remove_command(
    settings: Any, collection: str | None, sample: bool, db_path: Path | None
) -> None:
    """Remove all articles of COLLECTION; their files stay, and a sync brings them back."""
    from kb.glance import sample_keys
    from kb.tuning.calibrating import calibrate

    if (collection is None) != sample:
        raise click.UsageError("give either a COLLECTION or --sample")
    with opened(settings, db_path) as base:
        sources = base.store.sources()
        keys = sample_keys(sources) if sample else [key for key in sources if key[0] == collection]
        if not keys:
            names = ", ".join(sorted({name for name, _ in sources})) or "none"
            what = "no article of the sample desk" if sample else f"no collection {collection!r}"
            raise click.ClickException(f"{what} here; the collections are: {names}")
        base.remove(keys)
        calibrate(base)
        left = base.count()
    click.echo(f"removed {len(keys)} articles; {left} are left")

"""`frontline learn`: outcomes into model, gate and search, if that is better beyond chance."""

from __future__ import annotations

import json
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING, Any

import click

from bot.cli.knowledge.opening import stage_bar
from bot.cli.models.configured import PATH
from bot.cli.options import database_option, has_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.fitting.learning.running import Report
    from bot.fitting.learning.verdict import Compared
    from bot.settings.settings import Settings

SHOWN = 20


@click.command()
@click.option("--dry-run", is_flag=True, help="Learn and judge; what serves stays as it is.")
@click.option("--undo", is_flag=True, help="Go back to what served before, all parts together.")
@click.option("--journal", is_flag=True, help="Show what was learned of whom, and why not.")
@click.option("--data", multiple=True, type=PATH, help="The shipped labels; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--nightly", is_flag=True, help="As the running bot does it, giving way to all else.")
@database_option
@click.pass_obj
def learn(
    settings: Settings,
    dry_run: bool,
    undo: bool,
    journal: bool,
    data: tuple[Path, ...],
    as_json: bool,
    nightly: bool,
) -> None:
    """Learn from what was settled, and serve it if it is better beyond chance.

    Judged on the frozen holdout and on the latest month, each part of it by what was known
    before. A running bot takes it up by itself.
    """
    if undo + journal + dry_run > 1:
        raise click.UsageError("give one of --dry-run, --undo and --journal")
    if journal:
        _show_journal(settings, as_json=as_json)
        return
    has_database(settings.db)
    from bot.bootstrap import build_encoder
    from bot.bootstrap.learning import giving_way, learning_setup
    from bot.bootstrap.lessons import lessons_of
    from bot.fitting.learning import running

    with ExitStack() as stack:
        promptly = stack.enter_context(giving_way() if nightly else nullcontext(_at_once))
        lessons = lessons_of(settings)
        encoder = build_encoder(settings)
        told = stack.enter_context(stage_bar())
        setup = stack.enter_context(
            learning_setup(settings, encoder, data=data, told=told, promptly=promptly)
        )
        if undo:
            former = running.undo(setup, lessons)
            _say_undone(former.name if former else None, as_json=as_json)
            return
        report = running.learn(setup, lessons, dry_run=dry_run, by_hand=not nightly)
    click.echo(json.dumps(report.as_json()) if as_json else _as_text(report))


def _at_once(do: Callable[[], None]) -> None:
    do()


def _say_undone(former: str | None, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"serving": former}))
        return
    serving = f"what was learned as {former}" if former else "the shipped labels alone"
    click.echo(
        f"now serving {serving}. At night nothing is taken up any more until "
        "`frontline learn` is run by hand."
    )


def _show_journal(settings: Settings, *, as_json: bool) -> None:
    from bot.bootstrap.lessons import versions_of

    lines = versions_of(settings).journal()
    if as_json:
        click.echo(json.dumps(lines))
        return
    if not lines:
        click.echo("nothing was learned yet")
    for line in lines[-SHOWN:]:
        people = len(line.get("people", {}))
        click.echo(
            f"{line['at']}  {line['outcome']}  {line.get('version') or ''}  "
            f"learned {line.get('learned', 0)} of {line.get('lessons', 0)}, from {people} people"
        )
        for reason in line.get("reasons", ()):
            click.echo(f"    {reason}")


def _as_text(report: Report) -> str:
    lines = [
        f"{report.outcome}"
        + (f": {report.version}" if report.version else "")
        + ("" if not report.recovered else " (a run that was killed was put back first)"),
        (
            f"outcomes {report.lessons}, learned {report.kept} of {len(report.people)} people, "
            f"of which {report.turned} overrule shipped labels"
        ),
    ]
    lines += [f"  not learned, {why}: {count}" for why, count in report.refused.items()]
    for name, compared in (("frozen holdout", report.frozen), ("latest month", report.month)):
        if compared is not None and compared.messages:
            lines += _figures(name, compared)
    lines += [f"- {reason}" for reason in report.reasons]
    return "\n".join(lines)


def _figures(name: str, compared: Compared) -> list[str]:
    rows: list[tuple[str, Any, Any]] = [
        ("macro-F1", compared.f1_before, compared.f1_after),
        ("right decisions", compared.right_before, compared.right_after),
        ("cost of a message", compared.cost_before, compared.cost_after),
    ]
    return [f"{name}, {compared.messages} messages:"] + [
        f"  {what}: {before:.4f} before, {after:.4f} after" for what, before, after in rows
    ]

"""`frontline outbox`: what could not be sent; sent again, or let go."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from bot.cli.options import database_option
from bot.desk.errors import FrontlineError
from bot.desk.ids import ticket_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.settings.settings import Settings
    from bot.store.outbox import Letter
    from bot.store.unit_of_work import Store


@click.group()
def outbox() -> None:
    """List what could not be sent; send it again, or let it go."""


@outbox.command("list")
@click.option("--waiting", is_flag=True, help="What still waits for Slack, instead.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
@click.pass_obj
def list_command(settings: Settings, waiting: bool, limit: int, as_json: bool) -> None:
    """List what was set aside: what, to whom, why, since when."""
    store = _store(settings)
    letters = store.letters.waiting(limit) if waiting else store.letters.set_aside(limit)
    for letter in letters:
        click.echo(json.dumps(_fields(letter)) if as_json else _line(letter))
    for stop in store.stops.now():
        click.echo(f"{stop.what} since {stop.since[:16]} UTC: {stop.says}", err=True)
    if not letters:
        click.echo("Nothing waits." if waiting else "Nothing was set aside.", err=True)


@outbox.command()
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that was set aside.")
@database_option
@click.pass_obj
def resend(settings: Settings, numbers: tuple[int, ...], everything: bool) -> None:
    """Put back what was set aside, in the order in which it was written."""
    store = _store(settings)
    for number in _chosen(store, numbers, everything=everything):
        count = store.letters.resend(number)
        more = f", and {count - 1} that belong to it" if count > 1 else ""
        click.echo(f"{number} is sent again{more}.")


@outbox.command()
@click.argument("numbers", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that was set aside.")
@database_option
@click.pass_obj
def drop(settings: Settings, numbers: tuple[int, ...], everything: bool) -> None:
    """Let go of what was set aside; it stays on record as dropped."""
    store = _store(settings)
    for number in _chosen(store, numbers, everything=everything):
        store.letters.drop(number)
        click.echo(f"{number} is dropped.")


def _store(settings: Settings) -> Store:
    from bot.service.context import utc_now
    from bot.store.unit_of_work import Store

    store = Store(settings.db, utc_now)
    store.migrate()
    return store


def _chosen(store: Store, numbers: Sequence[int], *, everything: bool) -> list[int]:
    if bool(numbers) == everything:
        raise click.UsageError("give the numbers that `frontline outbox list` shows, or --all")
    known: list[int] = sorted(letter.id for letter in store.letters.set_aside())
    unknown = sorted(set(numbers) - set(known))
    if unknown:
        raise FrontlineError(
            f"{', '.join(map(str, unknown))} was not set aside; `frontline outbox list` shows "
            "what was."
        )
    return known if everything else sorted(set(numbers))


def _line(letter: Letter) -> str:
    about = ticket_name(letter.ticket) if letter.ticket else "no ticket"
    since = (letter.set_aside_at or letter.created_at)[:16].replace("T", " ")
    return (
        f"{letter.id:>6}  {letter.kind} of {about} to {letter.to}, since {since} UTC: "
        f"{letter.error or 'waits for its turn'}"
    )


def _fields(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "kind": letter.kind,
        "ticket": ticket_name(letter.ticket) if letter.ticket else None,
        "to": letter.to,
        "error": letter.error,
        "created_at": letter.created_at,
        "set_aside_at": letter.set_aside_at,
        "attempts": letter.attempts,
    }

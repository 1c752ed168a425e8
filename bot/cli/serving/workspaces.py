"""`frontline workspaces`: who installed the app, how each desk stands, and taking one out."""

from __future__ import annotations

import json
import shutil
import time
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.desk.errors import FrontlineError
from bot.desk.workspaces import Serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.desk.workspaces import HomeId, Installation
    from bot.settings.settings import Settings
    from bot.store.installed import Installations

STOPS_WITHIN_S = 40.0
"""So soon the desk of a workspace that was taken out has stopped."""


@click.group()
def workspaces() -> None:
    """List and take out the workspaces that this machine serves ([workspaces] folder)."""


@workspaces.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_command(settings: Settings, as_json: bool) -> None:
    """Say of each workspace how its desk stands, and since when."""
    for each in _known(settings).all():
        click.echo(json.dumps(_row(each, settings)) if as_json else _line(each, settings))


@workspaces.command("doctor")
@click.argument("home")
@click.pass_obj
def doctor_command(settings: Settings, home: str) -> None:
    """Check the desk of HOME (T… or E…) by its own token, as `frontline doctor` does."""
    from bot.cli.doctor import look_over
    from bot.workspaces.folders import settings_in

    found = _of(_known(settings), home)
    if not found.is_installed:
        raise FrontlineError(f"{home} has no token: {found.ended_why}.")
    look_over(settings_in(settings, found.home, found.token))


@workspaces.command("remove")
@click.argument("home")
@click.option("--data", is_flag=True, help="Delete its folder too: tickets, articles, backups.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def remove_command(settings: Settings, home: str, data: bool, yes: bool) -> None:
    """Take HOME (T… or E…) out: its token goes back to Slack, its desk stops.

    What it has on record stays, and goes as its [retention] says, unless --data is given.
    """
    from bot.slack.installing import revoke

    known = _known(settings)
    found = _of(known, home)
    from bot.workspaces.folders import root_of

    root = root_of(settings, found.home)
    if not yes:
        what = f", and delete {root}" if data else ""
        click.confirm(f"Take out {found.name} ({home}){what}?", abort=True, err=True)
    if known.end(found.home, "taken out by the operator"):
        revoke(found.token, settings.secrets.slack_api_url)
        click.echo(f"{home} is taken out; a running `frontline serve` stops its desk in seconds")
    if data:
        _delete(settings, found.home, root)
        known.forget(found.home)
        click.echo(f"{root} is deleted; backups elsewhere are not")


def _of(known: Installations, home: str) -> Installation:
    found = next((each for each in known.all() if each.home == home), None)
    if found is None:
        raise FrontlineError(f"There is no workspace {home}; `frontline workspaces list` has all.")
    return found


def _known(settings: Settings) -> Installations:
    from bot.service.context import utc_now
    from bot.settings.tokens import tokens_key
    from bot.store.database import migrate
    from bot.store.installed import Installations

    if settings.file.workspaces.folder is None:
        raise FrontlineError(
            "This frontline.toml has no [workspaces] folder: it is of one desk, not of several."
        )
    if settings.server is None and not settings.db.exists():
        raise FrontlineError(f"There is no database {settings.db}: nobody has installed the app.")
    migrate(settings.db)
    return Installations(settings.db, utc_now, tokens_key(settings))


def _stopped(settings: Settings, home: HomeId) -> str:
    """Say why a desk that is served sends nothing, where Slack refuses it meanwhile."""
    from bot.service.context import utc_now
    from bot.store.unit_of_work import Store
    from bot.workspaces.folders import settings_in

    try:
        there = settings_in(settings, home)
        is_there = there.server is not None or there.db.exists()
        stops = Store(there.db, utc_now).stops.now() if is_there else ()
    except FrontlineError as failure:
        return str(failure)
    return "; ".join(f"{each.what} since {each.since[:16]} UTC: {each.says}" for each in stops)


def _row(each: Installation, settings: Settings) -> dict[str, str | None]:
    from bot.workspaces.folders import root_of

    since = each.ended_at or each.stands_since
    says = each.says if each.is_installed else each.ended_why
    if each.stands is Serving.SERVED:
        says = _stopped(settings, each.home)
    return {
        "home": each.home,
        "name": each.name,
        "stands": each.stands.value if each.is_installed else "ended",
        "since": since.isoformat() if since else None,
        "says": says,
        "installer": each.installer,
        "folder": str(root_of(settings, each.home)),
    }


def _line(each: Installation, settings: Settings) -> str:
    row = _row(each, settings)
    since = f" since {str(row['since'])[:16].replace('T', ' ')} UTC" if row["since"] else ""
    says = f": {row['says']}" if row["says"] else ""
    kept = "; what it has on record goes as its [retention] says" if not each.is_installed else ""
    return f"{each.home} {each.name}: {row['stands']}{since}{says}{kept} ({row['folder']})"


def _delete(settings: Settings, home: HomeId, root: Path) -> None:
    """Delete a folder, and its schema on PostgreSQL, once nobody works on its database."""
    from bot.desk.errors import ConfigurationError
    from bot.service.context import utc_now
    from bot.store.holding import Holding
    from bot.workspaces.folders import settings_in

    try:
        holding = Holding(settings_in(settings, home).db, utc_now)
    except ConfigurationError:
        pass  # what cannot be read is not being served
    else:
        _once_free(holding.lock)
        holding.unlock()
    if settings.server is not None:
        from bot.workspaces.schemas import drop

        _once_free(partial(drop, settings.server.get_secret_value(), home))
    shutil.rmtree(root, ignore_errors=True)


def _once_free(do: Callable[[], object]) -> None:
    """Do something as soon as the desk is not served any more."""
    from bot.store.holding import InUseError

    until = time.monotonic() + STOPS_WITHIN_S
    while True:
        try:
            do()
        except InUseError as failure:
            if time.monotonic() > until:
                raise FrontlineError(f"{failure} Nothing was deleted.") from failure
            time.sleep(0.5)
        else:
            return

"""`frontline serve` and `frontline manifest`."""

from __future__ import annotations

import json
import re
import signal
import threading
from typing import TYPE_CHECKING

import click
import structlog

from bot import logs
from bot.cli.options import database_option
from bot.desk.errors import FrontlineError
from bot.memory import (
    give_memory_back,
    into_large_pages,
    keep_memory_together,
    look_for_garbage_now,
    look_for_garbage_seldom,
)
from bot.settings.beyond import ADDRESS
from bot.settings.loading import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap import Application
    from bot.service.deciding.triaging import Triager
    from bot.settings.settings import Settings


log = structlog.get_logger(__name__)


def address(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    """Refuse what is no address to listen at."""
    if given is not None and not re.fullmatch(ADDRESS, given):
        raise click.BadParameter("give a host and a port, as in 127.0.0.1:8080 or 0.0.0.0:8080")
    return given


@click.command()
@click.option("--verbose", is_flag=True, help="Log more.")
@click.option(
    "--http", metavar="HOST:PORT", callback=address, help="Take Slack's requests here instead."
)
@click.option(
    "--metrics", metavar="HOST:PORT", callback=address, help="Give figures to Prometheus here."
)
@click.option(
    "--logs",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Write each line of the log for people, or as JSON.",
)
@database_option
@click.pass_obj
def serve(
    settings: Settings, verbose: bool, http: str | None, metrics: str | None, form: str
) -> None:
    """Connect to Slack over Socket Mode, or listen for it, and work until stopped.

    With [workspaces] folder, the desks of all workspaces that installed the app.
    """
    look_for_garbage_seldom()
    if settings.file.workspaces.folder is not None:
        if http is None:
            raise click.UsageError(
                "[workspaces] needs --http HOST:PORT: Slack's requests and installations come there"
            )
        logs.configure(verbose=verbose, as_json=form == "json")
        serve_workspaces(settings, http, metrics)
        return
    from bot.bootstrap import Renewal, Waiting, means_of, start

    means_of(settings, http)
    logs.configure(verbose=verbose, as_json=form == "json")
    stopping = stop_signal()
    waiting = Waiting(stopping, lambda line: click.echo(f"frontline: {line}", err=True))
    keep_memory_together()

    def begin(settings: Settings, triager: Triager | None) -> Application:
        return start(settings, waiting=waiting, http=http, metrics=metrics, triager=triager)

    renewal = Renewal(settings, lambda: load_settings(settings.config), begin, stopping)
    signal.signal(signal.SIGHUP, lambda *_: renewal.want())
    rest = threading.Thread(
        target=load_the_rest,
        args=(renewal.application.look_ahead,),
        name="frontline-rest",
        daemon=True,
    )
    rest.start()
    there = f"listening at {http}" if http else "connected"
    click.echo(f"frontline: {there}; Ctrl-C stops it.", err=True)
    stopping.wait()
    renewal.stop()
    if renewal.trouble is not None:
        raise renewal.trouble
    if renewal.application.holding.why_lost is not None:
        raise FrontlineError(renewal.application.holding.why_lost)


def serve_workspaces(settings: Settings, http: str, metrics: str | None) -> None:
    """Serve every workspace that installed the app, until stopped."""
    from bot.settings.tokens import app_secrets
    from bot.web import Together
    from bot.workspaces import House
    from bot.workspaces.beginning import Beginning

    secrets = app_secrets(settings)
    if not settings.model.is_dir():
        raise FrontlineError(
            f"There is no classifier at {settings.model} for workspaces to begin with; run "
            "`frontline classifier train` once, here."
        )
    measured = (Together(), metrics) if metrics is not None else None
    begin = Beginning(settings, measured[0] if measured else None)
    stopping = stop_signal()
    keep_memory_together()
    house = House(settings, secrets, begin, http, measured=measured)
    signal.signal(signal.SIGHUP, lambda *_: house.read_again())
    house.start()
    rest = threading.Thread(target=load_the_rest, args=(int,), name="frontline-rest", daemon=True)
    rest.start()
    click.echo(f"frontline: listening at {http}; Ctrl-C stops it.", err=True)
    stopping.wait()
    house.stop()


def load_the_rest(look_ahead: Callable[[], object]) -> None:
    """Load what the first message would wait for a second for, and no start has to wait for."""
    from bot.desk.asking import Courtesy
    from bot.language import surely_in
    from bot.store.codec import dump_notice

    surely_in("Good morning, where do I find the form?")
    dump_notice(Courtesy("empty"))
    look_for_garbage_now()
    give_memory_back()
    into_large_pages()
    look_ahead()


def stop_signal() -> threading.Event:
    """Give what is set by Ctrl-C or a polite kill from now on, also while something starts.

    A hangup ends nothing: a terminal that goes away, or who wants what cannot be renewed yet.
    """
    stopping = threading.Event()
    signal.signal(signal.SIGHUP, lambda *_: log.warning("needs_a_restart", what="configuration"))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    return stopping


@click.command()
@click.option("--name", default="Frontline", show_default=True, help="The bot's name.")
@click.option(
    "--http", metavar="URL", help="Where Slack reaches `serve --http`: https://desk.example.com."
)
@click.option(
    "--several", is_flag=True, help="For several workspaces that install it; needs --http."
)
def manifest(name: str, http: str | None, several: bool) -> None:
    """Print the Slack app manifest that this version needs."""
    from bot.slack.installing import REDIRECT_PATH
    from bot.slack.lines.http import PATH
    from bot.slack.manifest import manifest as build

    if http is not None and not http.startswith("https://"):
        raise click.BadParameter("Slack needs an address that begins with https://")
    if http is None:
        if several:
            raise click.UsageError("--several needs --http URL: they install it there")
        click.echo(json.dumps(build(name), indent=2))
        return
    base = http.rstrip("/")
    back = f"{base}{REDIRECT_PATH}" if several else None
    click.echo(json.dumps(build(name, f"{base}{PATH}", back), indent=2))

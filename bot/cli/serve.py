"""`frontline serve` and `frontline manifest`."""

from __future__ import annotations

import ctypes
import json
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from bot import logs
from bot.cli.options import database_option
from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from bot.settings.settings import Settings


@click.command()
@click.option("--verbose", is_flag=True, help="Log more.")
@database_option
@click.pass_obj
def serve(settings: Settings, verbose: bool) -> None:
    """Connect to Slack over Socket Mode and work until stopped."""
    from bot.bootstrap import Waiting, start
    from bot.settings.tokens import tokens

    tokens(settings)
    logs.configure(verbose=verbose)
    stopping = stop_signal()
    waiting = Waiting(stopping, lambda line: click.echo(f"frontline: {line}", err=True))
    keep_memory_together()
    application = start(settings, waiting=waiting)
    give_memory_back()
    click.echo("frontline: connected; Ctrl-C stops it.", err=True)
    stopping.wait()
    application.stop()
    if application.holding.why_lost is not None:
        raise FrontlineError(application.holding.why_lost)


ARENAS, ARENA_MAX = 2, -8
"""`M_ARENA_MAX` of glibc's malloc.h."""


def keep_memory_together() -> None:
    """Let the threads share what malloc keeps for them, where that is glibc's.

    With an arena for each of some forty threads, a hundred megabytes lie about in pieces.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, ARENAS)


def give_memory_back() -> None:
    """Give the system what loading took for a moment, where malloc is glibc's."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def stop_signal() -> threading.Event:
    """Give what is set by Ctrl-C or a polite kill from now on, also while something starts."""
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    return stopping


@click.command()
@click.option("--name", default="Frontline", show_default=True, help="The bot's name.")
def manifest(name: str) -> None:
    """Print the Slack app manifest that this version needs."""
    from bot.slack.manifest import manifest as build

    click.echo(json.dumps(build(name), indent=2))

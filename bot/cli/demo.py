"""`frontline demo`: a workspace on this machine, and the real bot in it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from bot import logs
from bot.cli.serving.serve import stop_signal
from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.settings.settings import Settings

PORT = 8765
STATE = "workspace.db"
STOP_S = 10


@click.command()
@click.option("--port", default=PORT, show_default=True, help="The page's port; 0 takes any.")
@click.option("--verbose", is_flag=True, help="Log more.")
@click.pass_obj
def demo(settings: Settings, port: int, verbose: bool) -> None:
    """Start a local workspace and the bot; open the page and ask something."""
    from bot.bootstrap import start
    from bot.cli.turning import TurnedClock, following, next_opening

    logs.configure(verbose=verbose)
    prepare(settings)
    stopping = stop_signal()
    with workspace(port, settings.db.parent / STATE) as announced:
        settings = settings.in_workspace(announced)
        turned = TurnedClock()
        opens = partial(next_opening, [group.hours for group in settings.groups.groups])
        application = start(settings, turned.clocks)
        click.echo(
            f"\nFrontline is ready: {announced['page']}\n"
            "Ask something as an employee in #it-help; then become an engineer with the switch "
            "on the left.\nTurn the clock below it to see what happens if nobody does anything."
            "\nCtrl-C stops it."
        )
        with following(announced["page"], turned, opens):
            stopping.wait()
        application.stop()
    click.echo("Stopped. What happened is kept; `make clean` forgets it.")


def prepare(settings: Settings) -> None:
    """Load the sample articles, and train the classifier where there is no model yet."""
    from bot.bootstrap import build_encoder, build_knowledge
    from bot.service.context import utc_now
    from bot.store.unit_of_work import Store

    Store(settings.db, utc_now).migrate()
    encoder = build_encoder(settings)
    report = build_knowledge(settings, encoder).sync(list(settings.file.knowledge.sources))
    for problem in report.problems:
        click.echo(f"frontline: {problem}", err=True)
    if not (settings.model / "manifest.json").exists():
        raise FrontlineError(
            f"There is no trained model in {settings.model}; run `make model` "
            "(or `frontline classifier train`) first."
        )


@contextlib.contextmanager
def workspace(port: int, state: Path) -> Iterator[dict[str, str]]:
    """Run the local workspace as a process of this group; gives what it announced."""
    command = [sys.executable, "-m", "bot.playground", "--port", str(port), "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            yield _announced(process, port)
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _announced(process: subprocess.Popen[str], port: int) -> dict[str, str]:
    wanted = {"page", "SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}
    announced: dict[str, str] = {}
    for line in process.stdout or ():
        name, _, value = line.strip().partition(" ")
        announced[name] = value.strip()
        if wanted <= announced.keys():
            return announced
    raise FrontlineError(
        f"The local workspace did not start on port {port}; if the port is taken, "
        "choose another: frontline demo --port 0."
    )

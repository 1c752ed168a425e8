"""The command line: thin commands over the packages."""

from __future__ import annotations

import os
import sqlite3
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bot.cli.options import choose
from bot.desk.errors import FrontlineError
from bot.settings.loading import load_settings

COMMANDS = {
    "ask": "bot.cli.ask:ask",
    "classifier": "bot.cli.models.classifier:classifier",
    "db": "bot.cli.db:db",
    "demo": "bot.cli.demo:demo",
    "doctor": "bot.cli.doctor:doctor",
    "forget": "bot.cli.privacy:forget",
    "incidents": "bot.cli.incidents:incidents",
    "init": "bot.cli.adopting.init:init",
    "kb": "bot.cli.knowledge.commands:kb",
    "learn": "bot.cli.learning.learn:learn",
    "manifest": "bot.cli.serving.serve:manifest",
    "model": "bot.cli.models.registry:model",
    "outcomes": "bot.cli.learning.outcomes:outcomes",
    "outbox": "bot.cli.outbox:outbox",
    "problems": "bot.cli.learning.problems:problems",
    "report": "bot.cli.report:report",
    "retention": "bot.cli.privacy:retention",
    "serve": "bot.cli.serving.serve:serve",
    "tickets": "bot.cli.tickets:tickets",
    "webhooks": "bot.cli.webhooks:webhooks",
    "workspaces": "bot.cli.serving.workspaces:workspaces",
}
"""Where each command lives; imported only when it is called, so that `--help` is quick."""


class Failure(click.ClickException):
    """Ends a command with one clear line and exit status 1."""

    def show(self, file: Any = None) -> None:  # noqa: ARG002 - click's signature
        """Print the message alone."""
        click.echo(f"frontline: {self.format_message()}", err=True)


class Commands(click.Group):
    """Loads commands when they are called; turns our own errors into one clear line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import a command."""
        where = COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, _, name = where.partition(":")
        found = getattr(import_module(module), name)
        return found if isinstance(found, click.Command) else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except click.ClickException:
            raise
        except FrontlineError as failure:
            raise Failure(str(failure)) from failure
        except (click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as failure:
            if _is_ours(failure):
                raise Failure(str(failure)) from failure
            if isinstance(failure, sqlite3.DatabaseError) and _is_damage(failure):
                raise Failure(
                    f"The database is damaged ({failure}); `frontline db check` says more, "
                    "`frontline db restore FILE` puts a backup back."
                ) from failure
            if os.environ.get("FRONTLINE_DEBUG"):
                raise
            raise Failure(
                f"unexpected {type(failure).__name__}: {failure}\n"
                "This is a defect of Frontline; FRONTLINE_DEBUG=1 shows where it happened."
            ) from failure


def _is_ours(failure: Exception) -> bool:
    """Recognise the root errors of `kb` and `classifier`, which do not know the bot."""
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(failure).__mro__}
    return bool(names & {"kb.errors.KnowledgeBaseError", "classifier.errors.ClassifierError"})


def _is_damage(failure: sqlite3.DatabaseError) -> bool:
    return "malformed" in str(failure) or "not a database" in str(failure)


@click.group(cls=Commands)
@click.option("--config", type=click.Path(path_type=Path), help="Default: frontline.toml here.")
@click.option("--db", help="Database: a file, or postgresql://…; or FRONTLINE_DB.")
@click.version_option(package_name="frontline-desk")
@click.pass_context
def frontline(ctx: click.Context, config: Path | None, db: str | None) -> None:
    """Frontline: the first line of your support desk, in Slack."""
    settings = load_settings(config)
    given = db or (settings.server and settings.server.get_secret_value())
    if given:
        choose(settings, given)
    ctx.obj = settings

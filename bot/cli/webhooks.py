"""`frontline webhooks`: the targets outside Slack; one of them tried."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from bot.settings.settings import Settings

PAGERS = frozenset({"pagerduty", "opsgenie"})


@click.group()
def webhooks() -> None:
    """List the targets outside Slack; send one of them a test."""


@webhooks.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_command(settings: Settings, as_json: bool) -> None:
    """List what is told to whom, and who may tell us something."""
    file = settings.file
    for name, target in file.targets.items():
        pages = sorted(
            f"{group} at {page.at}"
            for group, each in file.groups.items()
            for page in each.pages
            if name in page.to
        )
        alarms = name in file.desk.alarms
        events = [each.value for each in target.events]
        if as_json:
            told = {"target": name, "kind": target.kind, "events": events, "pages": pages}
            click.echo(json.dumps({**told, "alarms": alarms}))
            continue
        heard = [*events, *(f"pages of {each}" for each in pages), *(["alarms"] if alarms else [])]
        click.echo(f"{name} ({target.kind}): {', '.join(heard) or 'nothing; name it somewhere'}")
    if not as_json:
        for name, hook in file.hooks.items():
            may = ", ".join(hook.may) or "nothing"
            click.echo(f"/hooks/{name} ({hook.kind}), pages of {hook.target}: may {may}")
    if not file.targets:
        click.echo("No targets; add [targets.NAME] to the configuration.", err=True)


@webhooks.command()
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Print what a json target would get; send nothing.")
@click.pass_obj
def test(settings: Settings, name: str, dry_run: bool) -> None:
    """Send a target a test: a pager gets an alert of the lowest kind, and its end."""
    from bot.beyond.building import build_courier
    from bot.beyond.shapes import generic
    from bot.desk.beyond import Happening, Outgoing
    from bot.service.context import utc_now

    target = settings.file.targets.get(name)
    if target is None:
        known = ", ".join(settings.file.targets) or "none"
        raise FrontlineError(f"There is no target {name}; configured are: {known}.")
    key = uuid4().hex
    page = f"frontline-test-{key[:12]}" if target.kind in PAGERS else None
    says = "This is a test: nobody has to do anything."
    outgoing = Outgoing(name, Happening.TEST, key, utc_now(), says, page=page)
    if dry_run:
        click.echo(json.dumps(generic(outgoing), indent=2))
        return
    courier = build_courier(name, target, utc_now)
    click.echo(f"{name} took it ({courier.carry(outgoing)}).")
    if page is not None:
        ended = Outgoing(name, Happening.PAGE_ENDED, uuid4().hex, utc_now(), says, page=page)
        click.echo(f"{name} took its end ({courier.carry(ended)}).")

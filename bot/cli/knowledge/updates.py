"""`frontline kb needs-update`: articles that fail, want an edit, or link to what is gone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from bot.cli.exporting import scrubbed
from bot.cli.options import database_option, store_of
from bot.desk.ids import ticket_name
from bot.desk.learning import evidence

if TYPE_CHECKING:
    from bot.desk.learning import Ailing, Proposed
    from bot.settings.settings import Settings
    from bot.store.unit_of_work import Store


@click.command("needs-update")
@click.option("--check-links", is_flag=True, help="Look now at the public addresses they name.")
@click.option("--done", metavar="ARTICLE", help="It was looked over: what is known counts no more.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
@click.pass_obj
def needs_update_command(
    settings: Settings, *, check_links: bool, done: str | None, as_json: bool
) -> None:
    """List articles that need an update, with the evidence of the last 90 days."""
    from bot.service.learning.gathering import WINDOW
    from bot.service.learning.updating import ailing

    store = store_of(settings)
    if done is not None:
        with store.unit_of_work() as uow:
            uow.ailments.updated(done)
    if check_links:
        _check(settings, store)
    with store.look() as uow:
        now = store.clock()
        found = ailing(uow, now)
        edits = uow.ailments.proposed(now - WINDOW)
    for each in found:
        own = [edit for edit in edits if edit.article == each.article]
        if as_json:
            click.echo(json.dumps(_row(each, own), ensure_ascii=False))
        else:
            click.echo("\n".join(_lines(each, own)))
    click.echo(f"{len(found)} articles need an update", err=True)


def _check(settings: Settings, store: Store) -> None:
    from bot.beyond.links import look_at
    from bot.cli.knowledge.opening import opened
    from bot.service.learning.updating import look_at_links

    with opened(settings, settings.db) as base:
        articles = base.store.articles()
    count = look_at_links(store, articles, look_at)
    click.echo(
        f"{count} links looked at; one is outdated once two looks a day apart say so", err=True
    )


def _row(each: Ailing, edits: list[Proposed]) -> dict[str, Any]:
    return {
        "article": each.article,
        "failed": each.failed,
        "said_a_word": each.told,
        "step": each.step,
        "tickets": [ticket_name(one) for one in each.tickets],
        "proposed": [
            {"ticket": ticket_name(one.ticket), "words": scrubbed(one.words)} for one in edits
        ],
        "links": list(each.links),
    }


def _lines(each: Ailing, edits: list[Proposed]) -> list[str]:
    tickets = ", ".join(ticket_name(one) for one in each.tickets)
    lines = [each.article, *(f"    {line}" for line in evidence(each))]
    if tickets:
        lines.append(f"    failed on {tickets}")
    for edit in edits:
        words = " ".join(scrubbed(edit.words).split())[:200]
        lines.append(f"    {ticket_name(edit.ticket)} proposes: {words}")
    return lines

"""`frontline kb drafts`: what an article could say, decided on in the terminal."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import click

from bot.cli.exporting import scrubbed
from bot.cli.knowledge.deciding import Owner, overheard
from bot.cli.options import database_option, store_of
from bot.desk.errors import ConfigurationError, FrontlineError
from bot.desk.ids import ticket_name
from bot.desk.learning import DraftState, parse_draft_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from bot.desk.learning import Draft, DraftId, DraftPress, Effect
    from bot.desk.ports.oncall import Directory
    from bot.desk.ports.work import UnitOfWork
    from bot.service.context import Desk
    from bot.service.deciding.triaging import Triager
    from bot.settings.settings import Settings
    from bot.store.unit_of_work import Store
    from kb.searching.base import KnowledgeBase

as_option = click.option(
    "--as",
    "user",
    metavar="USER",
    help="Decide as this person, by their Slack id; refused where a press of theirs would be.",
)


@click.group("drafts")
def drafts_command() -> None:
    """List drafts of articles; read one, publish, merge or dismiss it."""


@drafts_command.command("list")
@click.option("--all", "every", is_flag=True, help="Those that were decided, too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
@click.pass_obj
def list_command(settings: Settings, *, every: bool, as_json: bool) -> None:
    """List the drafts that wait, oldest first."""
    with store_of(settings).look() as uow:
        found = uow.drafts.listed(*(() if every else (DraftState.OPEN,)))
        rows = [_row(each, uow.drafts.effect(each)) for each in found]
    for row in rows:
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            article = f"  {row['article']}" if row["article"] else ""
            click.echo(f"{row['draft']}  {row['state']}  {row['group']}  {row['title']}{article}")
    click.echo(f"{len(rows)} drafts", err=True)


@drafts_command.command("show")
@click.argument("draft")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with all its words.")
@database_option
@click.pass_obj
def show_command(settings: Settings, draft: str, as_json: bool) -> None:
    """Show DRAFT, such as D-3: what it says, from which tickets; once published, what it did."""
    with store_of(settings).look() as uow:
        known = _known(uow, settings, draft)
        effect = uow.drafts.effect(known)
    text = known.text
    if as_json:
        row = {
            **_row(known, effect),
            "questions": [scrubbed(each) for each in text.questions],
            "body": scrubbed(text.body),
        }
        click.echo(json.dumps(row, ensure_ascii=False, indent=2))
        return
    sources = ", ".join(ticket_name(each) for each in known.sources)
    click.echo(f"{known.name}, {known.state.value}, for {known.group}, from {sources}")
    if known.article:
        click.echo(f"article: {known.article}")
    if known.near:
        click.echo("nearest: " + ", ".join(each.article for each in known.near))
    if effect is not None:
        click.echo(f"effect: {effect}")
    click.echo(f"\n# {scrubbed(text.title)}\n")
    for each in text.questions:
        click.echo(f"- {scrubbed(each)}")
    click.echo(f"\n{scrubbed(text.body)}")


@drafts_command.command("publish")
@click.argument("draft")
@as_option
@database_option
@click.pass_obj
def publish_command(settings: Settings, draft: str, user: str | None) -> None:
    """Make DRAFT an article, as the button does; whoever asked is told."""
    from bot.desk.learning import PublishDraft

    number = _number(draft)
    _press(settings, number, lambda at: PublishDraft(at, number), user)


@drafts_command.command("merge")
@click.argument("draft")
@click.argument("article")
@as_option
@database_option
@click.pass_obj
def merge_command(settings: Settings, draft: str, article: str, user: str | None) -> None:
    """Make DRAFT a section of ARTICLE, as the button does."""
    from bot.desk.learning import MergeDraft

    number = _number(draft)
    _press(settings, number, lambda at: MergeDraft(at, number, article), user)


@drafts_command.command("dismiss")
@click.argument("draft")
@as_option
@database_option
@click.pass_obj
def dismiss_command(settings: Settings, draft: str, user: str | None) -> None:
    """Say that DRAFT is not worth an article."""
    from bot.desk.learning import DismissDraft

    number = _number(draft)
    _press(settings, number, lambda at: DismissDraft(at, number), user)


def _press(settings: Settings, number: DraftId, press: Any, user: str | None) -> None:
    """Do what the button does, and say what came of it."""
    from bot.desk.addresses import Spot
    from bot.desk.ids import ChannelId, TeamId, Ts, UserId
    from bot.service.learning.reviewing import plan_draft_press

    store = store_of(settings)
    at = Spot(TeamId(""), ChannelId(user or ""), Ts(""), UserId(user or ""))
    wanted: DraftPress = press(at)
    with _desk(settings, store, user) as desk:
        change = plan_draft_press(wanted, desk)
        with store.unit_of_work() as uow:
            words = overheard(uow, change)
    if words:
        from bot.slack.blocks.learning.drafts import render_learning

        raise FrontlineError(render_learning(words[0]).text.replace("*", ""))
    with store.look() as uow:
        known = uow.drafts.get(number)
    if known is not None:
        article = f" as {known.article}" if known.state is not DraftState.DISMISSED else ""
        click.echo(f"{known.name} is {known.state.value}{article}.", err=True)


@contextmanager
def _desk(settings: Settings, store: Store, user: str | None) -> Iterator[Desk]:
    """Give what decides on drafts: the folder, the groups, and what Slack says of people."""
    from bot.scrubbing.scrubber import RuleScrubber
    from bot.service.context import Desk
    from kb.publishing import Shelf

    folder = settings.file.knowledge.publish_to
    directory = _directory(settings, user)
    with _base(settings) as base:
        yield Desk(
            store.unit_of_work,
            cast("Triager", None),  # whoever publishes asks nothing
            directory,
            settings.groups,
            settings.modes,
            store.clock,
            scrubber=RuleScrubber(),
            admission=settings.admission,
            shelf=Shelf(base, folder) if folder is not None else None,
            reads=store.look,
        )


def _base(settings: Settings) -> AbstractContextManager[KnowledgeBase]:
    from bot.cli.knowledge.opening import opened

    return opened(settings, settings.db)


def _directory(settings: Settings, user: str | None) -> Directory:
    """Give what Slack says of channels and people; who owns the database may decide himself."""
    from bot.service.context import utc_now
    from bot.slack.app import web_client
    from bot.slack.people.directory import Home, SlackDirectory

    token = settings.secrets.slack_bot_token
    if token is None or not token.get_secret_value():
        raise ConfigurationError(
            "SLACK_BOT_TOKEN is not set, and Slack alone knows whether what a draft quotes was "
            "asked in a private channel. Set it, or press the button in Slack."
        )
    client = web_client(token.get_secret_value(), settings.secrets.slack_api_url)
    who = client.auth_test()
    home = Home(str(who["team_id"]), who.get("enterprise_id"), str(who.get("url") or ""))
    slack = SlackDirectory(client, utc_now, home)
    slack.learn_channels()
    return slack if user else cast("Directory", Owner(slack))


def _number(draft: str) -> DraftId:
    number = parse_draft_name(draft)
    if number is None:
        raise click.UsageError(f"{draft!r} is no draft's number; it looks like D-3")
    return number


def _known(uow: UnitOfWork, settings: Settings, draft: str) -> Draft:
    number = _number(draft)
    known = uow.drafts.get(number)
    if known is None:
        raise FrontlineError(
            f"There is no draft D-{number} in {settings.db}; "
            "`frontline kb drafts list --all` lists them."
        )
    return known


def _row(draft: Draft, effect: Effect | None) -> dict[str, Any]:
    return {
        "draft": draft.name,
        "state": draft.state.value,
        "title": scrubbed(draft.text.title),
        "group": draft.group,
        "article": draft.article or None,
        "made_at": draft.made_at.isoformat(),
        "by": draft.by,
        "sources": [ticket_name(each) for each in draft.sources],
        "effect": None if effect is None else {
            "asked_before": effect.before,
            "days": effect.days,
            "shown": effect.shown,
            "settled": effect.answered,
            "failed": effect.failed,
            "called_all_the_same": effect.escalated,
            "not_found": effect.missed,
        },
    }  # fmt: skip

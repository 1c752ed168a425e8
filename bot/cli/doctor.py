"""`frontline doctor`: everything that must be right, checked and explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from bot.cli.checks.copies import beside
from bot.cli.checks.languages import language_findings
from bot.cli.checks.people import people_findings
from bot.cli.checks.places import place_findings
from bot.cli.checks.rotas import rota_findings
from bot.cli.checks.routes import route_findings
from bot.cli.checks.sources import source_findings
from bot.cli.checks.targets import target_findings
from bot.cli.knowledge.areas import area_findings
from bot.cli.options import database_option
from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slack_sdk import WebClient

    from bot.settings.settings import Settings

ASIDE = {"undelivered", "set aside", "timer", "unhandled"}
"""Of what these say somebody waits in vain, until an admin looks into it."""
SIGNS = {True: "ok  ", False: "FAIL", None: "note"}


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it stands, and what to do."""

    subject: str
    good: bool | None
    says: str


@click.command()
@database_option
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Check tokens, scopes, channels, groups, model and database, and say what to do."""
    if settings.file.workspaces.folder is not None:
        raise FrontlineError(
            "This frontline.toml is of several workspaces: `frontline workspaces list` says how "
            "each desk stands, `frontline workspaces doctor HOME` checks one."
        )
    look_over(settings)


def look_over(settings: Settings) -> None:
    """Check one desk, line by line.

    Raises:
        FrontlineError: something is wrong.
    """
    findings = []
    with beside(settings) as copied:
        for look, what in (
            (_file, settings), (_database, copied), (_knowledge, copied),
            (_sources, copied), (_languages, copied), (_model, copied),
            (_targets, settings), (_groups, settings), (_slack, copied),
        ):  # fmt: skip
            for finding in _safely(look, what):
                findings.append(finding)
                says = finding.says.replace(str(copied.db), str(settings.db))
                click.echo(f"{SIGNS[finding.good]} {finding.subject}: {says}")
    bad = sum(finding.good is False for finding in findings)
    if bad:
        raise FrontlineError(f"{bad} of {len(findings)} checks failed; see above.")
    aside = sum(finding.subject in ASIDE for finding in findings)
    if aside:
        click.echo(f"Nothing is broken; {aside} times something was set aside, see above.")
    else:
        click.echo("All is well.")


def _safely(look: Callable[[Settings], Iterator[Finding]], settings: Settings) -> Iterator[Finding]:
    try:
        yield from look(settings)
    except Exception as failure:  # noqa: BLE001 - a doctor reports whatever is found broken
        yield Finding(look.__name__.strip("_"), good=False, says=str(failure))


def _file(settings: Settings) -> Iterator[Finding]:
    from bot.store.database import open_to_others

    if not settings.db.exists():
        yield Finding(
            "database" if settings.server is None else "articles",
            good=None,
            says=f"{settings.db} does not exist yet; `frontline kb sync PATH` or `serve` makes it.",
        )
        return
    exposed = open_to_others(settings.db)
    for says in exposed:
        yield Finding("privacy", good=False, says=f"{says}.")
    if not exposed:
        yield Finding("privacy", good=True, says="nobody else can read the database.")


def _database(settings: Settings) -> Iterator[Finding]:
    from bot.service.context import utc_now
    from bot.store.database import server_of
    from bot.store.health import examine, is_current
    from bot.store.sealing import KEY, is_on
    from bot.store.unit_of_work import Store

    store = Store(settings.db, utc_now)
    if server_of(settings.db) is not None:
        # Not a copy: it is looked at, and left in the shape that it has.
        for condition in examine(settings.db):
            yield Finding(f"database: {condition.subject}", condition.good, condition.says)
        if not is_current(settings.db):
            return
    elif settings.db.exists():
        store.migrate()
        yield Finding("database", good=True, says=f"{settings.db} opens.")
    else:
        store.migrate()
    for stop in store.stops.now():
        yield Finding(
            "sending",
            good=False,
            says=f"{stop.what} since {stop.since[:16]} UTC, {stop.waiting} wait: {stop.says} "
            "It goes on by itself once that is mended; a token is read at a start.",
        )
    for pause in store.stops.asked_to_wait():
        yield Finding(
            "sending",
            good=None,
            says=f"{pause.what} waits until {pause.until[:16]} UTC, {pause.waiting} in all: "
            f"{pause.says} Everything else goes on; nothing needs to be done.",
        )
    if is_on():
        yield Finding(
            "encryption", good=True, says=f"conversations are sealed with {KEY}; search is off."
        )
    for letter in store.outbox.dead_letters():
        ticket = f"T-{letter['ticket']}" if letter["ticket"] else "no ticket"
        yield Finding(
            "undelivered",
            good=None,
            says=f"{ticket} to {letter['channel']} at {letter['created_at']}: {letter['error']} "
            f"(`frontline outbox resend {letter['id']}` sends it again, `drop` lets it go)",
        )
    for letter in store.aside.notices():
        ticket = f"T-{letter['ticket']}" if letter["ticket"] else "no ticket"
        yield Finding(
            "set aside",
            good=None,
            says=f"notice {letter['id']}, {ticket} to {letter['channel']} at "
            f"{letter['created_at']}: {letter['error']}",
        )
    for timer in store.aside.timers():
        yield Finding(
            "timer",
            good=None,
            says=f"{timer['kind']} of T-{timer['ticket']} at {timer['due']}: {timer['error']}",
        )
    for row in store.inbox.failures():
        yield Finding("unhandled", good=None, says=f"event {row['event_id']}: {row['error']}")
    store.glance.close()


def _knowledge(settings: Settings) -> Iterator[Finding]:
    from bot.store.articles.looking import count_of
    from bot.store.database import reading, server_of
    from bot.store.health import is_current

    if server_of(settings.db) is not None:
        # Opened, this machine's copy would be brought up, or become what all share.
        if is_current(settings.db):
            with reading(settings.db) as db:
                yield _counted(count_of(db))
        return
    from bot.bootstrap import build_encoder, build_knowledge

    knowledge = build_knowledge(settings, build_encoder(settings))
    yield _counted(knowledge.count())
    if stale := knowledge.stale_count():
        yield Finding(
            "encoder",
            good=None,
            says=f"{stale} articles are not embedded by the configured encoder yet; `frontline kb "
            "sync PATH` does it, or else the next search, which takes longer.",
        )


def _counted(count: int) -> Finding:
    says = f"{count} articles." if count else "no articles; run `frontline kb sync PATH`."
    return Finding("knowledge base", good=count > 0, says=says)


def _sources(settings: Settings) -> Iterator[Finding]:
    for subject, good, says in (*source_findings(settings), *area_findings(settings)):
        yield Finding(subject, good=good, says=says)


def _model(settings: Settings) -> Iterator[Finding]:
    from bot.bootstrap import build_encoder
    from classifier.serving.predict import Classifier

    model = Classifier.load(settings.model, build_encoder(settings))
    yield Finding("classifier", good=True, says=f"{settings.model}, version {model.version}.")
    if settings.routes.routes and "matters" not in model.manifest:
        yield Finding(
            "routes",
            good=False,
            says="the model does not know danger, security incidents and confidential matters; "
            "run `frontline classifier train`.",
        )


def _languages(settings: Settings) -> Iterator[Finding]:
    from bot.bootstrap import build_encoder
    from bot.service.context import utc_now

    encoder = build_encoder(settings)
    for subject, good, says in language_findings(settings.db, encoder, utc_now()):
        yield Finding(subject, good=good, says=says)


def _targets(settings: Settings) -> Iterator[Finding]:
    for subject, good, says in target_findings(settings):
        yield Finding(subject, good=good, says=says)


def _groups(settings: Settings) -> Iterator[Finding]:
    """What the configuration alone says of who is called."""
    for name, group in settings.file.groups.items():
        if group.usergroup is None and not group.fallback and group.rota is None:
            yield Finding(
                f"group {name}",
                good=False,
                says="nobody is called; name `usergroup`, `fallback` or a rota in "
                f"[groups.{name}].",
            )
    if not settings.file.groups:
        yield Finding("groups", good=False, says="none; add [groups.l2] and [groups.l3].")


def _slack(settings: Settings) -> Iterator[Finding]:
    from bot.settings.tokens import token_and_secret, tokens
    from bot.slack.app import web_client
    from bot.slack.errors import translated
    from bot.slack.manifest import missing_scopes

    by_requests = settings.secrets.slack_app_token is None and settings.secrets.slack_signing_secret
    bot_token, secret = token_and_secret(settings) if by_requests else tokens(settings)
    client = web_client(bot_token, settings.secrets.slack_api_url)
    with translated("signing in with SLACK_BOT_TOKEN"):
        answer = client.auth_test()
    if answer.get("is_enterprise_install"):
        client.of_organisation()
    yield Finding("bot token", good=True, says=f"{answer['user']} in {answer['team']}.")
    missing = missing_scopes(answer.headers)
    for scope, use in sorted(missing.items()):
        yield Finding(f"scope {scope}", good=False, says=f"missing; needed to {use}.")
    if not answer.headers.get("x-oauth-scopes"):
        yield Finding(
            "scopes",
            good=None,
            says="the server does not say which the token has; compare with `frontline manifest`.",
        )
    elif not missing:
        yield Finding("scopes", good=True, says="all there.")
    yield BY_REQUESTS if by_requests else _app_token(client, secret)
    yield from _places(settings, client)
    for subject, good, says in rota_findings(settings, client):
        yield Finding(subject, good=good, says=says)


BY_REQUESTS = Finding(
    "signing secret",
    good=None,
    says="set; whether it is the app's, and whether Slack reaches `frontline serve --http`, shows "
    "on the app's page: Event Subscriptions, Retry.",
)


def _app_token(client: WebClient, app_token: str) -> Finding:
    from slack_sdk.errors import SlackApiError

    from bot.slack.errors import ABOUT_US, code_of, translated

    try:
        with translated("opening a connection with SLACK_APP_TOKEN"):
            client.apps_connections_open(app_token=app_token)
    except FrontlineError as failure:
        cause = failure.__cause__
        code = code_of(cause) if isinstance(cause, SlackApiError) else ""
        if code not in ABOUT_US and code != "missing_scope":
            return Finding("app token", good=False, says=str(failure))
        return Finding(
            "app token",
            good=False,
            says=f"Slack refuses SLACK_APP_TOKEN ({code}), while the bot token is right; make an "
            "app-level token with connections:write on the app's page, Basic Information.",
        )
    return Finding("app token", good=True, says="Socket Mode can be opened.")


def _places(settings: Settings, client: WebClient) -> Iterator[Finding]:
    from bot.service.context import utc_now
    from bot.slack.people.directory import SlackDirectory

    directory = SlackDirectory(client, utc_now)
    for subject, good, says in place_findings(settings, client, directory):
        yield Finding(subject, good=good, says=says)
    for subject, good, says in people_findings(settings, client):
        yield Finding(subject, good=good, says=says)
    for subject, good, says in route_findings(settings, directory):
        yield Finding(subject, good=good, says=says)
    for group in settings.groups.groups:
        if group.usergroup is None and not group.fallback:
            # Of its own words or its rota something is said already.
            continue
        on_call = directory.on_call(group)
        people = f"{len(on_call.members)} people."
        says = f"{on_call.note} {people}" if on_call.note else people
        yield Finding(f"group {group.name}", good=bool(on_call.members), says=says)

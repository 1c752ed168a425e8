"""`frontline init`: writes a configuration, brings in articles, and says what comes next."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from bot.cli.adopting.looking import example_of, unread_languages
from bot.cli.adopting.places import asked, named, split_names
from bot.cli.knowledge.live import bring_in
from bot.cli.knowledge.opening import going_on, opened, stage_bar
from bot.cli.models.configured import configured_encoder
from bot.settings.places import Place
from bot.settings.writing import Wanted, configuration, keep_private
from classifier.data.shipped import shipped_data
from kb.encoding.loading import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings.settings import Settings
    from kb.searching.base import KnowledgeBase

CONFIG = Path("frontline.toml")
LABELS = Path("labels")
_NAMED = 5


@click.command("init")
@click.option(
    "--articles",
    multiple=True,
    type=click.Path(path_type=Path),
    help="File or folder that articles come from; repeatable.",
)
@click.option("--git", multiple=True, help="Repository that articles are brought from; repeatable.")
@click.option("--sitemap", multiple=True, help="Sitemap of a site of articles; repeatable.")
@click.option("--zendesk", multiple=True, help="Address of a Zendesk help centre; repeatable.")
@click.option("--confluence", multiple=True, help="Address of a Confluence wiki; repeatable.")
@click.option("--space", multiple=True, help="Key of a space of Confluence; repeatable.")
@click.option("--within", default="", help="Folder of a repository, or where a site's paths begin.")
@click.option("--user", default="", help="Who signs in where those sources are.")
@click.option("--token-env", default="", help="Variable that holds the token of those sources.")
@click.option("--internal", multiple=True, help="Host inside at which those sources may be.")
@click.option("--channel", multiple=True, help="Channel in which people ask; repeatable.")
@click.option("--l2", help="Channel of those who are called first.")
@click.option("--l3", help="Channel of those who are called for what stops many.")
@click.option("--l2-usergroup", default="", help="Handle of L2's Slack user group.")
@click.option("--l3-usergroup", default="", help="Handle of L3's Slack user group.")
@click.option(
    "--zone",
    default="UTC",
    show_default=True,
    callback=lambda _context, _option, name: _zone(name),
    help="Time zone, as Europe/Berlin.",
)
@click.option("--admin", multiple=True, help="Slack id of who looks after the desk; repeatable.")
@click.option("--english", is_flag=True, help="Read English alone: faster, and lighter.")
@click.option("--yes", is_flag=True, help="Ask nothing; what is not given keeps its default.")
@click.option("--force", is_flag=True, help="Replace a configuration; the old one is kept beside.")
def init(
    articles: tuple[Path, ...],
    git: tuple[str, ...],
    sitemap: tuple[str, ...],
    zendesk: tuple[str, ...],
    confluence: tuple[str, ...],
    space: tuple[str, ...],
    within: str,
    user: str,
    token_env: str,
    internal: tuple[str, ...],
    channel: tuple[str, ...],
    l2: str | None,
    l3: str | None,
    l2_usergroup: str,
    l3_usergroup: str,
    zone: str,
    admin: tuple[str, ...],
    english: bool,
    yes: bool,
    force: bool,
) -> None:
    """Begin a desk of your own: configuration, articles, model, and what comes next."""
    if CONFIG.exists() and not force:
        raise click.ClickException(
            f"{CONFIG} is here already and stays as it is; --force replaces it, and keeps it as "
            f"{CONFIG}.before"
        )

    def ask(what: str, default: str, given: str | None = None) -> str:
        if given is not None or yes:
            return given or default
        return str(click.prompt(what, default=default))

    given = {"git": git, "sitemap": sitemap, "zendesk": zendesk, "confluence": confluence}
    shared = Place("", "", "", within, split_names(space), user, token_env, internal)
    places = [
        replace(shared, kind=kind, address=address)
        for kind, addresses in given.items()
        for address in addresses
    ]
    sources = articles
    if not sources and not places:
        folder, place = asked(ask)
        sources = (Path(folder).expanduser(),) if folder else ()
        places = [replace(place, internal=internal)] if place is not None else []
    if sources:
        _refuse_empty(sources)
    wanted = Wanted(
        articles=tuple(sources),
        channels=tuple(_channel(name) for name in channel)
        or (_channel(ask("Channel in which people ask", "it-help")),),
        l2=_channel(ask("Channel of L2, who are called first", "l2-support", l2)),
        l3=_channel(ask("Channel of L3, for what stops many", "l3-engineering", l3)),
        l2_usergroup=l2_usergroup.removeprefix("@"),
        l3_usergroup=l3_usergroup.removeprefix("@"),
        zone=zone,
        admins=admin,
        english=english,
        places=named(places),
    )
    with going_on(f"{CONFIG} is not written yet, what was done is kept"):
        example = _done(wanted)
    click.echo(f"wrote {CONFIG}")
    click.echo(_next_steps(wanted, example))


def _done(wanted: Wanted) -> str:
    """Do all of it, the configuration last; gives something to ask."""
    with _configured(wanted) as settings:
        keep_private(settings.db)
        _model_of(settings)
        if settings.live_sources:
            bring_in(settings, settings.live_sources)
        with opened(settings, None) as base:
            _brought_in(base, settings)
            held = base.store.articles()
            unread = unread_languages(held) if settings.encoder_model == ENGLISH else ""
            if unread:
                click.echo(unread)
            return example_of(held)


def _zone(name: str) -> str:
    try:
        return str(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.BadParameter(f"{name!r} is no time zone; as Europe/Berlin") from error


def _channel(name: str) -> str:
    plain = name.strip().removeprefix("#")
    if not plain:
        raise click.ClickException("a channel has no name; give it as Slack shows it: it-help")
    return plain


def _refuse_empty(sources: tuple[Path, ...]) -> None:
    """Refuse, before anything is written, sources that have no article."""
    from kb.errors import KnowledgeBaseError
    from kb.sources import read_source

    found, reasons = False, list[str]()
    try:
        for source in sources:
            # To the first: all of a large folder takes minutes, and is read below.
            for entry in read_source(source, collection="default"):
                if entry.article is not None:
                    found = True
                    break
                reasons.append(str(entry.passed_over or entry.problem))
    except KnowledgeBaseError as error:
        raise click.ClickException(f"{error}. Nothing was written") from error
    if not found:
        why = "".join(f"\n  {reason}" for reason in reasons[:_NAMED])
        raise click.ClickException(
            f"{', '.join(map(str, sources))}: no article that can be read, so nothing was written; "
            f"docs/reference/sources.md says which files are.{why}"
        )


@contextmanager
def _configured(wanted: Wanted) -> Iterator[Settings]:
    """Check the configuration as any other, and put it in place once all else is done."""
    from bot.settings.loading import load_settings

    fresh = CONFIG.with_suffix(".toml.new")
    fresh.write_text(configuration(wanted), encoding="utf-8")
    try:
        settings = load_settings(fresh)
        _reached(settings)
        LABELS.mkdir(exist_ok=True)
        yield settings
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    if CONFIG.exists():
        CONFIG.replace(CONFIG.with_suffix(".toml.before"))
    fresh.replace(CONFIG)


def _reached(settings: Settings) -> None:
    """Bring the live sources in as far as their copies; refuse where one gives no article."""
    from bot.live.bringing import bring

    for source in settings.live_sources:
        click.echo(f"bringing in {source.name}", err=True)
        folder = (settings.db.parent / "sources" / source.name).absolute()
        is_new = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        brought = bring(source, folder, time.sleep)
        if not brought.parts:
            if is_new:
                shutil.rmtree(folder)
            raise click.ClickException(
                f"{source.kind} {source.url or source.path}: {brought.trouble} Nothing was written"
            )


def _model_of(settings: Settings) -> None:
    """Train the classifier on the shipped messages, where no model is there that could serve."""
    from classifier.data.labels import LABELS as DESK
    from classifier.errors import ClassifierError
    from classifier.serving.predict import Classifier
    from classifier.training.train import train

    encoder = configured_encoder(settings)
    try:
        version = Classifier.load(settings.model, encoder).version
    except ClassifierError:
        click.echo("training the classifier on the shipped messages, once: some minutes", err=True)
        with stage_bar() as progress:
            report = train(shipped_data(), settings.model, encoder, labels=DESK, progress=progress)
        version = report.version
    click.echo(f"model {version} in {settings.model}")


def _brought_in(base: KnowledgeBase, settings: Settings) -> None:
    from kb.glance import sample_keys
    from kb.tuning.calibrating import calibrate
    from kb.tuning.lint import lint

    strange = sample_keys(base.store.sources())
    if strange:
        base.remove(strange)
        click.echo(f"removed {len(strange)} articles of the sample desk from {settings.db}")
    with stage_bar() as told:
        folders = settings.folders
        report = base.sync(
            folders, progress=partial(told, "embedding"), reading=partial(told, "reading")
        )
        base.prepare(partial(told, "indexing"))
        scale = calibrate(base, partial(told, "calibrating"))
        findings = lint(base.store.articles(), base.encoder, partial(told, "looking them over"))
    # The last that were passed over: there stands of which kinds of files none was read.
    for line in (*report.problems[:_NAMED], *report.passed_over[-_NAMED:]):
        click.echo(line, err=True)
    count = base.count()
    click.echo(
        f"{count} article{'s' * (count != 1)} in {settings.db}; {len(report.problems)} could not "
        f"be read, passed over {len(report.passed_over)} (`frontline kb sync` names all of them)"
    )
    click.echo(scale.told())
    kinds = ", ".join(f"{kind} {many}" for kind, many in Counter(f.kind for f in findings).items())
    if findings:
        click.echo(f"`frontline kb lint` names {len(findings)} things to look at: {kinds}")


def _next_steps(wanted: Wanted, example: str) -> str:
    channels = ", ".join(f"#{name}" for name in (*wanted.channels, wanted.l2, wanted.l3))
    called = (
        ""
        if wanted.l2_usergroup and wanted.l3_usergroup
        else f"\n     and name who is called: `usergroup` or `fallback` of each group in {CONFIG}"
    )
    foreign = (
        "Whoever does not write in English is asked back; without --english others are read, too.\n"
        if wanted.english
        else ""
    )
    quoted = example.replace('"', "'")
    return f"""
Ask it now, without Slack:
     frontline ask "{quoted}"
Then:
  1. frontline manifest > manifest.json
     create an app from it on Slack's app page, install it, make an app-level token
  2. export SLACK_BOT_TOKEN=xoxb-... SLACK_APP_TOKEN=xapp-...
  3. invite the app to {channels}{called}
  4. frontline doctor
  5. frontline serve
{foreign}After some days: `frontline tickets labels labels/from-tickets.jsonl`, then
`frontline classifier train` learns what engineers said beside the shipped messages.
docs/adopting.md has each step."""

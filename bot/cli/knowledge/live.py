"""Live sources in the terminal: bringing them in, and how they stand."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from bot.bootstrap.yielding import LOW, give_way
from bot.cli.knowledge.opening import opened, stage_bar
from bot.cli.options import database_option
from bot.desk.errors import FrontlineError
from bot.live.wanted import TroubleError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.live.bringing import Brought, Told
    from bot.live.wanted import LiveSource
    from bot.settings.settings import Settings
    from bot.store.unit_of_work import Store
    from kb.searching.base import KnowledgeBase


@click.command("sources")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
@click.pass_obj
def sources_command(settings: Settings, as_json: bool) -> None:
    """List the live sources: what each has brought in, and what is wrong."""
    for state in states_of(settings):
        if as_json:
            row = {
                "source": state.name,
                "kind": state.kind,
                "articles": state.articles,
                "well": state.is_well,
                "brought_in_at": state.done_at.isoformat() if state.done_at else None,
                "next_at": state.next_at.isoformat() if state.next_at else None,
                "says": state.line(),
            }
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            click.echo(f"{state.name}  {state.kind}  {state.line()}")


def states_of(settings: Settings) -> Any:
    """Give how each configured live source stands; a database that is not there has nothing."""
    from bot.desk.live import SourceState
    from bot.store.database import server_of
    from bot.store.health import is_current

    kinds = {name: each.kind for name, each in settings.file.sources.items()}
    on_server = server_of(settings.db) is not None
    if not (is_current(settings.db) if on_server else settings.db.exists()):
        return tuple(SourceState(name, kind) for name, kind in kinds.items())
    return _store(settings).live.states(kinds)


def _store(settings: Settings) -> Store:
    from bot.service.context import utc_now
    from bot.store.unit_of_work import Store

    settings.db.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(settings.db, utc_now)
    store.migrate()
    return store


def chosen(settings: Settings, names: Sequence[str]) -> tuple[LiveSource, ...]:
    """Give the sources of these names; all without any."""
    known = {each.name: each for each in settings.live_sources}
    for name in names:
        if name not in known:
            has = f"there are {', '.join(known)}" if known else "none is configured"
            raise click.UsageError(f"there is no source {name!r}: {has}")
    return tuple(known[name] for name in names) if names else tuple(known.values())


def bring_in(
    settings: Settings,
    sources: Sequence[LiveSource],
    *,
    prune: bool = False,
    gently: bool = False,
    pause: Callable[[float], object] = time.sleep,
) -> int:
    """Bring sources in, one after the other; gives how many failed. One stops no other."""
    store = _store(settings)
    if gently:
        give_way(LOW)
    failed = changed = 0
    with ExitStack() as stack:
        base: KnowledgeBase | None = None

        def opening() -> KnowledgeBase:
            nonlocal base
            if base is None:
                base = stack.enter_context(opened(settings, settings.db))
            return base

        for source in sources:
            told, trouble = _one(store, settings, source, opening, prune=prune, pause=pause)
            changed += told.changed if told is not None else 0
            failed += trouble is not None
            _say(source, told, trouble)
        if base is not None and changed:
            _prepare(base)
    return failed


def _one(
    store: Store,
    settings: Settings,
    source: LiveSource,
    opening: Callable[[], KnowledgeBase],
    *,
    prune: bool,
    pause: Callable[[float], object],
) -> tuple[Told | None, TroubleError | None]:
    """Bring one source in, and write down what came of it."""
    from bot.live.bringing import alone, bring

    folder = (settings.db.parent / "sources" / source.name).absolute()
    with alone(folder) as is_alone:
        if not is_alone:
            return None, TroubleError("It is being brought in just now.")
        store.live.begin(source.name, source.kind, source.every)
        brought = bring(source, folder, pause)
        told, trouble = _taken_in(store, source, brought, opening, prune=prune)
        articles = told.articles if told is not None else None
        held = brought.fingerprint if told is not None else None
        if trouble is not None:
            store.live.failed(
                source.name,
                source.every,
                str(trouble),
                wish=trouble.wish,
                articles=articles,
                fingerprint=held,
            )
        else:
            store.live.done(
                source.name,
                source.every,
                articles=articles,
                fingerprint=held,
                notes=_notes(brought, told),
            )
        return told, trouble


def _taken_in(
    store: Store,
    source: LiveSource,
    brought: Brought,
    opening: Callable[[], KnowledgeBase],
    *,
    prune: bool,
) -> tuple[Told | None, TroubleError | None]:
    from bot.live.bringing import take_in

    if not brought.parts or store.live.fingerprint(source.name) == brought.fingerprint:
        return None, brought.trouble
    try:
        told = take_in(opening(), source, brought.parts, confirmed=prune)
    except TroubleError as trouble:
        return None, trouble
    except (click.ClickException, OSError) as failure:
        return None, TroubleError(f"The articles could not be stored: {failure}.")
    return told, brought.trouble


def _notes(brought: Brought, told: Told | None) -> str | None:
    if told is None:
        return None
    unread = f"{len(told.named)} not read." if told.named else ""
    return " ".join(part for part in (brought.notes, unread) if part)


def _say(source: LiveSource, told: Told | None, trouble: TroubleError | None) -> None:
    for line in told.named if told is not None else ():
        click.echo(line, err=True)
    what = f"{told.changed} changed, {told.articles} articles" if told is not None else "as before"
    click.echo(f"{source.name}: {trouble or what}", err=trouble is not None)


def _prepare(base: KnowledgeBase) -> None:
    """Do what the next search would have to do, and measure the scores anew."""
    from kb.tuning.calibrating import calibrate

    with stage_bar() as told:
        base.refresh(partial(told, "embedding"))
        base.prepare(partial(told, "indexing"))
        calibrate(base, partial(told, "calibrating"))


def refuse_failures(failed: int, many: int) -> None:
    """End with one line where a source could not be brought in."""
    if failed:
        raise FrontlineError(f"{failed} of {many} sources could not be brought in; see above.")

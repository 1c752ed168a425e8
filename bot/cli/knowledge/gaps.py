"""`frontline kb gaps`: what to write next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from bot.cli.exporting import scrubbed
from bot.cli.knowledge.opening import db_option, opened
from bot.cli.options import store_of
from bot.desk.errors import FrontlineError
from bot.desk.ids import ticket_name
from bot.desk.learning import GapId, GapState, line_of, name_of, ranked

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.learning import Effect, Gap
    from bot.desk.ports.work import UnitOfWork
    from bot.store.unit_of_work import Store

MARKED = {"done": GapState.DONE, "dismissed": GapState.DISMISSED, "open": GapState.OPEN}


@click.command("gaps")
@click.option("--all", "all_states", is_flag=True, help="Those that are done or dismissed, too.")
@click.option("--look", is_flag=True, help="Take the questions together anew first.")
@click.option(
    "--mark", nargs=2, metavar="GAP STATE", help="Say what became of one: done, dismissed, open."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@db_option
@click.pass_obj
def gaps_command(
    settings: Any,
    *,
    all_states: bool,
    look: bool,
    mark: tuple[str, str] | None,
    as_json: bool,
    db_path: Path | None,
) -> None:
    """List questions that no article answers, taken together, the dearest first."""
    store = store_of(settings, db_path)
    if mark is not None:
        _mark(store, *mark)
    if look:
        _look(settings, db_path, store)
    with store.look() as uow:
        states = tuple(GapState) if all_states else ()
        found = ranked(uow.gaps.all(), *states)
        effects = {gap.id: _effect(uow, gap) for gap in found if gap.state is GapState.DONE}
        looked = uow.gaps.last_run("gaps")
    for gap in found:
        click.echo(json.dumps(_row(gap), ensure_ascii=False) if as_json else _line(gap))
        effect = effects.get(gap.id)
        if effect is not None and not as_json:
            click.echo(f"    {effect}")
    when = f"{looked:%Y-%m-%d %H:%M} UTC" if looked else "never; give --look"
    click.echo(f"{len(found)} gaps; last looked for: {when}", err=True)


def _effect(uow: UnitOfWork, gap: Gap) -> Effect | None:
    """Tell what the article did that fills a gap, where a draft became one."""
    drafts = uow.drafts.about([each.ticket for each in gap.missed])
    found = [effect for each in drafts if (effect := uow.drafts.effect(each)) is not None]
    return found[-1] if found else None


def _mark(store: Store, gap: str, state: str) -> None:
    from bot.service.learning.cards import decide_gap

    number = gap.upper().removeprefix("G-")
    if state not in MARKED or not number.isdecimal():
        raise click.UsageError("--mark takes a gap and a state, as G-12 done")
    with store.unit_of_work() as uow:
        known = uow.gaps.get(GapId(int(number)))
        if known is None:
            raise FrontlineError(
                f"There is no gap G-{number}; `frontline kb gaps --all` lists them."
            )
        decide_gap(uow, known, MARKED[state], None)


def _look(settings: Any, db_path: Path | None, store: Store) -> None:
    from bot.service.learning.gaps import look_for_gaps
    from bot.service.learning.gathering import Sight
    from kb.encoding.likeness import comparable
    from kb.questions.clustering import grouped

    with opened(settings, db_path) as base:

        def nearest(text: str) -> str | None:
            hits = base.search(text, top=1, viewer_groups=())
            return hits[0].article if hits else None

        def embedded(texts: Any) -> Any:
            vectors = base.encoder.encode([scrubbed(text) for text in texts])
            return comparable(vectors, base.encoder)

        look_for_gaps(
            Sight(
                store.unit_of_work, store.look, store.clock, embedded, base.asked, nearest, grouped
            )
        )


def _row(gap: Gap) -> dict[str, Any]:
    line = line_of(gap)
    return {
        "gap": gap.name,
        "state": gap.state.value,
        "question": scrubbed(line.question),
        "asked": line.asked,
        "people": line.people,
        "first": line.first.isoformat(),
        "last": line.last.isoformat(),
        "hours": round(gap.hours, 1),
        "tier": line.tier or None,
        "group": gap.group or None,
        "article": line.failing or line.near or None,
        "fails_at_step": line.step,
        "tickets": [ticket_name(each.ticket) for each in gap.missed],
    }


def _line(gap: Gap) -> str:
    row = _row(gap)
    failing = f" fails at step {row['fails_at_step']}" if row["fails_at_step"] else ""
    nearest = f"nearest {row['article']}{failing}" if row["article"] else "no article is near"
    return (
        f"{row['gap']}  {row['state']}  {name_of(row['question'])}\n"
        f"    asked {row['asked']} times by {row['people']} people, {gap.first:%d %b} to "
        f"{gap.last:%d %b}, {row['hours']} h {row['tier'] or ''}, {nearest}"
    )

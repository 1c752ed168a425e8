"""`frontline problems`: what recurs and what is wished for; linked to an issue, closed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from bot.cli.exporting import scrubbed
from bot.cli.options import database_option, store_of
from bot.desk.errors import FrontlineError
from bot.desk.ids import ticket_name
from bot.desk.learning import (
    ProblemKind,
    ProblemState,
    foremost,
    link_of,
    parse_problem_name,
    problem_name,
)

if TYPE_CHECKING:
    from bot.desk.learning import Problem, ProblemId
    from bot.settings.settings import Settings
    from bot.store.unit_of_work import Store

LEAST_HOURS = 0.25


@click.group()
def problems() -> None:
    """List causes that recur and wishes; link one to an issue, close it."""


@problems.command("list")
@click.option("--all", "every", is_flag=True, help="Those that are closed, too.")
@click.option("--look", is_flag=True, help="Take what was settled and wished together anew first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@database_option
@click.pass_obj
def list_command(settings: Settings, *, every: bool, look: bool, as_json: bool) -> None:
    """List problems and wishes, the dearest first: people times the hours of engineers."""
    store = store_of(settings)
    if look:
        _look(settings, store)
    with store.look() as uow:
        known = uow.problems.all()
        looked = uow.gaps.last_run("problems")
    wanted = [
        each for each in known if each.met and (every or each.state is not ProblemState.CLOSED)
    ]
    found = foremost(wanted, lambda one: len(one.people) * max(one.hours, LEAST_HOURS))
    for each in found:
        click.echo(json.dumps(_row(each), ensure_ascii=False) if as_json else _line(each))
    when = f"{looked:%Y-%m-%d %H:%M} UTC" if looked else "never; give --look"
    click.echo(f"{len(found)} problems and wishes; last looked for: {when}", err=True)


@problems.command("show")
@click.argument("problem")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every ticket.")
@database_option
@click.pass_obj
def show_command(settings: Settings, problem: str, as_json: bool) -> None:
    """Show PROBLEM, such as P-12, with the tickets that it was met in."""
    known = _known(store_of(settings), settings, problem)
    if as_json:
        click.echo(json.dumps(_whole(known), ensure_ascii=False, indent=2))
        return
    click.echo(_line(known))
    for name, text in (("settled last by", known.last_settled and known.last_settled.fix),
                       ("would be prevented by", known.prevention)):  # fmt: skip
        if text:
            click.echo(f"    {name}: {' '.join(scrubbed(text).split())}")
    for each in _whole(known)["met"]:
        back = ", came back" if each["came_back"] else ""
        what = " ".join((each["cause"] or each["question"]).split())[:100]
        click.echo(f"    {each['ticket']}  {each['at'][:10]}  {what}{back}")


@problems.command("link")
@click.argument("problem")
@click.argument("address")
@database_option
@click.pass_obj
def link_command(settings: Settings, problem: str, address: str) -> None:
    """Say that the issue at ADDRESS is about PROBLEM."""
    link = link_of(address)
    if link is None:
        raise click.UsageError(f"{address!r} is no address of a page; it begins with https://")
    _decide(settings, problem, ProblemState.LINKED, link)


@problems.command("close")
@click.argument("problem")
@database_option
@click.pass_obj
def close_command(settings: Settings, problem: str) -> None:
    """Say that PROBLEM is done; it is open again if it comes a week later."""
    _decide(settings, problem, ProblemState.CLOSED)


@problems.command("open")
@click.argument("problem")
@database_option
@click.pass_obj
def open_command(settings: Settings, problem: str) -> None:
    """Open PROBLEM again."""
    _decide(settings, problem, ProblemState.OPEN)


def _number(problem: str) -> ProblemId:
    number = parse_problem_name(problem)
    if number is None:
        raise click.UsageError(f"{problem!r} is no problem's number; it looks like P-12")
    return number


def _known(store: Store, settings: Settings, problem: str) -> Problem:
    number = _number(problem)
    with store.look() as uow:
        known = uow.problems.get(number)
    if known is None or not known.met:
        raise FrontlineError(
            f"There is no {problem_name(number)} in {settings.db}; "
            "`frontline problems list --all` lists them."
        )
    return known


def _decide(settings: Settings, problem: str, state: ProblemState, link: str | None = None) -> None:
    from bot.service.learning.problems import decide

    store = store_of(settings)
    known = _known(store, settings, problem)
    with store.unit_of_work() as uow:
        now = uow.problems.get(known.id) or known
        if now.state is not state or link not in {None, now.link}:
            decide(uow, now, state, None, link)
    click.echo(f"{known.name} is {state.value}.", err=True)


def _look(settings: Settings, store: Store) -> None:
    from bot.cli.knowledge.opening import opened
    from bot.service.learning.gathering import Sight
    from bot.service.learning.problems import look_for_problems
    from kb.encoding.likeness import comparable
    from kb.questions.clustering import grouped

    with opened(settings, settings.db) as base:

        def embedded(texts: Any) -> Any:
            vectors = base.encoder.encode([scrubbed(text) for text in texts])
            return comparable(vectors, base.encoder)

        look_for_problems(
            Sight(
                store.unit_of_work, store.look, store.clock, embedded, base.asked,
                lambda _: None, grouped,
            )
        )  # fmt: skip


def _row(problem: Problem) -> dict[str, Any]:
    return {
        "problem": problem.name,
        "kind": problem.kind.value,
        "state": problem.state.value,
        "title": scrubbed(problem.title),
        "link": problem.link or None,
        "times": len(problem.met),
        "people": len(problem.people),
        "first": min(each.at for each in problem.met).isoformat(),
        "last": max(each.at for each in problem.met).isoformat(),
        "hours": round(problem.hours, 1),
        "group": problem.group or None,
        "fix_did_not_hold": problem.returned,
        "prevention": scrubbed(problem.prevention) or None,
        "tickets": [ticket_name(each.ticket) for each in problem.met],
    }


def _whole(problem: Problem) -> dict[str, Any]:
    met = [
        {
            "ticket": ticket_name(each.ticket),
            "at": each.at.isoformat(),
            "requester": each.requester,
            "question": scrubbed(each.question),
            "cause": scrubbed(each.cause),
            "fix": scrubbed(each.fix),
            "prevention": scrubbed(each.prevention),
            "came_back": each.came_back,
        }
        for each in problem.met
    ]
    return {**_row(problem), "met": met}


def _line(problem: Problem) -> str:
    row = _row(problem)
    people = "1 person" if row["people"] == 1 else f"{row['people']} people"
    times = "once" if row["times"] == 1 else f"{row['times']} times"
    cost = f", {row['hours']} h" if problem.kind is ProblemKind.CAUSE else ""
    back = f", fix did not hold {row['fix_did_not_hold']}x" if row["fix_did_not_hold"] else ""
    link = f", {row['link']}" if row["link"] else ""
    return (
        f"{row['problem']}  {row['state']}  {row['kind']}  {row['title']}\n"
        f"    {times}, {people}, {row['first'][:10]} to {row['last'][:10]}{cost}{back}{link}"
    )

"""What recurs and what is wished for: looked for, told monthly, linked, closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.beyond import AboutProblem, Happening
from bot.desk.ids import DESK
from bot.desk.learning import (
    CloseProblem,
    LinkProblem,
    OpenProblem,
    ProblemKind,
    ProblemReport,
    ProblemState,
    ProblemWord,
    foremost,
    link_of,
    months_before,
    problem_line,
    recurs,
    tells,
)
from bot.desk.tiers import Tier
from bot.service.learning.cards import show_on_pages
from bot.service.learning.gathering import MOST, WINDOW
from bot.service.tickets.presses import privately
from kb.questions.clustering import APART, CAUSES_APART

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desk.addresses import Spot
    from bot.desk.ids import UserId
    from bot.desk.learning import Met, Problem, ProblemId, ProblemLine, ProblemPress
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk
    from bot.service.learning.gathering import Sight

TOP = 6
LEAST_WEIGHT = 0.25
MOST_READ = 1_000
"""So many tickets are read for wishes at once: half a minute of one core."""

HAPPENED = {
    ProblemState.OPEN: Happening.PROBLEM_REOPENED,
    ProblemState.LINKED: Happening.PROBLEM_LINKED,
    ProblemState.CLOSED: Happening.PROBLEM_CLOSED,
}


def look_for_problems(sight: Sight) -> int:
    """Take settled causes together, and wishes; gives how many problems there are now."""
    since = sight.clock() - WINDOW
    _read_for_wishes(sight, since)
    with sight.look() as uow:
        settled = [each for each in uow.problems.settled(since) if tells(each.cause, each.fix)]
        wished = uow.problems.wished(since)
    causes, names = _together(sight, settled, CAUSES_APART)
    often = [place for place, members in enumerate(causes) if recurs(members)]
    wishes, wish_names = _together(sight, wished, APART)
    with sight.unit_of_work() as uow:
        _regroup(uow, ProblemKind.CAUSE, [causes[n] for n in often], [names[n] for n in often])
        _regroup(uow, ProblemKind.WISH, wishes, wish_names)
        uow.gaps.ran("problems")
    return len(often) + len(wishes)


def _read_for_wishes(sight: Sight, since: datetime) -> None:
    """Read what was not read yet, once: a day's tickets, or what a first look takes."""
    with sight.look() as uow:
        unread = uow.problems.unread(since, MOST_READ)
    found = sight.wishes_in([each.question for each in unread])
    if unread:
        with sight.unit_of_work() as uow:
            uow.problems.read(zip([each.ticket for each in unread], found, strict=True))


def _together(sight: Sight, met: Sequence[Met], apart: float) -> tuple[list[list[Met]], list[Met]]:
    """Take tickets together, the oldest first; what stands in private channels is left out."""
    with sight.look() as uow:
        tickets = [ticket for each in met if (ticket := uow.tickets.get(each.ticket))]
    shown = sight.quotable(tickets)
    told = [each for each in met if each.ticket in shown][-MOST:]
    clusters, names = sight.together([each.words for each in told], apart)
    return [[told[n] for n in sorted(members)] for members in clusters], [told[n] for n in names]


def _regroup(
    uow: UnitOfWork, kind: ProblemKind, clusters: Sequence[Sequence[Met]], names: Sequence[Met]
) -> None:
    tickets = [[each.ticket for each in members] for members in clusters]
    known = {each.id for each in uow.problems.all()}
    for number in uow.problems.regroup(kind, tickets, [each.ticket for each in names]):
        what = Happening.PROBLEM_REOPENED if number in known else Happening.PROBLEM_FOUND
        _tell(uow, number, what)


def _tell(uow: UnitOfWork, number: ProblemId, what: Happening) -> None:
    problem = uow.problems.get(number)
    if problem is None or not problem.met:
        return
    told = AboutProblem(
        problem.name,
        problem.kind.value,
        problem.state.value,
        problem.title,
        problem.link or None,
        len(problem.met),
        len(problem.people),
        min(each.at for each in problem.met),
        max(each.at for each in problem.met),
        tuple(sorted(each.ticket for each in problem.met)),
    )
    uow.beyond.problem(what, told, problem.group or None)


def plan_problem_report(desk: Desk) -> Change:
    """Tell L3, and the product's channel, what recurred last month, and what was wished for."""
    before, since, until = months_before(desk.clock())
    with desk.look() as uow:
        known = uow.problems.all()
    ordered = foremost(known, lambda one: _weight(one, since, until))
    lines = [problem_line(each, before, since, until) for each in ordered]
    shown = [*_first(lines, wish=False), *_first(lines, wish=True)]
    report = ProblemReport(since, tuple(shown), len(lines) - len(shown))
    channels = {group.channel: None for group in desk.groups.usual if group.tier is Tier.L3}
    if desk.product.channel:
        channels[desk.product.channel] = None

    def change(uow: UnitOfWork) -> None:
        if report.lines:
            for channel in channels:
                uow.outbox.put(report, Destination(channel))
        uow.gaps.ran("problem report")

    return change


def _weight(problem: Problem, since: datetime, until: datetime) -> float:
    """People times effort, as of gaps; what did not occur in the month weighs nothing."""
    now = problem.within(since, until)
    hours = sum(each.effort.total_seconds() for each in now) / 3600
    return len({one for each in now for one in each.people}) * max(hours, LEAST_WEIGHT)


def _first(lines: Sequence[ProblemLine], *, wish: bool) -> Sequence[ProblemLine]:
    return [each for each in lines if each.wish is wish][:TOP]


def plan_problem_press(press: ProblemPress, desk: Desk) -> Change:
    """Link a problem to an issue elsewhere, close it, open it again."""
    word = _against(press, desk)
    if word is not None:
        return lambda uow: _tell_presser(uow, press.at, word)

    def change(uow: UnitOfWork) -> None:
        known = uow.problems.get(press.problem)
        to, link = _wanted(press)
        if known is None or (known.state is to and link in {None, known.link}):
            by = known.by if known else None
            why = ProblemWord("already", press.problem, by, to.value)
            _tell_presser(uow, press.at, why)
            _refresh(uow, press.problem)
        else:
            decide(uow, known, to, press.at.user, link)

    return change


def _against(press: ProblemPress, desk: Desk) -> ProblemWord | None:
    with desk.look() as uow:
        known = uow.problems.get(press.problem)
    if known is None:
        return ProblemWord("unknown", press.problem)
    if not may_decide(desk, press.at.user):
        return ProblemWord("not_theirs", press.problem)
    if isinstance(press, LinkProblem) and link_of(press.link) is None:
        return ProblemWord("no_link", press.problem, details=press.link)
    return None


def may_decide(desk: Desk, user: UserId) -> bool:
    """Tell whether somebody decides on what recurs: L3, whom the product names, and admins."""
    groups = desk.groups.at_or_above(Tier.L3)
    if user in desk.product.people or user in desk.admins:
        return desk.may_ask(user)
    return desk.may_act(user, groups)


def _wanted(press: ProblemPress) -> tuple[ProblemState, str | None]:
    match press:
        case LinkProblem(link=link):
            return ProblemState.LINKED, link_of(link)
        case CloseProblem():
            return ProblemState.CLOSED, None
        case OpenProblem():
            return ProblemState.OPEN, None


def decide(
    uow: UnitOfWork, known: Problem, to: ProblemState, by: UserId | None, link: str | None = None
) -> None:
    """Write down what is done about a problem, on its pages too; tell the targets that listen."""
    uow.problems.decide(known.id, to, by, link)
    _refresh(uow, known.id)
    _tell(uow, known.id, HAPPENED[to])
    uow.audit.note(DESK, by, f"problem {to}", f"{known.name} {link or ''}".strip())


def _refresh(uow: UnitOfWork, number: ProblemId) -> None:
    """Show on every page that names a problem how it stands, wherever that was decided."""
    known = uow.problems.get(number)
    if known is None:
        return

    def now(line: ProblemLine) -> ProblemLine:
        if line.problem != number:
            return line
        return replace(line, state=known.state, link=known.link)

    show_on_pages(uow, ProblemReport, [each.ticket for each in known.met], now)


def _tell_presser(uow: UnitOfWork, at: Spot, word: ProblemWord) -> None:
    uow.outbox.put(word, privately(at))

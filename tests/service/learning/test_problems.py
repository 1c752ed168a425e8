"""Causes that recur are found, told monthly, linked, closed, and open again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.beyond import ActedBeyond, Deed, Happening, Outgoing, Target, Targets
from bot.desk.deciding import Action
from bot.desk.ids import ChannelId, TicketId, Ts
from bot.desk.learning import (
    CloseProblem,
    LinkProblem,
    OpenProblem,
    Problem,
    ProblemReport,
    ProblemState,
    ProblemWord,
)
from bot.desk.ports.delivery import Urgency
from bot.desk.tickets import NotFixed, Resolution, Resolve
from bot.desk.tiers import Tier
from bot.service.context import Product
from bot.service.handling import plan
from bot.service.learning.gathering import Sight
from bot.service.learning.problems import look_for_problems, plan_problem_report
from bot.store.outbox import OutboxRow, Resting
from bot.worker.slowly.learning import LearningKeeper
from kb.questions.clustering import grouped
from tests import builders as a
from tests.kb.conftest import WordEncoder
from tests.service.conftest import Office, place_of, the

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.learning import ProblemPress

QUEUE = ("The print queue was full", "Emptied the print queue on the server")
BADGE = ("Badge reader without a clock", "Gave it time")
AT = a.spot(a.JONAS, a.L3_CHANNEL, "8.1")
ISSUE = "https://issues.example/412"
PRODUCT = "C0PRODUCT1"
DAY = 86_400


class Desk:
    """An office in which the same is settled again and again."""

    def __init__(self, office: Office) -> None:
        """Join an office."""
        self.office = office
        self.sight = self._sight()
        self._asked = 0

    def _sight(self) -> Sight:
        desk, encoder = self.office.desk, WordEncoder()
        return Sight(
            desk.unit_of_work, desk.look, desk.clock, encoder.encode, lambda _: (),
            lambda _: None, grouped,
            lambda tickets: frozenset(
                each.id for each in tickets
                if not desk.directory.is_private(each.thread.channel)
            ),
            lambda asked, *_: ["would be great" in text for text in asked.texts],
        )  # fmt: skip

    def settle(
        self, said: tuple[str, str], by: UserId = a.ANA, *, prevention: str = "",
        channel: str = a.IT_HELP,
    ) -> TicketId:  # fmt: skip
        """Let somebody ask, and an engineer settle it after an hour."""
        number = self.ask(f"@frontline it does not work, number {self._asked}", by, channel=channel)
        self.office.clock.turn(3600)
        self.settle_again(number, said, prevention=prevention)
        return number

    def ask(self, text: str, by: UserId, *, channel: str = a.IT_HELP) -> TicketId:
        """Let somebody ask what people have to settle."""
        self._asked += 1
        ts = Ts(f"17725{self._asked:05}.000100")
        self.office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
        self.office.handle(a.message(text, user=by, ts=ts, channel=channel))
        with self.office.desk.look() as uow:
            (ticket,) = [t for t in uow.tickets.of_requester(by, a.NOON) if t.asked_ts == ts]
        return ticket.id

    def settle_again(
        self, number: TicketId, said: tuple[str, str], *, prevention: str = ""
    ) -> None:
        """Let an engineer settle a ticket."""
        with self.office.desk.look() as uow:
            escalation = uow.escalations.latest_for(number)
        assert escalation is not None
        at = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
        press = Resolve(at, escalation.id, said[0], said[1], prevention=prevention)
        self.office.handle(press)

    def look(self) -> tuple[Problem, ...]:
        """Look for problems."""
        look_for_problems(self.sight)
        return self.problems()

    def problems(self) -> tuple[Problem, ...]:
        """The problems on record."""
        with self.office.desk.look() as uow:
            return uow.problems.all()

    def page(self) -> list[OutboxRow]:
        """Tell of the last month."""
        return self.office.apply(plan_problem_report(self.office.desk))

    def to_next_month(self) -> None:
        """Turn the clock to a month's second day."""
        while self.office.clock.now.day != 2:
            self.office.clock.turn(DAY)
        if self.office.clock.now.month == a.NOON.month:
            self.office.clock.turn(DAY)
            self.to_next_month()

    def word(self, press: ProblemPress) -> ProblemWord:
        """What somebody is told who presses."""
        notice = the(self.office.handle(press), ProblemWord).notice
        assert isinstance(notice, ProblemWord)
        return notice


@pytest.fixture
def desk(office: Office) -> Desk:
    """A desk whose product has a channel of its own."""
    product = Product(PRODUCT, frozenset({a.BEN}))
    office.desk = replace(office.desk, product=product)
    return Desk(office)


def report_of(rows: list[OutboxRow]) -> ProblemReport:
    """The page that was told."""
    notice = rows[0].notice
    assert isinstance(notice, ProblemReport)
    return notice


def test_a_cause_that_recurs_is_told_to_l3_and_to_the_product(desk: Desk) -> None:
    """With times, people, hours, and what would prevent it; one cause alone is none."""
    desk.settle(QUEUE)
    desk.settle(QUEUE, a.BEN, prevention="Let the queue empty itself at night")
    desk.settle(("The print queue was full again", "Emptied the print queue"), a.TOM)
    desk.settle(BADGE)
    (found,) = desk.look()
    assert (len(found.met), len(found.people), found.hours) == (3, 3, 3.0)
    desk.to_next_month()
    rows = desk.page()
    assert [row.channel for row in rows] == [a.L3_CHANNEL, PRODUCT]
    (line,) = report_of(rows).lines
    assert (line.times, line.before, line.people, line.minutes) == (3, 0, 3, 180)
    assert line.prevention == "Let the queue empty itself at night"
    assert "print queue" in line.title
    desk.office.handle(CloseProblem(AT, found.id))
    assert report_of(desk.page()).lines[0].prevention == ""


def test_the_trend_is_against_the_month_before(desk: Desk) -> None:
    """Once in March, twice in April."""
    desk.settle(QUEUE)
    desk.to_next_month()
    desk.settle(QUEUE, a.BEN)
    desk.settle(QUEUE)
    desk.look()
    desk.office.clock.turn(30 * DAY)
    (line,) = report_of(desk.page()).lines
    assert (line.times, line.before) == (2, 1)
    desk.office.clock.turn(31 * DAY)
    assert desk.page() == []


@pytest.mark.parametrize("how", ["reopened", "asked again"])
def test_a_fix_that_does_not_hold_is_a_problem_at_once(desk: Desk, how: str) -> None:
    """Reopened by its requester, or the same person comes with the same within two weeks."""
    first = desk.settle(QUEUE)
    if how == "reopened":
        desk.office.handle(NotFixed(a.spot(a.ANA, a.IT_HELP, "9.1"), first))
        desk.settle_again(first, QUEUE)
        desk.settle(QUEUE, a.BEN)
    else:
        desk.settle(QUEUE)
    (found,) = desk.look()
    assert found.returned == 1


def test_twice_by_two_people_is_chance(desk: Desk) -> None:
    """Nothing is told of it."""
    desk.settle(QUEUE)
    desk.settle(QUEUE, a.BEN)
    assert desk.look() == ()


@pytest.mark.parametrize(
    "kind", ["restricted", "confidential", "forgotten", "direct", "private", "says nothing"]
)
def test_what_is_not_for_all_or_says_nothing_counts_for_nothing(desk: Desk, kind: str) -> None:
    """Neither quoted nor counted, whatever kind of thing it is."""
    desk.office.directory.private = {"C0PRIVATE1"}
    channel = {"direct": a.DIRECT, "private": "C0PRIVATE1"}.get(kind, a.IT_HELP)
    said = ("-", "fixed, works again") if kind == "says nothing" else QUEUE
    numbers = [desk.settle(said, channel=channel) for _ in range(3)]
    with desk.office.store.unit_of_work() as uow:
        for number in numbers:
            ticket = uow.tickets.get(number)
            assert ticket is not None
            if kind == "restricted":
                uow.tickets.save(ticket.routed(None, "l2"))
            if kind == "confidential":
                uow.tickets.save(ticket.routed("confidential"))
            if kind == "forgotten":
                uow.tickets.save(ticket.reworded("(forgotten)"))
    assert desk.look() == ()


def test_what_becomes_restricted_later_is_in_no_page(desk: Desk) -> None:
    """Its number stays with what was decided; nothing is said of it."""
    numbers = [desk.settle(QUEUE, by) for by in (a.ANA, a.BEN, a.TOM)]
    (found,) = desk.look()
    desk.office.handle(LinkProblem(AT, found.id, ISSUE))
    with desk.office.store.unit_of_work() as uow:
        for number in numbers:
            ticket = uow.tickets.get(number)
            assert ticket is not None
            uow.tickets.save(ticket.routed(None, "l2"))
    desk.to_next_month()
    assert desk.page() == []
    assert [each.met for each in desk.look()] == [()]


def test_a_problem_is_linked_closed_and_open_again_when_it_comes_back(desk: Desk) -> None:
    """Within a week it was on its way; later, it was not ended. The link stays."""
    for by in (a.ANA, a.BEN, a.TOM):
        desk.settle(QUEUE, by)
    (found,) = desk.look()
    desk.office.handle(LinkProblem(AT, found.id, f" <{ISSUE}> "))
    assert [(each.state, each.link) for each in desk.problems()] == [(ProblemState.LINKED, ISSUE)]
    desk.office.handle(CloseProblem(AT, found.id))
    desk.office.clock.turn(3 * DAY)
    desk.settle(QUEUE, a.MEI)
    assert [each.state for each in desk.look()] == [ProblemState.CLOSED]
    desk.office.clock.turn(timedelta(days=6).total_seconds())
    desk.settle(QUEUE, a.MEI)
    (back,) = desk.look()
    assert (back.id, back.state, back.link, len(back.met)) == (found.id, "open", ISSUE, 5)


def test_a_press_shows_on_the_page_how_it_stands(desk: Desk) -> None:
    """The message is edited; the others' lines stay."""
    for said in (QUEUE, BADGE):
        for by in (a.ANA, a.BEN, a.TOM):
            desk.settle(said, by)
    first, second = desk.look()
    desk.to_next_month()
    channel, ts = place_of(desk.page()[0])
    sent = desk.office.handle(LinkProblem(a.spot(a.JONAS, channel, ts or ""), second.id, ISSUE))
    assert sent[0].edit_ts == ts
    lines = report_of(sent).lines
    assert {line.problem: line.state for line in lines} == {
        first.id: ProblemState.OPEN, second.id: ProblemState.LINKED,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("press", "why"),
    [
        (lambda n: LinkProblem(replace(AT, user=a.MEI), n, ISSUE), "not_theirs"),
        (lambda n: CloseProblem(replace(AT, user=a.ANA), n), "not_theirs"),
        (lambda n: CloseProblem(AT, n + 7), "unknown"),
        (lambda n: OpenProblem(AT, n), "already"),
        (lambda n: LinkProblem(AT, n, "javascript:alert(1)"), "no_link"),
        (lambda n: LinkProblem(AT, n, "https://user:secret@issues.example/1"), "no_link"),
    ],
)  # fmt: skip
def test_who_may_not_or_what_cannot_is_told(desk: Desk, press: object, why: str) -> None:
    """Nothing is changed."""
    for by in (a.ANA, a.BEN, a.TOM):
        desk.settle(QUEUE, by)
    (found,) = desk.look()
    assert callable(press)
    assert desk.word(press(found.id)).why == why
    assert [each.state for each in desk.problems()] == [ProblemState.OPEN]


def test_those_whom_the_product_names_may_decide(desk: Desk) -> None:
    """Though they are in no resolver group."""
    for by in (a.ANA, a.BEN, a.TOM):
        desk.settle(QUEUE, by)
    (found,) = desk.look()
    desk.office.handle(CloseProblem(replace(AT, user=a.BEN), found.id))
    assert [each.state for each in desk.problems()] == [ProblemState.CLOSED]


def test_targets_that_listen_are_told_without_secrets(desk: Desk) -> None:
    """Found, linked, closed, each once; a target of another group hears nothing."""
    events = frozenset(each for each in Happening if each.value.startswith("problem."))
    store = desk.office.store
    store.targets = Targets((
        Target("tracker", events), Target("others", events, frozenset({"l3"})),
    ))  # fmt: skip
    for by in (a.ANA, a.BEN, a.TOM):
        desk.settle(QUEUE, by)
    (found,) = desk.look()
    desk.look()
    desk.office.handle(LinkProblem(AT, found.id, ISSUE))
    desk.office.handle(CloseProblem(AT, found.id))
    told = []
    while (row := store.outbox.claim(Resting(least=Urgency.NEWS, most=Urgency.PAGE))) is not None:
        assert isinstance(row, OutboxRow)
        store.outbox.sent(row, ChannelId(row.channel), Ts("1.1"))
        assert isinstance(row.notice, Outgoing)
        told.append((row.notice.target, row.notice.what.value))
    assert told == [
        ("tracker", f"problem.{what}") for what in ("found", "linked", "closed")
    ]  # fmt: skip


@pytest.mark.parametrize("named", ["P-1", "p1", ISSUE])
@pytest.mark.parametrize("may", [True, False])
def test_an_issue_that_is_closed_elsewhere_closes_the_problem(
    desk: Desk, named: str, may: bool
) -> None:
    """By its number or by the issue's address, where the hook may; else it is written down."""
    for by in (a.ANA, a.BEN, a.TOM):
        desk.settle(QUEUE, by)
    (found,) = desk.look()
    desk.office.handle(LinkProblem(AT, found.id, ISSUE))
    deeds = frozenset({Deed.CLOSE} if may else {Deed.TAKE})
    for page in (named, "P-99", "https://issues.example/other"):
        told = ActedBeyond("tracker", "pager", page, Deed.CLOSE, deeds)
        assert desk.office.apply(plan(told, desk.office.desk)) == []
    state = ProblemState.CLOSED if may else ProblemState.LINKED
    assert [each.state for each in desk.problems()] == [state]


@pytest.mark.parametrize("may", [True, False])
def test_a_tracker_sends_the_address_of_its_issue_back(desk: Desk, may: bool) -> None:
    """Where the hook may; it stands on every page that names the problem, and is told on, once."""
    for by in (a.ANA, a.BEN, a.TOM):
        desk.settle(QUEUE, by)
    (found,) = desk.look()
    desk.to_next_month()
    pages = desk.page()
    told = ActedBeyond(
        "tracker", "pager", "p-1", Deed.LINK, frozenset({Deed.LINK if may else Deed.CLOSE}),
        name="Jira", link=ISSUE,
    )  # fmt: skip
    sent = desk.office.apply(plan(told, desk.office.desk))
    assert [row.edit_ts for row in sent] == ([place_of(page)[1] for page in pages] if may else [])
    for row in sent:
        (line,) = report_of([row]).lines
        assert (line.problem, line.state, line.link) == (found.id, ProblemState.LINKED, ISSUE)
    (now,) = desk.problems()
    assert (now.state, now.link) == ((ProblemState.LINKED, ISSUE) if may else ("open", ""))
    with desk.office.desk.look() as uow:
        trail = uow.outbox._db.execute("SELECT what FROM audit ORDER BY id DESC").fetchone()
    assert trail["what"] == ("problem linked" if may else "refused beyond Slack")
    assert desk.office.apply(plan(told, desk.office.desk)) == [], "an echo"


def test_an_issue_that_is_told_late_opens_nothing_again(desk: Desk) -> None:
    """Who closed it here has decided; another issue's address takes the place of the first."""
    for by in (a.ANA, a.BEN, a.TOM):
        desk.settle(QUEUE, by)
    (found,) = desk.look()
    for link in (ISSUE, f"{ISSUE}3"):
        told = ActedBeyond(
            "tracker", "pager", "P-1", Deed.LINK, frozenset({Deed.LINK}), link=link
        )  # fmt: skip
        desk.office.apply(plan(told, desk.office.desk))
    assert [each.link for each in desk.problems()] == [f"{ISSUE}3"]
    desk.office.handle(CloseProblem(AT, found.id))
    late = replace(told, link=ISSUE)
    assert desk.office.apply(plan(late, desk.office.desk)) == []
    assert [(e.state, e.link) for e in desk.problems()] == [(ProblemState.CLOSED, f"{ISSUE}3")]


def test_wishes_are_told_beside_what_recurs(desk: Desk) -> None:
    """One is enough; who wishes for the same is taken together. What an article settled is none."""
    for text, by in (
        ("@frontline it would be great if chairs had wheels", a.ANA),
        ("@frontline would be great: wheels for chairs", a.BEN),
        ("@frontline where are the chairs kept", a.ANA),
    ):
        desk.ask(text, by)
    (wish,) = desk.look()
    assert (wish.kind, len(wish.met), len(wish.people)) == ("wish", 2, 2)
    assert wish.title.endswith("wheels for chairs") or wish.title.endswith("chairs had wheels")
    desk.to_next_month()
    (line,) = report_of(desk.page()).lines
    assert (line.wish, line.times, line.prevention, line.fix) == (True, 2, "", "")
    with desk.office.store.unit_of_work() as uow:
        for each in wish.met:
            ticket = uow.tickets.get(each.ticket)
            assert ticket is not None
            uow.tickets.save(replace(ticket, resolution=Resolution.ARTICLE))
    assert desk.look() == ()


def test_a_ticket_is_read_for_wishes_once(desk: Desk) -> None:
    """Each day reads what came since."""
    read: list[str] = []
    desk.sight = replace(
        desk.sight, wished=lambda asked, *_: [bool(read.append(t)) for t in asked.texts]
    )
    for number in range(2):
        desk.ask(f"@frontline it would be great, number {number}", a.ANA)
        desk.look()
    assert len(read) == 2


def test_the_keeper_looks_daily_and_tells_once_a_month(desk: Desk) -> None:
    """A desk that has just begun has a month to fill."""
    keeper = LearningKeeper(desk.office.desk, desk.sight, gaps=False)
    for by in (a.ANA, a.BEN, a.TOM):
        desk.settle(QUEUE, by)
    for _ in range(2):
        keeper.step()
    assert desk.office.apply(lambda _: None) == []
    desk.to_next_month()
    for _ in range(2):
        keeper.step()
    kinds = [row.notice.kind for row in desk.office.apply(lambda _: None)]
    assert kinds == ["problem_report", "problem_report"]

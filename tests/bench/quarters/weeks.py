"""The weeks go by: people ask, read, press; engineers resolve; a reviewer decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.bench.quarters.engineers import Engineers
from tests.bench.quarters.fixes import TERSE
from tests.bench.quarters.questions import SLOTS, drawn
from tests.bench.quarters.requesters import Case, Requesters
from tests.bench.quarters.reviewer import MINUTES, Reviewer
from tests.bench.quarters.tracing import Tracer
from tests.bench.quarters.truth import Truth
from tests.bench.quarters.workplace import EMPLOYEES, MONDAY, Workplace

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from kb.encoding.encoder import Encoder
    from tests.bench.quarters.questions import Question

ROUNDS = 5
"""So often a requester looks again within two hours."""
DONE = """
SELECT thread_ts FROM tickets WHERE resolution IN ('L2', 'L3', 'duplicate') AND state = 'resolved'
"""
ESCALATED = "SELECT DISTINCT t.thread_ts FROM escalations e JOIN tickets t ON t.id = e.ticket"


@dataclass
class Quarter:
    """What became of everything that was asked."""

    loop: bool
    weeks: int
    cases: list[Case] = field(default_factory=list)
    minutes: dict[int, float] = field(default_factory=dict)
    presses: dict[str, int] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    learned: list[str] = field(default_factory=list)
    """What became of each run of learning, with what spoke against it."""

    def of(self, week: int) -> list[Case]:
        """Give what was asked in a week."""
        return [case for case in self.cases if case.question.week == week]


@dataclass
class Plan:
    """How long, how much, and from which seed."""

    questions: int
    weeks: int
    seed: int
    folder: Path
    model: Path
    encoder: Encoder
    told: Callable[[str], None]
    learn: int = 0
    """After so many weeks each the desk learns from outcomes; 0 for never."""


def live(plan: Plan, *, loop: bool) -> Quarter:
    """Live through the weeks, with the loop on or off."""
    folder = plan.folder / ("on" if loop else "off")
    folder.mkdir(parents=True)
    with Workplace(folder, plan.model, plan.encoder, loop=loop) as place:
        return _Life(plan, place, loop).live()


class _Life:
    def __init__(self, plan: Plan, place: Workplace, loop: bool) -> None:
        self.plan, self.place, self.loop = plan, place, loop
        self.quarter = Quarter(loop, plan.weeks)
        self.cases: dict[str, Case] = {}
        truth = Truth()
        self.requesters = Requesters(place, truth, plan.seed)
        self.engineers = Engineers(place, truth, plan.seed, loop, self.cases, self._settled)
        self.reviewer = Reviewer(place, truth, plan.seed, self.cases)
        self.tracer = Tracer(place, truth, self.cases)
        self.known: set[str] = set()
        """Topics that a person has settled."""
        self.asked = 0
        self.reported = "0"

    def live(self) -> Quarter:
        """Live through all weeks."""
        left = drawn(self.plan.questions, self.plan.weeks, self.plan.seed, MONDAY)
        for week in range(1, self.plan.weeks + 1):
            for day in range(5):
                self._morning(week, day)
                for slot in range(SLOTS):
                    now = MONDAY + timedelta(weeks=week - 1, days=day, hours=1 + 2 * slot)
                    due = [question for question in left if question.at == now]
                    self._two_hours(now, week, due)
            self._tell(week)
        self.quarter.minutes = self.engineers.minutes
        self.quarter.presses = dict(self.reviewer.presses)
        self.quarter.pages = self.reviewer.pages
        return self.quarter

    def _morning(self, week: int, day: int) -> None:
        self.place.until(MONDAY + timedelta(weeks=week - 1, days=day))
        if not self.loop:
            return
        self.reviewer.week = week
        self.place.night()
        if day == 0 and self.plan.learn and week > 1 and (week - 1) % self.plan.learn == 0:
            self.quarter.learned.append(f"week {week}: {self.place.learn()}")
        if day == 0:
            since, self.reported = self.reported, f"{self.place.clock().timestamp():.6f}"
            self.place.weekend()
            self.place.settle()
            self.reviewer.read_report(since)
        decided = self.reviewer.review()
        spent = self.engineers.minutes.get(week, 0.0)
        self.engineers.minutes[week] = spent + decided * MINUTES
        self.place.settle()

    def _two_hours(self, now: datetime, week: int, due: list[Question]) -> None:
        self.place.until(now)
        fresh = []
        for question in due:
            user = EMPLOYEES[self.asked * 7 % len(EMPLOYEES)]
            self.asked += 1
            case = Case(question, user, self.place.say(user, question.text))
            self.cases[case.ts] = case
            fresh.append(case)
        self.quarter.cases += fresh
        self._rounds()
        ended = now + timedelta(hours=2)
        self.engineers.take(now, ended, week)
        self.place.until(ended)
        while self.engineers.finish(ended):
            self._rounds()

    def _rounds(self) -> None:
        self.place.settle()
        for _ in range(ROUNDS):
            self._note_escalations()
            open_cases = [case for case in self.cases.values() if not case.is_over]
            pressed = [case for case in open_cases if self.requesters.look(case)]
            if not pressed:
                break
            self.place.settle()
        self._note_escalations()

    def _note_escalations(self) -> None:
        for (root,) in self.place.rows(ESCALATED):
            case = self.cases.get(root)
            if case is not None and not case.is_escalated:
                case.is_escalated = True
                asked = case.question
                case.is_repeat = asked.is_known and asked.topic in self.known
                if case.is_repeat:
                    case.trace = self.tracer.trace(case)
        for (root,) in self.place.rows(DONE):
            case = self.cases.get(root)
            if case is not None and case.answered_at is None and case.is_fixed:
                case.answered_at = self.place.clock()

    def _settled(self, case: Case, at: datetime) -> None:
        case.answered_at = at
        self.known.add(case.question.topic)

    def _tell(self, week: int) -> None:
        asked = self.quarter.of(week)
        repeats = sum(case.is_repeat for case in asked)
        wrong = sum(case.wrong > 0 for case in asked)
        hours = self.engineers.minutes.get(week, 0.0) / 60
        self.plan.told(
            f"loop {'on ' if self.loop else 'off'} week {week:2}: {len(asked)} asked, "
            f"{sum(case.is_escalated for case in asked)} escalated, {repeats} of them again, "
            f"{wrong} answered wrongly, {hours:.1f} h\n"
        )


def asked_until_answered(quarter: Quarter) -> dict[str, int | None]:
    """Count how often each topic without an article was asked until a page answered it."""
    found: dict[str, int | None] = {}
    for topic in TERSE:
        asked = [case for case in quarter.cases if case.question.topic == topic]
        if asked:
            answered = [n for n, case in enumerate(asked) if case.by_article is not None]
            found[topic] = answered[0] if answered else None
    return found

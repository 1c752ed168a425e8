"""Engineers of the quarter: a queue for each tier, some hurry, and one reviewer a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.slack import actions as ids
from tests.bench.quarters.fixes import SAYS_NOTHING, TERSE, WRONG
from tests.bench.quarters.workplace import L2, L3

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.bench.quarters.requesters import Case
    from tests.bench.quarters.truth import Truth
    from tests.bench.quarters.workplace import Workplace

CARELESS = 0.2
HURRIED = 0.5
WANTED, WANTED_BY_CARELESS, WANTED_OF_ONE_OFF = 0.8, 0.3, 0.08
MINUTES = {"L1": 20.0, "L2": 35.0, "L3": 50.0, "chat": 5.0}
OPEN = """
SELECT e.id, e.tier, t.thread_ts, coalesce(o.sent_channel, h.sent_channel),
    coalesce(o.sent_ts, h.sent_ts), e.opened_at
FROM escalations e JOIN tickets t ON t.id = e.ticket LEFT JOIN outbox o ON o.id = e.card
    LEFT JOIN outbox_history h ON h.id = e.card
WHERE e.state IN ('pending', 'acknowledged') ORDER BY e.id
"""


@dataclass
class Engineer:
    """Somebody on call, and when they are free again."""

    user: str
    tier: str
    free_at: datetime


@dataclass
class Work:
    """An escalation in somebody's hands."""

    by: Engineer
    case: Case
    channel: str
    ts: str
    ends_at: datetime
    attempt: int


@dataclass
class Engineers:
    """Everybody who takes escalations."""

    place: Workplace
    truth: Truth
    seed: int
    loop: bool
    cases: dict[str, Case]
    settled: Callable[[Case, datetime], None]
    people: list[Engineer] = field(default_factory=list)
    in_work: dict[int, Work] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    minutes: dict[int, float] = field(default_factory=dict)
    """Spent so far, by week."""

    def __post_init__(self) -> None:
        """Everybody is free at the beginning."""
        now = self.place.clock()
        self.people = [Engineer(user, "L2", now) for user in L2]
        self.people += [Engineer(user, "L3", now) for user in L3]

    def take(self, begun: datetime, ended: datetime, week: int) -> None:
        """Take what waits, the oldest first, as far as the time reaches."""
        for number, tier, root, channel, ts, _ in self.place.rows(OPEN):
            case = self.cases.get(root)
            if case is None or number in self.in_work or ts is None:
                continue
            free = min((p for p in self.people if p.tier == tier), key=lambda p: p.free_at)
            start = max(free.free_at, begun)
            if start >= ended:
                continue
            attempt = self.attempts.get(root, 0)
            careless = self._is_careless(case, attempt)
            spent = MINUTES[case.question.label] * (0.6 if careless else 1.0)
            free.free_at = start + timedelta(minutes=spent)
            self.minutes[week] = self.minutes.get(week, 0.0) + spent
            self.in_work[number] = Work(free, case, channel, ts, free.free_at, attempt)
            self.attempts[root] = attempt + 1

    def finish(self, until: datetime) -> int:
        """Resolve what is done by then; tells how many."""
        done = [number for number, work in self.in_work.items() if work.ends_at <= until]
        for number in done:
            self._resolve(self.in_work.pop(number))
        return len(done)

    def _resolve(self, work: Work) -> None:
        message = self.place.message(work.channel, work.ts)
        if not self.place.press(work.by.user, work.channel, message, "Resolve"):
            return
        asked = work.case.question
        careless = self._is_careless(work.case, work.attempt)
        right = self.truth.fixes(asked.topic, asked.week)
        draw = asked.draw(f"words {work.attempt}", self.seed)
        if careless:
            words = SAYS_NOTHING if draw < HURRIED else WRONG
            fix = words[int(draw * 1000) % len(words)]
        else:
            fix = right[-1 if draw < HURRIED and asked.topic in TERSE else 0]
        values = {ids.FIX: fix, ids.CAUSE: "as reported"}
        one_off = asked.needs_person or asked.is_talk
        share = WANTED_OF_ONE_OFF if one_off else WANTED_BY_CARELESS if careless else WANTED
        if self.loop and asked.draw(f"wanted {work.attempt}", self.seed) < share:
            values[ids.ARTICLE_WANTED] = ids.YES
        self.place.fill(work.by.user, values)
        work.case.is_fixed = not careless
        if not careless:
            self.settled(work.case, work.ends_at)

    def _is_careless(self, case: Case, attempt: int) -> bool:
        return attempt == 0 and case.question.draw("careless", self.seed) < CARELESS

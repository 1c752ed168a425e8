"""A clock that jumps under the real store, timers and queues: nobody mute, nothing twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.deciding import Action
from bot.desk.errors import RetryableDeliveryError
from bot.desk.ids import UserId
from bot.desk.promises import TimerKind
from bot.desk.tickets import TicketState
from bot.desk.tiers import Tier
from bot.desk.views import DeskAlert
from bot.store.unit_of_work import Store
from bot.worker import ClockWatch, OutboxRelay, TimerRunner
from bot.worker.pacing import Pacer
from tests import builders as a
from tests.fakes import FakePostman, TurnableClock
from tests.service.conftest import Office

if TYPE_CHECKING:
    from pathlib import Path

HOUR, DAY = 3_600.0, 86_400.0
DAY_BACK = timedelta(days=1)
JUMPS = [-HOUR, 180.0, 30 * DAY, -30 * DAY]


class Slack:
    """Slack's clock: turned with the time that passes, never set."""

    def __init__(self, clock: TurnableClock) -> None:
        """Show noon where ours does."""
        self.clock = clock
        self.slept = 0.0
        self.answers = True

    def __call__(self) -> datetime:
        """Tell the time, or do not answer."""
        if not self.answers:
            raise RetryableDeliveryError("No answer.")
        return a.NOON + timedelta(seconds=self.clock.passed + self.slept)


class Bench:
    """A desk on clocks that can be turned apart."""

    def __init__(self, store: Store) -> None:
        """Begin at noon, everything in order."""
        self.clock = TurnableClock()
        begun = self.clock.passed
        self.store = Store(
            store.path,
            self.clock,
            steady=lambda: a.NOON + timedelta(seconds=self.clock.monotonic() - begun),
        )
        self.office = Office(self.store, self.clock)
        object.__setattr__(self.office.desk, "admins", frozenset({UserId("U0SAM00001")}))
        self.slack = Slack(self.clock)
        self.watch = self.begin()
        self.timers = TimerRunner(self.store, self.office.desk, self.watch.is_steady)

    def begin(self) -> ClockWatch:
        """Start anew, as a process does."""
        watch = ClockWatch(self.store, self.office.desk, self.clock.monotonic, self.slack)
        watch.begin()
        return watch

    def fire(self) -> int:
        """Fire what is due; gives how many did."""
        fired = 0
        while self.timers.step():
            fired += 1
        return fired

    def due(self) -> dict[TimerKind, timedelta]:
        """Give the time left on the ticket's timers, by kind."""
        ticket = self.office.ticket().id
        with self.store.unit_of_work() as uow:
            return {each.kind: each.due - self.clock() for each in uow.timers.of(ticket)}

    def alerts(self) -> list[str]:
        """Give what the admins were told."""
        sent = self.office.apply(lambda _: None)
        return [row.notice.what for row in sent if isinstance(row.notice, DeskAlert)]


@pytest.fixture
def bench(store: Store) -> Bench:
    """A desk in order."""
    return Bench(store)


@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_fires_no_timer_and_leaves_each_the_time_that_it_had(
    bench: Bench, jump: float
) -> None:
    """An answered question is not closed, and an escalation calls nobody too early or too late."""
    bench.office.handle(a.message("How do I connect?"))
    before = bench.due()
    assert TimerKind.CLOSE_SILENT in before
    bench.clock.jump(jump)
    assert bench.fire() == 0, "while the jump is not understood nothing fires"
    bench.watch.step()
    assert bench.fire() == 0
    assert bench.due() == before
    assert bench.office.ticket().state is TicketState.ANSWERED
    assert bench.alerts() == ["clock_jumped"]
    bench.clock.turn(3 * DAY)
    bench.watch.step()
    assert bench.fire() >= 1
    assert bench.office.ticket().state is TicketState.CLOSED


def test_a_clock_that_is_set_back_again_gives_every_timer_its_first_time_back(
    bench: Bench,
) -> None:
    """Thirty days ahead for an hour, and right again."""
    bench.office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    bench.office.handle(a.message("The door to the warehouse does not open"))
    before = bench.due()
    bench.clock.jump(30 * DAY)
    bench.watch.step()
    bench.clock.jump(-30 * DAY)
    bench.watch.step()
    assert bench.due() == before


def test_a_machine_that_slept_fires_promises_and_closes_nothing(bench: Bench) -> None:
    """Four days of sleep: the requester's word could not be heard in that time."""
    bench.office.handle(a.message("How do I connect?"))
    left = bench.due()[TimerKind.CLOSE_SILENT]
    bench.slack.slept = 4 * DAY
    bench.clock.jump(4 * DAY)
    bench.watch.step()
    assert bench.fire() == 0
    assert bench.due()[TimerKind.CLOSE_SILENT] >= left
    assert bench.alerts() == ["slept"]


def test_a_start_after_days_closes_nothing_before_it_has_read_what_was_said(bench: Bench) -> None:
    """The process was gone for five days, and the clock is right."""
    bench.office.handle(a.message("How do I connect?"))
    left = bench.due()[TimerKind.CLOSE_SILENT]
    bench.clock.turn(5 * DAY)
    again = bench.begin()
    assert again.is_steady()
    assert bench.fire() == 0
    assert bench.due()[TimerKind.CLOSE_SILENT] >= left


def test_a_start_on_a_clock_that_was_set_meanwhile_shifts_timers(bench: Bench) -> None:
    """A minute passed; the clock says a month."""
    bench.office.handle(a.message("How do I connect?"))
    left = bench.due()[TimerKind.CLOSE_SILENT]
    bench.clock.turn(60)
    bench.clock.jump(30 * DAY)
    bench.begin()
    assert bench.fire() == 0
    assert abs(bench.due()[TimerKind.CLOSE_SILENT] - left) <= timedelta(minutes=1)


def test_while_slack_does_not_answer_timers_wait_some_minutes_and_no_longer(
    bench: Bench,
) -> None:
    """Then the machine's own clocks have to do."""
    bench.office.handle(a.message("How do I connect?"))
    bench.slack.answers = False
    bench.clock.jump(30 * DAY)
    bench.watch.step()
    assert not bench.watch.is_steady()
    bench.clock.turn(301)
    bench.watch.step()
    assert bench.watch.is_steady()
    assert bench.fire() == 0


@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_neither_delays_nor_repeats_what_is_to_be_sent(bench: Bench, jump: float) -> None:
    """Pauses, leases and turns go by a time that goes on evenly."""
    postman = FakePostman(script=[RetryableDeliveryError("later")])
    relay = OutboxRelay(bench.store, postman, Pacer(burst=1, rate=1.0))
    with bench.store.unit_of_work() as uow:
        for _ in range(2):
            uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP))
    assert relay.step()
    bench.clock.jump(jump)
    for _ in range(5):
        bench.clock.turn(1.0)
        while relay.step():
            pass
    assert len(postman.delivered) == 2, "both within seconds, each once"


@pytest.mark.parametrize("jump", JUMPS)
def test_a_jump_leaves_what_is_in_hand_in_one_pair_of_hands(bench: Bench, jump: float) -> None:
    """A lease that seems to be over is not, and what comes in is taken at once."""
    bench.store.inbox.put(a.delivery("E1"))
    first = bench.store.inbox.claim()
    assert first is not None
    bench.clock.jump(jump)
    assert bench.store.inbox.claim() is None
    bench.store.inbox.put(a.delivery("E2", None))
    second = bench.store.inbox.claim()
    assert second is not None
    assert second.id != first.id


def test_a_start_on_a_clock_that_was_set_back_does_not_let_rows_wait(
    store: Store, tmp_path: Path
) -> None:
    """Rows of a process whose clock was a month ahead are taken up at once."""
    ahead = TurnableClock(a.NOON + timedelta(days=30))
    before = Store(store.path, ahead)
    before.inbox.put(a.delivery("E1"))
    with before.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP))
    now = Store(store.path, TurnableClock())
    now.inbox.recover()
    now.outbox.recover()
    assert now.inbox.claim() is not None
    assert now.outbox.claim() is not None


@pytest.mark.parametrize("ahead", [-HOUR, 0.0, HOUR, 30 * DAY])
def test_what_was_queued_is_looked_for_in_slack_where_it_was_sent(
    store: Store, ahead: float
) -> None:
    """By Slack's clock, however wrong ours was when it was queued, or is now."""
    clock = TurnableClock(a.NOON + timedelta(seconds=ahead))
    wrong = Store(store.path, clock)
    slack = Slack(clock)
    office = Office(wrong, clock)
    watch = ClockWatch(wrong, office.desk, clock.monotonic, slack)
    watch.begin()
    queued_at, sent_at = clock(), slack()
    clock.turn(5)
    assert watch.by_slack(queued_at) == sent_at
    righted = TurnableClock(a.NOON + timedelta(seconds=60), passed=60)
    after = ClockWatch(Store(store.path, righted), office.desk, righted.monotonic, Slack(righted))
    after.begin()
    assert after.by_slack(queued_at) <= sent_at + timedelta(seconds=60)


@pytest.mark.parametrize("again", [False, True], ids=["goes on", "starts again"])
@pytest.mark.parametrize("slept", [0.0, 60.0, HOUR, 2 * HOUR, 20 * HOUR, 20 * DAY])
def test_what_was_sent_before_our_clocks_stood_still_is_looked_for_where_it_was_sent(
    bench: Bench, slept: float, *, again: bool
) -> None:
    """A machine that slept, or stood still, and whose clocks did not notice."""
    queued_at = bench.store.steady()
    sent_at = bench.slack()
    bench.clock.turn(5)
    bench.slack.slept = slept
    bench.clock.turn(61)
    watch = bench.begin() if again else bench.watch
    watch.step()
    found = watch.by_slack(queued_at)
    assert found <= max(sent_at, bench.slack() - DAY_BACK)
    assert found >= sent_at - timedelta(seconds=1), "and no page further back"

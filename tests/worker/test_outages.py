"""While Slack is away as a whole, one asks for all; what only one place fails on is its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.errors import DeliveryError, RetryableDeliveryError, UncertainDeliveryError
from bot.desk.ids import ChannelId
from bot.desk.ports.delivery import Receipt
from bot.worker import OutboxRelay
from bot.worker.pacing import Pacer
from bot.worker.standstill import LONGEST_PAUSE, PLACES, Outage
from tests import builders as a

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import NoticeId
    from bot.desk.notices import Notice
    from bot.desk.ports.delivery import Address
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

pytestmark = pytest.mark.rare

WORD = Courtesy("settled")
ROWS = 60


@dataclass
class Slack:
    """Fails where it is told to, and counts."""

    failure: Exception | None = None
    only: str | None = None
    tries: int = 0
    shown: list[str] = field(default_factory=list)

    def deliver(self, _: Notice, to: Address, notice: NoticeId, __: datetime | None) -> Receipt:
        """Post, or fail."""
        self.tries += 1
        if self.failure is not None and self.only in (None, to.channel):
            raise self.failure
        self.shown.append(to.channel)
        return Receipt(to.channel, a.Ts(f"9.{notice:06d}"))

    def find(self, *_: Any) -> None:
        """Nothing arrived."""
        if self.failure is not None and self.only is None:
            raise self.failure


@dataclass
class Sending:
    """A relay with many rows for many channels."""

    store: Store
    clock: TurnableClock
    slack: Slack = field(default_factory=Slack)

    def __post_init__(self) -> None:
        """Put a row for each channel."""
        self.relay = OutboxRelay(self.store, self.slack, Pacer(burst=10_000))  # type: ignore[arg-type]
        for number in range(ROWS):
            self.put(number)

    def put(self, number: int) -> None:
        """Write a row for a channel."""
        with self.store.unit_of_work() as uow:
            uow.outbox.put(WORD, Destination(ChannelId(f"C{number:09d}")))

    def work(self) -> int:
        """Send while there is anything to send; gives how often Slack was tried."""
        before = self.slack.tries
        while self.relay.step():
            pass
        return self.slack.tries - before


@pytest.fixture
def sending(store: Store, clock: TurnableClock) -> Sending:
    """All that waits."""
    return Sending(store, clock)


AWAY = [
    RetryableDeliveryError("Slack could not be reached."),
    RetryableDeliveryError("Slack had trouble of its own (503)."),
    UncertainDeliveryError("Slack did not answer in time."),
]


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(AWAY[0], id="network"),
        pytest.param(AWAY[1], id="503", marks=pytest.mark.rare),
        pytest.param(AWAY[2], id="timeout", marks=pytest.mark.rare),
    ],
)
def test_an_hour_away_costs_a_few_calls_and_ends_at_once(
    sending: Sending, failure: Exception
) -> None:
    """Not one a minute for each of them; and once it is back, nothing waits for its own minute."""
    sending.slack.failure = failure
    tries = sending.work()
    assert tries == PLACES
    for _ in range(720):
        sending.clock.turn(5)
        tries += sending.work()
    assert tries < 3_600 / LONGEST_PAUSE.total_seconds() + 20
    sending.slack.failure = None
    sending.clock.turn(LONGEST_PAUSE.total_seconds())
    sending.work()
    assert len(sending.slack.shown) > ROWS - 2 * PLACES
    sending.clock.turn(60)
    sending.work()
    assert len(set(sending.slack.shown)) == len(sending.slack.shown) == ROWS


def test_one_channel_that_fails_holds_up_none_other(sending: Sending) -> None:
    """However often it does."""
    sending.slack.failure, sending.slack.only = AWAY[1], "C000000000"
    sending.work()
    assert len(sending.slack.shown) == ROWS - 1
    for _ in range(10):
        sending.clock.turn(60)
        sending.put(1)
        sending.work()
    assert len(sending.slack.shown) == ROWS - 1 + 10


def test_a_refusal_shows_that_slack_is_there(sending: Sending) -> None:
    """Nothing rests for it."""
    sending.slack.failure = DeliveryError("Slack refused: is_archived.")
    assert sending.work() >= ROWS


def test_a_clock_that_is_set_back_does_not_make_it_last(clock: TurnableClock) -> None:
    """Tried again within a pause, by whatever clock."""
    outage = Outage()
    for number in range(PLACES):
        outage.failed(f"C{number}", clock())
    assert outage.rests(clock())
    assert not outage.rests(clock() - timedelta(hours=1))


def test_the_relay_says_when_it_looks_again(sending: Sending, clock: TurnableClock) -> None:
    """Its thread sleeps until then."""
    sending.slack.failure = AWAY[0]
    sending.work()
    due = sending.relay.next_due()
    assert due is not None
    assert due > clock().isoformat()

"""The worker, step by step: what fails is tried again, and then said aloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy, Solved
from bot.desk.deciding import Action
from bot.desk.errors import (
    DeliveryError,
    FrontlineError,
    RetryableDeliveryError,
    StaleStateError,
    UncertainDeliveryError,
)
from bot.desk.ids import TicketId, Ts
from bot.desk.tickets import Apology, Card, Seen, Take
from bot.desk.tiers import Tier
from bot.service.context import ChannelMode, Desk
from bot.store.database import StoreError
from bot.worker import InboxWorker, OutboxRelay
from bot.worker.inbox import HANDLING_TRIES
from bot.worker.pacing import Pacer
from bot.worker.pauses import LONGEST_PAUSE_S, pause_after
from tests import builders as a
from tests.fakes import FakeDirectory, FakePostman, FakeTriager, TurnableClock

if TYPE_CHECKING:
    from bot.desk.commands import Command
    from bot.desk.notices import Notice
    from bot.store.unit_of_work import Store

WORD = Courtesy("nothing_asked")
NEVER_WAIT = 10_000


@dataclass
class Bench:
    """A worker on the bench: payloads name commands, and steps are taken by hand."""

    store: Store
    clock: TurnableClock
    postman: FakePostman = field(default_factory=FakePostman)
    triager: FakeTriager = field(default_factory=FakeTriager)
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    commands: dict[str, Command | Exception | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Wire the desk, the inbox worker and the relay."""
        desk = Desk(
            unit_of_work=self.store.unit_of_work,
            triager=self.triager,
            directory=self.directory,
            groups=a.groups(),
            modes={"it-help": ChannelMode.QUESTIONS},
            clock=self.clock,
        )
        self.inbox = InboxWorker(self.store, desk, self._parse)
        self.relay = OutboxRelay(self.store, self.postman, Pacer(burst=NEVER_WAIT))

    def _parse(self, payload: dict[str, Any]) -> Command | None:
        command = self.commands[payload["event_id"]]
        if isinstance(command, Exception):
            raise command
        return command

    def receive(self, command: Command | Exception | None, event_id: str = "Ev1") -> None:
        """Let Slack deliver something."""
        self.commands[event_id] = command
        self.store.inbox.put(a.delivery(event_id))

    def put(self, notice: Notice = WORD, to: Destination | None = None, ticket: int = 1001) -> int:
        """Hand a notice over for sending."""
        with self.store.unit_of_work() as uow:
            return uow.outbox.put(notice, to or Destination(a.IT_HELP), TicketId(ticket))

    def open_ticket(self) -> None:
        """Open Ana's ticket."""
        with self.store.unit_of_work() as uow:
            uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED)

    def work(self) -> None:
        """Take steps until there is nothing to do now."""
        while self.inbox.step() or self.relay.step():
            pass

    def wait_and_work(self, seconds: float = 1_000) -> None:
        """Let time pass, then take steps."""
        self.clock.turn(seconds)
        self.work()

    @property
    def shown(self) -> list[str]:
        """Name what was delivered, in order."""
        return [notice.kind for notice, _, _ in self.postman.delivered]

    @property
    def failures(self) -> list[str]:
        """Give what is kept of failed deliveries."""
        return [str(row["error"]) for row in self.store.inbox.failures()]

    @property
    def dead(self) -> list[str]:
        """Give what is kept of notices that were given up."""
        return [str(row["error"]) for row in self.store.outbox.dead_letters()]


@pytest.fixture
def bench(store: Store, clock: TurnableClock) -> Bench:
    """A worker with nothing to do."""
    return Bench(store, clock)


def test_a_message_is_handled_and_answered(bench: Bench) -> None:
    """From the inbox to Slack."""
    bench.receive(a.message())
    bench.work()
    assert bench.shown == ["answer"]
    assert bench.failures == []


def test_there_is_nothing_to_do_where_nothing_came(bench: Bench) -> None:
    """A step says so, so that the worker can sleep."""
    assert not bench.inbox.step()
    assert not bench.relay.step()


def test_what_is_none_of_our_business_is_done_without_a_word(bench: Bench) -> None:
    """A payload without a command."""
    bench.receive(None)
    bench.work()
    assert bench.shown == []
    assert bench.failures == []


def test_a_passing_failure_is_tried_again_before_anybody_is_bothered(bench: Bench) -> None:
    """After a pause; the requester sees the answer alone."""
    bench.triager.fails_with = TimeoutError()
    bench.receive(a.message())
    bench.work()
    assert bench.shown == []
    bench.triager.fails_with = None
    bench.wait_and_work()
    assert bench.shown == ["answer"]
    assert bench.failures == []


def test_a_handler_that_keeps_failing_ends_in_an_apology_and_an_escalation(bench: Bench) -> None:
    """Never in silence; the failure is kept for the admin."""
    bench.triager.fails_with = ZeroDivisionError("secret detail")
    bench.receive(a.message())
    for _ in range(HANDLING_TRIES):
        bench.wait_and_work()
    assert bench.shown == ["apology", "card", "handoff"]
    assert bench.failures == ["ZeroDivisionError"]
    assert "secret detail" not in str(bench.postman.delivered)
    bench.wait_and_work()
    assert len(bench.shown) == 3


@pytest.mark.parametrize(
    "failure", [StoreError("The database is busy."), StaleStateError("T-1001")], ids=str
)
def test_what_is_of_the_moment_is_tried_until_it_is_over(bench: Bench, failure: Exception) -> None:
    """A person who asks at a busy hour gets an answer, and no apology."""
    bench.triager.fails_with = failure
    bench.receive(a.message())
    for _ in range(HANDLING_TRIES):
        bench.wait_and_work()
    assert bench.shown == []
    bench.triager.fails_with = None
    bench.wait_and_work()
    assert bench.shown == ["answer"]


def test_an_error_of_our_own_is_shown_to_engineers_in_its_words(bench: Bench) -> None:
    """It was written to be read."""
    bench.triager.fails_with = FrontlineError("The model is gone; train it again.")
    bench.receive(a.message())
    for _ in range(HANDLING_TRIES):
        bench.wait_and_work()
    (card,) = [notice for notice, _, _ in bench.postman.delivered if isinstance(notice, Card)]
    assert "The model is gone; train it again." in card.reasons[0]


@pytest.mark.parametrize(
    ("press", "user"),
    [(Solved(a.spot(a.ANA), TicketId(1001)), a.ANA), (Take(a.spot(a.TOM), 7), a.TOM)],
    ids=["requester", "engineer"],
)
def test_a_press_that_keeps_failing_is_apologised_for_to_one_person(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, press: Solved | Take, user: str
) -> None:
    """Nothing was changed, so nobody else is told."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.worker.inbox.plan", fail)
    bench.receive(press)
    for _ in range(HANDLING_TRIES):
        bench.wait_and_work()
    ((notice, to, _),) = bench.postman.delivered
    assert notice == Apology(None)
    assert to.only_for == user


def test_a_payload_that_cannot_be_read_is_kept_and_shown_to_the_admin(bench: Bench) -> None:
    """It is not read a second time: it will not change."""
    bench.receive(FrontlineError("A payload could not be read."))
    bench.work()
    bench.wait_and_work()
    assert bench.failures == ["A payload could not be read."]
    assert bench.shown == []


def test_an_apology_that_fails_too_is_tried_until_it_succeeds(bench: Bench) -> None:
    """While nobody can be looked up, say; the pause grows."""
    bench.triager.fails_with = TimeoutError()

    def down() -> None:
        raise ConnectionError

    bench.directory.before = down
    bench.receive(a.message())
    for _ in range(5):
        bench.wait_and_work()
    assert bench.shown == []
    bench.directory.before = lambda: None
    bench.wait_and_work()
    assert bench.shown == ["apology", "card", "handoff"]


def test_somebody_elses_faster_write_is_taken_into_account(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stale state is planned anew, on what is true by then."""
    tried: list[int] = []
    from bot.worker.inbox import plan as real_plan  # noqa: PLC0415 - what is patched below

    def stale_once(command: Command, desk: Desk) -> object:
        tried.append(1)
        if len(tried) == 1:
            raise StaleStateError("T-1001 at L2")
        return real_plan(command, desk)

    monkeypatch.setattr("bot.worker.inbox.plan", stale_once)
    bench.receive(a.message())
    bench.work()
    bench.wait_and_work()
    assert bench.shown == ["answer"]


def test_a_failure_holds_up_its_own_thread_alone(bench: Bench) -> None:
    """What was written later is handled later."""
    bench.triager.fails_with = TimeoutError()
    bench.receive(a.message(), "Ev1")
    bench.receive(a.follow_up("more"), "Ev2")
    bench.work()
    bench.triager.fails_with = None
    assert not bench.inbox.step()
    bench.wait_and_work()
    assert bench.triager.read[0] == "How do I connect to the VPN?"
    assert len(bench.triager.read) > 1


def test_nothing_of_a_handled_message_is_written_twice(bench: Bench) -> None:
    """The same event again is nothing new."""
    for _ in range(5):
        bench.receive(a.message())
        bench.work()
    assert bench.shown == ["answer"]


def test_a_message_that_slack_cannot_take_now_is_sent_later(bench: Bench) -> None:
    """And was certainly not sent before, so nobody looks for it."""
    bench.postman.script = [RetryableDeliveryError("busy")]
    bench.put()
    bench.work()
    assert bench.shown == []
    bench.wait_and_work(pause_after(1).total_seconds())
    assert bench.shown == ["courtesy"]
    assert bench.postman.looked_for == []


@pytest.mark.parametrize("seconds", [0.5, 30, 3_600])
def test_slacks_own_wish_for_a_pause_is_obeyed(bench: Bench, seconds: float) -> None:
    """To the second, be it shorter or longer than ours."""
    bench.postman.script = [RetryableDeliveryError("ratelimited", seconds)]
    bench.put()
    bench.work()
    bench.wait_and_work(seconds - 0.001)
    assert bench.shown == []
    bench.wait_and_work(0.001)
    assert bench.shown == ["courtesy"]


def test_what_may_have_arrived_is_looked_for_before_it_is_sent_again(bench: Bench) -> None:
    """It had arrived, so it is not shown twice."""
    bench.postman.script = [UncertainDeliveryError("no answer")]
    bench.postman.lost_answers = True
    key = bench.put()
    bench.work()
    bench.wait_and_work()
    assert bench.shown == ["courtesy"]
    assert bench.postman.looked_for == [key]
    assert bench.store.outbox.claim() is None


def test_what_did_not_arrive_is_sent_after_the_search(bench: Bench) -> None:
    """Nobody found it."""
    bench.postman.script = [UncertainDeliveryError("no answer")]
    key = bench.put()
    bench.work()
    bench.wait_and_work()
    assert bench.postman.looked_for == [key]
    assert bench.shown == ["courtesy"]


def test_what_was_in_flight_at_a_kill_is_looked_for_first(bench: Bench) -> None:
    """Sent, but the process died before it could write that down."""
    key = bench.put()
    row = bench.store.outbox.claim()
    assert row is not None
    bench.postman.deliver(row.notice, a_place(), row.id)
    bench.store.outbox.recover()
    bench.wait_and_work()
    assert bench.shown == ["courtesy"]
    assert bench.postman.looked_for == [key]


def a_place() -> Any:
    """Give #it-help as an address."""
    from bot.desk.ports.delivery import Address  # noqa: PLC0415 - read where it is used

    return Address(a.IT_HELP)


def test_a_sent_message_that_could_not_be_written_down_is_not_sent_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk for a moment is no reason to repeat oneself, or to give up."""

    def full(*_: object) -> None:
        raise OSError("disk full")

    bench.put()
    with monkeypatch.context() as patch:
        patch.setattr(bench.store.outbox, "sent", full)
        bench.work()
    bench.wait_and_work()
    assert bench.shown == ["courtesy"]
    assert bench.dead == []
    assert bench.store.outbox.in_hand.besides().next_due is None


def test_a_search_that_fails_is_tried_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """'No answer' does not mean 'not there'."""
    bench.postman.script = [UncertainDeliveryError("no answer")]
    bench.put()
    bench.work()

    def busy(*_: object) -> None:
        raise RetryableDeliveryError("ratelimited")

    with monkeypatch.context() as patch:
        patch.setattr(bench.postman, "find", busy)
        bench.wait_and_work()
        assert bench.shown == []
    bench.wait_and_work()
    assert bench.shown == ["courtesy"]


def test_what_slack_refuses_for_good_becomes_a_dead_letter_at_once(bench: Bench) -> None:
    """And what comes after it is sent."""
    bench.postman.script = [DeliveryError("Slack refused: msg_too_long.")]
    bench.put()
    bench.put(Courtesy("settled"))
    bench.work()
    assert bench.dead == ["Slack refused: msg_too_long."]
    assert [notice for notice, _, _ in bench.postman.delivered] == [Courtesy("settled")]


@pytest.mark.parametrize(
    "failure", [RetryableDeliveryError("busy"), UncertainDeliveryError("Slack failed (500).")]
)
def test_what_slack_cannot_take_for_long_waits_for_as_long(
    bench: Bench, failure: Exception
) -> None:
    """Six hours of failures are a delay, and nothing is set aside for them."""
    bench.put()
    bench.postman.refuses_us = failure
    for _ in range(6 * 60):
        bench.wait_and_work(60)
    assert bench.shown == []
    bench.postman.refuses_us = None
    bench.wait_and_work(LONGEST_PAUSE_S)
    assert bench.shown == ["courtesy"]
    assert bench.dead == []


def test_an_answer_that_cannot_be_posted_goes_to_its_requester_directly(bench: Bench) -> None:
    """Another way is found in the same transaction in which the first is given up."""
    bench.postman.script = [DeliveryError("Slack refused: not_in_channel.")]
    bench.receive(a.message())
    bench.work()
    ((notice, to, _),) = bench.postman.delivered
    assert notice.kind == "answer"
    assert to.channel == a.ANA
    assert len(bench.dead) == 1


def test_a_card_that_cannot_be_posted_reaches_somebody_on_call(bench: Bench) -> None:
    """With the handoff under it; the handoff of the lost card is let go."""
    bench.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    bench.postman.script = [None, DeliveryError("Slack refused: channel_not_found.")]
    bench.receive(a.message())
    bench.work()
    assert [(n.kind, to.channel) for n, to, _ in bench.postman.delivered] == [
        ("passed", a.IT_HELP),
        ("card", a.TOM),
        ("handoff", a.TOM),
    ]
    assert len(bench.dead) == 2


def test_a_notice_that_breaks_the_rendering_does_not_stop_the_relay(bench: Bench) -> None:
    """It becomes a dead letter; the next is sent."""
    bench.postman.script = [KeyError("kind")]
    bench.put()
    bench.put(Courtesy("settled"))
    bench.work()
    assert bench.dead == ["KeyError"]
    assert bench.shown == ["courtesy"]


def test_more_than_a_burst_waits_its_turn(bench: Bench) -> None:
    """A message a second and channel; waiting uses up no tries."""
    bench.relay = OutboxRelay(bench.store, bench.postman, Pacer(burst=2, rate=1.0))
    for number in range(4):
        bench.put(ticket=1001 + number)
    bench.work()
    assert len(bench.shown) == 2
    bench.wait_and_work(1)
    assert len(bench.shown) == 3
    bench.wait_and_work(1)
    assert len(bench.shown) == 4
    assert bench.dead == []


def test_edits_and_whispers_need_no_turn_of_the_channel(bench: Bench) -> None:
    """Slack counts them elsewhere."""
    bench.relay = OutboxRelay(bench.store, bench.postman, Pacer(burst=1, rate=1.0))
    for number in range(3):
        card = bench.put(to=Destination(f"C{number}"))
        bench.put(to=Destination(f"C{number}", edits=card))
        bench.put(to=Destination(f"C{number}", only_for=a.BEN))
    bench.work()
    assert len(bench.shown) == 9


def test_edits_keep_to_what_slack_promises_a_minute(bench: Bench) -> None:
    """Fifty a minute in all channels together; nobody else waits for them."""
    bench.relay = OutboxRelay(bench.store, bench.postman, Pacer())
    cards = [bench.put(to=Destination(f"C{n}"), ticket=2000 + n) for n in range(60)]
    bench.work()
    for number, card in enumerate(cards):
        bench.put(to=Destination(f"C{number}", edits=card), ticket=2000 + number)
    bench.put(to=Destination("C70"), ticket=3000)
    bench.work()
    assert len(bench.shown) == 60 + 50 + 1
    bench.wait_and_work(60)
    assert len(bench.shown) == 60 + 60 + 1


def test_of_several_edits_of_a_message_the_last_alone_is_sent(bench: Bench) -> None:
    """The card's latest truth once, not five times."""
    card = bench.put()
    bench.work()
    for topic in ("settled", "empty", "nothing_asked"):
        bench.put(Courtesy(topic), Destination(a.IT_HELP, edits=card))
    bench.work()
    assert [notice for notice, _, _ in bench.postman.delivered] == [WORD, Courtesy("nothing_asked")]


def test_a_mark_is_sent_to_the_message_it_is_for(bench: Bench) -> None:
    """By the message's own timestamp."""
    bench.put(Seen(TicketId(1001)), Destination(a.IT_HELP, thread_ts=Ts("9.0")))
    bench.work()
    ((_, to, _),) = bench.postman.delivered
    assert to.thread_ts == "9.0"


@given(st.integers(1, 200))
def test_pauses_grow_up_to_a_limit(attempts: int) -> None:
    """Never shorter after more attempts, never longer than a minute."""
    now, later = pause_after(attempts), pause_after(attempts + 1)
    assert timedelta(0) < now <= later <= timedelta(seconds=LONGEST_PAUSE_S)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60), st.integers(1, 6))
def test_no_channel_gets_more_than_its_share(gaps: list[float], burst: int) -> None:
    """However messages come: at most a burst and one a second, and each gets its turn."""
    clock, pacer, begun, sent = TurnableClock(), Pacer(burst=burst, rate=1.0), a.NOON, 0
    for gap in gaps:
        clock.turn(gap)
        wait = pacer.wait_for("C1", clock())
        while wait > 0:
            clock.turn(max(wait, 1e-6))
            wait = pacer.wait_for("C1", clock())
        sent += 1
        assert sent <= burst + (clock() - begun).total_seconds() + 0.01
    assert sent == len(gaps)


def test_a_quiet_hour_earns_no_more_than_a_burst() -> None:
    """Slack's patience does not add up."""
    pacer, later = Pacer(burst=2, rate=1.0), a.NOON + timedelta(hours=1)
    pacer.wait_for("C1", a.NOON)
    assert [pacer.wait_for("C1", later) > 0 for _ in range(4)] == [False, False, True, True]


def test_channels_do_not_wait_for_one_another() -> None:
    """Each has its own bucket."""
    pacer = Pacer(burst=1, rate=1.0)
    assert pacer.wait_for("C1", a.NOON) == 0
    assert pacer.wait_for("C2", a.NOON) == 0
    assert pacer.wait_for("C1", a.NOON) > 0

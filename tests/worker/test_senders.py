"""Sending side by side: what is slow, limited or hanging delays only what needs it."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.errors import RetryableDeliveryError, UncertainDeliveryError
from bot.desk.ids import ChannelId, TicketId, Ts
from bot.desk.ports.delivery import Address, Receipt, Way
from bot.store.outbox.claims import LONG_PAUSE, Outbox
from bot.store.wakeup import Wakeup
from bot.worker import OutboxRelay
from bot.worker import senders as senders_module
from bot.worker.pacing import IN_HAND_A_CHANNEL, Pacer
from bot.worker.senders import Senders
from tests import builders as a
from tests.fakes import FakePostman

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.desk.ids import NoticeId
    from bot.desk.notices import Notice
    from bot.store.outbox import Resting
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

BUSY, QUIET = ChannelId("C0BUSY0001"), ChannelId("C0QUIET001")
RESTS = ChannelId("C0RESTS001")
WORD = Courtesy("settled")
PATIENCE_S = 20.0


@dataclass
class SlowPostman:
    """Holds every call to some channels until it is told to let go."""

    hangs: frozenset[str] = frozenset({BUSY})
    let_go: threading.Event = field(default_factory=threading.Event)
    sent: list[tuple[str, int]] = field(default_factory=list)
    held: int = 0
    most: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def deliver(
        self, notice: Notice, to: Address, key: NoticeId, late_since: datetime | None = None
    ) -> Receipt:
        """Deliver; where it hangs, once it may."""
        if to.channel in self.hangs:
            self._note(1)
            assert self.let_go.wait(PATIENCE_S)
            self._note(-1)
        with self._changed:
            self.sent.append((to.channel, key))
            self._changed.notify_all()
        return Receipt(ChannelId(to.channel), to.edit_ts or Ts(f"9.{key:06d}"))

    def find(self, to: Address, key: NoticeId, since: datetime) -> Receipt | None:
        """Find nothing."""
        return None

    def is_welcome(self, needed: str | None = None) -> bool:
        """Be welcome."""
        return True

    def _note(self, change: int) -> None:
        with self._changed:
            self.held += change
            self.most = max(self.most, self.held)
            self._changed.notify_all()

    def wait(self, *, sent: int = 0, held: int = 0) -> None:
        """Wait until so much was sent, or hangs."""
        with self._changed:
            there = self._changed.wait_for(
                lambda: len(self.sent) >= sent and self.held >= held, PATIENCE_S
            )
        assert there, (self.sent, self.held)


@contextmanager
def sending(store: Store, postman: SlowPostman, *, burst: int = 1_000) -> Iterator[None]:
    """Let the threads send for the length of a block."""
    store.hold()
    relay = OutboxRelay(store, postman, Pacer(burst=burst))
    senders = Senders(store, relay)
    senders.start()
    try:
        yield
    finally:
        postman.let_go.set()
        senders.stop(PATIENCE_S)
        store.release()


def put(store: Store, channel: str, ticket: int, notice: Notice = WORD, **to: object) -> int:
    """Hand a notice over."""
    with store.unit_of_work() as uow:
        return uow.outbox.put(notice, Destination(channel, **to), TicketId(ticket))  # type: ignore[arg-type]


def test_a_channel_that_hangs_holds_nobody_else(store: Store) -> None:
    """Another channel's answers are sent while its calls hang; its own ticket waits."""
    postman = SlowPostman()
    put(store, BUSY, 2001)
    behind = put(store, QUIET, 2001)
    with sending(store, postman):
        postman.wait(held=1)
        others = [put(store, QUIET, 3000 + n) for n in range(20)]
        postman.wait(sent=20)
        assert {key for _, key in postman.sent} == set(others)
        postman.let_go.set()
        postman.wait(sent=22)
        assert postman.sent.index((QUIET, behind)) > [key for _, key in postman.sent].index(1)


def test_one_channel_takes_few_of_the_threads(store: Store) -> None:
    """However many cards wait for it while it hangs."""
    postman = SlowPostman()
    for number in range(60):
        put(store, BUSY, 2001 + number, a.card(2001 + number))
    with sending(store, postman):
        postman.wait(held=4)
        put(store, QUIET, 3001)
        postman.wait(sent=1)
        assert postman.most == 4


def test_some_threads_are_kept_for_answers(store: Store) -> None:
    """Where the cards of a dozen channels hang, an answer is sent all the same."""
    busy = [f"C0BUSY{number:04}" for number in range(12)]
    postman = SlowPostman(hangs=frozenset(busy))
    for number in range(60):
        put(store, busy[number % 12], 2001 + number, a.card(2001 + number))
    with sending(store, postman):
        postman.wait(held=24)
        put(store, QUIET, 3001)
        postman.wait(sent=1)
        assert postman.most == 24


def test_as_many_calls_are_under_way_as_slack_is_slow(store: Store) -> None:
    """Side by side, not one after the other."""
    channels = [f"C0SLOW{number:04}" for number in range(20)]
    postman = SlowPostman(hangs=frozenset(channels))
    for number, channel in enumerate(channels):
        put(store, channel, 2001 + number)
    with sending(store, postman):
        postman.wait(held=20)
        assert postman.sent == []


def test_the_order_within_tickets_and_threads_holds_side_by_side(store: Store) -> None:
    """Ten tickets, two of them in each thread, ten notices each."""
    postman = SlowPostman(hangs=frozenset())
    expected: dict[str, list[int]] = {}
    for number in range(100):
        ticket = 2001 + number % 10
        channel = f"C0DESK{ticket // 2:04}"
        key = put(store, channel, ticket, thread_ts=a.ASKED)
        expected.setdefault(channel, []).append(key)
    with sending(store, postman):
        postman.wait(sent=100)
    for channel, keys in expected.items():
        assert [key for where, key in postman.sent if where == channel] == keys


@pytest.mark.rare
def test_beside_250_escalations_of_one_channel_another_is_answered_at_once(
    store: Store, clock: TurnableClock
) -> None:
    """At Slack's pace they take minutes; the clock does not move until the answer is sent."""
    postman = FakePostman()
    relay = OutboxRelay(store, postman, Pacer())
    for number in range(250):
        put(store, BUSY, 2001 + number, a.card(2001 + number))
    while relay.step():
        pass
    assert len(postman.delivered) == 4
    answer = put(store, QUIET, 3001)
    mine = put(store, BUSY, 3002)
    assert relay.step()
    assert postman.delivered[-1][2] == answer
    clock.turn(1)
    assert relay.step()
    assert postman.delivered[-1][2] == mine, "an answer goes before the cards of its own channel"
    for _ in range(250):
        clock.turn(1)
        while relay.step():
            pass
    assert len(postman.delivered) == 252


def test_a_wish_to_wait_stops_what_it_names_alone(store: Store, clock: TurnableClock) -> None:
    """429 on a channel's posts: its edits go on; 429 on edits: posts go on."""
    postman = FakePostman()
    relay = OutboxRelay(store, postman, Pacer())
    card = put(store, BUSY, 2001)
    relay.step()
    postman.script = [RetryableDeliveryError("ratelimited", 3_600)]
    put(store, BUSY, 2002)
    relay.step()
    assert not relay.step()
    put(store, BUSY, 2001, edits=card)
    put(store, QUIET, 2003)
    put(store, BUSY, 2004)
    assert [relay.step() for _ in range(3)] == [True, True, False]
    assert [to.edit_ts is not None for _, to, _ in postman.delivered] == [False, True, False]
    postman.script = [RetryableDeliveryError("ratelimited", 60)]
    put(store, BUSY, 2001, edits=card)
    put(store, QUIET, 2005)
    relay.step()
    relay.step()
    assert not relay.step()
    assert len(postman.delivered) == 4
    clock.turn(3_600)
    while relay.step():
        pass
    assert len(postman.delivered) == 7


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("seconds", [30, 3_600])
def test_words_do_not_wait_for_an_edit_that_slack_puts_off(
    store: Store, clock: TurnableClock, seconds: int, *, restarts: bool
) -> None:
    """Of their own ticket too; in order among themselves, and the edit comes in its time."""
    postman = FakePostman()
    relay = OutboxRelay(store, postman, Pacer())
    card = put(store, BUSY, 2001)
    relay.step()
    postman.script = [RetryableDeliveryError("ratelimited", seconds)]
    put(store, BUSY, 2001, edits=card)
    relay.step()
    if restarts:
        relay = OutboxRelay(store, postman, Pacer())
        store.outbox.recover()
    words = [put(store, QUIET, 2001) for _ in range(3)]
    latest = put(store, BUSY, 2001, edits=card)
    while relay.step():
        pass
    said = [key for _, to, key in postman.delivered if to.edit_ts is None]
    if not restarts or seconds > LONG_PAUSE.total_seconds():
        assert said == [card, *words]
    assert not any(to.edit_ts for _, to, _ in postman.delivered)
    clock.turn(seconds + 1)
    while relay.step():
        pass
    assert [key for _, to, key in postman.delivered if to.edit_ts is None] == [card, *words]
    assert [key for _, to, key in postman.delivered if to.edit_ts] == [latest]


def test_an_edit_that_is_tried_again_in_a_moment_keeps_its_place(
    store: Store, clock: TurnableClock
) -> None:
    """Slack failed and did not ask to wait: the order within the ticket holds."""
    postman = FakePostman(script=[None, RetryableDeliveryError("failed")])
    relay = OutboxRelay(store, postman, Pacer())
    card = put(store, BUSY, 2001)
    edit = put(store, BUSY, 2001, edits=card)
    word = put(store, QUIET, 2001)
    while relay.step():
        pass
    assert [key for _, _, key in postman.delivered] == [card]
    clock.turn(30)
    while relay.step():
        pass
    assert [key for _, _, key in postman.delivered] == [card, edit, word]


def test_name_and_id_of_a_channel_share_one_pace(clock: TurnableClock) -> None:
    """The same channel is not written to twice as fast because it is named in two ways."""
    pacer = Pacer(burst=2)
    pacer.known_as("l2-support", a.L2_CHANNEL)
    now = clock()
    assert pacer.wait_for("l2-support", now) == 0
    assert pacer.wait_for(a.L2_CHANNEL, now) == 0
    assert pacer.wait_for("l2-support", now) > 0
    channels, ways, *_ = pacer.resting(now)
    assert channels == {"l2-support", a.L2_CHANNEL}
    assert ways == frozenset()


@pytest.mark.parametrize("way", [Way.EDIT, Way.MARK, Way.WHISPER, Way.HOME, Way.LOOK])
def test_a_method_gets_no_more_a_minute_than_slack_promises(clock: TurnableClock, way: Way) -> None:
    """In any minute, however the calls come."""
    pacer, taken = Pacer(), []
    for _ in range(600):
        if pacer.wait_for("C1", clock(), way) == 0:
            taken.append(clock())
        clock.turn(0.5)
    most = 50 if way in {Way.EDIT, Way.MARK, Way.LOOK} else 100
    for at in taken:
        assert sum(0 <= (at - other).total_seconds() < 60 for other in taken) <= most
    assert len(taken) >= most * 4


def test_a_clock_that_is_set_back_makes_nobody_mute(clock: TurnableClock) -> None:
    """An hour back: who rested for seconds does not rest for an hour."""
    pacer = Pacer(burst=1)
    pacer.wait_for("C1", clock())
    assert pacer.wait_for("C1", clock()) > 0
    clock.turn(-3_600)
    assert pacer.wait_for("C1", clock()) <= 1.0
    clock.turn(1.001)
    assert pacer.wait_for("C1", clock()) == 0


def test_looks_for_what_may_have_arrived_keep_their_pace(
    store: Store, clock: TurnableClock
) -> None:
    """After a kill with many under way, history is not asked faster than Slack allows."""
    postman = FakePostman()
    relay = OutboxRelay(store, postman, Pacer())
    for number in range(60):
        put(store, f"C0{number:08}", 2001 + number)
        assert store.outbox.claim() is not None
    assert store.outbox.recover() == 60
    clock.turn(2)
    while relay.step():
        pass
    assert len(postman.looked_for) == 50
    clock.turn(60)
    while relay.step():
        pass
    assert len(postman.looked_for) == 60
    assert len(postman.delivered) == 60


def test_a_slow_look_up_stops_no_posts(store: Store, clock: TurnableClock) -> None:
    """429 on history: what is uncertain waits, what is new is sent."""
    postman = FakePostman(script=[UncertainDeliveryError("no answer")])
    relay = OutboxRelay(store, postman, Pacer())
    put(store, BUSY, 2001)
    relay.step()

    def limited(*_: object) -> None:
        raise RetryableDeliveryError("ratelimited", 30)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postman, "find", limited)
        clock.turn(2)
        relay.step()
    put(store, BUSY, 2002)
    assert relay.step()
    assert len(postman.delivered) == 1
    clock.turn(31)
    while relay.step():
        pass
    assert len(postman.delivered) == 2


class Counted(Wakeup):
    """Counts how often it is rung."""

    rung = 0

    def set(self) -> None:
        """Count, and ring."""
        self.rung += 1
        super().set()


@pytest.mark.parametrize(
    ("waits", "rung"),
    [
        ((), 0),
        # Its channel has no turn: the time is waited for, and not the call.
        (((RESTS, 2002), (RESTS, 2003)), 0),
        # Behind it in its ticket.
        (((QUIET, 2001),), 1),
    ],
)
def test_what_was_sent_rings_only_where_something_waited_for_it(
    store: Store, waits: tuple[tuple[ChannelId, int], ...], rung: int
) -> None:
    """Whoever takes in hand would look again for nothing after each message."""
    postman, bell = SlowPostman(hangs=frozenset({BUSY})), Counted()
    pacer = Pacer()
    pacer.rest(RESTS, Way.POST, store.steady(), PATIENCE_S)
    for channel, ticket in ((BUSY, 2001), *waits):
        put(store, channel, ticket)
    store.hold()
    senders = Senders(store, OutboxRelay(store, postman, pacer), wakeup=bell)
    senders.start()
    postman.wait(held=1)
    while not rung and senders._is_expected:
        pass
    postman.let_go.set()
    (carrier,) = senders._carriers
    senders._handed.put(None)
    carrier.join(PATIENCE_S)
    assert bell.rung == rung
    senders.stop(PATIENCE_S)
    store.release()


def test_what_no_thread_could_be_started_for_is_carried_soon(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that has no thread to give for a moment loses no message for ten minutes."""
    start, refused = threading.Thread.start, list[str]()

    def start_later(thread: threading.Thread) -> None:
        if thread.name.startswith("sender-") and not refused:
            refused.append(thread.name)
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_later)
    monkeypatch.setattr(senders_module, "PAUSE_AFTER_FAILURE_S", 0.0)
    postman = SlowPostman(hangs=frozenset())
    mine = put(store, QUIET, 2001)
    with sending(store, postman):
        postman.wait(sent=1)
    assert (refused, postman.sent) == (["sender-0"], [(QUIET, mine)])


def just_after_the_claim(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Let something happen between the look for what is next and what is made of it."""
    claim = Outbox.claim

    def amid(outbox: Outbox, resting: Resting) -> object:
        row = claim(outbox, resting)
        do()
        return row

    monkeypatch.setattr(Outbox, "claim", amid)


def test_a_call_that_ends_amid_the_look_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for its channel was not seen: whoever carried the call has to ring."""
    pacer, calls = Pacer(), ExitStack()
    relay = OutboxRelay(store, FakePostman(), pacer)
    for _ in range(IN_HAND_A_CHANNEL):
        calls.enter_context(pacer.in_hand(BUSY, Way.POST))
    put(store, BUSY, 2001)
    just_after_the_claim(monkeypatch, calls.close)
    assert relay.take() is None
    assert relay.is_held_up()
    assert relay.take() is not None


def test_a_turn_that_comes_amid_the_look_is_looked_for(
    store: Store, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for it was not seen, and nobody would ring."""
    pacer = Pacer()
    relay = OutboxRelay(store, FakePostman(), pacer)
    pacer.rest(RESTS, Way.POST, clock(), 5.0)
    put(store, RESTS, 2001)
    just_after_the_claim(monkeypatch, lambda: clock.turn(5.0))
    assert relay.take() is None
    due = relay.next_due()
    assert due is not None
    assert datetime.fromisoformat(due) <= clock()
    assert relay.take() is not None


@pytest.mark.parametrize("waiting", [1, 3])
def test_nobody_looks_again_where_nothing_else_waits(
    store: Store, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    """What was taken says whether anything else is due; each look costs a server a statement.

    What is behind it in its ticket is looked for once it is over.
    """
    looks: list[bool] = []
    claim = Outbox.claim

    def counted(outbox: Outbox, resting: Resting) -> object:
        row = claim(outbox, resting)
        looks.append(row is not None)
        return row

    monkeypatch.setattr(Outbox, "claim", counted)
    postman = SlowPostman(hangs=frozenset({QUIET}))
    for _ in range(waiting):
        put(store, QUIET, 2001)
    store.outbox_wakeup.wait(0)
    with sending(store, postman):
        postman.wait(held=1)
        postman.let_go.set()
        postman.wait(sent=waiting)
    assert looks == [True] * waiting

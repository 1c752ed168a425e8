"""The threads that step through inbox, outbox, timers and Homes."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.store.wakeup import Wakeup
from bot.worker.attending.lookout import Lookout
from bot.worker.keeping import Keeper
from bot.worker.senders import Senders

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from bot.desk.ports.time import Clock
    from bot.store.unit_of_work import Store
    from bot.worker.alarms import AlarmTeller
    from bot.worker.beyond import BeyondRelay
    from bot.worker.hearing import Hearing
    from bot.worker.homes import HomeKeeper
    from bot.worker.inbox import InboxWorker
    from bot.worker.outbox import OutboxRelay
    from bot.worker.timers import TimerRunner

    Loop = tuple[Callable[[], bool], Wakeup, Callable[[], str | None], Clock]
    """A step, what wakes it, when it falls due, and by which clock."""

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""So many messages are decided side by side."""
SPARE = 8
"""So many threads more, for the turns of those that wait for Slack."""
SHORTEST_SLEEP_S = 0.1
A_LOOK_S = 0.01
LONGEST_SLEEP_S = 15.0
"""Whatever happens rings; this is for what nobody thought of."""
ENDS_WITHIN_S = 5.0
PAUSE_AFTER_FAILURE_S = 1.0


class Turns:
    """So many messages are worked on at once, however many threads wait for Slack.

    Who looks somebody up in Slack lends the turn to another thread meanwhile: a look-up that hangs
    holds its own ticket, and nobody else. More threads that decide side by side would take the
    processor from each other.
    """

    def __init__(self, most: int) -> None:
        """Have so many turns, all of them free."""
        self.most = most
        self._taken = 0
        self._given_back = threading.Condition()
        self._own = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and have it."""
        with self._given_back:
            self._given_back.wait_for(lambda: self._taken < self.most)
            self._taken += 1
        self._own.has_one = True
        try:
            yield
        finally:
            self._own.has_one = False
            self._give_back()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let another thread have this one's turn; a thread that has none just goes on.

        It is not waited for afterwards: who looks something up may hold what others wait for. So
        for a moment there are more at work than there are turns.
        """
        if not getattr(self._own, "has_one", False):
            yield
            return
        self._own.has_one = False
        self._give_back()
        try:
            yield
        finally:
            with self._given_back:
                self._taken += 1
            self._own.has_one = True

    def _give_back(self) -> None:
        with self._given_back:
            self._taken -= 1
            self._given_back.notify()


class Serving(Protocol):
    """How this process serves: alone, or as one of several replicas."""

    def leads(self) -> bool:
        """Whether what one does alone is this one's to do."""

    def gone(self, holders: Collection[int]) -> list[int]:
        """Give those of these in whose hands nothing is any more."""

    def attend(self, take_up: Callable[[list[int]], int], ring: Callable[[], None]) -> bool:
        """Call these when somebody died, or wrote; False where nobody calls them."""


class Worker:
    """The threads that step through inbox, outbox and timers."""

    def __init__(  # noqa: PLR0913, PLR0917 - one for each thing that is stepped through
        self,
        store: Store,
        inbox: InboxWorker,
        outbox: OutboxRelay,
        timers: TimerRunner,
        homes: HomeKeeper,
        alarms: AlarmTeller,
        *,
        turns: Turns | None = None,
        hearing: Hearing | None = None,
        beyond: BeyondRelay | None = None,
        serving: Serving | None = None,
    ) -> None:
        """Prepare the threads; nothing runs yet. Of several replicas, one does what one can do.

        `turns` are those that a look-up in Slack lends.
        """
        self._store = store
        self._serving = serving
        self._stopping = threading.Event()
        turns = turns or Turns(AT_ONCE)
        handling = self._in_turn(inbox.step, turns)
        loops = [(handling, store.inbox_wakeup, store.inbox.next_due, store.steady)]
        loops *= turns.most + SPARE
        alone = [(timers.step, store.timers_wakeup, store.timers.next_due, store.clock)]
        alone.append((homes.step, store.homes_wakeup, homes.next_due, store.clock))
        alone.append((alarms.step, Wakeup(), alarms.next_due, store.steady))
        if hearing is not None:
            alone.append((hearing.step, Wakeup(), hearing.next_due, store.steady))
        keeper = Keeper(store)
        alone.append((keeper.step, Wakeup(), keeper.next_due, store.steady))
        loops += [self._led(*loop) for loop in alone]
        self._wakeups = [wakeup for _, wakeup, _, _ in loops]
        bells = dict.fromkeys([*self._wakeups, store.outbox_wakeup, store.beyond_wakeup])
        self._lookout = Lookout(store, list(bells))
        self._senders = [Senders(store, outbox)]
        if beyond is not None:
            calls, wakeup = beyond.calls_at_once, store.beyond_wakeup
            self._senders.append(Senders(store, beyond, calls_at_once=calls, wakeup=wakeup))
        self._threads = [
            threading.Thread(target=self._loop, args=loop, name=f"worker-{n}", daemon=True)
            for n, loop in enumerate(loops)
        ]

    def start(self) -> None:
        """Take up what a killed process left behind, then begin."""
        holders = self._store.holders()
        gone = self._serving.gone(holders) if self._serving is not None else holders
        self._store.inbox.recover(gone)
        self._store.outbox.recover(gone)
        self._store.stops.forget()
        for senders in self._senders:
            senders.start()
        for thread in self._threads:
            thread.start()
        if self._serving is None or not self._serving.attend(
            self._store.take_up, self._lookout.ring
        ):
            self._lookout.start()

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        self._stopping.set()
        self._lookout.stop()
        for thread in self._threads:
            until = time.monotonic() + ENDS_WITHIN_S
            while thread.is_alive() and time.monotonic() < until:
                # A wake-up wakes one of those who share it, and not always this one.
                for wakeup in self._wakeups:
                    wakeup.set()
                thread.join(A_LOOK_S)
        for senders in self._senders:
            senders.stop(ENDS_WITHIN_S)

    def _in_turn(self, step: Callable[[], bool], turns: Turns) -> Callable[[], bool]:
        """Let something be done in turn; whoever waited for one beyond the end does nothing."""

        def stepped() -> bool:
            with turns.taken():
                return not self._stopping.is_set() and step()

        return stepped

    def _led(
        self,
        step: Callable[[], bool],
        wakeup: Wakeup,
        next_due: Callable[[], str | None],
        clock: Clock,
    ) -> Loop:
        """Let something be done only where this process leads; whoever begins to lead is rung."""
        if self._serving is None:
            return step, wakeup, next_due, clock
        leads = self._serving.leads
        return (
            lambda: leads() and step(), wakeup, lambda: next_due() if leads() else None, clock,
        )  # fmt: skip

    def _loop(
        self,
        step: Callable[[], bool],
        wakeup: Wakeup,
        next_due: Callable[[], str | None],
        clock: Clock,
    ) -> None:
        while not self._stopping.is_set():
            try:
                if step():
                    continue
                wakeup.wait(sleep_until(next_due(), clock))
            except Exception as failure:
                log.exception("worker_failed", exc_info=failure)
                self._stopping.wait(PAUSE_AFTER_FAILURE_S)
        self._store.glance.close()


def sleep_until(due: str | None, clock: Clock) -> float:
    """Give the seconds to sleep where nobody rings."""
    if due is None:
        return LONGEST_SLEEP_S
    left = (datetime.fromisoformat(due) - clock()).total_seconds()
    # What fell due since somebody looked is looked for at once; clocks differ by a little.
    return min(max(left, SHORTEST_SLEEP_S), LONGEST_SLEEP_S)

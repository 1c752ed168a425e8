"""The threads that send: one takes in hand what is due, as many carry it as Slack is slow."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING

import structlog

from bot.desk.ports.delivery import Urgency

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store
    from bot.store.wakeup import Wakeup
    from bot.worker.relay import Relay, Work

log = structlog.get_logger(__name__)

CALLS_AT_ONCE = 32
KEPT_FOR_ANSWERS = 8
"""So many of them carry answers alone, however many cards and Homes wait."""

SHORTEST_SLEEP_S = 0.02
LONGEST_SLEEP_S = 15.0
PAUSE_AFTER_FAILURE_S = 1.0


class Senders:
    """Sends side by side; a call that hangs holds one thread, and nobody else."""

    def __init__(
        self,
        store: Store,
        relay: Relay,
        *,
        calls_at_once: int = CALLS_AT_ONCE,
        wakeup: Wakeup | None = None,
    ) -> None:
        """Prepare; nothing runs yet, and threads are started as they are needed."""
        self._store = store
        self._wakeup = wakeup or store.outbox_wakeup
        self._relay = relay
        self._most = calls_at_once
        self._kept = min(KEPT_FOR_ANSWERS, calls_at_once // 4)
        self._busy = 0
        self._lock = threading.Lock()
        self._is_expected = True
        """Whether anything waits that may go once what is in hand is over; before a look, yes."""
        self._handed: SimpleQueue[Work | None] = SimpleQueue()
        self._carriers: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._taker = threading.Thread(target=self._take, name="sender", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._taker.start()

    def stop(self, patience_s: float) -> None:
        """End; what hangs is not waited for longer than this."""
        self._stopping.set()
        self._wakeup.set()
        end = time.monotonic() + patience_s
        self._taker.join(patience_s)
        for _ in self._carriers:
            self._handed.put(None)
        for carrier in self._carriers:
            carrier.join(max(0.0, end - time.monotonic()))

    def _take(self) -> None:
        while not self._stopping.is_set():
            try:
                # First: what is carried to its end meanwhile rings.
                self._is_expected = True
                self._have_carriers()
                if self._take_next():
                    continue
                self._is_expected = self._busy > 0 and self._relay.is_held_up()
                self._wakeup.wait(self._sleep())
            except Exception as failure:
                log.exception("sending_failed", exc_info=failure)
                self._stopping.wait(PAUSE_AFTER_FAILURE_S)
        self._store.glance.close()

    def _take_next(self) -> bool:
        """Hand on what is next; False where there is no more until somebody rings."""
        with self._lock:
            free = self._most - self._busy
        if free <= 0:
            # Whatever is carried to its end rings.
            self._wakeup.wait(LONGEST_SLEEP_S)
            return True
        work = self._relay.take() if free > self._kept else self._relay.take(Urgency.ANSWER)
        if work is None:
            return False
        # Before: it may be carried to its end at once.
        self._is_expected = self._relay.is_held_up()
        self._hand(work)
        return self._relay.may_take_more

    def _sleep(self) -> float:
        due = self._relay.next_due()
        if due is None:
            return LONGEST_SLEEP_S
        left = (datetime.fromisoformat(due) - self._store.steady()).total_seconds()
        return min(max(left, SHORTEST_SLEEP_S), LONGEST_SLEEP_S)

    def _hand(self, work: Work) -> None:
        with self._lock:
            self._busy += 1
        self._handed.put(work)
        self._have_carriers()

    def _have_carriers(self) -> None:
        """Start a thread for each call; one that the machine refused, at the next look."""
        while len(self._carriers) < self._busy:
            carrier = threading.Thread(
                target=self._carry, name=f"sender-{len(self._carriers)}", daemon=True
            )
            self._carriers.append(carrier)
            try:
                carrier.start()
            except RuntimeError:
                self._carriers.remove(carrier)
                raise

    def _carry(self) -> None:
        while (work := self._handed.get()) is not None:
            is_sent = False
            try:
                is_sent = bool(work())
            except Exception as failure:
                log.exception("sending_failed", exc_info=failure)
            with self._lock:
                self._busy -= 1
            # Its lane and a thread are free again; what was put back has a time of its own.
            if self._is_expected or not is_sent:
                self._wakeup.set()

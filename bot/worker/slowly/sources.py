"""The thread that has live sources brought in, each when it is due, in a process of its own."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from bot.desk.live import SourceState
    from bot.desk.ports.time import Clock
    from bot.worker.slowly.night import Child

log = structlog.get_logger(__name__)

WAKE_EVERY_S = 10.0
LONGEST_S = 2 * 3_600.0
"""A process that takes longer is ended; what it brought so far is kept."""
ENDED = "The process that brings it in ended without a word ({}); `frontline kb sync --source {}`."


class States(Protocol):
    """What is remembered of live sources."""

    def states(self, kinds: Mapping[str, str]) -> tuple[SourceState, ...]:
        """Give how each of these stands."""

    def begin(self, name: str, kind: str, every: timedelta) -> None:
        """Write down that a try begins."""

    def failed(self, name: str, every: timedelta, says: str) -> None:
        """Write down why a try failed."""

    def only(self, names: Sequence[str]) -> None:
        """Forget what is not configured any more."""


class SourceKeeper:
    """Begins a process for what is due, and takes up what it changed before anybody asks."""

    def __init__(  # noqa: PLR0913 - what it looks after, and by what
        self,
        states: States,
        sources: Mapping[str, tuple[str, timedelta]],
        begin: Callable[[Sequence[str]], Child],
        take_up: Callable[[], object],
        *,
        clock: Clock,
        steady: Clock,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare; `sources` are kind and interval by name, `take_up` reads the changed base.

        Of several replicas, the one that leads has them brought in.
        """
        self._leads = leads
        self._states = states
        self._sources = sources
        self._begin = begin
        self._take_up = take_up
        self._clock = clock
        self._steady = steady
        self._child: Child | None = None
        self._under_way: tuple[str, ...] = ()
        self._began = steady()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sources", daemon=True)

    def start(self) -> None:
        """Begin, where there is a live source at all."""
        self._states.only(tuple(self._sources))
        if self._sources:
            self._thread.start()

    def stop(self) -> None:
        """End; a process that is under way is asked to, what it wrote is whole."""
        self._stopping.set()
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def step(self) -> None:
        """Look after the process under way; begin one for what is due where there is none."""
        if self._child is not None and not self._has_ended(self._child):
            return
        now = self._clock()
        kinds = {name: kind for name, (kind, _) in self._sources.items()}
        if not self._leads():
            return
        due = [each.name for each in self._states.states(kinds) if each.is_due(now)]
        if not due or self._stopping.is_set():
            return
        for name in due:
            # Should the process die without a word, it is not begun at once again.
            self._states.begin(name, *self._sources[name])
        self._under_way = tuple(due)
        self._began = self._steady()
        self._child = self._begin(due)

    def _has_ended(self, child: Child) -> bool:
        ended = child.poll()
        if ended is None:
            if (self._steady() - self._began).total_seconds() > LONGEST_S:
                child.terminate()
            return False
        self._child = None
        kinds = {name: self._sources[name][0] for name in self._under_way}
        for state in self._states.states(kinds):
            if self._left_no_word(state, ended):
                says = ENDED.format(ended, state.name)
                self._states.failed(state.name, self._sources[state.name][1], says)
            else:
                log.info("source", name=state.name, says=state.line())
        self._under_way = ()
        self._take_up()
        return True

    def _left_no_word(self, state: SourceState, ended: int) -> bool:
        """One that failed says so by its exit, and in the state; one that died says nothing."""
        told = state.says or (state.done_at and state.began_at and state.done_at >= state.began_at)
        return ended != 0 and not told

    def _loop(self) -> None:
        while not self._stopping.wait(WAKE_EVERY_S):
            try:
                self.step()
            except Exception as failure:
                log.exception("sources_failed", exc_info=failure)

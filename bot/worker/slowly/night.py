"""Learning at night: in a process of its own, which gives way to all else on the machine."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service.context import Desk

log = structlog.get_logger(__name__)

NAME = "learn"
"""Under which it is noted when it last began."""


class Child(Protocol):
    """A process that runs."""

    def poll(self) -> int | None:
        """Give how it ended; None while it runs."""

    def terminate(self) -> None:
        """Ask it to end."""


class Night:
    """Begins a run of learning once a night, and looks how it ended."""

    def __init__(
        self, desk: Desk, at: time, begin: Callable[[], Child], put_back: Callable[[], object]
    ) -> None:
        """Prepare; `at` is by the clock of this machine.

        `put_back` puts whole what a run left that was killed while it changed what serves.
        """
        self._put_back = put_back
        self._desk = desk
        self._at = at
        self._begin = begin
        self._child: Child | None = None

    def step(self) -> None:
        """Begin a run where one is due; say how the last one ended."""
        if self._child is not None:
            ended = self._child.poll()
            if ended is None:
                return
            self._child = None
            # What it did stands in the journal; killed, it is begun anew next night.
            log.info("learned", ended=ended, see="frontline learn --journal")
            if ended:
                self._put_back()
        if not self._is_due():
            return
        with self._desk.unit_of_work() as uow:
            uow.gaps.ran(NAME)
        self._child = self._begin()

    def stop(self) -> None:
        """End a run that is under way: what serves stays as it is."""
        if self._child is not None and self._child.poll() is None:
            self._child.terminate()

    def _is_due(self) -> bool:
        with self._desk.look() as uow:
            last = uow.gaps.last_run(NAME)
        return last is None or last < night_before(self._desk.clock(), self._at)


def night_before(now: datetime, at: time) -> datetime:
    """Give when the hour was last, by the clock of this machine."""
    here = now.astimezone()
    tonight = datetime.combine(here.date(), at).astimezone()
    return tonight if tonight <= here else tonight - timedelta(days=1)

"""Who reads a change of the base: one thread; the others wait for it, or go on without it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class _Turn:
    """One thread's turn."""

    is_long: bool = False
    known: Event = field(default_factory=Event)
    """Set once it is known whether it takes long."""
    ended: Event = field(default_factory=Event)


class Turns:
    """One thread at a time has its turn; no lock is held meanwhile."""

    def __init__(self) -> None:
        """Begin with nobody's turn."""
        self._lock = Lock()
        self._turn: _Turn | None = None

    @contextmanager
    def mine(self) -> Iterator[bool]:
        """Take the turn, unless another thread has it; gives whether it was taken."""
        with self._lock:
            is_mine = self._turn is None
            turn = self._turn = self._turn or _Turn()
        try:
            yield is_mine
        finally:
            if is_mine:
                with self._lock:
                    self._turn = None
                turn.ended.set()
                turn.known.set()

    def say_long(self, *_: int) -> None:
        """Say, in one's turn, that it takes long: texts have to be encoded."""
        if self._turn is not None:
            self._turn.is_long = True
            self._turn.known.set()

    def takes_long(self) -> bool:
        """Whether a turn takes long that another thread has; waits until that is known."""
        turn = self._turn
        if turn is None:
            return False
        turn.known.wait()
        return turn.is_long and not turn.ended.is_set()

    def wait(self) -> None:
        """Wait for the end of a turn that another thread has."""
        turn = self._turn
        if turn is not None:
            turn.ended.wait()

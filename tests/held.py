"""Who waits for Slack, a network or the encoder holds nothing that others wait for.

Installed for the whole run by `tests/conftest.py`: the locks that our modules make note who holds
them (the one of `transaction` among them, so that open writing counts as well), and each call that
takes time looks what its thread holds. What was seen fails the test in which it was seen.
"""

from __future__ import annotations

import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

from slack_sdk.web.base_client import BaseClient

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = ("bot.", "kb.", "classifier.")
NOT_OURS = ("bot.playground", "kb.publishing.shelf")
"""For the lock of the shelf only publications wait: one has to be whole before the next reads."""

_make = threading.Lock
_by_thread = threading.local()

seen: list[str] = []
"""What was called while something was held, since the test began."""


class NotedLock:
    """A lock that notes which thread holds it, and where it was made."""

    def __init__(self, made_in: str) -> None:
        """Take the name of the module that makes it."""
        self._lock = _make()
        self._made_in = made_in

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: FBT002
        """Take it, as any lock."""
        taken = self._lock.acquire(blocking, timeout)
        if taken:
            _held().append(self._made_in)
        return taken

    def release(self) -> None:
        """Give it back."""
        self._lock.release()
        if self._made_in in _held():
            _held().remove(self._made_in)

    def locked(self) -> bool:
        """Tell whether anybody has it."""
        return self._lock.locked()

    def __enter__(self) -> bool:
        """Take it."""
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self.release()


def nothing_is_held(doing: str = "a look-up") -> None:
    """Note it where the thread that does something holds a lock or writes."""
    if _held():
        seen.append(f"{doing} while {', '.join(_held())} held a lock or a transaction")


def install() -> None:
    """Note locks and calls from now on, in the whole process."""
    threading.Lock = _lock_for_whom  # type: ignore[assignment, misc]
    _look_before(BaseClient, "api_call", lambda client, method, *_, **__: f"Slack's {method}")
    _look_before(socket.socket, "connect", lambda _, place: f"a connection to {place}")
    _look_before(socket, "getaddrinfo", lambda host, *_, **__: f"a look-up of {host}")


def _held() -> list[str]:
    held: list[str] | None = getattr(_by_thread, "held", None)
    if held is None:
        held = _by_thread.held = []
    return held


def _lock_for_whom() -> Any:
    whose = str(sys._getframe(1).f_globals.get("__name__"))
    return (
        NotedLock(whose) if whose.startswith(OURS) and not whose.startswith(NOT_OURS) else _make()
    )


def _look_before(where: Any, name: str, says: Callable[..., str]) -> None:
    call = getattr(where, name)

    def looked(*given: Any, **named: Any) -> Any:
        nothing_is_held(says(*given, **named))
        return call(*given, **named)

    setattr(where, name, looked)

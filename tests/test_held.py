"""The guard over the whole run sees what it is there for (tests/held.py)."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from slack_sdk import WebClient

from bot.slack.people.cached import Cached
from bot.store.database import transaction
from tests import held
from tests.fakes import FakeDirectory, TurnableClock
from tests.scenarios.knowledge import WordEncoder
from tests.slack.web_api import FakeWebClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.unit_of_work import Store


def _asks_slack() -> None:
    WebClient("xoxb-none", base_url="http://127.0.0.1:1/", timeout=1).api_call("auth.test")


def _connects() -> None:
    with socket.socket() as line:
        line.connect(("127.0.0.1", 1))


SLOW: dict[str, Callable[[], object]] = {
    "Slack's auth.test": _asks_slack,
    "a connection": _connects,
    "a look-up of": lambda: socket.getaddrinfo("127.0.0.1", 1),
    "the encoder": lambda: WordEncoder().encode(["a word"]),
    "Slack's chat_update": lambda: FakeWebClient(chat_update=[{}]).chat_update(),
    "a look-up": lambda: FakeDirectory().channel_id("it-help"),
}


def _anyhow(call: Callable[[], object]) -> None:
    with contextlib.suppress(OSError):  # nobody listens there
        call()


def _take_seen() -> list[str]:
    found = list(held.seen)
    held.seen.clear()
    return found


@pytest.mark.parametrize("call", SLOW.values(), ids=SLOW)
def test_what_takes_time_is_seen_within_a_transaction(
    store: Store, call: Callable[[], object]
) -> None:
    """And not beside it."""
    _anyhow(call)
    assert _take_seen() == []
    with transaction(store.path):
        _anyhow(call)
    assert any("bot.store.disk.turns held" in each for each in _take_seen())


def test_what_takes_time_is_seen_under_a_lock_of_ours() -> None:
    """By whom it is held: another thread's lock is no matter of this one."""
    lock = Cached(TurnableClock())._lock
    assert isinstance(lock, held.NotedLock)
    with lock:
        assert lock.locked()
        held.nothing_is_held()
        other = threading.Thread(target=held.nothing_is_held)
        other.start()
        other.join()
    held.nothing_is_held()
    assert _take_seen() == ["a look-up while bot.slack.people.cached held a lock or a transaction"]


def test_locks_of_others_are_left_as_they_are() -> None:
    """Those of libraries, and of these tests."""
    assert not isinstance(threading.Lock(), held.NotedLock)

"""What is brought to the disk, when, and for how many at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from bot.store.database import transaction
from bot.store.disk import lasting
from bot.store.disk.lasting import Together, made_lasting
from bot.store.inbox import Inbox
from tests import builders as a

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

pytestmark = pytest.mark.sqlite

PATIENCE_S = 10.0


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each time that a log was brought to the disk."""
    found: list[int] = []
    monkeypatch.setattr(lasting.os, "fdatasync", found.append)
    return found


def _write(store: Store, *, is_lasting: bool = True) -> None:
    with transaction(store.path, lasting=is_lasting) as db:
        db.execute("INSERT INTO audit (ticket, at, what) VALUES (1001, '2026-03-02', 'opened')")


def _unit(store: Store) -> None:
    with store.unit_of_work():
        pass


def _repeatable(store: Store) -> None:
    with store.repeatable():
        pass


@pytest.mark.parametrize(
    ("does", "times"),
    [
        (_write, 1),
        (_unit, 1),
        (lambda store: _write(store, is_lasting=False), 0),
        (_repeatable, 0),
        (lambda store: store.inbox.claim(), 0),
        (lambda store: store.outbox.claim(), 0),
        (lambda store: store.make_lasting(), 1),
    ],
)
def test_what_would_be_done_again_waits_for_no_disk(
    store: Store, syncs: list[int], does: Callable[[Store], object], times: int
) -> None:
    """A transaction goes to the disk unless it says that it may wait."""
    store.hold()
    does(store)
    store.release()
    assert len(syncs) == times


def test_what_was_stored_is_handled_while_it_is_brought_to_the_disk(
    store: Store, syncs: list[int], clock: TurnableClock
) -> None:
    """Slack is told after that, and so is whoever asked; the decision need not wait for it."""
    seen: list[tuple[int, bool]] = []
    inbox = Inbox(
        store.path, clock, lambda: seen.append((len(syncs), store.inbox.claim() is not None))
    )
    store.hold()
    assert inbox.put(a.delivery("Ev1"))
    assert not inbox.put(a.delivery("Ev1"))
    store.release()
    assert seen == [(0, True)]
    assert len(syncs) == 2


def test_a_failure_undone_waits_for_no_disk(store: Store, syncs: list[int]) -> None:
    """There is nothing to bring there."""
    with pytest.raises(KeyError), store.unit_of_work():
        raise KeyError
    assert not syncs


def test_without_a_log_there_is_nothing_to_bring(store: Store) -> None:
    """The last connection has put everything into the database, and onto the disk."""
    store.path.with_name(store.path.name + "-wal").unlink(missing_ok=True)
    made_lasting(store.path)


def test_those_who_wait_share_one() -> None:
    """Who asks while it runs needs another one, and all of these together one."""
    began, go_on, times = threading.Event(), threading.Event(), []

    def slowly() -> None:
        times.append(1)
        began.set()
        assert go_on.wait(PATIENCE_S)

    together = Together(slowly)
    first = threading.Thread(target=together.wait)
    first.start()
    assert began.wait(PATIENCE_S)
    others = [threading.Thread(target=together.wait) for _ in range(5)]
    for each in others:
        each.start()
    while together._asked < 6:
        threading.Event().wait(0.001)
    go_on.set()
    for each in (first, *others):
        each.join(PATIENCE_S)
    assert len(times) == 2


def test_a_disk_that_fails_is_told_to_each() -> None:
    """Nobody takes for safe what another's failed call was to save."""
    failures = iter([OSError("full"), OSError("still full"), None])

    def fail() -> None:
        if failure := next(failures):
            raise failure

    together = Together(fail)
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            together.wait()
    together.wait()

"""A sign where many wait: when there is one, where, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Destination
from bot.desk.ids import ChannelId, Ts
from bot.desk.ports.delivery import Delivery
from bot.service.asking import hearing as deciding
from bot.store.database import reading
from bot.store.unit_of_work import Store
from bot.worker import hearing as module
from bot.worker.hearing import MANY, Hearing
from tests import builders as a
from tests.fakes import TurnableClock

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.addresses import Thread


class Queue:
    """An inbox that fills, and what is said meanwhile."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin empty."""
        self.clock = TurnableClock()
        self.store = Store(folder / "frontline.db", self.clock)
        self.store.migrate()
        monkeypatch.setattr(module, "where_heard", self._where)
        self.hearing = Hearing(self.store, None, lambda payload: payload)  # type: ignore[arg-type]
        self._number = 0

    def _where(self, payload: Any, _desk: object) -> Destination | None:
        if payload["at"] == "broken":
            raise ValueError
        return Destination(ChannelId(payload["at"])) if payload["at"] else None

    def come(self, *places: str) -> None:
        """Let a message come from each of these places."""
        for at in places:
            self._number += 1
            self.store.inbox.put(Delivery(f"E{self._number}", {"at": at}, self._thread()))

    def _thread(self) -> Thread:
        return replace(a.THREAD, ts=Ts(f"{self._number}.1"))

    def look(self, after_s: float = 2.0) -> list[str]:
        """Let time pass, and tell where something was said since the last look."""
        before = set(self._said())
        self.clock.now += timedelta(seconds=after_s)
        while self.hearing.step():
            pass
        return sorted(each[1] for each in set(self._said()) - before)

    def _said(self) -> list[tuple[int, str]]:
        with reading(self.store.path) as db:
            rows = db.execute("SELECT id, channel FROM outbox").fetchall()
        return [(row["id"], row["channel"]) for row in rows]

    def drain(self) -> None:
        """Let everything that waits be handled."""
        while (row := self.store.inbox.claim()) is not None:
            with self.store.unit_of_work() as uow:
                uow.inbox.finish(row.id)


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """An empty one."""
    return Queue(tmp_path, monkeypatch)


def test_a_few_and_what_has_just_come_are_answered_without_a_sign(queue: Queue) -> None:
    """The answer would be there before it."""
    queue.come(*["C1"] * (MANY - 1))
    assert queue.look() == []
    queue.come(*["C1"] * 5)
    assert queue.look(after_s=0.5) == []


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (["C1"] * MANY, ["C1"]),
        (["C1"] * MANY + ["D1", "D2", "D1"], ["C1", "D1", "D2"]),
        ([""] * MANY + ["D7"], ["D7"]),
        (["broken"] * MANY + ["C1"], ["C1"]),
        ([""] * MANY, []),
        (["C1"] * 1_200 + ["C2"], ["C1", "C2"]),
    ],
)
def test_each_conversation_is_told_once(queue: Queue, places: list[str], told: list[str]) -> None:
    """What is none of the desk's business, or cannot be read, is told nothing."""
    queue.come(*places)
    assert queue.look() == told
    queue.come(*places[-3:])
    assert queue.look() == []


def test_after_the_queue_is_done_the_next_one_is_told_again(queue: Queue) -> None:
    """Another burst, another sign."""
    queue.come(*["C1"] * MANY)
    assert queue.look() == ["C1"]
    queue.drain()
    assert queue.look() == []
    queue.come(*["C1"] * MANY)
    assert queue.look() == ["C1"]


def test_the_sign_is_a_courtesy_without_a_ticket() -> None:
    """It needs no model, and stands for nothing that is tracked."""
    assert deciding.HEARD.ticket is None

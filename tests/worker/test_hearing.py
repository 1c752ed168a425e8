"""A sign where many wait: when there is one, where, and how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Destination
from bot.desk.admission import Admission, Rights, Standing
from bot.desk.asking import HEARD, Message
from bot.desk.ids import ChannelId, Ts, UserId
from bot.desk.ports.delivery import Delivery, Urgency, urgency_of
from bot.service.asking.hearing import Waiting, is_admitted, who_waits
from bot.service.context import ChannelMode, Desk
from bot.store.database import reading
from bot.store.outbox.rows import OutboxRows
from bot.store.unit_of_work import Store
from bot.worker import hearing as module
from bot.worker.hearing import MANY, Hearing
from tests import builders as a
from tests.fakes import FakeDirectory, FakeTriager, TurnableClock

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
        monkeypatch.setattr(module, "who_waits", self._who)
        self.directory = FakeDirectory()
        self.desk = Desk(
            self.store.unit_of_work,
            FakeTriager(),  # type: ignore[arg-type]
            self.directory,
            a.groups(),
            {},
        )
        self.restart()
        self._number = 0

    def restart(self) -> None:
        """Let another process look from now on."""
        self.hearing = Hearing(self.store, self.desk, lambda payload: payload)  # type: ignore[arg-type, return-value]

    def _who(self, payload: Any, _desk: object) -> Waiting | None:
        if payload["at"] == "broken":
            raise ValueError
        at = payload["at"]
        return Waiting(UserId(payload["by"]), Destination(ChannelId(at))) if at else None

    def come(self, *places: str, by: str = a.ANA) -> None:
        """Let a message of somebody come from each of these places."""
        for at in places:
            self._number += 1
            payload = {"at": at, "by": by}
            self.store.inbox.put(Delivery(f"E{self._number}", payload, self._thread()))

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
        (["C1"] * 520 + ["C2"], ["C1", "C2"]),
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


@pytest.mark.parametrize("after_s", [1, 60, 3_600])
def test_after_a_restart_the_same_messages_get_no_second_sign(queue: Queue, after_s: float) -> None:
    """However long they wait already: the sign stands above them."""
    queue.come(*["C1"] * MANY, "D2")
    assert queue.look() == ["C1", "D2"]
    queue.restart()
    assert queue.look(after_s) == []
    queue.come("D3")
    assert queue.look() == ["D3"]
    queue.restart()
    assert queue.look() == []


def test_killed_before_it_was_written_the_sign_is_given_by_the_next(queue: Queue) -> None:
    """It counts as given with the notice itself, in one transaction."""
    queue.come(*["C1"] * MANY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OutboxRows, "put", _killed)
        with pytest.raises(KeyboardInterrupt):
            queue.look()
    queue.restart()
    assert queue.look() == ["C1"]


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_who_writes_much_later_gets_a_sign_too(queue: Queue) -> None:
    """The first has scrolled away in a channel where a thousand write."""
    queue.come(*["C1"] * MANY)
    assert queue.look() == ["C1"]
    queue.come("C1")
    assert queue.look(30) == []
    queue.clock.turn(60)
    queue.come("C1")
    assert queue.look() == ["C1"]


@pytest.mark.parametrize(
    ("standing", "admission", "is_told"),
    [
        (Standing.MEMBER, Admission(), True),
        (Standing.UNKNOWN, Admission(), True),
        (Standing.GUEST, Admission(), True),
        (Standing.GUEST, Admission(guests=Rights.REFUSE), False),
        (Standing.STRANGER, Admission(), False),
        (Standing.STRANGER, Admission(strangers=Rights.ASK), True),
        (Standing.GONE, Admission(), False),
        (Standing.BOT, Admission(), False),
    ],
)
@pytest.mark.parametrize("is_known", [True, False])
def test_who_may_not_ask_gets_no_sign(
    queue: Queue,
    standing: Standing,
    admission: Admission,
    is_told: bool,
    is_known: bool,
) -> None:
    """They are told in their turn that they may not; whether Slack has to be asked or not."""
    queue.desk = replace(queue.desk, admission=admission)
    queue.restart()
    queue.directory.standings[a.BEN] = standing
    if not is_known:
        queue.directory.unknown.add(a.BEN)
    queue.come(*["C1"] * MANY)
    queue.come("D9", by=a.BEN)
    assert queue.look() == (["C1", "D9"] if is_told else ["C1"])


def test_a_channel_gets_its_sign_for_those_who_may_ask(queue: Queue) -> None:
    """Though others write there too; a channel of strangers alone gets none."""
    queue.directory.standings[a.BEN] = Standing.STRANGER
    queue.come(*["C1", "C2"] * MANY, by=a.BEN)
    queue.come("C1")
    assert queue.look() == ["C1"]


def test_nobody_is_looked_up_where_somebody_known_has_the_sign_already(queue: Queue) -> None:
    """A thousand in one channel cost no thousand calls."""
    queue.directory.before = lambda: pytest.fail("Slack was asked")
    for number in range(MANY * 2):
        queue.directory.unknown.add(UserId(f"U{number:08}"))
        queue.come("C1", by=f"U{number:08}")
    queue.come("C1")
    assert queue.look() == ["C1"]


def _message(**given: Any) -> Message:
    return a.message("The VPN drops", **given)


@pytest.mark.parametrize(
    ("message", "waits"),
    [
        (_message(), True),
        (replace(_message(), by_app=True), False),
        (replace(_message(), edited=True), False),
        (replace(_message(), text=" "), False),
    ],
)
def test_who_waits(queue: Queue, message: Message, waits: bool) -> None:
    """People who wrote something; an app reads no sign."""
    desk = replace(queue.desk, modes={a.IT_HELP: ChannelMode.ALL})
    found = who_waits(message, desk)
    assert (found is not None) is waits
    assert found is None or is_admitted(found.user, desk)


def test_the_sign_is_a_courtesy_without_a_ticket_and_goes_first() -> None:
    """It needs no model, stands for nothing that is tracked, and overtakes every answer."""
    assert HEARD.ticket is None
    assert urgency_of(HEARD) is Urgency.SIGN < Urgency.ANSWER


def test_it_looks_again_while_anybody_waits_and_not_after(queue: Queue) -> None:
    """Also where they came too lately to be told, or are too few."""
    queue.look()
    assert queue.hearing.next_due() is None
    queue.come("C1")
    assert queue.look(0.1) == []
    assert queue.hearing.next_due() is not None
    assert queue.store.inbox.claim() is not None
    queue.look()
    assert queue.hearing.next_due() is None

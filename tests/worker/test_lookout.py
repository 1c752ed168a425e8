"""Nobody looks while nothing happens; what another process writes is noticed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import HEARD
from bot.desk.ids import ChannelId
from bot.store.unit_of_work import Store
from bot.store.wakeup import Wakeup
from bot.worker.alarms import LOOK_EVERY, AlarmTeller
from bot.worker.attending.lookout import Lookout

if TYPE_CHECKING:
    from tests.fakes import TurnableClock


class Bell(Wakeup):
    """Counts how often it was rung."""

    def __init__(self) -> None:
        """Start silent."""
        super().__init__()
        self.rung = 0

    def set(self) -> None:
        """Count."""
        self.rung += 1


@pytest.mark.sqlite
def test_it_rings_once_for_what_another_process_wrote(store: Store, clock: TurnableClock) -> None:
    """And never while nothing is written."""
    bell = Bell()
    lookout = Lookout(store, [bell])
    lookout.look()
    bell.rung = 0
    for _ in range(5):
        lookout.look()
    assert bell.rung == 0
    other = Store(store.path, clock)
    with other.unit_of_work() as uow:
        uow.outbox.put(HEARD, Destination(ChannelId("C0HELP0001")))
    lookout.look()
    lookout.look()
    assert bell.rung == 1


def test_an_alarm_that_nobody_heard_is_told_again_at_its_time(
    store: Store, clock: TurnableClock
) -> None:
    """Not only when the cards are looked at next."""
    teller = AlarmTeller(store)
    teller.step()
    assert teller.next_due() == (clock() + LOOK_EVERY).isoformat()
    with store.unit_of_work() as uow:
        uow.alarms.sound("disk", "A disk is full.")
    alarm = store.alarms.next()
    assert alarm is not None
    store.alarms.later(alarm, clock() + timedelta(seconds=4))
    due = teller.next_due()
    assert due is not None
    assert datetime.fromisoformat(due) == clock() + timedelta(seconds=4)

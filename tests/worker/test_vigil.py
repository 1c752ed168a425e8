"""While a start waits for Slack: pages that waited go out, and the admins hear of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.desk.beyond import Happening, Outgoing
from bot.worker import AlarmTeller, BeyondRelay
from bot.worker.attending.vigil import Vigil

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock


class Pager:
    """Is told, and says so."""

    def __init__(self) -> None:
        """Have heard nothing."""
        self.heard: list[str] = []
        self.rang = threading.Event()

    def carry(self, outgoing: Outgoing) -> str:
        """Hear a page."""
        self.heard.append(outgoing.says)
        self.rang.set()
        return "ok"

    def tell(self, says: str) -> None:
        """Hear an alarm."""
        self.heard.append(says)


def test_what_waited_goes_out_and_the_admins_hear_of_it(store: Store, clock: TurnableClock) -> None:
    """A page that a killed process had in hand; the alarm after half a minute, once."""
    pager, said, waits = Pager(), list[str](), list[float]()
    with store.unit_of_work() as uow:
        page = Outgoing("pager", Happening.ALARM, "k", clock(), "It burns.")
        uow.outbox.send_out(page)
    assert store.outbox.claim() is None, "Slack's threads leave it alone"
    assert BeyondRelay(store, {}).take() is not None, "the killed process had it in hand"
    vigil = Vigil(
        store,
        BeyondRelay(store, {"pager": pager}),
        AlarmTeller(store, (pager,)),
        lambda seconds: bool(waits.append(seconds)),
        said.append,
    )
    vigil.say("Slack refuses (invalid_auth).")
    assert not vigil.wait(1.0)
    clock.turn(2)
    assert not vigil.wait(1.0)
    assert pager.rang.wait(10)
    for _ in range(3):
        clock.turn(31)
        vigil.wait(30.0)
    vigil.end()
    assert pager.heard[0] == "It burns."
    (alarm,) = pager.heard[1:]
    assert alarm.endswith("Slack refuses (invalid_auth).")
    assert said == ["Slack refuses (invalid_auth)."]
    clock.turn(60)
    assert not vigil.wait(5.0)
    assert waits == [1.0, 1.0, 30.0, 30.0, 30.0, 5.0]


def test_where_slack_answers_at_once_nothing_is_begun(store: Store) -> None:
    """Neither threads nor alarms."""
    before = threading.active_count()
    vigil = Vigil(store, None, AlarmTeller(store), lambda _: False, str)
    vigil.end()
    assert threading.active_count() == before
    assert store.alarms.next() is None

"""What is done about a line that is open and brings nothing: who is told, and by which way."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot.bootstrap import web
from bot.bootstrap.web import Served
from bot.settings.file import DeskSettings
from bot.store.database import StoreError
from bot.store.presence import Presence
from bot.worker.attending.catching_up import Caught
from bot.worker.attending.listening import (
    ANSWER_WITHIN_S,
    CANARY_EVERY_S,
    LONGEST_SPARING_S,
    Ear,
    Listening,
)
from bot.worker.attending.storing import Slips
from tests.worker.test_worker import Bench, bench

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

__all__ = ["bench"]


class Line:
    """A line that can be replaced; each time it is another one."""

    def __init__(self) -> None:
        """Be open."""
        self.opened = 1

    def session(self) -> str:
        """Name the connection."""
        return f"session {self.opened}"

    def reopen(self) -> None:
        """Open another."""
        self.opened += 1


class Desk:
    """A desk that listens, with a canary whose event comes back while Slack tells it things."""

    def __init__(self, bench: Bench, *, beside: bool = False) -> None:
        """Begin with a line that works."""
        self.clock, self.store = bench.clock, bench.store
        self.is_told = True
        self.line, self.ear = Line(), Ear(self.clock.monotonic)
        reading: Any = SimpleNamespace(read=lambda _: Caught())
        self.listening = Listening(
            self.store,
            bench.inbox._desk,
            line=self.line,
            ear=self.ear,
            catch_up=reading,
            slack_time=self.clock,
            monotonic=self.clock.monotonic,
            canary=SimpleNamespace(chirp=self._chirp),
            is_beside_others=beside,
        )

    def _chirp(self) -> None:
        if self.is_told:
            self.ear.hear()

    def passes(self, seconds: float) -> None:
        """Let time pass, with a step now and then."""
        for _ in range(int(seconds / 5)):
            self.clock.turn(5)
            self.listening.step()

    @property
    def alarms(self) -> list[str]:
        """What is to be told by every way but Slack."""
        rows = self.store.glance.rows("SELECT says FROM alarms ORDER BY id")
        return [str(row["says"]) for row in rows]


def test_a_line_that_works_is_left_alone(bench: Bench) -> None:
    """The canary's event comes back, however quiet it is."""
    desk = Desk(bench)
    desk.passes(600)
    assert (desk.line.opened, desk.alarms) == (1, [])


def test_one_deaf_line_is_replaced_and_a_second_is_an_alarm(bench: Bench) -> None:
    """Once: Slack's own message about it may be heard by nobody."""
    desk = Desk(bench)
    desk.passes(60)
    desk.is_told = False
    while desk.line.opened < 2:
        desk.passes(5)
    assert desk.alarms == []
    while desk.line.opened < 3:
        desk.passes(5)
    (says,) = desk.alarms
    assert "a new connection is as deaf" in says
    assert "FrontlineHearsNothing" in says
    desk.passes(1_000)
    assert len(desk.alarms) == 1


def test_a_line_that_was_heard_in_between_is_a_first_one_again(bench: Bench) -> None:
    """A proxy that cuts what is idle is a nuisance, and no alarm."""
    desk = Desk(bench)
    for opened in (2, 3, 4):
        desk.is_told = False
        while desk.line.opened < opened:
            desk.passes(5)
        desk.is_told = True
        desk.passes(LONGEST_SPARING_S / 4)
    assert desk.alarms == []


def test_what_another_replica_was_told_counts_and_not_what_it_read(bench: Bench) -> None:
    """A replica whose line is as deaf reads Slack's history each time it opens another."""
    desk = Desk(bench, beside=True)
    desk.is_told = False
    for _ in range(int(2 * (CANARY_EVERY_S + ANSWER_WITHIN_S) / 5)):
        desk.passes(5)
        desk.store.presence.told(desk.clock())
    assert desk.line.opened == 1
    for _ in range(int(2 * (CANARY_EVERY_S + ANSWER_WITHIN_S) / 5)):
        desk.passes(5)
        desk.store.presence.heard(desk.clock())
    assert desk.line.opened > 1


@pytest.mark.parametrize("on_a_server", [True, False])
def test_over_http_with_a_canary_it_is_known_for_how_long_slack_has_been_silent(
    store: Store, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch, on_a_server: bool
) -> None:
    """On a server any replica may be told; what is read from Slack's history does not count."""
    monkeypatch.setattr(web, "server_of", lambda _: "server" if on_a_server else None)
    ear, slips = Ear(clock.monotonic), Slips(clock.monotonic)
    hooks: Any = None
    served = Served(hooks, store, ear, clock.monotonic, slips)
    file = SimpleNamespace(desk=DeskSettings(canary_channel="frontline-log"))
    settings: Any = SimpleNamespace(file=file, db=store.path)
    silent_s = served.silence(settings)
    assert silent_s is not None
    clock.turn(400)
    assert silent_s() == 400
    store.presence.told(clock() - timedelta(seconds=7))
    store.presence.heard(clock())
    assert silent_s() == (7 if on_a_server else 400)
    clock.turn(100)
    assert silent_s() == (107 if on_a_server else 500)

    def away(_: object) -> None:
        raise StoreError("The database is away.")

    with monkeypatch.context() as patch:
        patch.setattr(Presence, "told_until", away)
        assert silent_s() == 500, "what this one heard is known all the same"
    ear.hear()
    assert silent_s() == 0
    settings.file.desk = DeskSettings()
    assert served.silence(settings) is None

"""Live sources are brought in when they are due, by one process at a time, and taken up at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.worker.slowly.sources import LONGEST_S, SourceKeeper
from tests.worker.test_night import Process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

HOUR = timedelta(hours=1)


class Rig:
    """A keeper of two sources, the processes that it began, and how often it took up a change."""

    def __init__(self, store: Store, clock: TurnableClock) -> None:
        """With nothing brought in yet."""
        self.live = store.live
        self.clock = clock
        self.begun: list[tuple[tuple[str, ...], Process]] = []
        self.taken_up = 0
        self.sources = {"wiki": ("confluence", HOUR), "site": ("sitemap", 4 * HOUR)}
        self.keeper = SourceKeeper(
            store.live, self.sources, self.begin, self.take_up, clock=clock, steady=clock
        )

    def begin(self, names: Sequence[str]) -> Process:
        """Begin a process."""
        self.begun.append((tuple(names), Process()))
        return self.begun[-1][1]

    def take_up(self) -> None:
        """Read the changed base."""
        self.taken_up += 1

    def turn(self, by: timedelta) -> None:
        """Let time pass."""
        self.clock.turn(by.total_seconds())

    def end(self, *done: str, exit_code: int = 0) -> None:
        """Let the process end, with these brought in."""
        for name in done:
            self.live.done(name, self.sources[name][1], articles=3, fingerprint="x")
        self.begun[-1][1].ended = exit_code
        self.keeper.step()

    def state(self, name: str) -> object:
        """How a source stands."""
        (found,) = self.live.states({name: ""})
        return found


@pytest.fixture
def rig(store: Store, clock: TurnableClock) -> Rig:
    """A keeper that has begun its first process."""
    made = Rig(store, clock)
    made.keeper.step()
    return made


def names(rig: Rig) -> list[tuple[str, ...]]:
    """What was begun, in order."""
    return [each for each, _ in rig.begun]


def test_each_is_brought_in_when_it_is_due(rig: Rig) -> None:
    """At the start all, then each after its own time."""
    rig.end("wiki", "site")
    rig.turn(HOUR)
    rig.keeper.step()
    assert names(rig) == [("wiki", "site"), ("wiki",)]
    rig.end("wiki")
    rig.turn(3 * HOUR)
    rig.keeper.step()
    assert names(rig)[2] == ("wiki", "site")


def test_there_is_one_process_at_a_time(rig: Rig) -> None:
    """However long it takes; one without an end is ended."""
    rig.turn(HOUR)
    rig.keeper.step()
    assert len(rig.begun) == 1
    assert not rig.begun[0][1].terminated
    rig.turn(timedelta(seconds=LONGEST_S))
    rig.keeper.step()
    assert rig.begun[0][1].terminated


def test_what_it_changed_is_taken_up_as_it_ends(rig: Rig) -> None:
    """So that nobody who asks waits for it."""
    assert rig.taken_up == 0
    rig.end("wiki", "site")
    assert rig.taken_up == 1


def test_one_that_dies_without_a_word_is_said_and_not_begun_at_once(rig: Rig) -> None:
    """Else a machine that is out of memory begins it for ever."""
    rig.end("site", exit_code=-9)
    wiki, site = rig.state("wiki"), rig.state("site")
    assert "ended without a word (-9)" in wiki.says  # type: ignore[attr-defined]
    assert site.is_well  # type: ignore[attr-defined]
    assert len(rig.begun) == 1
    rig.turn(timedelta(minutes=1))
    rig.keeper.step()
    assert names(rig)[1] == ("wiki",)


def test_one_that_failed_keeps_its_own_words(rig: Rig) -> None:
    """And what it had; the next try is later each time."""
    rig.live.failed("wiki", HOUR, "wiki.example answered 500.")
    rig.end("site", exit_code=1)
    assert rig.state("wiki").says == "wiki.example answered 500."  # type: ignore[attr-defined]
    waited = []
    for _ in range(3):
        minutes = 0
        count = len(rig.begun)
        while len(rig.begun) == count:
            rig.turn(timedelta(minutes=1))
            minutes += 1
            rig.keeper.step()
        waited.append(minutes)
        rig.live.failed("wiki", HOUR, "wiki.example answered 500.")
        rig.end(exit_code=1)
    assert waited == [1, 2, 4]


def test_a_clock_that_is_set_back_stops_nothing(rig: Rig) -> None:
    """By a day, as a machine without a battery has it."""
    rig.end("wiki", "site")
    rig.clock.jump(-86_400)
    rig.keeper.step()
    assert names(rig)[1] == ("wiki", "site")


def test_what_is_not_configured_any_more_is_not_spoken_of(rig: Rig, store: Store) -> None:
    """Its articles stay until somebody removes them."""
    rig.end("wiki", "site")
    keeper = SourceKeeper(store.live, {}, rig.begin, rig.take_up, clock=rig.clock, steady=rig.clock)
    keeper.start()
    keeper.stop()
    assert rig.state("wiki").is_well is None  # type: ignore[attr-defined]


def test_the_end_of_the_bot_ends_the_process(rig: Rig) -> None:
    """What it wrote is whole."""
    rig.keeper.stop()
    assert rig.begun[0][1].terminated

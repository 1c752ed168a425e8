"""The workspace's clock: turned, told to every page, and turned back."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground import Person, Playground
from bot.playground.errors import PlaygroundError
from bot.playground.state.clock import Clock

ANA = "U0ANA00001"


def test_what_is_said_after_a_turn_stands_at_the_turned_time(playground: Playground) -> None:
    """And still comes after it when the clock shows the real time again: order is kept."""
    with Person(playground.url, ANA) as ana:
        before = float(ana.say("it-help", "now"))
        playground.advance(3_600)
        later = float(ana.say("it-help", "an hour on"))
        assert later - before == pytest.approx(3_600, abs=30)
        assert ana.boot()["clock"]["ahead"] == 3_600
        playground.control("turn_back")
        assert ana.boot()["clock"]["ahead"] == 0
        last = ana.say("it-help", "now again")
        assert float(last) > later
        said = [each["text"] for each in ana.sees("it-help")]
        assert said[-3:] == ["now", "an hour on", "now again"]


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), 10**9, "soon"])
def test_what_no_clock_can_do_is_refused(playground: Playground, seconds: object) -> None:
    """In words, and nothing is turned."""
    with pytest.raises(PlaygroundError):
        playground.control("advance", seconds=seconds)
    assert playground.control("clock")["ahead"] == 0


def test_an_opening_is_offered_until_it_has_passed(playground: Playground) -> None:
    """By whoever runs the app; without it, the page offers the next morning."""
    now = playground.control("clock")["now"]
    assert playground.control("clock")["opens"] is None
    assert playground.control("clock", opens=now + 600)["opens"] == now + 600
    playground.advance(700)
    assert playground.control("clock")["opens"] is None
    with pytest.raises(PlaygroundError, match="opens"):
        playground.control("clock", opens="soon")


def test_what_was_to_happen_keeps_the_time_that_was_left() -> None:
    """A retry in ten seconds comes in ten seconds, wherever the clock was turned to meanwhile."""
    real = [100.0]
    clock = Clock(lambda: real[0])
    called: list[str] = []

    async def play() -> None:
        clock.attach(asyncio.get_running_loop())
        clock.advance(1_000)
        clock.call_later(10, lambda: called.append("first"))
        clock.call_later(20, lambda: called.append("second"))
        clock.turn_back()
        assert clock.now() == 100
        assert called == []
        real[0] = 111.0
        clock.advance(0)
        assert called == ["first"]
        clock.advance(9.5)
        assert called == ["first", "second"]

    asyncio.run(play())

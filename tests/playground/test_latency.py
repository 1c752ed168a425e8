"""Calls that take a while, as Slack's do, and that hang."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest
from slack_sdk import WebClient

from bot.playground.__main__ import _latency
from bot.playground.errors import PlaygroundError
from bot.playground.faults.latency import Latency

if TYPE_CHECKING:
    from bot.playground import Playground

IT_HELP = "C0ITHELP01"


def drawn(latency: Latency, method: str = "chat.postMessage", count: int = 4_000) -> list[float]:
    """Draw many."""
    return sorted(latency.draw(method) for _ in range(count))


def test_at_first_every_call_is_answered_at_once() -> None:
    """A workspace to try things in."""
    assert drawn(Latency(), count=3) == [0.0, 0.0, 0.0]


def test_it_is_drawn_like_slacks() -> None:
    """Half within 0.15 s, 99 of 100 within 1.2 s."""
    latency = Latency()
    latency.set()
    seconds = drawn(latency)
    assert statistics.median(seconds) == pytest.approx(0.15, rel=0.1)
    assert seconds[int(len(seconds) * 0.99)] == pytest.approx(1.2, rel=0.25)


def test_the_same_seed_draws_the_same_for_each_method() -> None:
    """However the calls of other methods come between."""
    one, other = Latency(), Latency()
    one.set(seed=3)
    other.set(seed=3)
    first = [one.draw("chat.update") for _ in range(5)]
    interleaved = []
    for _ in range(5):
        other.draw("chat.postMessage")
        interleaved.append(other.draw("chat.update"))
    assert first == interleaved


def test_one_figure_is_the_same_for_every_call_and_a_method_can_have_its_own() -> None:
    """For a bench at 0.3 s a call."""
    latency = Latency()
    latency.set(**_latency("0.3"), methods={"auth.test": {"median": 0.1, "p99": 0.1}})
    assert latency.draw("chat.postMessage") == pytest.approx(0.3)
    assert latency.draw("auth.test") == pytest.approx(0.1)
    latency.off()
    assert latency.draw("auth.test") == 0.0


def test_what_is_no_figure_is_refused() -> None:
    """With the way it is written."""
    with pytest.raises(PlaygroundError, match=r"0\.15,1\.2"):
        _latency("slow")


def test_calls_wait_side_by_side(client: WebClient, playground: Playground) -> None:
    """Ten calls of a fifth of a second take no two seconds."""
    playground.control("latency", median=0.2, p99=0.2)
    began = time.monotonic()
    with ThreadPoolExecutor(10) as beside:
        list(beside.map(lambda _: client.auth_test(), range(10)))
    took = time.monotonic() - began
    playground.control("latency", enabled=False)
    assert 0.2 <= took < 1.5


@pytest.mark.parametrize(("kind", "there"), [("hang", 0), ("late_answer", 1)])
def test_a_call_that_hangs(playground: Playground, kind: str, there: int) -> None:
    """Nobody is told in time: of one it was done, of the other it never will be."""
    impatient = WebClient(
        playground.bot_token, base_url=playground.api_url, timeout=1, retry_handlers=[]
    )
    playground.control("fault", kind=kind, method="chat.postMessage", seconds=600)
    with pytest.raises((TimeoutError, URLError)):
        impatient.chat_postMessage(channel=IT_HELP, text=f"It hangs: {kind}")
    playground.advance(600)
    found = impatient.conversations_history(channel=IT_HELP, limit=20)["messages"]
    assert sum(f"It hangs: {kind}" in message["text"] for message in found) == there

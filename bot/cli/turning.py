"""The demo's clock: the bot's time goes with the clock that the local workspace's page turns."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.service.context import utc_now
from bot.worker import Clocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.desk.promises import SupportHours

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 0.25
ANSWER_WITHIN_S = 5.0


@dataclass
class TurnedClock:
    """The machine's time, as far ahead as the workspace's is.

    Turned forward, that time has passed, and whatever it brings falls due. Turned back, the clock
    was set, and every timer keeps the time that was left on it.
    """

    wall: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    _ahead: float = 0.0
    _passed: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """Give the time."""
        with self._lock:
            return self.wall() + timedelta(seconds=self._ahead)

    def seconds(self) -> float:
        """Give seconds that only ever grow."""
        with self._lock:
            return self.monotonic() + self._passed

    def follow(self, ahead: float) -> None:
        """Be so far ahead from now on."""
        with self._lock:
            self._passed += max(0.0, ahead - self._ahead)
            self._ahead = ahead

    @property
    def clocks(self) -> Clocks:
        """What the bot takes its time from; Slack's is asked, as ever."""
        return Clocks(self.now, self.seconds)


def next_opening(hours: Iterable[SupportHours], now: datetime) -> datetime | None:
    """Give when the next group opens that does not always work; None where all always do."""
    found = []
    for each in hours:
        closes = each.next_closing(now) if each.is_open(now) else now
        if closes is not None:
            found.append(each.next_opening(closes))
    return min(found, default=None)


@contextmanager
def following(
    page: str, turned: TurnedClock, opens: Callable[[datetime], datetime | None]
) -> Iterator[None]:
    """Go with the workspace's clock for the length of a block, and say when the desk opens."""
    ended = threading.Event()
    follower = threading.Thread(
        target=_follow, args=(page, turned, opens, ended), name="demo-clock", daemon=True
    )
    follower.start()
    try:
        yield
    finally:
        ended.set()
        follower.join(ANSWER_WITHIN_S)


def _follow(
    page: str,
    turned: TurnedClock,
    opens: Callable[[datetime], datetime | None],
    ended: threading.Event,
) -> None:
    while not ended.wait(LOOK_EVERY_S):
        at = opens(turned.now())
        try:
            told = _ask(page, {"op": "clock", "opens": at.timestamp() if at else None})
            turned.follow(float(told["ahead"]))
        except (OSError, ValueError, LookupError) as failure:
            log.debug("workspace_clock_unknown", error=str(failure))


def _ask(page: str, order: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - the workspace that we have just started
        f"{page.rstrip('/')}/playground/control",
        data=json.dumps(order).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310 - as above
        told: dict[str, Any] = json.load(answer)
    return told

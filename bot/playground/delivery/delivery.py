"""Bringing events and interactions to the app, whichever way it listens."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.playground.faults.faults import Faults
    from bot.playground.record.recording import Recording
    from bot.playground.state.clock import Clock
    from bot.playground.state.journal import Journal

ACK_SECONDS = 3.0
RETRY_WAITS = (0.0, 60.0, 300.0)  # at once, after one minute, after five


class NotDeliveredError(Exception):
    """The app did not acknowledge; `reason` is what Slack calls it."""

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        """With the reason, and whether nothing listened at all."""
        super().__init__(reason)
        self.reason = reason
        self.unreachable = unreachable


class Transport(Protocol):
    """One of the two ways to the app."""

    def is_reachable(self) -> bool:
        """Whether something listens at the moment."""

    async def arrival(self) -> None:
        """Wait until something listens again."""

    async def send(
        self, kind: str, payload: dict[str, Any], *, attempt: int = 0, reason: str = ""
    ) -> Any:
        """Deliver once and return what came with the acknowledgement, or NotDeliveredError."""


class Delivery:
    """Events with retries, interactions without, over the transport in use."""

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        journal: Journal,
        recording: Recording,
        faults: Faults,
    ) -> None:
        """Over a transport."""
        self.transport = transport
        self._clock, self._journal = clock, journal
        self._recording, self._faults = recording, faults
        self._running: set[asyncio.Task[None]] = set()

    def event(self, body: dict[str, Any]) -> None:
        """Set an event on its way; retried as Slack does until it is acknowledged."""
        self._journal.put("event", body["event_id"], body)
        for copy, delay in self._faults.schedule_event(body):
            self._start(self._carry(copy, delay))

    def resume(self) -> None:
        """Go on with the events that were not acknowledged when the workspace stopped."""
        for _, body in self._journal.load("event"):
            self._start(self._carry(body, 0.0, first=1, reason="timeout"))

    async def ask(self, kind: str, payload: dict[str, Any]) -> Any:
        """Deliver an interaction once and return the app's answer; raises NotDeliveredError."""
        return await self.transport.send(kind, payload)

    async def settled(self) -> None:
        """Wait until every event is acknowledged or given up."""
        while self._running:
            await asyncio.wait(self._running)

    def in_flight(self) -> int:
        """How many events are not acknowledged yet."""
        return len(self._running)

    def close(self) -> None:
        """Give up on what is under way."""
        for task in list(self._running):
            task.cancel()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _carry(
        self, body: dict[str, Any], delay: float, *, first: int = 0, reason: str = ""
    ) -> None:
        await self._clock.sleep(delay)
        for attempt in range(first, len(RETRY_WAITS) + 1):
            try:
                await self.transport.send("events_api", body, attempt=attempt, reason=reason)
            except NotDeliveredError as failure:
                reason = failure.reason
                if attempt < len(RETRY_WAITS):
                    await self._wait(RETRY_WAITS[attempt], unreachable=failure.unreachable)
            else:
                self._journal.drop("event", body["event_id"])
                return
        self._journal.drop("event", body["event_id"])
        self._recording.add("given_up", event_id=body["event_id"], reason=reason)

    async def _wait(self, seconds: float, *, unreachable: bool) -> None:
        """Until the next retry is due, or the app is back if it was gone."""
        if not unreachable or seconds == 0:
            await self._clock.sleep(seconds)
            return
        waits = [
            asyncio.ensure_future(self._clock.sleep(seconds)),
            asyncio.ensure_future(self.transport.arrival()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

"""Socket Mode: connections that the app opens, and envelopes that go out over them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.delivery.delivery import ACK_SECONDS, NotDeliveredError

if TYPE_CHECKING:
    from bot.playground.faults.faults import Faults
    from bot.playground.record.recording import Recording
    from bot.playground.state.clock import Clock
    from bot.playground.state.ids import Ids

MAX_CONNECTIONS = 10
TICKET_SECONDS = 30.0
WARNING_SECONDS = 10.0
_WITH_RESPONSE = frozenset({"slash_commands", "interactive"})


@dataclass(eq=False)
class Connection:
    """One open connection of the app."""

    id: str
    socket: WebSocket
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    is_muted: bool = False
    is_retiring: bool = False
    outbox: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)


class SocketMode:
    """The connections of one app; each envelope goes to one of them."""

    def __init__(
        self, app_id: str, clock: Clock, ids: Ids, recording: Recording, faults: Faults
    ) -> None:
        """For one app."""
        self._app_id, self._clock, self._ids = app_id, clock, ids
        self._recording, self._faults = recording, faults
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self._arrivals: list[asyncio.Future[None]] = []
        self._choice = random.Random(0)  # noqa: S311  (which connection is served is no secret)

    # --- what the rest of the workspace uses

    def new_ticket(self) -> str:
        """Let somebody connect within the next half minute."""
        now = self._clock.now()
        self._tickets = {t: until for t, until in self._tickets.items() if until > now}
        ticket = self._ids.uuid()
        self._tickets[ticket] = now + TICKET_SECONDS
        return ticket

    def connections(self) -> list[str]:
        """The ids of the open connections."""
        return [connection.id for connection in self._connections]

    def is_reachable(self) -> bool:
        """Whether a connection is open."""
        return any(not c.is_retiring for c in self._connections)

    async def arrival(self) -> None:
        """Wait for a connection."""
        if self.is_reachable():
            return
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals.append(arrived)
        try:
            await arrived
        finally:
            self._arrivals.remove(arrived)

    async def send(
        self, kind: str, payload: dict[str, Any], *, attempt: int = 0, reason: str = ""
    ) -> Any:
        """Send one envelope over one connection and wait for its acknowledgement."""
        candidates = [c for c in self._connections if not c.is_retiring]
        if not candidates:
            raise NotDeliveredError("connection_failed", unreachable=True)
        connection = self._choice.choice(candidates)
        envelope_id = self._ids.uuid()
        envelope = self._envelope(envelope_id, kind, payload, attempt, reason)
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope_id] = answered
        self._recording.add("envelope", connection=connection.id, envelope=envelope)
        if not (connection.is_muted or self._faults.swallows_envelope()):
            connection.outbox.put_nowait(json.dumps(envelope, separators=(",", ":")))
        timer = self._clock.call_later(ACK_SECONDS, lambda: _fail(answered, "timeout"))
        try:
            return await answered
        finally:
            timer.cancel()
            connection.waiting.pop(envelope_id, None)

    def disconnect(self, reason: str) -> None:
        """Tell every connection to reconnect, as Slack does before it closes them."""
        for connection in self._connections:
            self._say_goodbye(connection, reason)

    def mute(self, *, muted: bool) -> None:
        """Let the open connections stay open and deliver nothing."""
        for connection in self._connections:
            connection.is_muted = muted

    def drop(self) -> None:
        """Close every connection without a word."""
        for connection in self._connections:
            connection.outbox.put_nowait(None)

    def close(self) -> None:
        """Close every connection at the end."""
        self.drop()

    # --- one connection

    async def serve(self, socket: WebSocket) -> None:
        """Hold one connection until it ends."""
        ticket = socket.query_params.get("ticket", "")
        if self._tickets.get(ticket, 0.0) <= self._clock.now():
            await socket.close(4001)
            return
        await socket.accept()
        connection = Connection(self._ids.uuid()[:8], socket)
        self._recording.add("connected", connection=connection.id)
        sender = asyncio.create_task(self._pump(connection))
        self._connections.append(connection)
        self._greet(connection)
        try:
            await self._listen(connection)
        finally:
            self._forget(connection)
            sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sender

    def _greet(self, connection: Connection) -> None:
        if len(self._connections) > MAX_CONNECTIONS:
            self._say_goodbye(connection, "too_many_websockets")
            return
        hello = {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {
                "host": "applink-playground",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": self._app_id},
        }
        connection.outbox.put_nowait(json.dumps(hello))
        for arrived in self._arrivals:
            if not arrived.done():
                arrived.set_result(None)

    async def _listen(self, connection: Connection) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                message = await connection.socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                self._take(connection, message.get("text") or message.get("bytes") or "")

    def _take(self, connection: Connection, raw: str | bytes) -> None:
        """Match an acknowledgement with its envelope; anything else is noted and ignored."""
        try:
            answer = json.loads(raw)
            envelope_id = answer["envelope_id"]
            answered = connection.waiting.get(envelope_id)
        except (ValueError, TypeError, KeyError):
            shown = raw if isinstance(raw, str) else repr(raw)
            self._recording.add("garbage", connection=connection.id, received=shown[:200])
            return
        payload = answer.get("payload")
        self._recording.add(
            "ack", connection=connection.id, envelope_id=envelope_id, payload=payload
        )
        if answered is not None and not answered.done():
            answered.set_result(payload)

    async def _pump(self, connection: Connection) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            while (body := await connection.outbox.get()) is not None:
                await connection.socket.send_text(body)
            await connection.socket.close(1000)

    def _forget(self, connection: Connection) -> None:
        self._connections.remove(connection)
        self._recording.add("disconnected", connection=connection.id)
        for answered in connection.waiting.values():
            _fail(answered, "connection_failed", unreachable=not self._connections)

    def _say_goodbye(self, connection: Connection, reason: str) -> None:
        farewell = {
            "type": "disconnect",
            "reason": reason,
            "debug_info": {"host": "applink-playground"},
        }
        self._recording.add("disconnect", connection=connection.id, reason=reason)
        connection.outbox.put_nowait(json.dumps(farewell))
        # A warned connection goes on for about ten seconds; the others end now.
        connection.is_retiring = reason != "warning"
        wait = WARNING_SECONDS if reason == "warning" else 0.5
        self._clock.call_later(wait, lambda: connection.outbox.put_nowait(None))

    def _envelope(
        self, envelope_id: str, kind: str, payload: dict[str, Any], attempt: int, reason: str
    ) -> dict[str, Any]:
        envelope = {
            "envelope_id": envelope_id,
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind in _WITH_RESPONSE,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        return envelope


def _fail(answered: asyncio.Future[Any], reason: str, *, unreachable: bool = False) -> None:
    if not answered.done():
        answered.set_exception(NotDeliveredError(reason, unreachable=unreachable))

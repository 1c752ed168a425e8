"""uvicorn as the workspace needs it: quick to stop, few packets, connections that can break."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import socket
    import threading

TICK_SECONDS = 0.1


class OneWrite:
    """A transport that sends what was written in one turn of the event loop together.

    The head and the body of an answer are written one after the other; as two packets they wake
    the app twice, which costs more than all the rest of sending them.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Around a connection's transport."""
        self._transport, self._loop = transport, loop
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send soon."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        """Send what is left, then close."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Break the connection; what was not sent is lost."""
        self._parts.clear()
        self._transport.abort()

    def _flush(self) -> None:
        if self._parts:
            data = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
            self._parts.clear()
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        """Everything else is the transport's own business."""
        return getattr(self._transport, name)


class Protocol(H11Protocol):
    """Lets the application reach the connection itself, so that a fault can break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        together = OneWrite(transport, self.loop)
        super().connection_made(together)  # type: ignore[arg-type]  # uses what OneWrite passes on
        self.app_state = {**self.app_state, "transport": together}


class QuietServer(uvicorn.Server):
    """A server that tells when it is ready, and leaves signals to the main program."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        """With the event to set."""
        super().__init__(config)
        self._ready = ready
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        """Stop serving; only from the event loop."""
        self.should_exit = True
        self._leaving.set()

    async def main_loop(self) -> None:
        """Serve until told to leave; the original looks ten times a second whether it was."""
        ticks = itertools.count()
        while not await self.on_tick(next(ticks)):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; the original gives connections a moment even where there are none."""
        if self.server_state.connections:
            await super().shutdown(sockets)
            return
        for server in self.servers:
            server.close()
            await server.wait_closed()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        self._ready.set()

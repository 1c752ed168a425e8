"""The receiver of hooks: small, off unless it has an address; signed, bounded, stored, answered."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import structlog
import uvicorn

from bot.beyond.hooks import NotUnderstoodError, read
from bot.desk.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.beyond.hooks import Hook
    from bot.desk.ports.delivery import Deliveries
    from bot.desk.ports.time import Clock

    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)

PREFIX = "/hooks/"
MOST_BYTES = 64 * 1024
READ_WITHIN_S = 10.0
AT_ONCE = 32
START_S = 10.0

SAYS = {
    200: "ok",
    400: "not understood",
    401: "the signature is wrong or old",
    404: "no such hook",
    405: "use POST",
    408: "too slow",
    413: "too long",
    503: "not stored; send it again",
}


class HookApplication:
    """Takes what hooks tell, as ASGI has it: the raw body is checked before it is read."""

    def __init__(self, hooks: Mapping[str, Hook], deliveries: Deliveries, clock: Clock) -> None:
        """Join the hooks and the inbox."""
        self._hooks = hooks
        self._deliveries = deliveries
        self._clock = clock

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        status = await self._status(scope, receive)
        body = f"{SAYS[status]}\n".encode()
        headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _status(self, scope: Mapping[str, Any], receive: Receive) -> int:
        path = str(scope["path"])
        hook = self._hooks.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if hook is None:
            return 404
        if scope["method"] != "POST":
            return 405
        try:
            body = await asyncio.wait_for(_whole(receive), READ_WITHIN_S)
        except TimeoutError:
            return 408
        if body is None:
            return 413
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        now = self._clock().timestamp()
        if not hook.is_from(body, headers, now):
            log.warning("hook_refused", hook=hook.name)
            return 401
        # Storing waits for the disk, and for whoever writes.
        return await asyncio.to_thread(self._stored, hook, body, now)

    def _stored(self, hook: Hook, body: bytes, now: float) -> int:
        try:
            delivery = read(hook, body, now)
        except NotUnderstoodError as failure:
            log.warning("hook_not_understood", hook=hook.name, why=str(failure))
            return 400
        try:
            if delivery is not None:
                self._deliveries.put(delivery)
        except Exception as failure:
            log.exception("hook_not_stored", hook=hook.name, exc_info=failure)
            return 503
        return 200


async def _whole(receive: Receive) -> bytes | None:
    """Read a body; None where it is longer than anything that is sent here."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BYTES:
            return None
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(body)


class HookReceiver:
    """Serves the application from a thread of its own."""

    def __init__(self, application: HookApplication, listen: str) -> None:
        """Prepare; `listen` is `host:port`."""
        host, _, port = listen.rpartition(":")
        self._listen = listen
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                host=host.strip("[]"),
                port=int(port),
                lifespan="off",
                access_log=False,
                log_config=None,
                server_header=False,
                limit_concurrency=AT_ONCE,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=2,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="hooks", daemon=True)
        self._failed = False

    def _serve(self) -> None:
        try:
            self._server.run()
        except (SystemExit, OSError):
            self._failed = True

    @property
    def port(self) -> int:
        """The port that it got."""
        sockets = self._server.servers[0].sockets
        return int(sockets[0].getsockname()[1])

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ConfigurationError: the address is taken, or none of this machine.
        """
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(START_S / 0.02)):
            if self._server.started:
                return
            if self._failed or not self._thread.is_alive():
                break
            waited.wait(0.02)
        raise ConfigurationError(
            f"[receiver] cannot listen at {self._listen}; is it taken, or not of this machine?"
        )

    def stop(self) -> None:
        """Finish what is under way, and end."""
        self._server.should_exit = True
        self._thread.join(5)

"""Requests of hooks: signed, bounded, stored, answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.beyond.hooks import NotUnderstoodError, read
from bot.web import Receive, Scope, Send, answer, headers_of, whole
from bot.web.bodies import TooLongError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.beyond.hooks import Hook
    from bot.desk.ports.delivery import Deliveries
    from bot.desk.ports.time import Clock

log = structlog.get_logger(__name__)

PREFIX = "/hooks/"
MOST_BYTES = 64 * 1024

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        status = await self._status(scope, receive)
        await answer(send, status, f"{SAYS[status]}\n")

    async def _status(self, scope: Scope, receive: Receive) -> int:
        path = str(scope["path"])
        hook = self._hooks.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if hook is None:
            return 404
        if scope["method"] != "POST":
            return 405
        try:
            body = await whole(receive, MOST_BYTES)
        except TimeoutError:
            return 408
        except TooLongError:
            return 413
        headers = headers_of(scope)
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

"""A request as ASGI gives it: its body within bounds, its headers, and an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

READ_WITHIN_S = 10.0


class TooLongError(Exception):
    """More than is ever sent here."""


async def whole(receive: Receive, most_bytes: int) -> bytes:
    """Read a body.

    Raises:
        TooLongError: it is longer than that.
        TimeoutError: it does not come.
    """
    return await asyncio.wait_for(_read(receive, most_bytes), READ_WITHIN_S)


async def _read(receive: Receive, most_bytes: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most_bytes:
            raise TooLongError
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(body)


def headers_of(scope: Scope) -> dict[str, str]:
    """Give the headers, their names in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def answer(
    send: Send, status: int, body: str, headers: Mapping[str, str] | None = None
) -> None:
    """Answer with a text, which is plain unless the headers say another type."""
    raw = body.encode()
    given = {"content-type": "text/plain; charset=utf-8", **(headers or {})}
    given["content-length"] = str(len(raw))
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": raw})

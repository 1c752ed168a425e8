"""Request bodies, up to a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BODY = 1_000_000


class BodyTooLargeError(Exception):
    """A request body beyond what is taken."""


async def body_of(request: Request, largest: int = MAX_BODY) -> bytes:
    """Read a body; raises BodyTooLargeError without reading the rest of one that is too large."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > largest:
            raise BodyTooLargeError
        pieces.append(piece)
    return b"".join(pieces)

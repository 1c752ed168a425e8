"""Request bodies, up to a size."""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BODY = 1_000_000
MAX_FRAME = 8_192
"""What the frame of a multipart body may add to the file in it."""


class BodyTooLargeError(Exception):
    """A request body beyond what is taken."""


class BadMultipartError(Exception):
    """A multipart body that holds no file; the message says what is wrong."""


def file_in(content_type: str, raw: bytes) -> bytes:
    """The bytes of an upload: the body itself, or the one file of a multipart body."""
    headers = Message()
    headers["content-type"] = content_type
    if headers.get_content_type() != "multipart/form-data":
        return raw
    boundary = headers.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise BadMultipartError("multipart/form-data without a boundary")
    mark = b"--" + boundary.encode("latin-1", "replace")
    # The first mark has no line in front of it; from there on a mark begins with a new line.
    pieces = (b"\r\n" + raw).split(b"\r\n" + mark)[1:]
    for piece in pieces:
        if piece.startswith(b"--"):
            break
        head, found, content = piece.partition(b"\r\n\r\n")
        if found and b"filename" in head.lower():
            return content
    # curl and others may send the file as a plain field.
    plain = [p.partition(b"\r\n\r\n")[2] for p in pieces if not p.startswith(b"--")]
    if len(plain) == 1:
        return plain[0]
    raise BadMultipartError("the multipart body holds no file")


async def body_of(request: Request, largest: int = MAX_BODY) -> bytes:
    """Read a body; raises BodyTooLargeError without reading the rest of one that is too large."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > largest:
            raise BodyTooLargeError
        pieces.append(piece)
    return b"".join(pieces)

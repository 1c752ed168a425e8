"""Cursors, as Slack pages through long lists."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, TypeVar

from bot.playground.errors import SlackError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground.api.call import Call

T = TypeVar("T")


def cursor_for(mark: str) -> str:
    """An opaque cursor that remembers where to go on."""
    return base64.urlsafe_b64encode(f"next:{mark}".encode()).decode("ascii")


def mark_of(cursor: str) -> str:
    """What a cursor remembers; raises SlackError("invalid_cursor")."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii")).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise SlackError("invalid_cursor") from error
    if not text.startswith("next:"):
        raise SlackError("invalid_cursor")
    return text.removeprefix("next:")


def page(call: Call, items: Sequence[T], default: int = 100, largest: int = 1000) -> tuple[
    list[T], dict[str, Any]
]:  # fmt: skip
    """One page of a list, and the `response_metadata` that leads to the next."""
    limit = call.number("limit", default, largest)
    cursor = call.text("cursor")
    start = 0
    if cursor:
        mark = mark_of(cursor)
        if not mark.isdigit():
            raise SlackError("invalid_cursor")
        start = int(mark)
    end = start + limit
    following = cursor_for(str(end)) if end < len(items) else ""
    return list(items[start:end]), {"next_cursor": following}

"""Values of the domain to columns and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.desk.notices import Notice
from bot.store.sealing import opened, seal


def stamp(moment: datetime) -> str:
    """Write a time as sortable text in UTC; naive times are refused."""
    if moment.tzinfo is None:
        raise ValueError("A time without a zone reached the store.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Read a time as the store wrote it."""
    return datetime.fromisoformat(text)


@cache
def _notices() -> TypeAdapter[Notice]:
    return TypeAdapter(Annotated[Notice, Field(discriminator="kind")])


def dump_notice(notice: Notice) -> str:
    """Write a notice as JSON, sealed where conversations are."""
    return seal(_notices().dump_json(notice).decode())


def load_notice(text: str) -> Notice:
    """Read a notice back from JSON."""
    return _notices().validate_json(opened(text))


def dump_strings(values: tuple[str, ...]) -> str:
    """Write a tuple of strings as JSON."""
    return json.dumps(list(values), ensure_ascii=False)


def load_strings(text: str) -> tuple[str, ...]:
    """Read a tuple of strings back from JSON."""
    return tuple(json.loads(text))

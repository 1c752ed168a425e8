"""Values of the domain to columns and back."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from bot.desk.beyond import Outgoing
from bot.desk.notices import Notice, Written
from bot.desk.promises import Promise, TimerKind
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
def _notices() -> TypeAdapter[Written]:
    # A field that this version does not know is something that it would not say.
    # Errors are logged, so what a notice says stands in none.
    strict = ConfigDict(extra="forbid", hide_input_in_errors=True)
    return TypeAdapter(Annotated[Written, Field(discriminator="kind")], config=strict)


def dump_notice(notice: Written) -> str:
    """Write a notice as JSON, sealed where conversations are.

    Raises:
        ValueError: the notice holds what could not be read back.
    """
    # What is new and says nothing is left out: the version before reads the rest.
    empty = {name for name in NEW_IN.get(notice.kind, ()) if not getattr(notice, name)}
    return seal(_notices().dump_json(notice, warnings="error", exclude=empty).decode())


NEW_IN = {"courtesy": ("language", "files")}
"""Fields of kinds of notices that the version before does not know."""


def load_written(text: str) -> Written:
    """Read whatever the outbox holds back from JSON."""
    return _notices().validate_json(opened(text))


def load_notice(text: str) -> Notice:
    """Read a notice back from JSON.

    Raises:
        ValueError: it is none, or goes beyond Slack.
    """
    written = load_written(text)
    if isinstance(written, Outgoing):
        raise ValueError("this goes beyond Slack, and no message of it stands there")  # noqa: TRY004 - as pydantic says that a text is no notice
    return written


def why_unreadable(failure: Exception) -> str:
    """Say in a line why a row cannot be read: who looks after the desk reads it."""
    if not isinstance(failure, ValidationError):
        return f"It cannot be read ({type(failure).__name__}: {str(failure)[:200]})."
    first = failure.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"]) or "the whole"
    said = str(first["msg"]).partition(" does not match any of")[0][:200]
    if is_anothers(failure):
        return f"It was written by another version ({place}: {said}), and waits for it."
    return f"It cannot be read ({place}: {said})."


def is_anothers(failure: Exception) -> bool:
    """Tell whether another version wrote a row, which can read it; else it is damaged."""
    if not isinstance(failure, ValidationError):
        return False
    return failure.errors(include_input=False, include_url=False)[0]["type"] in OF_ANOTHER_VERSION


@cache
def dialect() -> str:
    """Name all that this version can read of notices and timers: one that reads other has another.

    Gives 16 hexadecimal digits.
    """
    known = [_notices().json_schema(), sorted(TimerKind), sorted(Promise)]
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:16]


OF_ANOTHER_VERSION = frozenset({"union_tag_invalid", "unexpected_keyword_argument", "missing"})
"""What pydantic calls a kind, a field, or the lack of a field that this version does not know."""


def dump_strings(values: tuple[str, ...]) -> str:
    """Write a tuple of strings as JSON."""
    return json.dumps(list(values), ensure_ascii=False)


def load_strings(text: str) -> tuple[str, ...]:
    """Read a tuple of strings back from JSON."""
    return tuple(json.loads(text)) if text != "[]" else ()

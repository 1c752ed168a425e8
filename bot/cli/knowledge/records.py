"""Reading JSON Lines that a command was given; what is wrong is named with its line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

Asked = tuple[str, str | None]
"""A query and its own collection."""


def read_records(stream: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number and object."""
    try:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                yield number, _record(f"{stream.name}:{number}", line)
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{stream.name}: is not UTF-8 text; save it as UTF-8") from error


def read_asked(stream: TextIO) -> list[Asked]:
    """Lines with `query` or `text`, and perhaps `collection`."""
    asked: list[Asked] = []
    for number, record in read_records(stream):
        query = record.get("query", record.get("text"))
        if query is None:
            raise click.ClickException(f"{stream.name}:{number}: has no `query`")
        collection = record.get("collection")
        asked.append((str(query), None if collection is None else str(collection)))
    return asked


def _record(place: str, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise click.ClickException(f"{place}: is not JSON: {error}") from error
    if not isinstance(record, dict):
        raise click.ClickException(f"{place}: is not a JSON object; one object a line")
    return record

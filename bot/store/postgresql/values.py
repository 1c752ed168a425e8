"""Rows and values, as sqlite3 gives and takes them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import Dumper, Loader
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import StrDumper

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Row(tuple[Any, ...]):
    """A row as sqlite3 gives it: by place and by name."""

    __slots__ = ()
    names: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        """Give a value by its place or its column's name."""
        if isinstance(key, str):
            try:
                return tuple.__getitem__(self, self.names[key])
            except KeyError as failure:
                raise IndexError("No item with that key") from failure
        return tuple.__getitem__(self, key)

    def keys(self) -> list[str]:
        """Name the columns."""
        return list(self.names)


class Text(StrDumper):
    """A text, in which PostgreSQL takes no zero byte."""

    def dump(self, obj: str) -> Any:
        """Put what stands for what cannot be read in its place."""
        return super().dump(obj.replace("\x00", "\ufffd") if "\x00" in obj else obj)


class Truth(Dumper):
    """A truth, which is 0 or 1."""

    oid = psycopg.postgres.types["int8"].oid

    def dump(self, obj: bool) -> bytes:  # noqa: FBT001 - the library's way
        """Give the number."""
        return b"1" if obj else b"0"


class Number(Loader):
    """What PostgreSQL adds up: whole where what was added is."""

    def load(self, data: Any) -> int | float:
        """Read it."""
        text = bytes(data).decode()
        return float(text) if "." in text or "N" in text else int(text)


class TruthRead(Loader):
    """A truth that is read as a number."""

    def load(self, data: Any) -> int:
        """Read it."""
        return int(bytes(data) == b"t")


def as_sqlite(connection: psycopg.Connection[Any]) -> None:
    """Let values go to and fro as with SQLite."""
    adapters = connection.adapters
    adapters.register_dumper(str, Text)
    adapters.register_dumper(int, Int8Dumper)
    adapters.register_dumper(bool, Truth)
    adapters.register_loader("numeric", Number)
    adapters.register_loader("bool", TruthRead)


def rows_of(cursor: psycopg.Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    """Make rows of what a cursor gives."""
    # Not of its `description`, which makes an object for each column each time it is looked at.
    found = cursor.pgresult
    return _row_of(tuple(map(found.fname, range(found.nfields))) if found is not None else ())


@lru_cache(1024)
def _row_of(columns: tuple[bytes, ...]) -> Callable[[Sequence[Any]], Row]:
    """Make what is a row of these columns: once for each, since to make a class takes long."""
    names = {name.decode(): place for place, name in enumerate(columns)}
    return type("Row", (Row,), {"names": names, "__slots__": ()})

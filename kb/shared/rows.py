"""The rows of a base as they travel: noted while they change, read, and put in place elsewhere."""

# ruff: noqa: S608 (only names of PARTS and question marks are put into the SQL)

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

OWN_NOTE = "files-read"
"""How the files of one machine were when they were read: no other machine's affair."""

LAST_KEYS = "sqlite_sequence"
"""No key of a unit is used twice, on whatever machine."""


@dataclass(frozen=True)
class Part:
    """A table of the base: its columns, and what its rows are known by."""

    columns: tuple[str, ...]
    key: tuple[str, ...] = ("pk",)
    where: str = "1"
    """Which rows travel; `{row}` stands for the row."""


PARTS = {
    "kb_state": Part(("name", "value"), ("name",)),
    "kb_collections": Part(("name", "link", "visible_to"), ("name",)),
    "kb_articles": Part(
        ("pk", "collection", "id", "title", "area", "owner", "questions", "body", "url", "source",
         "hash"),
    ),
    "kb_units": Part(("pk", "article", "kind", "heading", "text", "hash")),
    "kb_learned": Part(("pk", "collection", "article", "text", "hash", "origin", "withdrawn")),
    "kb_models": Part(("name", "basis", "data"), ("name",), f"{{row}}.name <> '{OWN_NOTE}'"),
    "kb_vectors": Part(
        ("model", "hash", "vector", "token_ids", "token_vectors"), ("model", "hash")
    ),
    LAST_KEYS: Part(("name", "seq"), ("name",), "{row}.name = 'kb_units'"),
}  # fmt: skip
"""Of the words nothing travels: they are indexed where they come."""


@dataclass(frozen=True)
class Row:
    """A row as it travels; without values where it is gone."""

    part: str
    key: str
    """A list in JSON."""
    values: str | None
    """A list in JSON; a number of bytes where a value is bytes."""
    data: bytes | None = None
    """Those bytes, one after the other."""


def note_changes(connection: sqlite3.Connection) -> None:
    """From now on note which rows this connection changes, as part of its transactions."""
    connection.execute(
        "create temp table kb_changed (part text, key text, primary key (part, key)) without rowid"
    )
    for name, part in PARTS.items():
        if name == LAST_KEYS:  # SQLite's own, which has no triggers; it changes with the units
            continue
        for event, rows in (("insert", "n"), ("update", "on"), ("delete", "o")):
            steps = "".join(
                f"insert or ignore into kb_changed select '{name}', {_key(part, row)}"
                f" where {part.where.format(row=row)}; "
                for row in ("old", "new")
                if row[0] in rows
            )
            connection.execute(
                f"create temp trigger {name}_{event} after {event} on main.{name} begin {steps}end"
            )


def changed(connection: sqlite3.Connection) -> Iterator[Row]:
    """Give what was noted since this was asked last, as it is now."""
    noted = connection.execute("select part, key from kb_changed order by part").fetchall()
    connection.execute("delete from kb_changed")
    for name, some in groupby(noted, lambda each: str(each[0])):
        part = PARTS[name]
        sql = f"select {', '.join(part.columns)} from {name} where {_is(part)}"
        for _, key in some:
            found = connection.execute(sql, json.loads(key)).fetchone()
            yield Row(name, key, None) if found is None else _packed(name, key, found)
        if name == "kb_units":
            yield from _all(connection, LAST_KEYS)


def everything(connection: sqlite3.Connection) -> Iterator[Row]:
    """Give every row."""
    for name in PARTS:
        yield from _all(connection, name)


def empty(connection: sqlite3.Connection) -> None:
    """Take every row out, inside the caller's transaction."""
    for name, part in PARTS.items():
        connection.execute(f"delete from {name} where {part.where.format(row=name)}")
    connection.execute("delete from kb_words")


def put(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Put rows in place, inside the caller's transaction; its connection keeps no foreign keys."""
    articles: set[int] = set()
    is_unlearned = False
    for row in rows:
        is_unlearned |= row.part == "kb_learned" and row.values is None
        part, key = PARTS[row.part], json.loads(row.key)
        if row.part == "kb_articles":
            articles.update(key)
        elif row.part == "kb_units" and row.values is None:
            found = connection.execute("select article from kb_units where pk = ?", key)
            articles.update(article for (article,) in found)
        if row.part == LAST_KEYS or row.values is None:
            connection.execute(f"delete from {row.part} where {_is(part)}", key)
        if row.values is not None:
            marks = ", ".join("?" * len(part.columns))
            columns = ", ".join(part.columns)
            connection.execute(
                f"insert or replace into {row.part} ({columns}) values ({marks})", _unpacked(row)
            )
    for pk in articles:
        index_words(connection, pk)
    if is_unlearned:
        forget_words(connection)


def index_words(connection: sqlite3.Connection | Database, pk: int) -> None:
    """Index the words of an article as `kb.index.store` does."""
    connection.execute("delete from kb_words where rowid = ?", [pk])
    connection.execute(
        "insert into kb_words(rowid, title, questions, body, area)"
        " select pk, title, coalesce((select group_concat(text, char(10)) from (select text"
        " from kb_units where article = kb_articles.pk and kind in ('question', 'learned')"
        " order by pk)), ''), body, area from kb_articles where pk = ?",
        [pk],
    )


def forget_words(connection: sqlite3.Connection | Database) -> None:
    """Leave nothing in the index of words of what is in no article any more."""
    connection.execute("insert into kb_words(kb_words) values ('optimize')")


def _all(connection: sqlite3.Connection, name: str) -> Iterator[Row]:
    part = PARTS[name]
    sql = (
        f"select {_key(part, name)}, {', '.join(part.columns)} from {name}"
        f" where {part.where.format(row=name)}"
    )
    for key, *values in connection.execute(sql):
        yield _packed(name, key, values)


def _key(part: Part, row: str) -> str:
    return f"json_array({', '.join(f'{row}.{column}' for column in part.key)})"


def _is(part: Part) -> str:
    return " and ".join(f"{column} = ?" for column in part.key)


def _packed(name: str, key: str, values: Iterable[Any]) -> Row:
    found = list(values)
    data = [each for each in found if isinstance(each, bytes)]
    plain = [{"bytes": len(each)} if isinstance(each, bytes) else each for each in found]
    return Row(name, key, json.dumps(plain, ensure_ascii=False), b"".join(data) or None)


def _unpacked(row: Row) -> list[Any]:
    values, at = json.loads(row.values or "[]"), 0
    for place, value in enumerate(values):
        if isinstance(value, dict):
            length = int(value["bytes"])
            values[place] = (row.data or b"")[at : at + length]
            at += length
    return list(values)

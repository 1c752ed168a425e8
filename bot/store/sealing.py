"""People's words sealed with a key from the environment; off where there is none.

Sealed is every column that holds words (`COLUMNS`), by triggers, so that no writer can forget it;
connections open what they read. A sealed value says so by how it begins, so that older ones are
read as they are. In SQL, words are looked into by `opened(column)`.
"""

from __future__ import annotations

import os
import sqlite3
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.fernet import Fernet
    from sqlite_utils import Database

KEY = "FRONTLINE_KEY"
MARK = "sealed:1:"
PROOF = "frontline"

COLUMNS = {
    "tickets": ("question",),
    "conversation": ("text", "files"),
    "escalations": ("reasons", "findings", "cause", "fix", "prevention", "article_words"),
    "inbox": ("payload", "error", "trouble"),
    "inbox_history": ("payload", "error", "trouble"),
    "outbox": ("notice", "error"),
    "outbox_history": ("notice", "error"),
    "timers": ("error",),
    "audit": ("details",),
    "overrides": ("reason",),
    "labels": ("text",),
    "drafts": ("title", "questions", "body"),
    "incidents": ("title",),
    "incident_updates": ("text",),
    "ratings": ("remark",),
    "steps_tried": ("text",),
}
"""What is sealed, by table; `tests/store/test_sealing.py` holds it to privacy/columns.py."""

IN_CLEAR = {
    "ticket_words": "an index of words, empty where words are sealed",
    "kb_learned": "what an article learned is searched, as the article is",
}
"""Tables of words that are not sealed, and why."""

OWN_WORDS = (
    "answered", "asked back", "opened", "not helpful", "walks the steps", "step", "priority",
    "taken", "closed", "rated", "labelled", "joined", "handed over", "secret masked",
)  # fmt: skip
"""What the audit trail says in the desk's own words: figures are made of it."""

NO_WORDS = frozenset({"", "[]", "{}", "(expired)", "(deleted)", "(forgotten)"})
"""What stands where no words are, or are no longer; it is asked for as it is."""


class SealingError(FrontlineError):
    """The key is missing, is none, or is another than the database was sealed with."""


def is_on() -> bool:
    """Tell whether what people say is sealed: whether a key is set."""
    return bool(os.environ.get(KEY))


def seal(text: str) -> str:
    """Seal a text, if a key is set; what holds no words or is sealed stays as it is."""
    if not is_on() or not _is_open(text):
        return text
    return MARK + _cipher(os.environ[KEY]).encrypt(text.encode("utf-8", "surrogatepass")).decode()


def seal_by(key: str, text: str, named: str) -> str:
    """Seal a text with a key of its own, apart from people's words; `named` is its variable.

    Raises:
        SealingError: it is no key.
    """
    return _cipher(key, named).encrypt(text.encode()).decode()


def open_by(key: str, sealed: str, named: str) -> str:
    """Open what was sealed with a key of its own.

    Raises:
        SealingError: it was sealed with another.
    """
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - an extra of its own

    try:
        return _cipher(key, named).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError) as failure:
        raise SealingError("it was sealed with another key") from failure


def opened(text: str) -> str:
    """Open a text, if it was sealed; whoever wrote only what looks like it gets it back."""
    plain = _unlocked(text) if text.startswith(MARK) else None
    return text if plain is None else plain


def register(connection: sqlite3.Connection) -> None:
    """Teach a connection to open what it reads, and SQL `opened`, `sealed` and `as_before`.

    `as_before(new, old)` is sealed where the old was; `is_open` tells what is still to be sealed.
    """
    functions: dict[str, tuple[int, Callable[..., Any]]] = {
        "opened": (1, opened),
        "sealed": (1, seal),
        "is_open": (1, lambda text: isinstance(text, str) and _is_open(text)),
        "as_before": (2, lambda new, old: seal(new) if old and old.startswith(MARK) else new),
    }
    for name, (given, function) in functions.items():
        connection.create_function(name, given, _of_text(function))
    if is_on():
        connection.row_factory = _row
        # What is overwritten is gone from pages that were let go, too.
        connection.execute("PRAGMA secure_delete = ON")


def _of_text(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda text, *more: function(text, *more) if isinstance(text, str) else text


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
    return sqlite3.Row(
        cursor, tuple(opened(each) if isinstance(each, str) else each for each in values)
    )


def check(database: Database) -> None:
    """Make sure that the key fits; seal what is not, and end full-text search.

    Raises:
        SealingError: it does not; one line says what to do.
    """
    row = database.execute("SELECT proof FROM sealing").fetchone()
    if row is not None:
        _prove(row[0])
    if not is_on():
        return
    if row is None:
        _end_search(database)
        database.execute("INSERT INTO sealing (proof) VALUES (?)", [seal(PROOF)])
    for table, columns in COLUMNS.items():
        if _write_triggers(database, table, columns):
            _seal_all(database, table, columns)


def _prove(proof: str) -> None:
    if proof == PROOF:
        return  # the connection opened it
    if not is_on():
        raise SealingError(f"Conversations are sealed; set {KEY} to the key that sealed them.")
    _cipher(os.environ[KEY])
    raise SealingError(f"{KEY} is another key than the one that sealed these conversations.")


def _end_search(database: Database) -> None:
    # An index of words would hold in clear what is sealed beside it.
    for trigger in ("opened", "reworded", "settled"):
        database.execute(f"DROP TRIGGER IF EXISTS ticket_words_{trigger}")
    database.execute("DELETE FROM ticket_words")
    database.execute("INSERT INTO ticket_words (ticket_words) VALUES ('optimize')")


def _write_triggers(database: Database, table: str, columns: tuple[str, ...]) -> bool:
    """Let the database itself seal what is written; false where it does so already."""
    kept = ""
    if table == "audit":
        # The trail cannot be changed by a trigger: it is written sealed (audit.py).
        kept = "".join(f" AND new.what <> '{each}'" for each in OWN_WORDS)
    is_any_open = " OR ".join(f"is_open(new.{column})" for column in columns)
    written = ", ".join(f"{column} = sealed(new.{column})" for column in columns)
    changed = False
    for name, event in (("written", "INSERT"), ("reworded", f"UPDATE OF {', '.join(columns)}")):
        then = f"UPDATE {table} SET {written} WHERE rowid = new.rowid"
        if table == "audit":
            then = "SELECT RAISE(ABORT, 'the audit trail is written sealed')"
        trigger = (
            f"CREATE TRIGGER sealed_{table}_{name} AFTER {event} ON {table} "
            f"WHEN ({is_any_open}){kept} BEGIN {then}; END"
        )
        there = database.execute(
            "SELECT sql FROM sqlite_master WHERE name = ?", [f"sealed_{table}_{name}"]
        ).fetchone()
        if there is None or there[0] != trigger:
            database.execute(f"DROP TRIGGER IF EXISTS sealed_{table}_{name}")
            database.execute(trigger)
            changed = True
    return changed


def _seal_all(database: Database, table: str, columns: tuple[str, ...]) -> None:
    if table == "audit":
        database.execute("INSERT INTO erasing (since) VALUES (datetime('now'))")
    own = ", ".join(f"'{each}'" for each in OWN_WORDS)
    where = f"what NOT IN ({own})" if table == "audit" else "true"
    for column in columns:
        database.execute(
            f"UPDATE {table} SET {column} = sealed({column}) WHERE is_open({column}) AND {where}"
        )
    if table == "audit":
        database.execute("DELETE FROM erasing")


def _is_open(text: str) -> bool:
    if text in NO_WORDS:
        return False
    return not text.startswith(MARK) or _unlocked(text) is None


def _unlocked(text: str) -> str | None:
    """Open what begins as sealed ones do; nothing where our key does not open it."""
    if not is_on():
        return None
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - an extra of its own

    try:
        plain = _cipher(os.environ[KEY]).decrypt(text.removeprefix(MARK).encode())
    except (InvalidToken, UnicodeError):
        return None
    return plain.decode("utf-8", "surrogatepass")


@lru_cache(4)
def _cipher(key: str, named: str = KEY) -> Fernet:
    try:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - an extra of its own
    except ImportError as failure:
        raise SealingError(
            f"{named} is set, and the library for it is not installed; "
            "run `pip install 'frontline-desk[sealing]'`."
        ) from failure
    try:
        return Fernet(key)
    except ValueError as failure:
        raise SealingError(
            f"{named} is no key; put back the one that this desk was sealed with. Only a new desk "
            "gets a new one, which is kept apart from the backups: `python -c 'from "
            "cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'`."
        ) from failure

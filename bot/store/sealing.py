"""Conversations sealed with a key from the environment; off where there is none.

Sealed is what people said: `conversation.text`, `tickets.question`, `labels.text`, drafts, the
notices and the deliveries. A sealed value says so by how it begins, so that older ones are read as
they are.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    import sqlite3

    from cryptography.fernet import Fernet
    from sqlite_utils import Database

KEY = "FRONTLINE_KEY"
MARK = "sealed:1:"
PROOF = "frontline"

COLUMNS = (
    ("conversation", "text"),
    ("tickets", "question"),
    ("labels", "text"),
    ("drafts", "title"),
    ("drafts", "questions"),
    ("drafts", "body"),
    ("outbox", "notice"),
    ("outbox_history", "notice"),
    ("inbox", "payload"),
    ("inbox_history", "payload"),
)


class SealingError(FrontlineError):
    """The key is missing, is none, or is another than the database was sealed with."""


def is_on() -> bool:
    """Tell whether what people say is sealed: whether a key is set."""
    return bool(os.environ.get(KEY))


def seal(text: str) -> str:
    """Seal a text, if a key is set; what is empty or sealed stays as it is."""
    if not text or not is_on() or text.startswith(MARK):
        return text
    return MARK + _cipher(os.environ[KEY]).encrypt(text.encode("utf-8", "surrogatepass")).decode()


def opened(text: str) -> str:
    """Open a text, if it is sealed.

    Raises:
        SealingError: the key is missing or another one.
    """
    if not text.startswith(MARK):
        return text
    if not is_on():
        raise SealingError(f"Conversations are sealed; set {KEY} to the key that sealed them.")
    from cryptography.fernet import InvalidToken  # noqa: PLC0415 - an extra of its own

    try:
        plain = _cipher(os.environ[KEY]).decrypt(text.removeprefix(MARK).encode())
    except InvalidToken as failure:
        raise SealingError(
            f"{KEY} is another key than the one that sealed these conversations."
        ) from failure
    return plain.decode("utf-8", "surrogatepass")


def register(connection: sqlite3.Connection) -> None:
    """Teach a connection `opened(text)`, and `as_before(new, old)`: sealed where the old was."""
    connection.create_function("opened", 1, lambda text: opened(text) if text else text)
    connection.create_function(
        "as_before", 2, lambda new, old: seal(new) if old and old.startswith(MARK) else new
    )


def check(database: Database) -> None:
    """Make sure that the key fits; the first time, seal what is there and end full-text search.

    Raises:
        SealingError: it does not; one line says what to do.
    """
    row = database.execute("SELECT proof FROM sealing").fetchone()
    if row is not None:
        opened(str(row[0]))
    elif is_on():
        _begin(database)


def _begin(database: Database) -> None:
    # An index of words would hold in clear what is sealed beside it.
    for trigger in ("opened", "reworded", "settled"):
        database.execute(f"DROP TRIGGER IF EXISTS ticket_words_{trigger}")
    database.execute("DELETE FROM ticket_words")
    database.execute("INSERT INTO ticket_words (ticket_words) VALUES ('optimize')")
    for table, column in COLUMNS:
        database.conn.create_function("sealed", 1, seal)
        database.execute(f"UPDATE {table} SET {column} = sealed({column})")
    database.execute("INSERT INTO sealing (proof) VALUES (?)", [seal(PROOF)])


@lru_cache(4)
def _cipher(key: str) -> Fernet:
    try:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - an extra of its own
    except ImportError as failure:
        raise SealingError(
            f"{KEY} is set, and the library for it is not installed; "
            "run `pip install 'frontline-desk[sealing]'`."
        ) from failure
    try:
        return Fernet(key)
    except ValueError as failure:
        raise SealingError(
            f"{KEY} is no key; make one with `python -c 'from cryptography.fernet import Fernet; "
            "print(Fernet.generate_key().decode())'`, and keep it apart from the backups."
        ) from failure

"""What went wrong with PostgreSQL, in one line that says what to do.

They are sqlite3's errors too: whoever waits for a lock of SQLite's waits for these as well.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg import Error, errors

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Iterator


class PassingError(FrontlineError, sqlite3.OperationalError):
    """PostgreSQL cannot do it just now: it is away, full, or busy with others."""


class RefusedError(FrontlineError, sqlite3.DatabaseError):
    """PostgreSQL refused it, and will refuse it again."""


class ConflictError(RefusedError, sqlite3.IntegrityError):
    """What was written does not go with what stands there."""


CONFLICTS = (errors.IntegrityError, errors.RaiseException)
PASSING = (errors.OperationalError, errors.InternalError, errors.ReadOnlySqlTransaction)
NOT_OURS = (errors.InsufficientPrivilege, errors.InvalidSchemaName)
"""The user has no right there, or no schema to make anything in."""


def explained(failure: Error) -> PassingError | RefusedError:
    """Say what was refused, and whether it is of the moment."""
    says = first_line(failure)
    if isinstance(failure, errors.LockNotAvailable):
        return PassingError("PostgreSQL is busy: another process has been writing for too long.")
    if isinstance(failure, PASSING):
        return PassingError(f"PostgreSQL cannot be used just now ({says}).")
    if isinstance(failure, CONFLICTS):
        return ConflictError(f"PostgreSQL refused a row ({says}).")
    if isinstance(failure, NOT_OURS):
        return RefusedError(
            f"PostgreSQL does not let this user do that ({says}). Make the database with `createdb "
            "--owner`, or grant the user CREATE on a schema that its search_path names."
        )
    return RefusedError(f"PostgreSQL refused a statement ({says}).")


@contextmanager
def in_our_words() -> Iterator[None]:
    """Say what went wrong within as `explained` does."""
    try:
        yield
    except Error as failure:
        raise explained(failure) from failure


def first_line(failure: Exception) -> str:
    """Give what was said, on one line."""
    lines = [line.strip() for line in str(failure).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(failure).__name__

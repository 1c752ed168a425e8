"""A workspace's own schema on PostgreSQL: nothing of another can be named in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from bot.store.database import StoreError
from bot.store.holding import InUseError
from bot.store.postgresql.locks import SERVING
from bot.store.postgresql.server import Server

if TYPE_CHECKING:
    from bot.desk.workspaces import HomeId


ALONE = f"SELECT pg_try_advisory_lock({SERVING})".encode()
"""What all who serve share is not to be had meanwhile; it goes with the connection."""


def address_of(house: str, home: HomeId) -> str:
    """Give the address of a workspace's schema in the database of the house."""
    before = conninfo_to_dict(house).get("options")
    options = f"{before or ''} -c search_path={_name(home)}".strip()
    return make_conninfo(house, options=options)


def schema_of(house: str, home: HomeId) -> Server:
    """Give a workspace's schema, which is made where there is none.

    Raises:
        StoreError: the server is away, or does not let us make one.
    """
    _run(house, "CREATE SCHEMA IF NOT EXISTS {}", home)
    return Server(address_of(house, home))


def drop(house: str, home: HomeId) -> None:
    """Delete a workspace's schema with all that is in it, once nobody serves its desk.

    Raises:
        InUseError: somebody does.
        StoreError: the server is away, or does not let us.
    """
    _run(address_of(house, home), "DROP SCHEMA IF EXISTS {} CASCADE", home, alone=True)


def _run(address: str, statement: str, home: HomeId, *, alone: bool = False) -> None:
    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            if alone and not connection.execute(ALONE).fetchone() == (True,):
                raise InUseError(f"The desk of {home} is being served; stop that first.")
            connection.execute(SQL(statement).format(Identifier(_name(home))))
    except psycopg.Error as failure:
        line = str(failure).strip().partition("\n")[0]
        raise StoreError(
            f"The schema of {home} cannot be reached or made ({line}); the user needs CREATE on "
            "the database of [workspaces]."
        ) from failure


def _name(home: HomeId) -> str:
    return home.lower()

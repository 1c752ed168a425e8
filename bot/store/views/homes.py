"""Who has opened their Home, and whose is out of date, in SQLite.

Triggers on tickets and escalations mark a Home as out of date, in the same transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.ids import UserId
from bot.desk.promises import Priority
from bot.desk.views import HomeChoices, Listing, Show
from bot.store.codec import stamp
from bot.store.database import Glance

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock


def choices_of(database: Database, user: UserId) -> HomeChoices:
    """Read what somebody wants to see; what this version does not know is left out."""
    row = database.execute("SELECT * FROM home_choices WHERE user = ?", [user]).fetchone()
    if row is None:
        return HomeChoices()
    known = {each.value for each in Listing}
    pages = json.loads(row["pages"]).items()
    return HomeChoices(
        row["group_name"],
        Priority(row["priority"]) if row["priority"] in set(Priority) else None,
        Show(row["shown"]) if row["shown"] in set(Show) else None,
        tuple((Listing(name), int(page)) for name, page in pages if name in known),
    )


@dataclass(frozen=True)
class StaleHome:
    """A Home that is out of date; the mark tells whether it became so again meanwhile."""

    user: UserId
    mark: int


class HomeRows:
    """The table of viewers inside a unit of work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def opened(self, user: UserId) -> None:
        """Remember a viewer; their Home is built and published soon."""
        self._db.execute(
            "INSERT INTO home_viewers (user, opened_at, stale) VALUES (?, ?, 1) "
            "ON CONFLICT (user) DO UPDATE SET opened_at = excluded.opened_at, stale = stale + 1",
            [user, stamp(self._clock())],
        )

    def choices(self, user: UserId) -> HomeChoices:
        """Give what somebody wants to see."""
        return choices_of(self._db, user)

    def choose(self, user: UserId, choices: HomeChoices) -> None:
        """Keep what somebody wants to see from now on."""
        self._db.execute(
            "INSERT OR REPLACE INTO home_choices (user, group_name, priority, shown, pages) "
            "VALUES (?, ?, ?, ?, ?)",
            [user, choices.group, choices.priority, choices.show, json.dumps(dict(choices.pages))],
        )

    def published(self, user: UserId, mark: int) -> None:
        """Record that a Home was built, unless what it shows changed since the mark."""
        self._db.execute(
            "UPDATE home_viewers SET stale = 0 WHERE user = ? AND stale = ?", [user, mark]
        )
        # Only the latest Home is worth keeping, sent or not: it is of no use as a record.
        place = f"home:{user}"
        self._db.execute(
            "DELETE FROM outbox WHERE lane = ? AND state IN ('pending', 'in_flight') "
            "AND state = 'pending'",
            [f"channel:{place}"],
        )
        self._db.execute("DELETE FROM outbox WHERE sent_channel = ? AND state = 'sent'", [place])

    def forget(self, user: UserId) -> None:
        """Publish no more to somebody who cannot be reached, until they open their Home again."""
        self._db.execute("DELETE FROM home_viewers WHERE user = ?", [user])


class Homes:
    """The same table from the worker's side."""

    def __init__(self, path: Path, glance: Glance | None = None) -> None:
        """Work on a database file."""
        self._path = path
        self._glance = glance or Glance(path)

    def next_stale(self) -> StaleHome | None:
        """Give a Home that is out of date; None where all are true."""
        with self._glance.now() as db:
            row = db.execute(
                "SELECT user, stale FROM home_viewers WHERE stale > 0 LIMIT 1"
            ).fetchone()
        return StaleHome(UserId(row["user"]), int(row["stale"])) if row else None

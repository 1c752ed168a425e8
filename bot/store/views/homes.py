"""Who has opened their Home, and whose is out of date, in SQLite.

Triggers on tickets and escalations mark a Home as out of date, in the same transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.ids import UserId
from bot.desk.ports.delivery import Urgency, Way
from bot.desk.promises import Priority
from bot.desk.views import HomeChoices, Listing, Show
from bot.store.codec import moment, stamp
from bot.store.database import Glance

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from bot.desk.ports.time import Clock

OPEN_LATELY = timedelta(hours=2)
"""So long after somebody opened their Home it shows what colleagues do, unasked."""
AT_MOST_EVERY = timedelta(seconds=30)
"""Not more often a person: Slack takes a hundred Homes a minute, for all."""
EVERYBODYS = "*"
"""The group of what shows on the Home of everybody who works on tickets."""

LAST_MOVE = "(SELECT coalesce(max(mark), 0) FROM group_moves)"
IS_BEHIND = """seen < (SELECT max(mark) FROM group_moves
            WHERE group_name IN (SELECT value FROM json_each(v.of_groups)))"""
BEHIND = f"""
SELECT user, stale, {LAST_MOVE} AS seen, 1 AS later
FROM home_viewers AS v INDEXED BY home_viewers_of_groups
WHERE of_groups <> '[]' AND opened_at >= ? AND (built_at <= ? OR built_at > ?)
AND {IS_BEHIND}
AND NOT EXISTS (SELECT 1 FROM outbox WHERE state = 'pending' AND urgency = {Urgency.WHENEVER.value}
                AND way = '{Way.HOME.value}')
ORDER BY built_at LIMIT 1
"""
"""A Home built in the future was built before the clock was set back."""
NEXT = f"""
SELECT user, stale, seen FROM (
  SELECT * FROM (SELECT user, stale, {LAST_MOVE} AS seen, 0 AS later FROM home_viewers
                 WHERE stale > 0 LIMIT 1) AS one
  UNION ALL SELECT * FROM ({BEHIND}) AS other) AS both ORDER BY later LIMIT 1
"""
BUILT = f"""
SELECT min(built_at) FROM home_viewers AS v INDEXED BY home_viewers_of_groups
WHERE of_groups <> '[]' AND opened_at >= ? AND {IS_BEHIND}
"""
"""Of the Homes that are behind, when the first was built."""
LOOK = f"""
SELECT next.user, next.stale, next.seen, ({BUILT}) AS built
FROM (SELECT 1 AS one) AS one LEFT JOIN ({NEXT}) AS next ON 1 = 1
"""


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
    seen: int = 0
    """The last move of any group before it is built."""


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
            "INSERT INTO home_choices (user, group_name, priority, shown, pages) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (user) DO UPDATE SET "
            "group_name = excluded.group_name, priority = excluded.priority, "
            "shown = excluded.shown, pages = excluded.pages",
            [user, choices.group, choices.priority, choices.show, json.dumps(dict(choices.pages))],
        )

    def published(
        self, user: UserId, mark: int, groups: tuple[str, ...] = (), seen: int = 0
    ) -> None:
        """Record that a Home was built, unless what it shows changed since the mark."""
        shown = json.dumps([*groups, EVERYBODYS] if groups else [])
        self._db.execute(
            "UPDATE home_viewers SET built_at = ?, of_groups = ?, seen = ? WHERE user = ?",
            [stamp(self._clock()), shown, seen, user],
        )
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

    def __init__(self, path: Path, clock: Clock, glance: Glance | None = None) -> None:
        """Work on a database file."""
        self._path = path
        self._clock = clock
        self._glance = glance or Glance(path)
        self._next_due: str | None = None

    def next(self) -> StaleHome | None:
        """Give a Home that is out of date; None where all are true.

        Else that of an engineer who looked lately, and whose colleagues did something: none that
        was built a moment ago, and none while others wait for Slack, since whoever opens their
        Home or presses something on it comes first.
        """
        now = self._clock()
        lately = stamp(now - OPEN_LATELY)
        since = [lately, lately, stamp(now - AT_MOST_EVERY), stamp(now)]
        (row,) = self._glance.rows(LOOK, since)
        built = row["built"]
        self._next_due = stamp(moment(built) + AT_MOST_EVERY) if built else None
        if row["user"] is None:
            return None
        return StaleHome(UserId(row["user"]), int(row["stale"]), int(row["seen"]))

    def next_due(self) -> str | None:
        """Tell when a Home that is behind may next be built, as it was at the last look.

        None where none is.
        """
        return self._next_due

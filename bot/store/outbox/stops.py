"""What is stopped just now, for whoever asks from outside: `frontline doctor`, the admin's Home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.beyond import OUT
from bot.desk.ports.delivery import Way
from bot.store.codec import stamp
from bot.store.database import reading, transaction
from bot.store.outbox.alarms import sound

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.ports.time import Clock


A_MOMENT = timedelta(minutes=1)
"""What has to wait less is sent before anybody has read of it."""


@dataclass(frozen=True)
class Stopped:
    """One stop: everything (`all`), or one way of sending; why, since when, and what waits."""

    scope: str
    says: str
    since: str
    waiting: int

    @property
    def what(self) -> str:
        """Say what goes nowhere, as a sentence begins."""
        return _nothing(self.scope)


@dataclass(frozen=True)
class AskedToWait:
    """Something that Slack asked to wait with: what, until when, why, and how many wait."""

    channel: str
    way: Way
    until: str
    says: str
    waiting: int

    @property
    def what(self) -> str:
        """Say what waits, as a sentence begins."""
        return f"What goes to {self.channel}" if self.way is Way.POST else f"Every {self.way}"


def _nothing(scope: str) -> str:
    if scope.startswith(OUT):
        return f"Nothing reaches the target {scope.removeprefix(OUT)}"
    return f"{'Nothing' if scope == 'all' else f'No {scope}'} goes out to Slack"


class Stops:
    """The stops, from the relay's and from the doctor's side."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Work on a database file."""
        self._path = path
        self._clock = clock

    def stop(self, scope: str, says: str) -> None:
        """Write a stop down, and sound the alarm for it in the same transaction."""
        now = stamp(self._clock())
        with transaction(self._path) as db:
            db.execute(
                "INSERT INTO sending_stops (scope, says, since) VALUES (?, ?, ?) "
                "ON CONFLICT (scope) DO UPDATE SET says = excluded.says",
                [scope, says, now],
            )
            says = f"{_nothing(scope)}. {says}"
            sound(db, self._clock, f"stopped:{scope}:{now}", says)

    def resume(self, scope: str) -> None:
        """Write down that it goes on."""
        with transaction(self._path) as db:
            db.execute("DELETE FROM sending_stops WHERE scope = ?", [scope])

    def forget(self) -> None:
        """After a start: whatever was stopped is tried anew."""
        with transaction(self._path) as db:
            db.execute("DELETE FROM sending_stops")

    def asked_to_wait(self) -> tuple[AskedToWait, ...]:
        """Give what Slack asked to wait with for over a minute; all else goes on."""
        long = stamp(self._clock() + A_MOMENT)
        with reading(self._path) as db:
            rows = db.execute(
                "SELECT channel, way, due, opened(error), (SELECT count(*) "
                "FROM outbox AS other WHERE other.state = 'pending' AND other.way = row.way "
                "AND (row.way <> 'post' OR other.channel = row.channel)) "
                "FROM (SELECT channel, way, due, error, row_number() OVER (PARTITION BY way, "
                "iif(way = 'post', channel, '') ORDER BY due DESC, id) AS place FROM outbox "
                "WHERE state = 'pending' AND due > ? AND way <> 'beyond') AS row "
                "WHERE place = 1 ORDER BY due DESC",
                [long],
            ).fetchall()
        return tuple(
            AskedToWait(row[0], Way(row[1]), row[2], str(row[3] or ""), row[4]) for row in rows
        )

    def now(self) -> tuple[Stopped, ...]:
        """Give what is stopped, the longest first."""
        with reading(self._path) as db:
            rows = db.execute(
                "SELECT scope, says, since, (SELECT count(*) FROM outbox "
                "WHERE state IN ('pending', 'held') AND "
                "(scope IN ('all', way) AND way <> 'beyond' OR scope = channel)) AS waiting "
                "FROM sending_stops ORDER BY since"
            ).fetchall()
        return tuple(Stopped(*row) for row in rows)

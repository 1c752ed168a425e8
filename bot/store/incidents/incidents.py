"""Incidents in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.beyond import Happening
from bot.desk.ids import IncidentId, NoticeId, TicketId, UserId
from bot.desk.incidents import TITLE_ROOM, Happened, Incident, IncidentState, Update
from bot.desk.privacy import NoScrubber
from bot.store.codec import moment, stamp
from bot.store.database import insert, update
from bot.store.sealing import opened, seal
from bot.store.tickets.seeing import FOR_ALL
from bot.store.tickets.tickets import unheard

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from sqlite_utils import Database

    from bot.desk.ids import EscalationId
    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber
    from bot.desk.tickets import Ticket

AFFECTED = (
    "(SELECT count(DISTINCT requester) FROM tickets WHERE duplicate_of = i.ticket) "
    "+ (SELECT count(*) FROM tickets AS r WHERE r.id = i.ticket AND NOT EXISTS "
    "(SELECT 1 FROM tickets AS f WHERE f.duplicate_of = r.id AND f.requester = r.requester))"
)
"""The people of an incident, by the index `tickets_affected`."""


FOR_ANYBODY = f"EXISTS (SELECT 1 FROM tickets WHERE tickets.id = incidents.ticket AND {FOR_ALL})"
"""A ticket may be restricted after it became an incident: its title quotes it."""


class SqliteIncidents:
    """The incidents table, and those of its updates and banners."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        scrubber: Scrubber | None = None,
        happened: Callable[[Happening, TicketId, EscalationId | None, str], None] = unheard,
    ) -> None:
        """Work on the open transaction of a database; secrets are not written down here.

        `happened` is told what targets outside Slack may hear of it.
        """
        self._db = database
        self._clock = clock
        self._scrubber = scrubber or NoScrubber()
        self._happened = happened

    def open(self, root: Ticket, title: str, by: UserId | None) -> Incident:
        """Open an incident on a ticket, since that was asked; it has at most one at a time."""
        row: dict[str, Any] = {
            "ticket": root.id,
            "title": seal(self._said(title)[:TITLE_ROOM]),
            "owner": by,
            "declared_by": by,
            "state": IncidentState.OPEN.value,
            "opened_at": stamp(root.opened_at),
        }
        number = IncidentId(insert(self._db, "incidents", row))
        self._happened(Happening.INCIDENT, root.id, None, title)
        return Incident(number, root.id, opened(row["title"]), root.opened_at, by, by)

    def get(self, incident: IncidentId) -> Incident | None:
        """Find an incident by its number."""
        return self._one("id = ?", incident)

    def on(self, root: TicketId) -> Incident | None:
        """Find the last incident on a ticket, open or ended."""
        return self._one("ticket = ? ORDER BY id DESC LIMIT 1", root)

    def running(self) -> tuple[Incident, ...]:
        """Give the open incidents, the newest first; none of a ticket that is restricted."""
        rows = self._db.execute(
            f"SELECT * FROM incidents WHERE state = 'open' AND {FOR_ANYBODY} ORDER BY id DESC"
        ).fetchall()
        return tuple(incident_of(row) for row in rows)

    def listed(self, limit: int, *, ended: bool) -> tuple[Incident, ...]:
        """Give incidents, the newest first; those that `ended` too, or the open ones alone.

        None of a ticket that is restricted.
        """
        which = "" if ended else "state = 'open' AND "
        rows = self._db.execute(
            f"SELECT * FROM incidents WHERE {which}{FOR_ANYBODY} ORDER BY id DESC LIMIT ?", [limit]
        ).fetchall()
        return tuple(incident_of(row) for row in rows)

    def save(self, incident: Incident) -> None:
        """Write an incident."""
        update(
            self._db,
            "incidents",
            incident.id,
            {
                "title": seal(self._said(incident.title)),
                "owner": incident.owner,
                "state": incident.state.value,
                "ended_at": stamp(incident.ended_at) if incident.ended_at else None,
            },
        )

    def end(self, incident: Incident) -> Incident:
        """End an incident now, and write it."""
        ended = incident.ended(self._clock())
        self.save(ended)
        self._happened(Happening.INCIDENT_ENDED, incident.root, None, incident.title)
        return ended

    def affected(self, incident: Incident) -> int:
        """Count the people who reported it."""
        row = self._db.execute(
            f"SELECT {AFFECTED} FROM incidents AS i WHERE i.id = ?", [incident.id]
        ).fetchone()
        return int(row[0]) if row else 0

    def tell(self, incident: Incident, by: UserId, text: str) -> Update:
        """Keep what everyone is told."""
        now, said = self._clock(), self._said(text)
        self._happened(Happening.INCIDENT_UPDATED, incident.root, None, said)
        self._db.table("incident_updates").insert(
            {"incident": incident.id, "ticket": incident.root, "at": stamp(now), "author": by,
             "text": seal(said)}
        )  # fmt: skip
        return Update(now, by, said)

    def updates(self, incident: Incident) -> tuple[Update, ...]:
        """Give what everyone was told, oldest first."""
        rows = self._db.execute(
            "SELECT at, author, text FROM incident_updates WHERE incident = ? ORDER BY id",
            [incident.id],
        ).fetchall()
        return tuple(Update(moment(r["at"]), UserId(r["author"]), opened(r["text"])) for r in rows)

    def timeline(self, incident: Incident) -> tuple[Happened, ...]:
        """Give what happened on its root, by the audit trail, oldest first."""
        rows = self._db.execute(
            "SELECT at, actor, what, details FROM audit WHERE ticket = ? "
            "AND what NOT IN ('joined', 'left') ORDER BY id",
            [incident.root],
        ).fetchall()
        return tuple(
            Happened(
                moment(row["at"]),
                UserId(row["actor"]) if row["actor"] else None,
                row["what"],
                opened(row["details"]),
            )
            for row in rows
        )

    def post_banner(self, incident: Incident, notice: NoticeId) -> None:
        """Remember a banner, to be edited with the news."""
        self._db.table("incident_banners").insert({"incident": incident.id, "banner": notice})

    def banners(self, incident: Incident) -> tuple[NoticeId, ...]:
        """Give its banners."""
        rows = self._db.execute(
            "SELECT banner FROM incident_banners WHERE incident = ? ORDER BY banner", [incident.id]
        ).fetchall()
        return tuple(NoticeId(row["banner"]) for row in rows)

    def _one(self, where: str, value: int) -> Incident | None:
        row = self._db.execute(f"SELECT * FROM incidents WHERE {where}", [value]).fetchone()
        return incident_of(row) if row else None

    def _said(self, text: str) -> str:
        return self._scrubber.scrub(text).text


def incident_of(row: sqlite3.Row) -> Incident:
    """Read an incident."""
    return Incident(
        id=IncidentId(row["id"]),
        root=TicketId(row["ticket"]),
        title=opened(row["title"]),
        opened_at=moment(row["opened_at"]),
        owner=UserId(row["owner"]) if row["owner"] else None,
        declared_by=UserId(row["declared_by"]) if row["declared_by"] else None,
        state=IncidentState(row["state"]),
        ended_at=moment(row["ended_at"]) if row["ended_at"] else None,
    )

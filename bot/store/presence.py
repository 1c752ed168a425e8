"""How far the bot has listened, and where something may have been written meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import ChannelId, TeamId, Thread, TicketId, Ts
from bot.desk.ports.history import KnownThread
from bot.store.codec import moment, stamp
from bot.store.database import reading, transaction

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from bot.desk.ports.delivery import Delivery

LIVE = "('open', 'answered', 'escalated', 'resolved')"
BY_LINE = "WHERE message_key = ?1 AND event_id NOT LIKE 'history:%'"
LATEST = 500
"""Among so many latest tickets those are looked for who wrote directly of late."""


class Presence:
    """What is remembered of having been there."""

    def __init__(self, path: Path) -> None:
        """Work on a database file."""
        self._path = path

    def heard_until(self) -> datetime | None:
        """Tell until when all has been heard, by Slack's clock; None on a new database."""
        with reading(self._path) as db:
            row = db.execute("SELECT heard_until FROM presence").fetchone()
        return moment(row["heard_until"]) if row and row["heard_until"] else None

    def heard(self, until: datetime) -> None:
        """Write down that all has been heard until then; never takes anything back."""
        with transaction(self._path) as db:
            db.execute(
                "INSERT INTO presence (id, heard_until) VALUES (1, ?1) ON CONFLICT (id) "
                "DO UPDATE SET heard_until = max(coalesce(presence.heard_until, ''), ?1)",
                [stamp(until)],
            )

    def told_until(self) -> datetime | None:
        """Give when Slack last told any process anything, by its own clock; None where never."""
        with reading(self._path) as db:
            row = db.execute("SELECT told_until FROM presence").fetchone()
        return moment(row["told_until"]) if row and row["told_until"] else None

    def told(self, until: datetime) -> None:
        """Write down that Slack told something then; up to that, all has been heard."""
        with transaction(self._path) as db:
            db.execute(
                "INSERT INTO presence (id, heard_until, told_until) VALUES (1, ?1, ?1) "
                "ON CONFLICT (id) DO UPDATE SET "
                "heard_until = max(coalesce(presence.heard_until, ''), ?1), "
                "told_until = max(coalesce(presence.told_until, ''), ?1)",
                [stamp(until)],
            )

    def at_home(self, team: TeamId, address: str) -> None:
        """Write down where a workspace is found, so that links lead there without asking Slack."""
        with transaction(self._path) as db:
            db.execute(
                "INSERT INTO workspaces (team, address) VALUES (?, ?) "
                "ON CONFLICT (team) DO UPDATE SET address = excluded.address",
                [team, address],
            )

    def clocks(self) -> tuple[datetime, datetime] | None:
        """Give what our clock and Slack's last showed at one instant."""
        with reading(self._path) as db:
            row = db.execute("SELECT own_time, slack_time FROM presence").fetchone()
        if row is None or not row["own_time"] or not row["slack_time"]:
            return None
        return moment(row["own_time"]), moment(row["slack_time"])

    def compared(self, own: datetime, slack: datetime) -> None:
        """Write down what our clock and Slack's show now."""
        with transaction(self._path) as db:
            db.execute(
                "INSERT INTO presence (id, own_time, slack_time) VALUES (1, ?1, ?2) "
                "ON CONFLICT (id) DO UPDATE SET own_time = ?1, slack_time = ?2",
                [stamp(own), stamp(slack)],
            )

    def threads(self, limit: int) -> tuple[KnownThread, ...]:
        """Give the threads in which somebody may yet write, the newest tickets first."""
        with reading(self._path) as db:
            rows = db.execute(
                f"SELECT id, team, channel, thread_ts FROM tickets WHERE state IN {LIVE} "
                "ORDER BY id DESC LIMIT ?",
                [limit],
            ).fetchall()
            known = [
                KnownThread(
                    Thread(TeamId(r["team"]), ChannelId(r["channel"]), Ts(r["thread_ts"])),
                    TicketId(r["id"]),
                    frozenset(
                        Ts(line["ts"])
                        for line in db.execute(
                            "SELECT ts FROM conversation WHERE ticket = ? AND ts IS NOT NULL "
                            "AND author IS NOT NULL AND deleted = 0",
                            [r["id"]],
                        )
                    ),
                )
                for r in rows
            ]
            cards = db.execute(
                "SELECT t.team, e.ticket, o.sent_channel, o.sent_ts FROM escalations AS e "
                "JOIN all_outbox AS o ON o.id = e.card JOIN tickets AS t ON t.id = e.ticket "
                "WHERE e.state IN ('pending', 'acknowledged') AND o.sent_ts IS NOT NULL "
                "ORDER BY e.id DESC LIMIT ?",
                [limit],
            ).fetchall()
        known += [
            KnownThread(
                Thread(TeamId(r["team"]), ChannelId(r["sent_channel"]), Ts(r["sent_ts"])),
                TicketId(r["ticket"]),
                frozenset(),
            )
            for r in cards
        ]
        return tuple(known)

    def directs(self, limit: int) -> tuple[ChannelId, ...]:
        """Give the direct conversations in which somebody asked something of late."""
        with reading(self._path) as db:
            rows = db.execute(
                "SELECT channel FROM (SELECT id, channel FROM tickets ORDER BY id DESC LIMIT ?) "
                "WHERE channel LIKE 'D%' GROUP BY channel ORDER BY max(id) DESC LIMIT ?",
                [LATEST, limit],
            ).fetchall()
        return tuple(ChannelId(row["channel"]) for row in rows)

    def came_by_line(self, delivery: Delivery) -> bool:
        """Whether Slack delivered a message itself, before it was read from its history."""
        with reading(self._path) as db:
            row = db.execute(
                f"SELECT 1 FROM inbox {BY_LINE} UNION ALL SELECT 1 FROM inbox_history {BY_LINE}",
                [delivery.message_key],
            ).fetchone()
        return row is not None

    def has(self, delivery: Delivery) -> bool:
        """Whether a delivery is in the inbox; looked up without the lock that writing takes."""
        with reading(self._path) as db:
            row = db.execute(
                "SELECT 1 FROM inbox WHERE event_id = ? OR message_key = ? LIMIT 1",
                [delivery.event_id, delivery.message_key],
            ).fetchone()
        return row is not None

"""What people are told once, in SQLite."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.store.codec import stamp
from bot.store.privacy.shares import LATER

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.ids import ChannelId, TeamId, TicketId, Ts, UserId
    from bot.desk.ports.time import Clock


LONGEST_WAY = timedelta(days=1)
"""So long after its deletion a message may still come: Slack tries for minutes."""


class ToldOnce:
    """The tables of those who were told of a secret, or that they may not ask here."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on the open transaction of a database."""
        self._db = database
        self._clock = clock

    def first_secret(self, ticket: TicketId, user: UserId) -> bool:
        """Tell whether somebody is told for the first time on this ticket of a secret."""
        told = self._db.execute(
            "INSERT INTO secrets_told (ticket, user) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [ticket, user],
        )
        return bool(told.rowcount)

    def first_slowing(self, user: UserId) -> bool:
        """Tell whether somebody is told for the first time within the hour that they wait."""
        now = self._clock()
        told = self._db.execute(
            "INSERT INTO shares (user, used_until, told_at) VALUES (?2, ?1, ?1) "
            "ON CONFLICT DO UPDATE SET told_at = ?1 "
            "WHERE told_at IS NULL OR told_at < ?3 OR told_at > ?1",
            [stamp(now), user, stamp(now - LATER)],
        )
        return bool(told.rowcount)

    def first_refusal(self, user: UserId) -> bool:
        """Tell whether somebody is turned away for the first time."""
        told = self._db.execute(
            "INSERT INTO turned_away (user, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [user, stamp(self._clock())],
        )
        return bool(told.rowcount)

    def taken_back(self, team: TeamId, channel: ChannelId, ts: Ts) -> None:
        """Remember for a while that a message was deleted which has not come yet."""
        now = self._clock()
        self._db.execute("DELETE FROM taken_back WHERE at < ?", [stamp(now - LONGEST_WAY)])
        self._db.execute(
            "INSERT INTO taken_back (team, channel, ts, at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            [team, channel, ts, stamp(now)],
        )

    def was_taken_back(self, team: TeamId, channel: ChannelId, ts: Ts) -> bool:
        """Tell whether a message was deleted before it came."""
        found = self._db.execute(
            "SELECT 1 FROM taken_back WHERE team = ? AND channel = ? AND ts = ?",
            [team, channel, ts],
        )
        return found.fetchone() is not None

"""What people are told once, in SQLite."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.ids import Ts, UserId
from bot.store.codec import stamp
from bot.store.privacy.shares import LATER

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

    from bot.desk.addresses import Destination
    from bot.desk.ids import ChannelId, TeamId, TicketId
    from bot.desk.ports.time import Clock


LONGEST_WAY = timedelta(days=1)
"""So long after its deletion a message may still come: Slack tries for minutes."""


SEEN_FOR = timedelta(minutes=1)
"""A sign in a conversation covers what is written so soon after it."""


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
            "ON CONFLICT (user) DO UPDATE SET told_at = ?1 "
            "WHERE told_at IS NULL OR told_at < ?3 OR told_at > ?1",
            [stamp(now), user, stamp(now - LATER)],
        )
        return bool(told.rowcount)

    def first_hearing(self, to: Destination, came: datetime, now: datetime) -> bool:
        """Tell whether a conversation has no sign yet that covers what came then.

        One that was given a minute before is still seen.
        """
        told = self._db.execute(
            "INSERT INTO heard (channel, thread_ts, at) VALUES (?1, ?2, ?3) "
            "ON CONFLICT (channel, thread_ts) DO UPDATE SET at = ?3 WHERE at < ?4 OR at > ?3",
            [to.channel, to.thread_ts or "", stamp(now), stamp(came - SEEN_FOR)],
        )
        return bool(told.rowcount)

    def nobody_waits(self) -> None:
        """Forget what signs were given: whoever writes from now on may get another."""
        self._db.execute("DELETE FROM heard")

    def first_refusal(self, user: UserId) -> bool:
        """Tell whether somebody is turned away for the first time."""
        told = self._db.execute(
            "INSERT INTO turned_away (user, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [user, stamp(self._clock())],
        )
        return bool(told.rowcount)

    def whispered(self, channel: ChannelId, ts: Ts, user: UserId) -> None:
        """Remember for a day that a message was answered where its writer alone reads."""
        self._below(channel, ts, user, silent=False)

    def _below(
        self, channel: ChannelId, ts: Ts, user: UserId, *, silent: bool, picture: bool = False
    ) -> None:
        now = self._clock()
        self._db.execute("DELETE FROM whispered WHERE at < ?", [stamp(now - LONGEST_WAY)])
        self._db.execute(
            "INSERT INTO whispered (channel, ts, user, at, silent, picture) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (channel, ts) DO UPDATE SET "
            "silent = CASE WHEN excluded.silent = 0 THEN 0 ELSE whispered.silent END, "
            "picture = CASE WHEN excluded.picture = 1 THEN 1 ELSE whispered.picture END "
            # A picture of somebody else's below it changes nothing for who began the thread.
            "WHERE excluded.picture = 0 OR excluded.user = whispered.user",
            [channel, ts, user, stamp(now), int(silent), int(picture)],
        )

    def was_whispered(self, channel: ChannelId, ts: Ts, user: UserId) -> bool:
        """Tell whether somebody's message was answered so."""
        found = self._db.execute(
            "SELECT 1 FROM whispered WHERE channel = ? AND ts = ? AND user = ? AND silent = 0",
            [channel, ts, user],
        )
        return found.fetchone() is not None

    def passed_over(self, channel: ChannelId, ts: Ts, user: UserId) -> None:
        """Remember for a day that somebody's message in a channel was met with silence."""
        self._below(channel, ts, user, silent=True)

    def was_passed_over(self, channel: ChannelId, ts: Ts) -> UserId | None:
        """Give the writer of a message that was met with silence; None where it was not."""
        found = self._db.execute(
            "SELECT user FROM whispered WHERE channel = ? AND ts = ? AND silent = 1", [channel, ts]
        ).fetchone()
        return UserId(found[0]) if found is not None else None

    def not_passed_over(self, channel: ChannelId, ts: Ts) -> None:
        """Forget it: somebody else has answered."""
        self._db.execute(
            "DELETE FROM whispered WHERE channel = ? AND ts = ? AND silent = 1", [channel, ts]
        )

    def picture_alone(self, channel: ChannelId, ts: Ts, user: UserId, *, silent: bool) -> None:
        """Remember for a day that somebody sent a picture and no word; whether with silence."""
        self._below(channel, ts, user, silent=silent, picture=True)

    def pictures_of(
        self, channel: ChannelId, user: UserId, ts: Ts | None, since: Ts
    ) -> tuple[Ts, ...]:
        """Give the pictures that somebody sent alone: the one at `ts`, or all since then."""
        found = self._db.execute(
            "SELECT ts FROM whispered WHERE channel = ? AND user = ? AND picture = 1 "
            "ORDER BY length(ts), ts",
            [channel, user],
        ).fetchall()
        sent = (Ts(row[0]) for row in found)
        return tuple(each for each in sent if (each == ts if ts else float(each) >= float(since)))

    def told_of_picture(self, channel: ChannelId, ts: Ts) -> None:
        """Forget a picture: its sender has told of it."""
        self._db.execute(
            "UPDATE whispered SET picture = 0 WHERE channel = ? AND ts = ?", [channel, ts]
        )

    def taken_back(self, team: TeamId, channel: ChannelId, ts: Ts) -> None:
        """Remember for a while that a message was deleted which has not come yet."""
        self._remember(team, channel, ts, edited=False)

    def overtaken(self, team: TeamId, channel: ChannelId, ts: Ts) -> None:
        """Remember for a while that an edit was handled in its message's place."""
        self._remember(team, channel, ts, edited=True)

    def _remember(self, team: TeamId, channel: ChannelId, ts: Ts, *, edited: bool) -> None:
        now = self._clock()
        self._db.execute("DELETE FROM taken_back WHERE at < ?", [stamp(now - LONGEST_WAY)])
        self._db.execute(
            "INSERT INTO taken_back (team, channel, ts, at, edited) VALUES (?, ?, ?, ?, ?) "
            # What was deleted stays so, whatever edit comes late.
            "ON CONFLICT (team, channel, ts) DO UPDATE SET edited = min(edited, excluded.edited)",
            [team, channel, ts, stamp(now), edited],
        )

    def was_overtaken(self, team: TeamId, channel: ChannelId, ts: Ts) -> bool:
        """Tell whether a message was deleted, or its edit handled, before it came."""
        return self._known(team, channel, ts) is not None

    def was_taken_back(self, team: TeamId, channel: ChannelId, ts: Ts) -> bool:
        """Tell whether a message was deleted before it came."""
        return self._known(team, channel, ts) == 0

    def _known(self, team: TeamId, channel: ChannelId, ts: Ts) -> int | None:
        found = self._db.execute(
            "SELECT edited FROM taken_back WHERE team = ? AND channel = ? AND ts = ?",
            [team, channel, ts],
        ).fetchone()
        return int(found["edited"]) if found is not None else None

"""The outbox inside a unit of work, and its rows as the relay takes them in hand."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.beyond import OUT
from bot.desk.errors import StaleStateError
from bot.desk.ids import ChannelId, NoticeId, TicketId, Ts, UserId
from bot.desk.incidents import IncidentBanner
from bot.desk.ports.delivery import (
    READ_BY_REQUESTERS,
    Posted,
    Standing,
    Urgency,
    Way,
    urgency_of,
    way_of,
)
from bot.desk.privacy import NoScrubber, for_others
from bot.store.aside import UnreadableNotice
from bot.store.codec import dump_notice, load_notice, load_written, stamp
from bot.store.database import expect, insert, marks_for
from bot.store.privacy.copies import quoted_by
from bot.store.tickets.tickets import ticket_lane

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from sqlite_utils import Database

    from bot.desk.beyond import Outgoing
    from bot.desk.notices import Notice, Written
    from bot.desk.ports.time import Clock
    from bot.desk.privacy import Scrubber

LOOKED_BACK = 12
"""So many notices of a ticket tell where its conversation stands."""

PAGES = 30
"""So many weekly lists and monthly pages that quote a ticket are kept up to date."""

UNSETTLED = "('pending', 'in_flight')"

READ = (
    "id", "ticket", "notice", "channel", "thread_ts", "under", "edits", "only_for", "way",
    "attempts", "uncertain", "created_at", "place", "lane",
)  # fmt: skip
"""What is read of a row that is to be sent."""

STANDINGS = {
    "sent": Standing.STANDS,
    "pending": Standing.WAITS,
    "held": Standing.WAITS,
    "in_flight": Standing.UNDER_WAY,
}


class OutboxRows:
    """The outbox table inside a unit of work."""

    def __init__(self, database: Database, clock: Clock, scrubber: Scrubber | None = None) -> None:
        """Work on the open transaction of a database; what goes to others is scrubbed."""
        self._db = database
        self._clock = clock
        self._scrubber = scrubber or NoScrubber()
        self._put: dict[int, dict[str, Any]] = {}
        self.written = 0
        self.put_here: list[NoticeId] = []
        """What was handed over for Slack within this unit of work."""

    def put(self, notice: Notice, to: Destination, ticket: TicketId | None = None) -> NoticeId:
        """Hand a notice over for sending; this is the one way out, so secrets end here."""
        notice = for_others(notice, to, self._scrubber)
        now = stamp(self._clock())
        way = way_of(notice, to)
        anchor = self._anchor(to.under) if to.under is not None else None
        row: dict[str, Any] = {
            "lane": ticket_lane(ticket) if ticket else _lane(to),
            "ticket": ticket,
            "notice": dump_notice(notice),
            "channel": to.channel,
            "thread_ts": to.thread_ts,
            "under": to.under,
            "edits": to.edits,
            "only_for": to.only_for,
            "way": way.value,
            "urgency": _urgency(notice, anchor).value,
            "place": _place(to, anchor) if way is Way.POST else None,
            "state": "pending",
            "due": now,
            "created_at": now,
        }
        self.written += 1
        if row["place"] is not None and row["urgency"] == Urgency.ANSWER.value:
            # Whoever waits for an answer does not wait for what goes to a thousand others.
            self._put.clear()
            self._db.execute(
                "UPDATE outbox SET urgency = ? WHERE place = ? AND urgency > ? "
                "AND state = 'pending'",
                [Urgency.ANSWER.value, row["place"], Urgency.ANSWER.value],
            )
        number = NoticeId(insert(self._db, "outbox", row))
        self.put_here.append(number)
        self._put[number] = {**row, "sent_channel": None, "sent_ts": None}
        if quoted := quoted_by(notice):
            self._db.execute(
                "INSERT INTO quotes (ticket, notice) SELECT CAST(value AS INTEGER), ? "
                "FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
                [number, json.dumps(sorted(quoted))],
            )
        return number

    def send_out(self, outgoing: Outgoing, ticket: TicketId | None = None) -> NoticeId:
        """Hand something over that goes beyond Slack; in order for each target and ticket.

        Whoever made it has taken the secrets out. A page waits for no event.
        """
        now = stamp(self._clock())
        channel = f"{OUT}{outgoing.target}"
        paging = "/page" if outgoing.page else ""
        row: dict[str, Any] = {
            "lane": f"{channel}/{ticket or 0}{paging}",
            "ticket": ticket,
            "notice": dump_notice(outgoing),
            "channel": channel,
            "way": Way.BEYOND.value,
            "urgency": (Urgency.PAGE if outgoing.page else Urgency.NEWS).value,
            "state": "pending",
            "due": now,
            "created_at": now,
        }
        self.written += 1
        return NoticeId(insert(self._db, "outbox", row))

    def _anchor(self, notice: int) -> Any:
        """Read what another message is to stand under; what was just put is known."""
        if notice in self._put:
            return self._put[notice]
        return self._db.execute(
            "SELECT urgency, sent_channel, sent_ts, thread_ts FROM all_outbox WHERE id = ?",
            [notice],
        ).fetchone()

    def posted_at(self, channel: ChannelId, ts: Ts) -> Posted | None:
        """Find the notice that a message in Slack came from, in its latest wording."""
        row = self._db.execute(
            "SELECT id FROM all_outbox WHERE sent_channel = ? AND sent_ts = ? AND edits IS NULL",
            [channel, ts],
        ).fetchone()
        return self.get(NoticeId(row["id"])) if row else None

    def get(self, notice: NoticeId) -> Posted | None:
        """Find a notice by its id, in its latest wording."""
        row = self._db.execute("SELECT * FROM all_outbox WHERE id = ?", [notice]).fetchone()
        if row is None:
            return None
        # The latest wording that can be read: one that cannot must not hold up its ticket.
        for wording in (*self._edits(notice), row["notice"]):
            try:
                return Posted(notice, load_notice(wording), destination_of(row))
            except ValueError:
                continue
        return None

    def _edits(self, notice: NoticeId) -> list[str]:
        latest = [
            (edit["id"], edit["notice"])
            for table in ("outbox", "outbox_history")
            for edit in self._db.execute(
                f"SELECT id, notice FROM {table} WHERE edits = ? ORDER BY id DESC LIMIT 3", [notice]
            )
        ]
        return [wording for _, wording in sorted(latest, reverse=True)]

    def latest_of(self, ticket: TicketId) -> tuple[Posted, ...]:
        """Give the last notices of a ticket, newest first, each in its latest wording."""
        rows = self._db.execute(
            "SELECT id FROM all_outbox WHERE ticket = ? AND edits IS NULL AND way <> 'beyond' "
            "ORDER BY id DESC LIMIT ?",
            [ticket, LOOKED_BACK],
        ).fetchall()
        found = (self.get(NoticeId(row["id"])) for row in rows)
        return tuple(posted for posted in found if posted is not None)

    def pages_quoting(self, tickets: Collection[TicketId]) -> tuple[Posted, ...]:
        """Give the last messages about no ticket alone that quote any of these, oldest first."""
        rows = self._db.execute(
            "SELECT id FROM all_outbox WHERE edits IS NULL AND ticket IS NULL AND id IN "
            "(SELECT notice FROM quotes WHERE ticket IN "
            "(SELECT CAST(value AS INTEGER) FROM json_each(?))) ORDER BY id DESC LIMIT ?",
            [json.dumps(list(tickets)), PAGES],
        ).fetchall()
        found = (self.get(NoticeId(row["id"])) for row in reversed(rows))
        return tuple(posted for posted in found if posted is not None)

    def without_ticket(self, channel: ChannelId, thread_ts: Ts) -> tuple[Notice, ...]:
        """Give what was said in a thread about no ticket, the last few."""
        found: list[Notice] = []
        for table in ("outbox", "outbox_history"):
            for row in self._db.execute(
                f"SELECT notice FROM {table} WHERE channel = ? AND thread_ts = ? "
                "AND ticket IS NULL ORDER BY id DESC LIMIT ?",
                [channel, thread_ts, LOOKED_BACK],
            ):
                with suppress(ValueError):
                    found.append(load_notice(row["notice"]))
        return tuple(found)

    def standing(self, notice: NoticeId) -> Standing:
        """Tell whether a notice stands in Slack, waits, or was set aside."""
        row = self._db.execute(
            "SELECT state, uncertain FROM all_outbox WHERE id = ?", [notice]
        ).fetchone()
        if row is None:
            return Standing.SET_ASIDE
        if row["state"] in {"pending", "held"} and row["uncertain"]:
            return Standing.UNDER_WAY
        return STANDINGS.get(row["state"], Standing.SET_ASIDE)

    def others_go_out(self, notice: NoticeId) -> bool:
        """Tell whether Slack took something that was handed over after a notice."""
        found = self._db.execute(
            "SELECT 1 FROM all_outbox WHERE id > ? AND state = 'sent' AND way = 'post' LIMIT 1",
            [notice],
        ).fetchone()
        return found is not None

    def divert(self, notice: NoticeId, channel: str, wording: Notice) -> None:
        """Send what never left to another channel instead, with what belongs under it.

        Raises:
            StaleStateError: it leaves just now, or may have left.
        """
        self.written += 1
        wording = for_others(wording, Destination(channel), self._scrubber)
        diverted = self._db.execute(
            "UPDATE outbox SET channel = ?, notice = ?, state = 'pending', due = ?, attempts = 0, "
            "error = NULL WHERE id = ? AND state IN ('pending', 'held') AND uncertain = 0",
            [channel, dump_notice(wording), stamp(self._clock()), notice],
        )
        expect(self._db, diverted, StaleStateError(f"The notice {notice}"))
        self._db.execute(
            f"UPDATE outbox SET channel = ? WHERE (under = ? OR edits = ?) "
            f"AND state IN {UNSETTLED}",
            [channel, notice, notice],
        )

    def refused_places(self, ticket: TicketId) -> frozenset[str]:
        """Name the channels that would not take a card of this ticket."""
        rows = self._db.execute(
            "SELECT DISTINCT channel FROM outbox WHERE ticket = ? AND state = 'dead' "
            "AND under IS NULL AND edits IS NULL AND urgency > 0 AND way <> 'beyond'",
            [ticket],
        ).fetchall()
        return frozenset(str(row["channel"]) for row in rows)


@dataclass(frozen=True)
class OutboxRow:
    """A notice that waits to be sent, its place in Slack worked out.

    `parent_lost` says that the message it belongs under, or would edit, was never sent.
    """

    id: NoticeId
    notice: Written
    to: Destination
    ticket: TicketId | None
    way: Way
    attempts: int
    uncertain: bool
    created_at: str
    channel: str
    thread_ts: Ts | None
    edit_ts: Ts | None
    parent_lost: bool
    language: str = ""
    """Of whoever reads it; empty where that is English, or many."""
    lease: str = ""
    """Until when it is in hand."""
    is_followed: bool = False
    """Whether others of its lane wait until it is over."""


@dataclass(frozen=True)
class Resting:
    """What is not to be taken in hand just now: channels, ways, what is less urgent, or more."""

    channels: frozenset[str] = frozenset()
    ways: frozenset[Way] = frozenset()
    least: Urgency = Urgency.WHENEVER
    most: Urgency = Urgency.SIGN

    def where(self) -> tuple[str, list[Any]]:
        """Give the condition in SQL, with what is bound to it."""
        parts = ["urgency BETWEEN ? AND ?"]
        bound: list[Any] = [self.most.value, self.least.value]
        if self.channels:
            parts.append(
                f"NOT (way IN ('post', 'beyond') AND channel IN ({marks_for(self.channels)}))"
            )
            bound += sorted(self.channels)
        if self.ways:
            parts.append(f"way NOT IN ({marks_for(self.ways)})")
            bound += sorted(way.value for way in self.ways)
        return " AND ".join(parts), bound

    @property
    def however_little_urgent(self) -> Resting:
        """The same for all that goes by the same threads."""
        beyond = self.most >= Urgency.PAGE
        return replace(self, least=Urgency.NEWS if beyond else Urgency.WHENEVER)


NOTHING_RESTS = Resting()


def placed(row: Any, anchor: Any, lease: str = "") -> OutboxRow | UnreadableNotice:
    """Work out where in Slack a row goes, which is in hand until the end of a lease.

    `anchor` is what it edits or stands under, None where there is none.
    """
    anchor_id = row["edits"] or row["under"]
    if anchor is not None and anchor["state"] == "aside":
        reason = f"It belongs to notice {anchor_id}, which is set aside."
        return unreadable(row, reason, lease, follows=True)
    if anchor is not None and anchor["sent_ts"] is None:
        anchor = None
    channel, thread_ts, edit_ts = row["channel"], row["thread_ts"], None
    if anchor is not None:
        channel = anchor["sent_channel"]
        if row["edits"]:
            edit_ts = anchor["sent_ts"]
        else:
            thread_ts = anchor["thread_ts"] or anchor["sent_ts"]
    notice = load_written(row["notice"])
    return OutboxRow(
        id=NoticeId(row["id"]),
        notice=notice,
        to=destination_of(row),
        ticket=TicketId(row["ticket"]) if row["ticket"] else None,
        way=Way(row["way"]),
        attempts=row["attempts"] + 1,
        uncertain=bool(row["uncertain"]),
        created_at=row["created_at"],
        channel=channel,
        thread_ts=Ts(thread_ts) if thread_ts else None,
        edit_ts=Ts(edit_ts) if edit_ts else None,
        parent_lost=anchor_id is not None and anchor is None,
        language=_language_for(row, notice),
        lease=lease,
        is_followed=bool(row["followed"]),
    )


def _language_for(row: Any, notice: Written) -> str:
    """Give the language of whoever reads a notice: one person, or the requester of its ticket."""
    if isinstance(notice, IncidentBanner) or (isinstance(notice, Courtesy) and notice.language):
        return notice.language
    if isinstance(notice, READ_BY_REQUESTERS) and row["ticket"] and not row["only_for"]:
        return str(row["spoken"] or "")
    return str(row["language"] or "")


def unreadable(
    row: sqlite3.Row, reason: str, lease: str, *, follows: bool = False, is_anothers: bool = False
) -> UnreadableNotice:
    """Say of a row that it cannot be sent as it stands."""
    ticket = TicketId(row["ticket"]) if row["ticket"] else None
    return UnreadableNotice(
        NoticeId(row["id"]), destination_of(row), ticket, reason, follows, is_anothers, lease
    )


def destination_of(row: sqlite3.Row) -> Destination:
    """Give a row's destination as it was handed over."""
    return Destination(
        channel=row["channel"],
        thread_ts=Ts(row["thread_ts"]) if row["thread_ts"] else None,
        under=row["under"],
        edits=row["edits"],
        only_for=UserId(row["only_for"]) if row["only_for"] else None,
    )


def place_of(channel: str, thread_ts: str) -> str:
    """Name a thread."""
    return f"{channel}/{thread_ts}"


def place_under(notice: NoticeId) -> str:
    """Name the thread under a notice that does not stand yet."""
    return f"under:{notice}"


def _lane(to: Destination) -> str:
    thread = f"/{to.thread_ts}" if to.thread_ts else ""
    return f"channel:{to.channel}{thread}"


def _urgency(notice: Notice, anchor: Any) -> Urgency:
    """Give a notice's own urgency, or that of what it stands under, if that is greater."""
    own = urgency_of(notice)
    return min(own, Urgency(anchor["urgency"])) if anchor else own


def _place(to: Destination, anchor: Any) -> str | None:
    """Name the thread that a message comes to stand in, for the order within it."""
    if to.under is None:
        return place_of(to.channel, to.thread_ts) if to.thread_ts else None
    if anchor is None or anchor["sent_ts"] is None:
        return place_under(NoticeId(to.under))
    return place_of(anchor["sent_channel"], anchor["thread_ts"] or anchor["sent_ts"])

"""Counts a period in SQLite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.desk.figures import Counted, Drafted, Place
from bot.desk.ids import TicketId
from bot.desk.privacy import is_direct
from bot.store.articles.looking import kept_from_some
from bot.store.codec import moment
from bot.store.database import marks_for
from bot.store.figures.counting import Counting
from bot.store.figures.facts import Facts
from bot.store.figures.timing import Timing
from bot.store.learning.audits import SqliteAudits
from bot.store.learning.drafts import SqliteDrafts
from bot.store.learning.effects import Effects
from bot.store.learning.gaps import SqliteGaps
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from sqlite_utils import Database

    from bot.desk.figures import Period
    from bot.desk.ids import ChannelId, TeamId, Ts
    from bot.desk.learning import Gap
    from bot.desk.promises import Window

    Link = Callable[[TeamId, ChannelId, Ts], str | None]


def links_of(database: Database) -> Link:
    """Lead to messages by the addresses of the workspaces that Frontline was in."""
    rows = database.execute("SELECT team, address FROM workspaces").fetchall()
    homes = {row["team"]: str(row["address"]).rstrip("/") for row in rows}

    def link(team: TeamId, channel: ChannelId, ts: Ts) -> str | None:
        if team not in homes:
            return None
        return f"{homes[team]}/archives/{channel}/p{ts.replace('.', '')}"

    return link


class SqliteFigures:
    """Over one connection that sees one instant; restricted tickets are in nothing of it."""

    def __init__(self, database: Database, link: Link) -> None:
        """Read from a database whose transaction has begun; `link` leads to a message."""
        self._db = database
        self._link = link

    def counted(
        self, period: Period, zone: ZoneInfo, hours: Mapping[str, Sequence[Window]]
    ) -> Counted:
        """Count it; `hours` are when each group was at its desks."""
        facts = Facts(self._db, period)
        counting, timing = Counting(self._db, facts), Timing(facts)
        times = timing.all()
        return Counted(
            len(facts.id),
            facts.later,
            timing.backwards,
            *counting.volumes(zone),
            counting.by_area(),
            counting.first(),
            counting.deflected(),
            times,
            counting.reopened(),
            counting.lasting(),
            counting.wrong_calls(),
            *counting.stars(),
            counting.load(hours),
            counting.articles(),
            counting.certainty(),
            counting.precision(SqliteAudits(self._db, utc).looked_over(period.since)),
            *counting.not_right(),
        )

    def places(self, tickets: Sequence[TicketId]) -> Mapping[TicketId, Place]:
        """Say where tickets are found; those that may not be shown are left out."""
        marks = marks_for(tickets)
        rows = self._db.execute(
            "SELECT id, team, channel, asked_ts, opened_at FROM tickets "
            f"WHERE id IN ({marks}) AND {FOR_ALL}",
            list(tickets),
        )
        found = {}
        for row in rows:
            number, direct = TicketId(row["id"]), is_direct(row["channel"])
            link = None if direct else self._link(row["team"], row["channel"], row["asked_ts"])
            found[number] = Place(number, moment(row["opened_at"]), link, direct)
        return found

    def gaps(self) -> tuple[Gap, ...]:
        """Give every gap with its questions."""
        return SqliteGaps(self._db, utc).all()

    def drafted(self, period: Period) -> Drafted:
        """Give the drafts that were made in a period, and what those published in it changed."""
        found, effects = SqliteDrafts(self._db, utc), Effects(self._db, utc)
        made = found.made(period.since, period.until)
        return Drafted(made, effects.of_all(found.decided(period.since, period.until)))

    def kept(self) -> frozenset[str]:
        """Name the articles that not everybody may see."""
        return kept_from_some(self._db)


def utc() -> datetime:
    """Give the time, for what is only read."""
    return datetime.now(UTC)

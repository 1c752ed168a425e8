"""The facts of a period as columns: of its tickets, their escalations, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.desk.promises import Promise
from bot.store.codec import stamp
from bot.store.figures.columns import Numbering, columns_of, places_in
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.figures import Period
    from bot.store.figures.columns import Flags, Numbers

WEEK_S = 7 * 86_400
DAY_S = 86_400

BITS = {
    "by_article": "resolution = 'by article'",
    "by_l2": "resolution = 'by L2'",
    "by_l3": "resolution = 'by L3'",
    "silent": "resolution = 'no reply'",
    "reopened": "reopened > 0",
    "shown": "articles_shown <> '[]'",
    "settled": "state IN ('resolved', 'closed')",
    "confirmed": "confirmed",
}
PRIORITY = 1 << len(BITS)
"""From this bit on stands the priority."""
ARTICLE = PRIORITY << 4
"""From this bit on stands the number of the article that was shown last."""
PACKED = " + ".join(f"({sql} IS TRUE) * {1 << bit}" for bit, sql in enumerate(BITS.values()))
TICKETS = f"""
SELECT id, unixepoch(opened_at), CAST(asked_ts AS INTEGER), number_of(requester),
    {PACKED} + coalesce(CAST(substr(priority, 2) AS INTEGER), 0) * {PRIORITY}
    + iif(articles_shown = '[]', 0, number_of(json_extract(articles_shown, '$[#-1]'))) * {ARTICLE}
FROM tickets WHERE id BETWEEN ? AND ? AND opened_at >= ? AND opened_at < ? AND {FOR_ALL}
ORDER BY id
"""
ESCALATIONS = """
SELECT ticket, id, CAST(substr(tier, 2) AS INTEGER), number_of(group_name),
    unixepoch(opened_at), unixepoch(updated_at), number_of(coalesce(settled_by, assignee)),
    (settled_by IS NOT NULL) + 2 * (state = 'pending')
FROM escalations WHERE ticket BETWEEN ? AND ? ORDER BY ticket, id
"""
BROKEN = {
    Promise.ACKNOWLEDGE: "kind = 'call next' AND promise = 'acknowledge'",
    Promise.FIRST_RESPONSE: "kind = 'remind group' AND promise = 'first_response'",
    Promise.RESOLVE: "kind = 'remind group' AND promise = 'resolve'",
}
"""The timer that stands at a promise's own deadline: where it fell due, the promise was broken."""

SHIFT = 34
"""A ticket's number stands above so many bits, which hold the seconds until far beyond 2400."""


@dataclass(frozen=True)
class Calls:
    """The escalations of a period's tickets, in the order of these."""

    at: Numbers
    """The place of its ticket among the period's."""
    id: Numbers
    tier: Numbers
    group: Numbers
    opened: Numbers
    updated: Numbers
    person: Numbers
    settled: Flags
    pending: Flags


class Facts:
    """Reads what it is asked for, once; over one connection that sees one instant."""

    def __init__(self, database: Database, period: Period) -> None:
        """Read the tickets of a period; restricted ones are in nothing of it."""
        self._db = database
        self._period = period
        self.people = Numbering(database)
        self._moves: dict[str, tuple[Numbers, Numbers]] = {}
        since, until = stamp(period.since), stamp(period.until)
        low, high = database.execute(
            "SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM tickets WHERE opened_at >= ?",
            [since],
        ).fetchone()
        self._range = [int(low), int(high)]
        self.until_s = int(period.until.timestamp())
        kinds = ("i8", "i8", "i8", "i4", "i8")
        self.id, self.opened, self.asked, self.requester, bits = columns_of(
            database, TICKETS, [*self._range, since, until], kinds
        )
        self.article = bits // ARTICLE
        self._flags = {name: (bits >> bit & 1).astype(bool) for bit, name in enumerate(BITS)}
        self.priority = (bits // PRIORITY % (ARTICLE // PRIORITY)).astype("i1")

    def is_(self, name: str) -> Flags:
        """Tell of each ticket whether it is something of `BITS`."""
        return self._flags[name]

    @cached_property
    def later(self) -> int:
        """How many tickets are dated after the period."""
        return int(
            self._db.execute(
                f"SELECT count(*) FROM tickets WHERE opened_at >= ? AND {FOR_ALL}",
                [stamp(self._period.until)],
            ).fetchone()[0]
        )

    @cached_property
    def calls(self) -> Calls:
        """The escalations."""
        kinds = ("i8", "i8", "i1", "i4", "i8", "i8", "i4", "i1")
        ticket, *rest, bits = columns_of(self._db, ESCALATIONS, self._range, kinds)
        at, known = places_in(self.id, ticket)
        number, tier, group, opened, updated, person = (each[known] for each in rest)
        settled, pending = (bits[known] & bit > 0 for bit in (1, 2))
        return Calls(at[known], number, tier, group, opened, updated, person, settled, pending)

    @cached_property
    def tier(self) -> Numbers:
        """The highest tier that each ticket reached, from 1."""
        found = np.ones(len(self.id), "i1")
        for tier in (2, 3):
            found[self.calls.at[self.calls.tier == tier]] = tier
        return found

    def broken(self, promise: Promise) -> Flags:
        """Tell of each escalation whether a promise was broken."""
        (fired,) = columns_of(
            self._db,
            f"SELECT DISTINCT escalation FROM timers WHERE state = 'fired' AND {BROKEN[promise]} "
            "AND escalation IS NOT NULL ORDER BY escalation",
            [],
            ["i8"],
        )
        return places_in(fired, self.calls.id)[1]

    def moves(self, *whats: str) -> tuple[Numbers, Numbers]:
        """Give places of tickets and the seconds at which one of these things was done on them."""
        found = [self._moves_of(what) for what in whats]
        return np.concatenate([at for at, _ in found]), np.concatenate([s for _, s in found])

    def _moves_of(self, what: str) -> tuple[Numbers, Numbers]:
        if what not in self._moves:
            tickets, seconds = columns_of(
                self._db,
                f"SELECT ticket, unixepoch(at) FROM audit WHERE {MOVES} AND what = ? "
                "AND ticket BETWEEN ? AND ? ORDER BY ticket, at",
                [what, *self._range],
                ("i8", "i8"),
            )
            at, known = places_in(self.id, tickets)
            self._moves[what] = at[known], seconds[known]
        return self._moves[what]

    @cached_property
    def settled_at(self) -> Numbers:
        """When each ticket was settled last; 0 where it never was."""
        at, seconds = self.moves("resolved")
        found = np.zeros(len(self.id), "i8")
        found[at] = seconds
        return found

    @cached_property
    def asked_again(self) -> Flags:
        """Tell of each ticket whether its requester came back with it within seven days.

        With a request that was shown the same article, that was found to be the same, or, after
        an article, that had people called within a day.
        """
        found = self._followed(self.article, self.article > 0, WEEK_S)
        called = self._followed_by_call() & self.is_("shown") & (self.tier == 1)
        found |= called
        found[self._duplicated()] = True
        return found

    def _duplicated(self) -> Numbers:
        """Give the places of tickets of which their own requester opened a duplicate."""
        ticket, original = columns_of(
            self._db,
            "SELECT id, duplicate_of FROM tickets WHERE duplicate_of IS NOT NULL "
            f"AND id BETWEEN ? AND ? AND {FOR_ALL}",
            self._range,
            ("i8", "i8"),
        )
        at, known = places_in(self.id, ticket)
        first, there = places_in(self.id, original)
        both = known & there
        mine = self.requester[at[both]] == self.requester[first[both]]
        found: Numbers = first[both][mine]
        return found

    def _followed(self, what: Numbers, which: Flags, within: int) -> Flags:
        found = np.zeros(len(self.id), bool)
        chosen = np.flatnonzero(which)
        order = chosen[np.lexsort((self.opened[chosen], what[chosen], self.requester[chosen]))]
        first, second = order[:-1], order[1:]
        found[first] = (
            (self.requester[first] == self.requester[second])
            & (what[first] == what[second])
            & (self.opened[second] - self.opened[first] <= within)
        )
        return found

    def _followed_by_call(self) -> Flags:
        """Tell whether the same person's next request that people had came within a day."""
        called = np.flatnonzero(self.tier > 1)
        keys = np.sort((self.requester[called].astype("i8") << SHIFT) + self.opened[called])
        own = (self.requester.astype("i8") << SHIFT) + self.opened
        if not len(keys):
            return np.zeros(len(own), bool)
        following = np.searchsorted(keys, own, side="right")
        there = following < len(keys)
        found: Flags = there & (keys[np.minimum(following, len(keys) - 1)] - own <= DAY_S)
        return found


MOVES = (
    "what IN ('resolved', 'taken', 'replied to the requester', 'sent to the requester', "
    "'asked the requester')"
)
"""What the index `audit_moves` holds; a query has these very words."""

"""The facts of a period as columns: of its tickets, their escalations, and what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bot.desk.promises import Promise
from bot.store.codec import stamp
from bot.store.figures.blocks import ARTICLE, BITS, MOVES, PRIORITY, blocks
from bot.store.figures.columns import columns_of, places_in
from bot.store.figures.joining import Joined
from bot.store.tickets.seeing import FOR_ALL

if TYPE_CHECKING:
    from sqlite_utils import Database

    from bot.desk.figures import Period
    from bot.store.figures.columns import Flags, Numbers

WEEK_S = 7 * 86_400
DAY_S = 86_400

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
        since, until = period.since.replace(microsecond=0), period.until
        if until.microsecond:
            until = until.replace(microsecond=0) + timedelta(seconds=1)
        self._until = until
        self.until_s = int(until.timestamp())
        low, high = database.execute(
            "SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM tickets WHERE opened_at >= ?",
            [stamp(since)],
        ).fetchone()
        found = blocks(database, int(low), int(high)) if low <= high else ()
        self._take(Joined(list(found), int(since.timestamp()), self.until_s))
        self._range = [int(self.id[0]), int(self.id[-1])] if len(self.id) else [1, 0]

    def _take(self, found: Joined) -> None:
        self.people = found.names
        at, what = found.at("moves"), found.column("moves", "what", "i1")
        seconds = found.column("moves", "seconds")
        found.drop("moves")
        self._moves = {
            name: (at[what == place], seconds[what == place]) for place, name in enumerate(MOVES)
        }
        del at, what, seconds
        self.calls = Calls(
            found.at("calls"),
            found.column("calls", "id"),
            found.column("calls", "tier", "i1"),
            found.numbered("calls", "group"),
            found.column("calls", "opened"),
            found.column("calls", "updated"),
            found.numbered("calls", "person"),
            found.flags("calls", "settled"),
            found.flags("calls", "pending"),
        )
        found.drop("calls")
        self.failed = found.at("failures"), found.numbered("failures", "article")
        self.id, self.opened, self.asked, self.requester = (
            found.column("tickets", name) for name in ("id", "opened", "asked", "requester")
        )
        self.first = found.column("tickets", "first", "i1")
        self.article = found.numbered("tickets", "article")
        self._bits = found.column("tickets", "bits", "i2")

    def is_(self, name: str) -> Flags:
        """Tell of each ticket whether it is something of `BITS`."""
        return self._bits >> [*BITS].index(name) & 1 > 0

    @cached_property
    def priority(self) -> Numbers:
        """The priority of each ticket; 0 where nobody set one."""
        found: Numbers = (self._bits // PRIORITY % (ARTICLE // PRIORITY)).astype("i1")
        return found

    @cached_property
    def later(self) -> int:
        """How many tickets are dated after the period."""
        return int(
            self._db.execute(
                f"SELECT count(*) FROM tickets WHERE opened_at >= ? AND {FOR_ALL}",
                [stamp(self._until)],
            ).fetchone()[0]
        )

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
        found = [self._moves[what] for what in whats]
        return np.concatenate([at for at, _ in found]), np.concatenate([s for _, s in found])

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
            f"AND +id BETWEEN ? AND ? AND {FOR_ALL}",
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
        who = np.unique(self.requester, return_inverse=True)[1].astype("i8") << SHIFT
        keys = np.sort(who[called] + self.opened[called])
        own = who + self.opened
        if not len(keys):
            return np.zeros(len(own), bool)
        following = np.searchsorted(keys, own, side="right")
        there = following < len(keys)
        found: Flags = there & (keys[np.minimum(following, len(keys) - 1)] - own <= DAY_S)
        return found

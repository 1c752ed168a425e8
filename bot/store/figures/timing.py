"""How long things took, and which promises were kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.desk.figures import EXAMPLES, FEW, UNSET, Spread, Timed
from bot.desk.ids import TicketId
from bot.desk.learning import Share
from bot.desk.promises import Promise
from bot.desk.tiers import Tier
from bot.store.figures.facts import SHIFT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.figures import Timing as Key
    from bot.store.figures.columns import Flags, Numbers
    from bot.store.figures.facts import Facts

TIERS = {1: Tier.L1, 2: Tier.L2, 3: Tier.L3}
TO_THE_REQUESTER = (
    "replied to the requester", "sent to the requester", "asked the requester", "resolved",
)  # fmt: skip
"""What an engineer does that the requester hears of as an answer."""


class Timing:
    """Times and promises of a period's facts."""

    def __init__(self, facts: Facts) -> None:
        """Begin; nothing is read yet."""
        self._facts = facts
        self.backwards = 0

    def all(self) -> dict[Promise, Mapping[Key, Timed]]:
        """Give all times, by tier and priority."""
        return {
            Promise.ACKNOWLEDGE: self._taken(),
            Promise.FIRST_RESPONSE: self._answered(),
            Promise.RESOLVE: self._resolved(),
        }

    def _taken(self) -> Mapping[Key, Timed]:
        calls = self._facts.calls
        at, seconds = self._facts.moves("taken")
        taken = self._first_after(at, seconds)
        return self._by_call(taken, ~calls.pending, Promise.ACKNOWLEDGE)

    def _answered(self) -> Mapping[Key, Timed]:
        """Frontline's own answers count from the message; people's from their being called."""
        facts = self._facts
        own = np.flatnonzero(facts.tier == 1)
        took = facts.opened[own] - facts.asked[own]
        # A message of an unknown time, as from a shortcut, tells nothing of how long it took.
        known = facts.asked[own] > 0
        found = dict(self._grouped(own[known], took[known], facts.tier[own[known]]))
        answered = self._first_after(*facts.moves(*TO_THE_REQUESTER))
        by_people = self._by_call(answered, answered >= 0, Promise.FIRST_RESPONSE)
        return {**found, **by_people}

    def _resolved(self) -> Mapping[Key, Timed]:
        facts, calls = self._facts, self._facts.calls
        own = np.flatnonzero(facts.is_("by_article") & (facts.tier == 1) & (facts.settled_at > 0))
        took = facts.settled_at[own] - facts.opened[own]
        found = dict(self._grouped(own, took, facts.tier[own]))
        people = np.where(calls.settled, calls.updated, -1)
        return {**found, **self._by_call(people, calls.settled, Promise.RESOLVE)}

    def _first_after(self, at: Numbers, seconds: Numbers) -> Numbers:
        """Give for each escalation when it happened first after its beginning; -1 for never.

        What happened after the ticket went on to the next escalation is that one's.
        """
        calls = self._facts.calls
        keys = np.sort((at.astype("i8") << SHIFT) + seconds)
        begun = (calls.at.astype("i8") << SHIFT) + calls.opened
        following = np.searchsorted(keys, begun)
        nearest = np.append(keys, np.iinfo("i8").max)[following]
        ends = np.append(begun[1:], np.iinfo("i8").max)
        there = (nearest >> SHIFT == calls.at) & (nearest <= ends)
        return np.where(there, nearest & ((1 << SHIFT) - 1), -1)

    def _by_call(self, done: Numbers, ended: Flags, promise: Promise) -> Mapping[Key, Timed]:
        calls = self._facts.calls
        broken = self._facts.broken(promise)
        known = done >= 0
        judged = ended | broken
        times = self._grouped(calls.at[known], (done - calls.opened)[known], calls.tier[known])
        kept = self._kept(calls.at[judged], calls.tier[judged], ~broken[judged])
        nothing = Timed()
        return {
            key: Timed(
                times.get(key, nothing).spread,
                kept.get(key, Share(0, 0)),
                times.get(key, nothing).tickets,
            )
            for key in sorted(times.keys() | kept.keys())
        }

    def _grouped(self, at: Numbers, took: Numbers, tier: Numbers) -> dict[Key, Timed]:
        forward = took >= 0
        self.backwards += int(np.count_nonzero(~forward))
        at, took, tier = at[forward], took[forward], tier[forward]
        keys = tier.astype("i4") * 10 + self._facts.priority[at]
        order = np.lexsort((took, keys))
        there, starts = np.unique(keys[order], return_index=True)
        ends = [*starts.tolist(), len(order)][1:]
        found = {}
        for key, start, end in zip(there.tolist(), starts.tolist(), ends, strict=True):
            mine = order[start:end]
            slowest = self._facts.id[at[mine[-EXAMPLES:]]][::-1]
            tickets = tuple(dict.fromkeys(TicketId(int(each)) for each in slowest))
            found[_key(key)] = Timed(_spread(took[mine]), tickets=tickets)
        return found

    def _kept(self, at: Numbers, tier: Numbers, kept: Flags) -> dict[Key, Share]:
        keys = tier.astype("i4") * 10 + self._facts.priority[at]
        of = np.bincount(keys, minlength=1)
        hits = np.bincount(keys, weights=kept, minlength=1)
        return {_key(int(key)): Share(int(hits[key]), int(of[key])) for key in np.flatnonzero(of)}


def _key(key: int) -> Key:
    tier, priority = divmod(key, 10)
    return TIERS[tier], f"P{priority}" if priority else UNSET


def _spread(took: Numbers) -> Spread:
    """Give median and ninth tenth of sorted times; of few nothing but how many."""
    if len(took) < FEW:
        return Spread(len(took))
    half, most = (
        timedelta(seconds=int(took[min(int(len(took) * share), len(took) - 1)]))
        for share in (0.5, 0.9)
    )
    return Spread(len(took), half, most)

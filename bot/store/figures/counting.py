"""How many of what: volumes, endings, words, loads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bot.desk.figures import (
    ArticleCount,
    Bin,
    Count,
    Deflected,
    First,
    Load,
    Part,
    Settler,
)
from bot.desk.ids import TicketId, UserId
from bot.desk.learning import Precision, Share
from bot.store.articles.looking import areas_of
from bot.store.figures.columns import columns_of, counts_by, latest, places_in
from bot.store.figures.facts import WEEK_S
from bot.store.figures.timing import TIERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from sqlite_utils import Database

    from bot.desk.promises import Window
    from bot.desk.tiers import Tier
    from bot.store.figures.columns import Flags, Numbers
    from bot.store.figures.facts import Facts

EPOCH = date(1970, 1, 1)
SLOT_S = 900
"""No clock on Earth is off by anything but quarters of an hour, nor changed within one."""
DAY_S, HOUR_S = 86_400, 3_600
EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
MILLION = 1_000_000
CERTAINTY = f"""
SELECT chances.ticket, CAST(chances.chance * {MILLION} AS INTEGER),
    coalesce(looked_over.is_right,
        NOT EXISTS (SELECT 1 FROM json_each(articles_failed) WHERE value = chances.article))
FROM chances JOIN tickets ON tickets.id = chances.ticket
LEFT JOIN looked_over ON looked_over.ticket = chances.ticket
    AND looked_over.article = chances.article
WHERE chances.ticket BETWEEN ? AND ? AND (
    looked_over.is_right IS NOT NULL OR resolution = 'by article'
    OR EXISTS (SELECT 1 FROM json_each(articles_failed) WHERE value = chances.article))
ORDER BY chances.ticket
"""
"""Answers of which the gate's chance is known, and whether they were right."""


class Counting:
    """Counts a period's facts."""

    def __init__(self, database: Database, facts: Facts) -> None:
        """Begin; nothing is counted yet."""
        self._db = database
        self._facts = facts

    def volumes(
        self, zone: ZoneInfo
    ) -> tuple[dict[tuple[date, Tier], Count], dict[tuple[int, Tier], Count]]:
        """Count by day and by hour, on the clock of a zone."""
        facts = self._facts
        local = facts.opened + _offsets(facts.opened, zone)
        tier = facts.tier.astype("i8")
        days = counts_by(local // DAY_S * 10 + tier, facts.id)
        hours = counts_by(local % DAY_S // HOUR_S * 10 + tier, facts.id)
        return (
            {(EPOCH + timedelta(days=key // 10), TIERS[key % 10]): n for key, n in days.items()},
            {(key // 10, TIERS[key % 10]): n for key, n in hours.items()},
        )

    def by_area(self) -> dict[tuple[str, Tier], Count]:
        """Count by the group that had it last; by the area of the article where none had."""
        facts, calls = self._facts, self._facts.calls
        areas = areas_of(self._db)
        names = facts.people.names
        by_number = np.array([facts.people[areas.get(name, "")] for name in list(names)])
        area = by_number[facts.article].astype("i8")
        area[calls.at] = calls.group
        counted = counts_by(area * 10 + facts.tier, facts.id)
        return {(names[key // 10], TIERS[key % 10]): count for key, count in counted.items()}

    def first(self) -> dict[First, Part]:
        """Count what was done first, as far as the trail says it."""
        facts = self._facts
        known = facts.first > 0
        counted = counts_by(facts.first[known].astype("i8"), facts.id[known])
        of = int(np.count_nonzero(known))
        return {
            each: Part(Share(found.number, of), found.tickets)
            for place, each in enumerate(First, start=1)
            if (found := counted.get(place, Count())) or of
        }

    def deflected(self) -> dict[Deflected, Part]:
        """Tell what came of what was answered by an article."""
        facts = self._facts
        shown, again = facts.is_("shown"), facts.asked_again
        alone = shown & (facts.tier == 1)
        back = again | (facts.is_("reopened") & alone)
        return {
            Deflected.CONFIRMED: self._part(alone & facts.is_("by_article") & ~back, shown),
            Deflected.SILENT: self._part(alone & facts.is_("silent") & ~back, shown),
            Deflected.ASKED_AGAIN: self._part(alone & back, shown),
            Deflected.CALLED: self._part(shown & (facts.tier > 1), shown),
        }

    def reopened(self) -> dict[Settler, Part]:
        """Tell how often what was settled was taken up again, by who had it."""
        facts = self._facts
        again = facts.is_("reopened")
        ever = facts.is_("settled") | again
        settled = ever & ~facts.is_("silent")
        return {
            Settler.ARTICLE: self._part(again, settled & facts.is_("shown") & (facts.tier == 1)),
            Settler.L2: self._part(again, settled & (facts.tier == 2)),  # noqa: PLR2004 - the tier
            Settler.L3: self._part(again, settled & (facts.tier == 3)),  # noqa: PLR2004 - the tier
        }

    def lasting(self) -> dict[Settler, Part]:
        """Tell how much stayed settled for seven days; what is younger is not judged yet."""
        facts = self._facts
        old = (facts.settled_at > 0) & (facts.settled_at <= facts.until_s - WEEK_S)
        lasts = ~(facts.is_("reopened") | facts.asked_again)
        who = {"by_article": Settler.ARTICLE, "by_l2": Settler.L2, "by_l3": Settler.L3}
        return {
            settler: Part(self._part(lasts, of).share, latest(facts.id, of & ~lasts))
            for name, settler in who.items()
            for of in [old & facts.is_(name)]
        }

    def wrong_calls(self) -> dict[Tier, Part]:
        """Tell how often an engineer said that another tier was right, by the tier that had it."""
        facts = self._facts
        (ticket,) = columns_of(
            self._db,
            "SELECT DISTINCT ticket FROM labels WHERE ticket BETWEEN ? AND ? ORDER BY ticket",
            self._range,
            ["i8"],
        )
        wrong = places_in(ticket, facts.id)[1]
        return {tier: self._part(wrong, facts.tier == number) for number, tier in TIERS.items()}

    def stars(self) -> tuple[dict[int, Count], Share]:
        """Count the stars, and how many gave some of those who were asked."""
        facts = self._facts
        ticket, stars = columns_of(
            self._db, "SELECT ticket, stars FROM ratings ORDER BY ticket", [], ("i8", "i8")
        )
        at, known = places_in(facts.id, ticket)
        rated = np.zeros(len(facts.id), bool)
        rated[at[known]] = True
        asked = int(np.count_nonzero(facts.is_("confirmed") | rated))
        counted = counts_by(stars[known], facts.id[at[known]])
        return counted, Share(int(np.count_nonzero(rated)), asked)

    def load(self, hours: Mapping[str, Sequence[Window]]) -> dict[tuple[str, UserId], Load]:
        """Count what each person took, and what of it came outside the hours of the group."""
        facts, calls = self._facts, self._facts.calls
        names = facts.people.names
        outside = np.zeros(len(calls.id), bool)
        for group, windows in hours.items():
            mine = calls.group == facts.people[group]
            outside[mine] = _outside(calls.opened[mine], windows)
        had = calls.person > 0
        keys = calls.group[had].astype("i8") * len(names) + calls.person[had]
        tickets = facts.id[calls.at[had]]
        all_of, night = (
            counts_by(keys, tickets),
            counts_by(keys[outside[had]], tickets[outside[had]]),
        )
        return {
            (names[key // len(names)], UserId(names[key % len(names)])): Load(
                count.number, night.get(key, Count()).number, count.tickets
            )
            for key, count in all_of.items()
        }

    def articles(self) -> dict[str, ArticleCount]:
        """Tell what came of each article."""
        facts = self._facts
        shown = counts_by(facts.article.astype("i8"), facts.id)
        by_article = facts.is_("by_article")
        settled = counts_by(facts.article[by_article].astype("i8"), facts.id[by_article])
        at, article = facts.failed
        failed = counts_by(article.astype("i8"), facts.id[at])
        names = facts.people.names
        none = Count()
        return {
            names[key]: ArticleCount(
                max(shown.get(key, none).number, failed.get(key, none).number),
                settled.get(key, none).number,
                failed.get(key, none).number,
                failed.get(key, none).tickets,
            )
            for key in sorted(shown.keys() | failed.keys())
            if key
        }

    def certainty(self) -> tuple[Bin, ...]:
        """Put answers together of which the gate was about equally sure, and tell how right.

        What an engineer found who looked it over counts more than what the requester said.
        """
        facts = self._facts
        ticket, chance, right = columns_of(self._db, CERTAINTY, self._range, ("i8", "i8", "i1"))
        known = places_in(facts.id, ticket)[1]
        ticket, sure, is_right = ticket[known], chance[known] / MILLION, right[known] > 0
        place = np.clip(np.searchsorted(EDGES, sure, side="right") - 1, 0, len(EDGES) - 2)
        found = []
        for number, (low, high) in enumerate(pairwise(EDGES)):
            mine = place == number
            if mine.any():
                share = Share(int(np.count_nonzero(is_right[mine])), int(np.count_nonzero(mine)))
                wrong = latest(ticket, mine & ~is_right)
                found.append(Bin(low, high, float(sure[mine].mean()), share, wrong))
        return tuple(found)

    def precision(self, looked_over: Share) -> Precision:
        """Set what requesters say of answers beside what engineers found."""
        facts = self._facts
        standing = facts.is_("shown") & facts.is_("standing")
        confirmed = int(np.count_nonzero(standing & facts.is_("by_article")))
        at, _ = facts.failed
        failed = int(np.count_nonzero(facts.is_("shown")[at]))
        said = Share(confirmed, confirmed + failed)
        return Precision(looked_over, said, int(np.count_nonzero(standing & facts.is_("silent"))))

    def not_right(self) -> tuple[tuple[TicketId, ...], tuple[TicketId, ...]]:
        """Give some tickets whose answer an engineer found not right, and where one failed."""
        facts = self._facts
        (ticket,) = columns_of(
            self._db,
            "SELECT DISTINCT ticket FROM looked_over WHERE is_right = 0 "
            "AND ticket BETWEEN ? AND ? ORDER BY ticket",
            self._range,
            ["i8"],
        )
        failed = np.zeros(len(facts.id), bool)
        failed[facts.failed[0]] = True
        return (
            latest(facts.id, places_in(ticket, facts.id)[1]),
            latest(facts.id, failed & facts.is_("shown")),
        )

    @property
    def _range(self) -> list[int]:
        ids = self._facts.id
        return [int(ids[0]), int(ids[-1])] if len(ids) else [1, 0]

    def _part(self, which: Flags, of: Flags) -> Part:
        hits = which & of
        share = Share(int(np.count_nonzero(hits)), int(np.count_nonzero(of)))
        return Part(share, latest(self._facts.id, hits))


def _offsets(seconds: Numbers, zone: ZoneInfo) -> Numbers:
    """Tell how far a zone's clock is ahead of UTC at these instants, in seconds."""
    slots, which = np.unique(seconds // SLOT_S, return_inverse=True)
    found = [
        int((datetime.fromtimestamp(slot * SLOT_S, UTC).astimezone(zone).utcoffset() or timedelta())
            .total_seconds())
        for slot in slots.tolist()
    ]  # fmt: skip
    return np.array(found, "i8")[which] if found else np.empty(0, "i8")


def _outside(seconds: Numbers, windows: Sequence[Window]) -> Flags:
    if not windows:
        return np.ones(len(seconds), bool)
    starts = np.array([each.start.timestamp() for each in windows])
    ends = np.array([each.end.timestamp() for each in windows])
    before = np.searchsorted(starts, seconds, side="right") - 1
    return (before < 0) | (seconds >= ends[np.maximum(before, 0)])

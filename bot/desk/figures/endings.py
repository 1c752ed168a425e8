"""What came of what was asked: first step, deflection, what lasted, and what people said."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from bot.desk.figures.counts import Count, Deflected, First, Part, Settler
from bot.desk.figures.values import FEW, Chart, Column, Mean, Panel, Row
from bot.desk.learning import STARS, Share
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.figures.counts import Counted

SHARE = (Column("share", "Share, and where the true one lies"),)
Z = 1.96
GOOD = 4
"""From so many stars on somebody was content."""

FIRST = {
    First.ANSWER: "answered from an article",
    First.CLARIFY: "asked back",
    First.ESCALATE: "called people",
    First.COURTESY: "a courtesy",
}
DEFLECTED = {
    Deflected.CONFIRMED: "confirmed: the requester said that it solved it",
    Deflected.SILENT: "silent: nobody said a word",
    Deflected.ASKED_AGAIN: "asked again: the requester came back with it",
    Deflected.CALLED: "people were called after all",
}


def first_steps(counted: Counted) -> Panel:
    """Tell what was done first."""
    return _shares(
        "first",
        "What was done first",
        "What Frontline did first with each request, of all of which the trail says it.",
        {FIRST[each]: counted.first.get(each, Part()) for each in First},
    )


def deflection(counted: Counted) -> Panel:
    """Tell what came of articles that were shown; the parts are never added up."""
    return _shares(
        "deflection",
        "Deflection",
        "Of requests that were shown an article: what came of them. Silence is no success, and "
        "these are never added up; asked again is within seven days.",
        {DEFLECTED[each]: counted.deflected.get(each, Part()) for each in Deflected},
    )


def lasting(counted: Counted) -> Panel:
    """Tell how much stayed settled."""
    panel = _shares(
        "durable",
        "What stayed settled",
        "Of requests settled seven days ago or longer: neither reopened nor asked again within "
        "seven days. The examples are those that came back.",
        {f"settled by {each.value}": counted.lasting.get(each, Part()) for each in Settler},
    )
    if counted.tickets and not panel.rows:
        return _noted(panel, "Nothing was settled seven days ago or longer in this period.")
    return panel


def reopened(counted: Counted) -> Panel:
    """Tell how often what was settled was taken up again."""
    return _shares(
        "reopened",
        "Reopened",
        "Of requests that were settled by somebody: those that were taken up again at least once.",
        {f"with {each.value}": counted.reopened.get(each, Part()) for each in Settler},
    )


def wrong_calls(counted: Counted) -> Panel:
    """Tell how often engineers corrected whom was called."""
    return _shares(
        "wrong_calls",
        "Wrong calls",
        "Of requests at each tier: those of which an engineer said that triage should have said "
        "something else.",
        {f"at {tier.value}": counted.wrong_calls.get(tier, Part()) for tier in Tier},
    )


def ratings(counted: Counted) -> Panel:
    """Tell the stars, how many gave some, and how far their mean can be trusted."""
    counts = {stars: counted.stars.get(stars, Count()) for stars in STARS}
    total = sum(count.number for count in counts.values())
    rows = [
        Row("★" * stars, (count.number,), count.tickets)
        for stars, count in counts.items()
        if total
    ]  # fmt: skip
    good = sum(count.number for stars, count in counts.items() if stars >= GOOD)
    if total:
        rows += [
            Row("four or five stars", (Share(good, total),)),
            Row("mean", (_mean(counts, total),)),
            Row("gave stars, of those who were asked", (counted.asked_for_stars,)),
        ]
    asked = counted.asked_for_stars.of
    none = f"Nobody gave stars; {asked} were asked for some." if asked else "Nobody was asked yet."
    return Panel(
        "ratings",
        "Stars",
        "Stars that requesters gave after they said that it is fixed; who gives none is in no "
        "mean.",
        (Column("value", "So many"),),
        tuple(rows),
        Chart.BARS,
        "" if total else none,
    )


def _mean(counts: Mapping[int, Count], total: int) -> Mean | str:
    if total < FEW:
        return f"too few for a mean, n = {total}"
    mean = sum(stars * count.number for stars, count in counts.items()) / total
    squares = sum((stars - mean) ** 2 * count.number for stars, count in counts.items())
    half = Z * sqrt(squares / (total - 1) / total)
    return Mean(total, mean, max(mean - half, STARS[0]), min(mean + half, STARS[-1]))


def _shares(key: str, title: str, definition: str, parts: Mapping[str, Part]) -> Panel:
    rows = tuple(
        Row(label, (part.share,), part.tickets) for label, part in parts.items() if part.share.of
    )
    return Panel(key, title, definition, SHARE, rows, Chart.SHARES)


def _noted(panel: Panel, note: str) -> Panel:
    return Panel(
        panel.key, panel.title, panel.definition, panel.columns, panel.rows, panel.chart, note
    )

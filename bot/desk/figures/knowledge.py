"""How the articles fare, what is missing, and whether the gate is as sure as it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.figures.saying import percent
from bot.desk.figures.values import KEPT, Chart, Column, Panel, Row
from bot.desk.learning import Share, name_of, ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.desk.figures.counts import Counted
    from bot.desk.learning import Gap

ARTICLES = 12
GAPS = 5
DRIFTS = (
    "Engineers and requesters differ beyond chance on how often automatic answers are right. "
    "Look at the answers that were found not right (`frontline outcomes export`), and fit the "
    "gate anew (`frontline classifier gate`)."
)


def articles(counted: Counted, kept: Collection[str]) -> Panel:
    """Tell how the articles fare: those that fail most first, then those that are shown most."""
    ordered = sorted(
        counted.articles.items(),
        key=lambda each: (-each[1].failed, -each[1].shown, each[0]),
    )
    rows = [
        Row(
            KEPT if name in kept else name,
            (each.shown, Share(each.failed, each.failed + each.settled)),
            each.tickets,
        )
        for name, each in ordered[:ARTICLES]
    ]
    more = len(ordered) - len(rows)
    return Panel(
        "articles",
        "How the articles fare",
        "How often each article was the last one shown, and how often it failed of those who said "
        "a word on it.",
        (Column("shown", "Shown"), Column("failed", "Failed, of those who said a word")),
        tuple(rows),
        Chart.BARS,
        f"And {more} more that were shown." if more else "",
    )


def gaps(found: Sequence[Gap], scrubbed: Callable[[str], str]) -> Panel:
    """Tell what to write next: the gaps that cost most."""
    dearest = ranked(found)
    rows = tuple(
        Row(
            name_of(scrubbed(gap.question)),
            (len(gap.missed), gap.people, round(gap.hours, 1)),
            tuple(each.ticket for each in gap.missed[-5:][::-1]),
        )
        for gap in dearest[:GAPS]
    )
    more = len(dearest) - len(rows)
    return Panel(
        "gaps",
        "What to write next",
        "Questions that no article answers, or whose article fails, taken together; the dearest "
        "first, as they stand now.",
        (
            Column("asked", "Asked"),
            Column("people", "People"),
            Column("hours", "Hours that people had it"),
        ),
        rows,
        Chart.BARS,
        f"And {more} more: `frontline kb gaps`." if more else "",
    )


def certainty(counted: Counted) -> Panel:
    """Set how sure the gate was beside how often it was right."""
    rows = tuple(
        Row(
            f"{percent(each.low)} to {percent(each.high)}",
            (each.mean, each.right),
            each.tickets,
        )
        for each in counted.certainty
    )
    return Panel(
        "certainty",
        "How sure, and how right",
        "Automatic answers by the chance that the gate gave them, and how many were right: as an "
        "engineer who looked it over found, else as the requester said. Examples were not right.",
        (Column("mean", "Mean chance"), Column("right", "Right")),
        rows,
        Chart.CERTAINTY,
        warning=_beside(counted),
    )


def _beside(counted: Counted) -> str:
    """Name where the gate is surer than it is right, beyond chance."""
    known = [each for each in counted.certainty if each.right.of]
    over = [each for each in known if each.right.interval[1] < each.mean]
    if not over:
        return ""
    where = ", ".join(f"{percent(each.low)} to {percent(each.high)}" for each in over)
    return f"The gate is surer than it is right at {where}; fit it anew."


def precision(counted: Counted) -> Panel:
    """Set what engineers find beside what requesters say."""
    found = counted.precision
    rows = [
        Row(
            "right, as engineers find who look over a sample",
            (found.looked_over,),
            counted.found_wrong,
        ),
        Row("right, as requesters say who say a word", (found.confirmed,), counted.said_wrong),
    ]
    known = found.looked_over.of or found.confirmed.of or found.silent
    return Panel(
        "precision",
        "Are automatic answers right?",
        "Of a sample that engineers look over, and of what requesters said; where the two differ "
        "beyond chance, one of them is not to be trusted. Examples were not right.",
        (Column("share", "Share, and where the true one lies"),),
        tuple(rows) if known else (),
        Chart.SHARES,
        f"On {found.silent} answers nobody said a word; they count for neither." if known else "",
        DRIFTS if found.drifts else "",
    )

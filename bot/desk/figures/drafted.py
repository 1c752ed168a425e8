"""What became of drafts of articles, and what those that were published changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.figures.values import EXAMPLES, KEPT, Chart, Column, Panel, Row
from bot.desk.ids import TicketId
from bot.desk.learning import DraftState, Share

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.desk.figures.values import Value
    from bot.desk.learning import Changed, Draft, Effect

MOST = 8
BECAME = {
    "published, or made part of an article": (DraftState.PUBLISHED, DraftState.MERGED),
    "not worth it": (DraftState.DISMISSED,),
    "wait for a decision": (DraftState.OPEN,),
}


@dataclass(frozen=True)
class Drafted:
    """The drafts of a period: those made in it, and the effect of those published in it."""

    made: Sequence[Draft] = ()
    published: Sequence[Changed] = ()


def drafts(found: Drafted) -> Panel:
    """Tell how many drafts were made, and what became of them."""
    made = found.made
    rows = []
    for label, states in BECAME.items():
        these = [each for each in made if each.state in states]
        tickets = [each.ticket for each in these]
        rows.append(Row(label, (Share(len(these), len(made)),), _latest(tickets)))
    return Panel(
        "drafts",
        "What became of drafts",
        "Drafts of articles that were made in this period, by what somebody decided on them up to "
        "now.",
        (Column("share", "Share of the drafts made"),),
        tuple(rows) if made else (),
        Chart.SHARES,
    )


def effect(found: Drafted, kept: Collection[str]) -> Panel:
    """Set how often people had to settle what a published draft is about beside what it does."""
    ordered = sorted(found.published, key=lambda each: (-each.effect.before, each.article))
    rows = [
        Row(
            KEPT if each.article in kept else each.article,
            _values(each.effect.before, each.effect.missed, [each.effect]),
            _latest(each.sources),
        )
        for each in ordered[:MOST]
    ]
    if len(ordered) > 1:
        # A ticket that went into two articles is one.
        sources = frozenset[TicketId]().union(*(each.sources for each in ordered))
        before = frozenset[TicketId]().union(*(each.before for each in ordered))
        missed = frozenset[TicketId]().union(*(each.missed for each in ordered))
        values = _values(len(before), len(missed), [each.effect for each in ordered])
        rows.append(Row("all together", values, _latest(sorted(sources))))
    more = len(ordered) - MOST
    return Panel(
        "effect",
        "What published drafts changed",
        "Articles that came of drafts in this period: how often people had to settle their "
        "questions in the 90 days before and since; how often they were shown, and settled it.",
        (
            Column("before", "Settled by people before"),
            Column("since", "Since"),
            Column("shown", "Shown since"),
            Column("settled", "Settled it, of those who said a word"),
        ),
        tuple(rows),
        Chart.BARS,
        f"And {more} more, counted in all together." if more > 0 else "",
    )


def _values(before: int, missed: int, effects: Sequence[Effect]) -> tuple[Value, ...]:
    answered = sum(each.answered for each in effects)
    return (
        before,
        missed,
        sum(each.shown for each in effects),
        Share(answered, answered + sum(each.failed for each in effects)),
    )


def _latest(tickets: Sequence[TicketId]) -> tuple[TicketId, ...]:
    return tuple(tickets[: -EXAMPLES - 1 : -1])

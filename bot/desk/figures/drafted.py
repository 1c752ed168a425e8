"""What became of drafts of articles, and what those that were published changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.figures.values import EXAMPLES, KEPT, Chart, Column, Panel, Row
from bot.desk.learning import DraftState, Share

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.desk.figures.values import Value
    from bot.desk.ids import TicketId
    from bot.desk.learning import Draft, Effect

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
    published: Sequence[tuple[Draft, Effect]] = ()


def drafts(found: Drafted) -> Panel:
    """Tell how many drafts were made, and what became of them."""
    made = found.made
    rows = []
    for label, states in BECAME.items():
        these = [each for each in made if each.state in states]
        tickets = tuple(each.ticket for each in these[: -EXAMPLES - 1 : -1])
        rows.append(Row(label, (Share(len(these), len(made)),), tickets))
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
    ordered = sorted(found.published, key=lambda each: (-each[1].before, each[0].id))
    rows = [
        Row(
            KEPT if draft.article in kept else draft.article,
            _values([effect]),
            _latest(draft.sources),
        )
        for draft, effect in ordered[:MOST]
    ]
    if len(ordered) > 1:
        sources = sorted({each for draft, _ in ordered for each in draft.sources})
        rows.append(Row("all together", _values([each for _, each in ordered]), _latest(sources)))
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


def _values(effects: Sequence[Effect]) -> tuple[Value, ...]:
    answered = sum(each.answered for each in effects)
    return (
        sum(each.before for each in effects),
        sum(each.missed for each in effects),
        sum(each.shown for each in effects),
        Share(answered, answered + sum(each.failed for each in effects)),
    )


def _latest(tickets: Sequence[TicketId]) -> tuple[TicketId, ...]:
    return tuple(tickets[: -EXAMPLES - 1 : -1])

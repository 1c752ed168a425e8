"""Tickets taken together by what they are about: one mechanism for gaps, causes and wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.service.learning.drafting import is_quotable
from kb.questions.clustering import APART, Settled, grouped_apart
from kb.questions.wishing import Told, examples, wished_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from bot.desk.ids import TicketId
    from bot.desk.ports.time import Clock
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.service.context import Desk
    from kb.questions.clustering import Vectors

    Grouped = Callable[
        [Sequence[str], Vectors, Sequence[str], Vectors, float, Settled | None],
        tuple[list[list[int]], list[int]],
    ]
    Wished = Callable[[Told, Told, Sequence[bool], Told], list[bool]]

WINDOW = timedelta(days=90)
MOST = 3_000
"""So many are compared, each with each: about 200 MB and some seconds."""
BACKGROUND = 500
OTHERS = 300
"""So many questions of the base say what is asked anyway, and is no wish."""


def all_of(tickets: Sequence[Ticket]) -> frozenset[TicketId]:
    """Give every ticket: where nobody can ask Slack which channels are private."""
    return frozenset(each.id for each in tickets)


@dataclass(frozen=True)
class Sight:
    """What is needed to take tickets together: the record, the time, and what the base knows."""

    unit_of_work: Callable[[], UnitOfWork]
    look: Callable[[], AbstractContextManager[UnitOfWork]]
    clock: Clock
    embedded: Callable[[Sequence[str]], Vectors]
    asked: Callable[[int], Sequence[str]]
    nearest: Callable[[str], str | None]
    grouped: Grouped = grouped_apart
    quotable: Callable[[Sequence[Ticket]], frozenset[TicketId]] = all_of
    wished: Wished = wished_apart

    def together(
        self, texts: Sequence[str], apart: float = APART, settled: Sequence[str] = ()
    ) -> tuple[list[list[int]], list[int]]:
        """Take texts together by what they are about; gives clusters, and what names each.

        `settled` says of each what settled it, "" where nothing is known.
        """
        if not texts:
            return [], []
        background = self.asked(BACKGROUND)
        known = self.embedded(background)
        told = {place: words for place, words in enumerate(settled) if words}
        words = list(told.values())
        ended = Settled(list(told), words, self.embedded(words)) if words else None
        return self.grouped(texts, self.embedded(texts), background, known, apart, ended)

    def wishes_in(self, texts: Sequence[str]) -> list[bool]:
        """Say of each text whether somebody wishes for something in it."""
        if not texts:
            return []
        known = examples()
        asked, learned, others = (
            Told(some, self.embedded(some))
            for some in (list(texts), [each.text for each in known], list(self.asked(OTHERS)))
        )
        return self.wished(asked, learned, [each.wish for each in known], others)


def sight_of(desk: Desk, grouped: Grouped = grouped_apart) -> Sight:
    """Give what a desk has of it."""

    def nearest(text: str) -> str | None:
        found = desk.triager.nearest(text, readers=frozenset())
        return found[0].id if found else None

    return Sight(
        desk.unit_of_work,
        desk.look,
        desk.clock,
        desk.triager.embedded,
        desk.triager.knowledge.asked,
        nearest,
        grouped,
        lambda tickets: frozenset(each.id for each in tickets if is_quotable(desk, each)),
    )

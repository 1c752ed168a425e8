"""Articles that fail too often: who owns them should look at them, and where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId
from bot.desk.learning.auditing import Share

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST = 3
"""Fewer failures than these may be chance."""
TOO_OFTEN = 0.2
"""From this share of failures on, surely reached, an article needs an update."""
EVIDENCE = 5


@dataclass(frozen=True)
class Word:
    """What one requester said of one article: it settled it, or it failed, perhaps at a step."""

    article: str
    ticket: TicketId
    solved: bool
    step: int | None = None


@dataclass(frozen=True)
class Ailing:
    """An article that needs an update, and the evidence."""

    article: str
    failed: int
    told: int
    """How many said a word on it at all."""
    step: int | None
    """The step at which it failed most often; None where nobody said."""
    tickets: tuple[TicketId, ...]
    """Where it failed, the latest first, a few of them."""


def ailing_of(words: Iterable[Word]) -> tuple[Ailing, ...]:
    """Give the articles that surely fail too often, the worst first."""
    by_article: dict[str, list[Word]] = {}
    for word in words:
        by_article.setdefault(word.article, []).append(word)
    found = []
    for article, said in by_article.items():
        failed = [word for word in said if not word.solved]
        share = Share(len(failed), len(said))
        if len(failed) < LEAST or share.interval[0] <= TOO_OFTEN:
            continue
        steps = Counter(word.step for word in failed if word.step is not None)
        tickets = sorted({word.ticket for word in failed}, reverse=True)[:EVIDENCE]
        step = steps.most_common(1)[0][0] if steps else None
        found.append(Ailing(article, len(failed), len(said), step, tuple(tickets)))
    return tuple(sorted(found, key=lambda each: (-each.failed, each.article)))

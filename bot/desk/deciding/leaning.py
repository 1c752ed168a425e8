"""How far the gate leans to the articles of a desk: what it gave them, beside what came of it.

The gate was fitted elsewhere. Where its own desk's people are called for what an article answers,
and say so, the weight of an article is raised by one number; where articles fail, it is lowered.
It is the one that makes what came likeliest, with no leaning as what is believed before (normal,
spread 1). It never goes so far that of what people settled, as people's, more than the budget
would not have been called for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.desk.deciding.triage import Triage
    from bot.desk.ids import UserId

MOST, STEP, SPREAD = 1.5, 0.05, 1.0
LEAST, LEAST_PEOPLE = 30, 5
OF_ONE = 5
"""So many tickets of one person count, the latest: a flood is one voice among others."""
LEAST_CHANCE = 1e-6


@dataclass(frozen=True)
class Odds:
    """What the gate gave a message, without any leaning: the chances of what it may be."""

    article: str
    """The likeliest article; "" for none."""
    best: float
    articles: float
    """Of all that count, the likeliest too."""
    no_article: float
    person: float
    gate: str
    """Which gate it was."""

    def leant(self, by: float) -> Odds:
        """Give what it would be, leaning so far."""
        more = exp(by)
        whole = 1.0 + self.articles * (more - 1.0)
        return replace(
            self,
            best=self.best * more / whole,
            articles=self.articles * more / whole,
            no_article=self.no_article / whole,
            person=self.person / whole,
        )


class Came(StrEnum):
    """What became of a message."""

    ANSWERED = "the likeliest article answered it"
    FAILED = "the likeliest article failed"
    FRONT = "it was for an article"
    PERSON = "it was for a person"


@dataclass(frozen=True)
class Seen:
    """What the gate gave one ticket, and what came of it."""

    odds: Odds
    came: Came
    asker: UserId


def odds_of(triage: Triage) -> Odds | None:
    """Give what the gate gave, as it would have without leaning; None where it was not asked."""
    chances, evidence, policy = triage.chances, triage.evidence, triage.policy
    if chances is None or evidence is None or policy is None:
        return None
    best = max(chances.articles, default=0.0)
    article = evidence.candidates[chances.articles.index(best)].article if best else ""
    gate = gate_of(evidence.model, policy.gate)
    odds = Odds(article, best, sum(chances.articles), chances.no_article, chances.person, gate)
    return odds.leant(-policy.leaning)


def gate_of(model: str, gate: str) -> str:
    """Name a gate by its model and its weights."""
    return f"{model} {gate}"


def leaning_of(seen: Sequence[Seen], escalate_at: float, missed: float) -> float:
    """Give how far to lean; `missed` is the share of people's own that may not be called for."""
    counted = _few_of_each(seen)
    if len(counted) < LEAST or len({each.asker for each in counted}) < LEAST_PEOPLE:
        return 0.0
    steps = round(MOST / STEP)
    likeliest = max(range(-steps, steps + 1), key=lambda at: _height(counted, at * STEP))
    while likeliest > 0 and not _is_safe(counted, likeliest * STEP, escalate_at, missed):
        likeliest -= 1
    return round(likeliest * STEP, 2)


def _few_of_each(seen: Sequence[Seen]) -> list[Seen]:
    kept: dict[UserId, list[Seen]] = defaultdict(list)
    for each in seen:
        kept[each.asker].append(each)
    return [each for theirs in kept.values() for each in theirs[-OF_ONE:]]


def _height(seen: Iterable[Seen], by: float) -> float:
    """Tell how likely it makes what came, as a logarithm."""
    return sum(log(max(LEAST_CHANCE, _chance(each, by))) for each in seen) - by * by / (
        2 * SPREAD * SPREAD
    )


def _chance(seen: Seen, by: float) -> float:
    odds = seen.odds.leant(by)
    return {
        Came.ANSWERED: odds.best,
        Came.FAILED: 1.0 - odds.best,
        Came.FRONT: odds.articles + odds.no_article,
        Came.PERSON: odds.person,
    }[seen.came]


def _is_safe(seen: Iterable[Seen], by: float, escalate_at: float, missed: float) -> bool:
    """Tell whether of what was for people at most a share more would not be called for."""
    theirs = [each.odds for each in seen if each.came is Came.PERSON]
    lost = sum(
        each.person >= escalate_at and each.leant(by).person < escalate_at for each in theirs
    )
    return lost <= missed * len(theirs)

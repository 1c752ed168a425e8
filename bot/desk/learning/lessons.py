"""What is learned of outcomes, and what is not: copies, floods, lone words against many, old news.

A lesson is one ticket's: who could have settled its message, and which article answers it. What
several people say in other words of the same thing is believed against what was learned before;
what one person says is not, however often.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING

from bot.desk.learning.lesson import ASKERS, said_by_several
from bot.desk.learning.turns import moved_by, turns_of
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.desk.learning.lesson import Lesson, Opinion
    from bot.desk.learning.turns import Turn


class Refusal(StrEnum):
    """Why a lesson is not learned."""

    COPY = "said before in the same words"
    FLOOD = "too many by one person"
    LONE = "against what was learned before, and too few say so"
    OUTDATED = "several people have said otherwise since"
    NO_ARTICLE = "the article that answered is no longer there"
    HELD = "held out, to judge by"


@dataclass(frozen=True)
class Guard:
    """How much is believed of whom."""

    copies: int = 5
    """So many lessons of the same words are enough."""
    by_one_on_a_topic: int = 3
    by_one: int = 50
    """So many by one person at least; more where people usually say more."""
    usual: float = 3.0
    """So many times what people of the same kind usually say."""
    sure: float = 0.8
    """From this chance on the shipped labels are overruled by several only."""
    engineer: float = 0.9
    """From this trust on one word tips the scales where the shipped labels are not sure."""
    lone: int = 10
    """So many such words are taken of one person."""


@dataclass(frozen=True)
class Weighed:
    """Places of what is learned, of what of it overrules the shipped labels, of what is not."""

    kept: tuple[int, ...]
    turned: frozenset[int] = frozenset()
    refused: Mapping[int, Refusal] = field(default_factory=dict)
    moved: tuple[tuple[str, str], ...] = ()
    """Articles whose topic another one answers now, and those others."""

    @property
    def counts(self) -> dict[str, int]:
        """How many were refused, by reason."""
        return dict(sorted(Counter(why.value for why in self.refused.values()).items()))


def weigh(
    lessons: Sequence[Lesson],
    copies: Sequence[Sequence[int]],
    near: Sequence[Sequence[int]],
    opinions: Sequence[Opinion],
    guard: Guard | None = None,
) -> Weighed:
    """Say which lessons are learned.

    Args:
        lessons: all that there are.
        copies: for each, the places of those in the same words, or all but the same.
        near: for each, the places of those about the same thing.
        opinions: what the shipped labels make of each.
        guard: how much is believed of whom.
    """
    turns = turns_of(lessons, [each.article for each in opinions])
    weighing = _Weighing(lessons, near, guard or Guard(), [turns.get(o.article) for o in opinions])
    # First: a flood must not push honest words aside before it is refused itself.
    weighing.drop_lone_words(opinions)
    weighing.drop_copies(copies)
    weighing.drop_floods()
    weighing.drop_old_news()
    turned = weighing.drop_lone_words(opinions)
    refused = weighing.refused
    kept = tuple(place for place in range(len(lessons)) if place not in refused)
    return Weighed(kept, frozenset(turned), refused, moved_by(turns))


def contradicts(lesson: Lesson, opinion: Opinion) -> bool:
    """Tell whether a lesson says otherwise than the shipped labels."""
    other_label = lesson.label != opinion.label
    return other_label or bool(lesson.article and opinion.article != lesson.article)


class _Weighing:
    """One weighing, step by step: what an earlier step refused is not there for the next."""

    def __init__(
        self,
        lessons: Sequence[Lesson],
        near: Sequence[Sequence[int]],
        guard: Guard,
        turns: Sequence[Turn | None],
    ) -> None:
        self._lessons = lessons
        self._turns = turns
        self._near = near
        self._guard = guard
        self._newest = sorted(
            range(len(lessons)), key=lambda place: lessons[place].at, reverse=True
        )
        self.refused: dict[int, Refusal] = {}

    def drop_copies(self, copies: Sequence[Sequence[int]]) -> None:
        """Of the same words the newest are kept, one of each person, a few in all."""
        kept: set[int] = set()
        for place in self._left():
            same = [other for other in copies[place] if other in kept]
            if len(same) >= self._guard.copies or any(self._is_same(place, o) for o in same):
                self.refused[place] = Refusal.COPY
            else:
                kept.add(place)

    def drop_floods(self) -> None:
        """Of one person a few on a topic are kept, and not many more than others say in all."""
        kept: set[int] = set()
        for place in self._left():
            same = sum(self._is_same(place, o) for o in self._near[place] if o in kept)
            if same >= self._guard.by_one_on_a_topic:
                self.refused[place] = Refusal.FLOOD
            else:
                kept.add(place)
        self._cap(lambda lesson: lesson.by)
        self._cap(lambda lesson: lesson.asker)

    def drop_old_news(self) -> None:
        """What several people said otherwise since, and more than said the same, is over."""
        lessons = self._lessons
        for place in self._left():
            lesson = lessons[place]
            turn = self._turns[place]
            if turn is not None and lesson.at < turn.at and lesson.says != turn.says:
                self.refused[place] = Refusal.OUTDATED
                continue
            since = [
                other
                for other in self._near[place]
                if other not in self.refused and lessons[other].at > lesson.at
            ]
            otherwise = Counter(lessons[o].says for o in since if lessons[o].says != lesson.says)
            agreeing = len(since) - otherwise.total()
            for says, count in otherwise.most_common(1):
                theirs = [other for other in since if lessons[other].says == says]
                if count > agreeing and self._several(theirs):
                    self.refused[place] = Refusal.OUTDATED

    def drop_lone_words(self, opinions: Sequence[Opinion]) -> set[int]:
        """Refuse what is against the shipped labels by too few; give what is so by several."""
        lessons, guard = self._lessons, self._guard
        turned: set[int] = set()
        lone: Counter[str] = Counter()
        out: list[int] = []
        for place in self._left():
            lesson = lessons[place]
            if not contradicts(lesson, opinions[place]):
                continue
            turn = self._turns[place]
            has_turned = turn is not None and lesson.at >= turn.at and lesson.says == turn.says
            if has_turned or self._several([place, *self._saying_the_same(place)]):
                turned.add(place)
            elif _sure(lesson, opinions[place], guard) or lesson.trust < guard.engineer:
                out.append(place)
            else:
                lone[lesson.by] += 1
                if lone[lesson.by] > guard.lone:
                    out.append(place)
        self.refused.update(dict.fromkeys(out, Refusal.LONE))
        return turned

    def _left(self) -> list[int]:
        return [place for place in self._newest if place not in self.refused]

    def _saying_the_same(self, place: int) -> list[int]:
        lessons = self._lessons
        return [
            other
            for other in self._near[place]
            if other not in self.refused and lessons[other].says == lessons[place].says
        ]

    def _is_same(self, one: int, other: int) -> bool:
        """Tell whether the same person stands behind both.

        Who settles much settles the same for many: there the askers tell them apart.
        """
        first, second = self._lessons[one], self._lessons[other]
        return bool(_behind(first) & _behind(second))

    def _several(self, places: Sequence[int]) -> bool:
        return said_by_several([self._lessons[place] for place in places])

    def _cap(self, whose: Callable[[Lesson], str]) -> None:
        """Keep so many of one person, and more only where people of their kind say more."""
        left = self._left()
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for place in left:
            counts[self._lessons[place].source][whose(self._lessons[place])] += 1
        guard = self._guard
        most = {
            source: max(guard.by_one, int(guard.usual * median(of.values())))
            if len(of) >= ASKERS
            else guard.by_one
            for source, of in counts.items()
        }
        said: Counter[tuple[str, str]] = Counter()
        for place in left:
            lesson = self._lessons[place]
            said[lesson.source, whose(lesson)] += 1
            if said[lesson.source, whose(lesson)] > most[lesson.source]:
                self.refused[place] = Refusal.FLOOD


def _behind(lesson: Lesson) -> set[str]:
    settled = lesson.source in {Tier.L2.value, Tier.L3.value}
    return {lesson.asker} if settled else {lesson.asker, lesson.by}


def _sure(lesson: Lesson, opinion: Opinion, guard: Guard) -> bool:
    if lesson.label != opinion.label:
        return opinion.chance >= guard.sure
    return opinion.score >= guard.sure

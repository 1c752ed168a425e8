"""How often words occur is counted seldom: of frequent words that takes long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import FIRST_TICKET
from bot.store.tickets.lookalikes import FREQUENT, MOST_WORDS, WordCounts

if TYPE_CHECKING:
    from collections.abc import Sequence


class Counting:
    """Counts how often it was counted."""

    def __init__(self, count: int) -> None:
        """Give this count each time."""
        self.count, self.times = count, 0

    def __call__(self, words: Sequence[str]) -> dict[str, int]:
        """Count."""
        self.times += 1
        return dict.fromkeys(words, self.count)


def test_a_frequent_word_is_counted_once_until_there_are_many_more_tickets() -> None:
    """A hundredth more changes no weight that anybody would notice."""
    counts, look = WordCounts(), Counting(FREQUENT)
    last = FIRST_TICKET + 100_000
    found = [counts.of(["vpn"], last + more, look) for more in (0, 1, 1_000)]
    assert found == [{"vpn": FREQUENT}] * 3
    assert look.times == 1
    counts.of(["vpn"], last + 1_001, look)
    assert look.times == 2


def test_a_rare_word_is_counted_each_time() -> None:
    """It is quick, and one ticket more is much of few."""
    counts, look = WordCounts(), Counting(FREQUENT - 1)
    for _ in range(3):
        counts.of(["gizmo"], FIRST_TICKET + 100_000, look)
    assert look.times == 3


def test_no_more_is_kept_than_a_language_has_words() -> None:
    """Whatever people write, memory does not grow without end."""
    counts, look = WordCounts(), Counting(FREQUENT)
    for number in range(MOST_WORDS + 10):
        counts.of([f"w{number}"], FIRST_TICKET + 100_000, look)
    assert len(counts._kept) == 10

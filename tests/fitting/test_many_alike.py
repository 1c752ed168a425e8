"""Thousands of outcomes that are nearly the same: a few are learned, and little is held of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bot.desk.ids import TicketId
from bot.desk.learning import Lesson, Opinion, Refusal, weigh
from bot.fitting.learning.nearness import COPY, MOST, NEAR, among
from bot.fitting.learning.sorting import SAME, sort_out

MANY = 2_000
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def alike(count: int, words: str = "The scanner beeps twice{}") -> list[Lesson]:
    """The same, said by many people within some days."""
    return [
        Lesson(
            TicketId(number), words.format("!" * (number % 7)), "L2", "", 0.9,
            START + timedelta(minutes=number), f"e{number % 5}", f"p{number}", "L2",
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.rare
@pytest.mark.parametrize("apart", [0.0, 0.001, 0.01])
def test_five_of_thousands_in_all_but_the_same_words_are_learned(apart: float) -> None:
    """The newest; of so many near ones no more than some hundred are held for each."""
    draw = np.random.default_rng(18)
    rows = np.ones((MANY, 8), np.float32) + draw.normal(0, apart, (MANY, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    near = among(rows, NEAR)
    assert max(map(len, near)) <= MOST + 1
    lessons = alike(MANY)
    found = weigh(lessons, among(rows, COPY), near, [Opinion("L2", 0.9)] * MANY)
    assert found.kept == tuple(range(MANY - 5, MANY))
    assert set(found.refused.values()) == {Refusal.COPY}


@pytest.mark.parametrize("words", ["The scanner beeps", " the  SCANNER beeps ", "{0:.0}beeps"])
def test_the_very_same_words_are_not_even_encoded_again_and_again(words: str) -> None:
    """Of one thing said a thousand times the newest are looked at."""
    lessons = [replace(each, text=each.text.upper()) for each in alike(300, words)]
    found = sort_out([*alike(700, words), *lessons], articles=(), held=())
    assert len(found.lessons) == SAME
    assert found.refused == {Refusal.COPY: 1_000 - SAME}

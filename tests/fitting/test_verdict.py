"""When a candidate takes the present's place."""

from __future__ import annotations

import pytest

from bot.fitting.learning.verdict import Scene, Taken, chance_of, compare, decide_on, gain_of


def scenes(count: int, people: int = 20, **slices: str) -> list[Scene]:
    """Messages of so many people."""
    return [
        Scene(f"text {n}", ("L1", "L2")[n % 2], "", f"p{n * people // count}", slices)
        for n in range(count)
    ]


def taken(right: list[bool]) -> Taken:
    """A model that is right so; a wrong decision costs 1."""
    labels = [("L1", "L2")[(n + (not fine)) % 2] for n, fine in enumerate(right)]
    return Taken([0.0 if fine else 1.0 for fine in right], right, labels)


def shares(count: int, wrong: int) -> list[bool]:
    """So many wrong, spread over all."""
    return [place * wrong // count == (place + 1) * wrong // count for place in range(count)]


def test_better_beyond_chance_is_taken() -> None:
    """A fifth wrong before, a twentieth after; the holdout as before."""
    month = compare(scenes(200), taken(shares(200, 40)), taken(shares(200, 10)))
    frozen = compare(scenes(200), taken(shares(200, 10)), taken(shares(200, 10)))
    assert decide_on(frozen, month).accepted


@pytest.mark.parametrize(
    ("count", "people", "wrong_before", "wrong_after"),
    [(200, 20, 40, 40), (200, 20, 40, 39), (20, 20, 20, 0), (200, 3, 100, 0), (0, 1, 0, 0)],
)
def test_what_may_be_chance_is_refused(
    count: int, people: int, wrong_before: int, wrong_after: int
) -> None:
    """Too little gained, too few messages, too few people."""
    before, after = taken(shares(count, wrong_before)), taken(shares(count, wrong_after))
    month = compare(scenes(count, people), before, after)
    frozen = compare(scenes(200), taken(shares(200, 10)), taken(shares(200, 10)))
    verdict = decide_on(frozen, month)
    assert not verdict.accepted
    assert verdict.reasons


def test_a_loss_on_the_holdout_is_refused() -> None:
    """Though the month gains."""
    month = compare(scenes(200), taken(shares(200, 40)), taken(shares(200, 10)))
    frozen = compare(scenes(200), taken(shares(200, 4)), taken(shares(200, 40)))
    assert not decide_on(frozen, month).accepted


@pytest.mark.parametrize("way", ["language", "area", "route"])
def test_a_slice_that_loses_is_refused(way: str) -> None:
    """Though the whole gains."""
    most = scenes(400)
    few = [Scene(f"few {n}", "L1", "", f"q{n}", {way: "x"}) for n in range(30)]
    before = [*shares(400, 200), *[True] * 30]
    after = [*shares(400, 20), *[n > 12 for n in range(30)]]
    month = compare([*most, *few], taken(before), taken(after))
    assert month.worse == (f"{way} x",)
    frozen = compare(scenes(200), taken(shares(200, 10)), taken(shares(200, 10)))
    assert not decide_on(frozen, month).accepted


def test_what_one_person_asks_often_counts_once() -> None:
    """The interval is over people: one who gains much proves nothing."""
    people = ["loud"] * 95 + [f"p{n}" for n in range(5)]
    before, after = [1.0] * 100, [0.0] * 95 + [1.0] * 5
    assert gain_of(before, after, people)[0] <= 0
    assert gain_of(before, after, [f"p{n}" for n in range(100)])[0] > 0


def test_mcnemar_is_exact() -> None:
    """By hand: one of one is a half, ten of ten one in 1,024."""
    assert chance_of(0, 0) == 1
    assert chance_of(0, 1) == pytest.approx(0.5)
    assert chance_of(0, 10) == pytest.approx(1 / 1024)
    assert chance_of(10, 0) == 1

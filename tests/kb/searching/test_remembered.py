"""What is read once is not read again, until there is too much of it."""

from __future__ import annotations

from kb.searching.remembered import Remembered


def test_only_what_is_missing_is_read() -> None:
    """All that is missing in one call, and nothing twice."""
    asked: list[list[int]] = []

    def read(keys: list[int]) -> dict[int, str]:
        asked.append(keys)
        return {key: str(key) for key in keys if key != 9}

    kept: Remembered[str] = Remembered(10)
    assert kept.get([1, 2], read) == {1: "1", 2: "2"}
    assert kept.get([2, 3, 9], read) == {2: "2", 3: "3"}
    assert kept.get([1, 2, 3], read) == {1: "1", 2: "2", 3: "3"}
    assert asked == [[1, 2], [3, 9]]


def test_the_oldest_goes_first() -> None:
    """No more than were asked for stay."""
    asked: list[int] = []

    def read(keys: list[int]) -> dict[int, int]:
        asked.extend(keys)
        return {key: key for key in keys}

    kept: Remembered[int] = Remembered(2)
    for key in (1, 2, 3, 3, 2, 1):
        assert kept.get([key], read) == {key: key}
    assert asked == [1, 2, 3, 1]

"""What is read once is not read again, until there is too much of it."""

from __future__ import annotations

from kb.index.remembered import Remembered
from kb.index.terms import Stemmer


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


def test_numbers_are_their_own_terms() -> None:
    """As the tokenizer of the full-text table would say, without asking it."""
    stemmer = Stemmer()
    with stemmer._lock:
        stemmer._database.execute("insert into words(rowid, x) values (1, '2024 007 42')")
        theirs = {row[0] for row in stemmer._database.execute("select term from terms")}
        stemmer._database.execute("delete from words")
    assert set(stemmer.query_terms("2024 007 42")) == theirs

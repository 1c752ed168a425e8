"""Messages as they stand in a thread: what is read together is learned together."""

from __future__ import annotations

from collections import Counter

from classifier.data.authors import Row
from classifier.data.threads import below, in_threads

OPENINGS = [
    Row("the printer jams", "ana", "en", ("none",)),
    Row("der Drucker klemmt", "ana", "de", ("none",)),
    Row("VPN is slow", "tom", "en", ("none",)),
]


def grave(number: int, author: str = "ana", language: str = "en") -> Row:
    """Build a row that tells of a danger."""
    return Row(f"smoke in room {number}", author, language, ("danger",), "smoke")


def test_a_row_stands_below_words_of_its_own_author_and_language() -> None:
    """Else leaving an author out would leave their words in, below somebody else's."""
    rows = [grave(n, author) for n in range(40) for author in ("ana", "tom")]
    rows += [grave(n, language="de") for n in range(40)]
    found = in_threads(rows, OPENINGS, 2)
    first = {(row.author, row.language): row.text.split("\n")[0] for row in found}
    assert first == {
        ("ana", "en"): "the printer jams",
        ("ana", "de"): "der Drucker klemmt",
        ("tom", "en"): "VPN is slow",
    }
    assert all(row.said == ("danger",) and row.scenario == "smoke" for row in found)


def test_about_one_in_so_many_is_taken_and_always_the_same_ones() -> None:
    """What is trained twice of the same data is the same."""
    rows = [grave(number) for number in range(400)]
    found = in_threads(rows, OPENINGS, 4)
    assert 60 < len(found) < 140
    assert found == in_threads(rows, OPENINGS, 4)
    assert max(Counter(row.text for row in found).values()) == 1


def test_who_wrote_nothing_else_in_a_language_has_no_thread() -> None:
    """Nobody else's words are borrowed."""
    assert in_threads([grave(n, "sam") for n in range(40)], OPENINGS, 1) == []
    assert below("the printer jams", "smoke") == "the printer jams\nsmoke"

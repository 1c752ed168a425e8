"""Messages as they stand in a thread: below what was asked first, read together with it.

Whether words tell of a matter is read of them alone, and once more below what was asked: few
words are graver than they mean. What is read so has to be learned so.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from zlib import crc32

from classifier.data.authors import Row

if TYPE_CHECKING:
    from collections.abc import Sequence


def below(asked: str, said: str) -> str:
    """Give what was asked and what was said below it as one text."""
    return f"{asked}\n{said}"


def in_threads(rows: Sequence[Row], openings: Sequence[Row], every: int) -> list[Row]:
    """Put one in `every` of the rows below an opening of its author's, in its language.

    Whoever wrote neither is left out of nothing by them: what an author's row is read with never
    stands in another's. Which rows, and which openings, follows from their texts: the same data
    gives the same.
    """
    theirs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in openings:
        theirs[each.author, each.language].append(each.text)
    found = []
    for row in rows:
        drawn = crc32(row.key.encode())
        begun = theirs.get((row.author, row.language))
        if drawn % every or not begun:
            continue
        text = below(begun[drawn // every % len(begun)], row.text)
        found.append(Row(text, row.author, row.language, row.said, row.scenario))
    return found

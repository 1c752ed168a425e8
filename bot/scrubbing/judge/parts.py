"""What is told of letters part by part: each part between spaces is looked at once, and remembered.

People write the same words again and again, and the same phrases seldom.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import ne
from typing import NamedTuple

from bot.scrubbing.judge.known import known
from bot.scrubbing.judge.looks import ordinary, threes

NAMES = (
    "upper", "lower", "digit", "mark", "other", "kinds", "changes", "ordinary_share", "seen_share",
    "letters_run", "spaces", "groups", "digits", "pieces", "known_pieces", "least_piece",
)  # fmt: skip
LETTERS = re.compile(r"[^\W\d_]+")
RUN = re.compile(r"\d+")
SEVERAL = re.compile(r"[^\W\d_]+|\d+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
MARK = 3
"""The kind of what is between parts."""
LONGEST, LONGEST_OF_PIECES = 200, 80
"""So many characters are looked at."""


class _Kinds(dict[str, int]):
    """Large letters, small ones, digits, marks and letters of other scripts, once a character."""

    def __missing__(self, character: str) -> int:
        """Tell a character that was not met before."""
        kind = self[character] = _kind(character)
        return kind


def _kind(character: str) -> int:
    if character.isdigit():
        return 2
    if not character.isalpha():
        return MARK
    if character > "\u024f":
        return 4
    return 0 if character.isupper() else 1


_kinds = _Kinds()


class Part(NamedTuple):
    """What is told of one part."""

    sums: tuple[int, ...]
    """What several parts have together: how many characters of each kind, how often the kind
    changes (to the spaces around it included), letters in words of more than one, of these in
    words that people write of their work, threes of letters, of these in such words, groups of
    digits, pieces."""
    longest: int
    """Letters in a row."""
    levels: tuple[int, ...]
    """How known its pieces are."""


@lru_cache(8192)
def _part(word: str) -> Part:
    kinds = list(map(_kinds.__getitem__, word))
    words, usual = ordinary()
    letters = [each for each in LETTERS.findall(word.lower()) if len(each) > 1]
    own = [three for each in letters for three in threes(each)]
    pieces = [each for some in SEVERAL.findall(word) for each in CAMEL.split(some)]
    sums = (
        *map(kinds.count, range(5)),
        sum(map(ne, [MARK, *kinds], [*kinds, MARK])),
        sum(map(len, letters)),
        sum(len(each) for each in letters if each in words),
        len(own),
        sum(three in usual for three in own),
        len(RUN.findall(word)),
        len(pieces),
    )
    levels = tuple(known().level(each) for each in pieces if len(each) > 1 and each.isalpha())
    return Part(sums, max(map(len, letters), default=0), levels)


def _told(looked: str) -> tuple[float, ...]:
    """Give the figures of `NAMES`."""
    short = looked[:LONGEST]
    parts = list(map(_part, short.split() or [""]))
    summed = list(map(sum, zip(*[each.sums for each in parts], strict=True)))
    counts, (changes, letters, ordinary, threes_of_all, seen) = summed[:5], summed[5:10]
    counts[MARK] += len(short) - sum(counts)
    digits, groups, pieces = counts[2], summed[10], summed[11]
    levels = [level for each in parts for level in each.levels]
    if len(looked) > LONGEST_OF_PIECES:
        digits = sum(map(str.isdigit, looked))
        some = list(map(_part, looked[:LONGEST_OF_PIECES].split() or [""]))
        groups, pieces = (sum(each.sums[at] for each in some) for at in (10, 11))
        levels = [level for each in some for level in each.levels]
    size = len(short)
    ends = (_kinds[short[0]] != MARK) + (_kinds[short[-1]] != MARK)
    return (
        *[count / size for count in counts],
        5 - counts.count(0),
        min(changes - ends, 20),
        ordinary / letters if letters else 0.0,
        seen / threes_of_all if threes_of_all else 0.0,
        max([each.longest for each in parts]),
        short.count(" "),
        min(groups, 12),
        min(digits, 24),
        min(pieces, 12),
        sum(levels) / len(levels) if levels else -1.0,
        min(levels, default=-1),
    )


told = lru_cache(4096)(_told)

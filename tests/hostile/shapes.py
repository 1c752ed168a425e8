"""Texts that are made against one pattern: what it begins with, and what it repeats, for long."""

from __future__ import annotations

from itertools import islice
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
CATEGORIES = {
    ops.CATEGORY_DIGIT: str.isdigit,
    ops.CATEGORY_SPACE: str.isspace,
    ops.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    ops.CATEGORY_NOT_DIGIT: lambda char: not char.isdigit(),
    ops.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    ops.CATEGORY_NOT_WORD: lambda char: not char.isalnum() and char != "_",
}
TRIED = "a1 -.,<[(\n\t\"'=:/@#!|A" + "\u20ac\u4e00"
MOST = 60
"""Texts of each kind that are made for one pattern."""
NOWHERE = "\x01"
"""What nearly no pattern ends with."""


def against(pattern: str, length: int) -> dict[str, str]:
    """Give texts of a length that this pattern begins to match, again and again or for long."""
    texts: dict[str, str] = {}
    parsed = list(_parser.parse(pattern))
    for begun in islice(dict.fromkeys(_begun(parsed, "")), MOST):
        texts[f"{begun!r} repeated"] = (begun * length)[:length]
    for before, turn in islice(dict.fromkeys(_repeated(parsed, "")), MOST):
        middle = (turn * length)[: max(0, length - len(before) - 1)]
        texts[f"{before!r} {turn!r}..."] = f"{before}{middle}{NOWHERE}"
    return texts


def _begun(items: list[Any], before: str) -> Iterator[str]:
    """Give what matches the pattern up to each of its places."""
    for item in items:
        for inner in _inside(item):
            yield from _begun(list(inner), before)
        before += _example([item])
        if before:
            yield before


def _repeated(items: list[Any], before: str) -> Iterator[tuple[str, str]]:
    """Give each part that is repeated, with what comes before it."""
    for item in items:
        op, value = item
        if op in REPEATS and (turn := _example(value[2])):
            yield before, turn
        for inner in _inside(item):
            yield from _repeated(list(inner), before)
        before += _example([item])


def _inside(item: Any) -> Iterator[Any]:
    op, value = item
    if op is ops.BRANCH:
        yield from value[1]
    elif op is ops.SUBPATTERN:
        yield value[-1]
    elif op is ops.ATOMIC_GROUP:
        yield value
    elif op in REPEATS:
        yield value[2]
    elif op is ops.ASSERT:
        yield value[1]


def _example(items: Any) -> str:
    """Give a short text that matches."""
    said = ""
    for op, value in items:
        if op is ops.LITERAL:
            said += chr(value)
        elif op is ops.ANY:
            said += "a"
        elif op is ops.NOT_LITERAL:
            said += "a" if value != ord("a") else "b"
        elif op is ops.IN:
            said += _one_of(value)
        elif op in REPEATS:
            said += _example(value[2]) * max(1, value[0])
        elif op is ops.SUBPATTERN:
            said += _example(value[-1])
        elif op is ops.ATOMIC_GROUP:
            said += _example(value)
        elif op is ops.BRANCH:
            said += _example(value[1][0])
    return said


def _one_of(members: list[Any]) -> str:
    """Give a character of a class."""
    wanted = members[0][0] is not ops.NEGATE
    own = "".join(chr(v if op is ops.LITERAL else v[0]) for op, v in members
                  if op in {ops.LITERAL, ops.RANGE})  # fmt: skip
    for char in (own if wanted else "") + TRIED:
        if any(_is_in(char, op, value) for op, value in members) is wanted:
            return char
    return ""


def _is_in(char: str, op: Any, value: Any) -> bool:
    if op is ops.LITERAL:
        return ord(char) == value
    if op is ops.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return op is ops.CATEGORY and bool(CATEGORIES[value](char))

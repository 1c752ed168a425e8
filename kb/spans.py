"""Stretches of a text between two marks, found in one pass however hostile the text is.

A pattern like `<!--.*?-->` looks to the end of the text for each opening mark without a closing
one; these look once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Mark = re.Match[str]

LINK = re.compile(r"\[([^\[\]]*+)\]\((?:[^()]|\([^()]*+\))*+\)")
"""A link in a line, its text as group 1; brackets inside its text are not part of one."""
PICTURE = re.compile(r"!\[[^\[\]]*+\](?:\((?:[^()]|\([^()]*+\))*+\))?")

_FENCE = re.compile(r"^[ \t]*+(?P<fence>`{3,}+(?=[^`\n]*+\n)|~{3,}+)[^\n]*+\n", re.MULTILINE)
_TICKS = re.compile(r"`++")
_BLANK = re.compile(r"\n\s*\n")


def between(
    text: str,
    opening: re.Pattern[str],
    closing: Callable[[Mark], re.Pattern[str]],
    change: Callable[[Mark, str], str | None],
) -> str:
    """Replace what stands between marks, marks included; `change` gives None to leave it.

    `closing` gives the mark that ends what an opening mark began.
    """
    parts: list[str] = []
    done = looked = 0
    never: set[re.Pattern[str]] = set()
    while (begun := opening.search(text, looked)) is not None:
        looked = begun.end()
        ends = closing(begun)
        ended = None if ends in never else ends.search(text, begun.end())
        if ended is None:
            never.add(ends)
            continue
        looked = max(ended.end(), begun.end())
        instead = change(begun, text[begun.end() : ended.start()])
        if instead is not None:
            parts += [text[done : begun.start()], instead]
            done = looked
    return "".join([*parts, text[done:]])


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each piece of code: between fences, and between as many backticks."""
    runs = list(_TICKS.finditer(text))
    closed_by = _closing_runs(runs, [blank.start() for blank in _BLANK.finditer(text)])
    opened = sorted(
        [(fence.start(), -1, fence) for fence in _FENCE.finditer(text)]
        + [(run.start(), place, run) for place, run in enumerate(runs)],
        key=lambda each: each[:2],
    )
    done = 0
    for start, place, mark in opened:
        if start < done:
            continue
        if place < 0:
            done = _fence_end(text, mark)
        elif (end := closed_by[place]) is not None:
            done = end
        else:
            continue
        yield start, done


def _fence_end(text: str, fence: Mark) -> int:
    ending = re.compile(rf"^[ \t]*+{fence['fence']}[`~]*+[ \t]*+$", re.MULTILINE)
    found = ending.search(text, fence.end())
    return found.end() if found else len(text)


def _closing_runs(runs: list[Mark], blanks: list[int]) -> list[int | None]:
    """For each run of backticks, where the next of its length in its paragraph ends."""
    ends: list[int | None] = [None] * len(runs)
    following: dict[tuple[int, int], int] = {}
    for place in range(len(runs) - 1, -1, -1):
        run = runs[place]
        kind = (run.end() - run.start(), bisect_left(blanks, run.start()))
        ends[place] = following.get(kind)
        following[kind] = run.end()
    return ends


_MARK = re.compile("\ue000(\\d+)\ue001")


def outside_code(
    text: str, change: Callable[[str], str], also: Iterable[tuple[int, int]] = ()
) -> str:
    """Change the text around code spans and blocks, which keep their letters.

    Each piece of code is one private character meanwhile, so that what surrounds it is seen whole.
    `also` are stretches that are code besides.
    """
    kept: list[str] = []
    around: list[str] = []
    done = 0
    for begin, end in sorted([*code_spans(text), *also]):
        if begin < done:
            continue
        around += [text[done:begin], f"\ue000{len(kept)}\ue001"]
        kept.append(text[begin:end])
        done = end
    changed = change("".join([*around, text[done:]]))
    return _MARK.sub(lambda mark: kept[int(mark[1])], changed)

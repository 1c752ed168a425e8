"""The judge: of all that may be a secret, what looks and stands like one."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind
from bot.scrubbing.judge.candidates import Candidate, candidates, words_of
from bot.scrubbing.judge.cues import CLASSES, EDGES, NOTHING, Announced, cues
from bot.scrubbing.judge.looks import looks
from bot.scrubbing.judge.places import NEAR, Reading
from bot.scrubbing.judge.trees import Trees, read
from bot.scrubbing.shapes import Shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "trees.json"
MOST = 8_000
"""So many characters are judged; a longer text is left to the rules from there on."""
ASKED = tuple(CLASSES.index(name) for name in ("password", "code", "key", "net"))
IS = CLASSES.index("is")
QUOTES = "\"'`“„«‘"
JOINED = re.compile(r"[^\s=:@/][=:/@][^\s=:@/]{4}")
"""Something behind a mark within a word may be odd where the whole is not: an address."""
OF_SLACK = re.compile(
    r"<[@#!][^<>\n]{1,200}>|https?://[^/\s<>|]{1,100}/(?:archives|team|files)/[A-Z][0-9A-Z]{7,12}[^\s<>|]{0,200}"
    r"|(?<![0-9A-Za-z])[UWCDGSTBF]0[0-9A-Z]{7,9}(?![0-9A-Za-z])"
)
"""Mentions, addresses and ids of Slack's: they look odd, and are no secret."""
LEAST = 0.6
"""As near to a cue a word must be, for plain words about it to be looked at."""


def judged(text: str) -> Iterator[Secret]:
    """Find what is likely a secret."""
    trees = fitted()
    text = OF_SLACK.sub(lambda match: " " * len(match.group()), text[:MOST])
    for what, figures in cases(text):
        word = text[what.start : what.end]
        if trees.chance(figures) >= trees.limits[look_of(word)]:
            yield Secret(what.start, what.end, _kind(word))


def cases(text: str) -> Iterator[tuple[Candidate, list[float]]]:
    """Give what is worth a look, with its figures."""
    words = words_of(text)
    pieces = [text[word.start : word.end] for word in words]
    said = [_said(piece) for piece in pieces]
    asked = [max(each[number] for number in ASKED) >= LEAST for each in said]
    odd = [_is_odd(piece) for piece in pieces]
    if not any(asked) and not any(odd) and not JOINED.search(text):
        return
    reading = Reading(text, words, said, odd, _said)
    within = _within_reach(reading, asked)
    opens = _opens(pieces, said, within)
    for what in candidates(text, words, opens):
        looked = text[what.start : what.end]
        shape = shape_of(looked)
        near = within[what.first] and (shape is not Shape.PLAIN or _is_put(reading, what, opens))
        if near or shape >= Shape.MIXED:
            yield what, [*looks(looked), *reading.places(what)]


def _opens(pieces: list[str], said: list[Announced], within: list[bool]) -> list[bool]:
    """Say behind which words a secret of several words may begin: `is`, a colon, `=`."""
    return [
        near and (word[-1] in ":=" or each[IS] == 1)
        for word, each, near in zip(pieces, said, within, strict=True)
    ]


@lru_cache(1)
def fitted() -> Trees:
    """Give the trees that come with Frontline."""
    return read(FILE)


@lru_cache(8192)
def _said(word: str) -> Announced:
    """Give what a word announces, or the first of its pieces that is followed by a mark."""
    announced = cues().announced
    best = announced(word)
    for mark in ":=-_.":
        if mark in word[1:-1]:
            parts = [announced(part) for part in word.split(mark)[:6] if part]
            best = tuple(map(max, zip(best, *parts, strict=True))) if parts else best
    return best if any(best) else NOTHING  # the one object: whoever reads on skips it


@lru_cache(8192)
def _is_odd(word: str) -> bool:
    """Whether a word is no ordinary one by its look."""
    return shape_of(word.strip(EDGES)) >= Shape.CODE


def _is_put(reading: Reading, what: Candidate, opens: list[bool]) -> bool:
    """Say whether a plain word is just where a secret is named: behind `is`, a cue, in quotes."""
    word = reading.words[what.first]
    if what.part or word.place == 0 or reading.text[word.start] in QUOTES:
        return True
    return opens[what.first - 1] or max(reading.said[what.first - 1]) >= LEAST


def _within_reach(reading: Reading, asked: list[bool]) -> list[bool]:
    """Say of each word whether a cue is near: before or behind it, or on the line above."""
    found = [False] * len(asked)
    for number, cue in enumerate(asked):
        if not cue:
            continue
        line = reading.words[number].line
        first, last = reading.line(line)
        for reached in range(max(first, number - 4), min(last, number + NEAR) + 1):
            found[reached] = True
        below = reading.line(line + 1)
        for reached in range(below[0], min(below[1], below[0] + 3) + 1):
            found[reached] = True
    return found


@lru_cache(4096)
def look_of(word: str) -> str:
    """Say what something looks like; words are taken for a secret less easily than the rest."""
    if " " in word:
        return "words" if any(map(str.isalpha, word)) else "digits"
    if not any(map(str.isalpha, word)):
        return "digits"
    shape = shape_of(word)
    return "word" if shape is Shape.PLAIN else "known" if shape is Shape.NOTHING else "odd"


def _kind(word: str) -> SecretKind:
    """Say what it is, for who reads what was masked."""
    if all(character.isdigit() or character in " -#" for character in word):
        return SecretKind.CODE
    return SecretKind.PASSWORD if len(word) < 24 else SecretKind.KEY  # noqa: PLR2004

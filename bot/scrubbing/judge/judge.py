"""The judge: of all that may be a secret, what looks and stands like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk.privacy import Secret, SecretKind
from bot.scrubbing.judge.candidates import (
    LONGEST_SPELLED,
    SHORTEST,
    Candidate,
    candidates,
    words_of,
)
from bot.scrubbing.judge.cues import CLASSES, EDGES, NOTHING, Announced, cues
from bot.scrubbing.judge.figures import Figures
from bot.scrubbing.judge.known import COMMONEST
from bot.scrubbing.judge.places import Reading
from bot.scrubbing.judge.trees import Trees, read
from bot.scrubbing.shapes import Shape, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = Path(__file__).parent / "trees.json"
MOST = 8_000
"""So many characters are judged; a longer text is left to the rules from there on."""
MOST_CASES = 2_500
"""So many things in a text are weighed; a person's message has a few dozen."""
ASKED = tuple(CLASSES.index(name) for name in ("password", "code", "key", "net", "secretly"))
OPENERS = tuple(
    CLASSES.index(name)
    for name in ("is", "then", "told", "press", "which", "code", "key", "net", "user", "source")
)
"""Behind these, in a message that talks of such, a secret may stand that is of plain words."""
ALWAYS = tuple(CLASSES.index(name) for name in ("put", "secretly", "password"))
"""Behind these in every message."""
TALKS = tuple(
    CLASSES.index(name)
    for name in ("access", "source", "user", "press", "device", "refused", "put")
)
PUT, TO, SPELT = (CLASSES.index(name) for name in ("put", "to", "number"))
FAR = 5
"""So many words back what somebody put may have begun: `changed it this morning to`."""
QUOTES = "\"'`“„«‘"
INNER = re.compile(r"[^\W\d_][-._&+/#*=][^\W\d_]|[a-zß-ÿ][A-Z]")
"""Words that are joined may be a secret wherever they stand."""
LONG_UNKNOWN = 6
"""So long a word that no language knows may be one too, in a message that talks of such."""
DIGIT = re.compile(r"\d")
JOINED = re.compile(r"[^\s=:@/][=:/@][^\s=:@/]{4}")
"""Something behind a mark within a word may be odd where the whole is not: an address."""
OF_SLACK = re.compile(
    r"<[@#!][^<>\n]{1,200}>|https?://[^/\s<>|]{1,100}/(?:archives|team|files)/[A-Z][0-9A-Z]{7,12}[^\s<>|]{0,200}"
    r"|(?<![0-9A-Za-z])[UWCDGSTBF]0[0-9A-Z]{7,9}(?![0-9A-Za-z])"
)
"""Mentions, addresses and ids of Slack's: they look odd, and are no secret."""
LEAST, SURELY = 0.6, 0.85
"""As near to a cue a word must be, for what stands around it to be looked at."""
LONGEST_DIGITS = 8


@dataclass(frozen=True)
class Verdict:
    """What is likely a secret, and how likely each thing that was weighed is one."""

    secrets: tuple[Secret, ...]
    chances: tuple[tuple[int, int, float], ...]

    def doubts(self, secret: Secret, least: float) -> bool:
        """Whether all that was weighed of what a rule found is less likely than this."""
        over = [
            chance
            for start, end, chance in self.chances
            if start < secret.end and secret.start < end
        ]
        return bool(over) and max(over) < least


def judged(text: str) -> Iterator[Secret]:
    """Find what is likely a secret."""
    yield from weigh(text).secrets


def weigh(text: str) -> Verdict:
    """Weigh all that may be a secret."""
    trees = fitted()
    text = without_slack(text)
    secrets: list[Secret] = []
    chances: list[tuple[int, int, float]] = []
    phrases: list[tuple[float, int, int]] = []
    for what, figures in islice(cases(text), MOST_CASES):
        word = text[what.start : what.end]
        chance = trees.chance(figures)
        if not what.phrase:
            chances.append((what.start, what.end, chance))
        if chance < trees.limits[look_of(what, word)]:
            continue
        if what.phrase:
            phrases.append((chance, what.start, what.end))
        else:
            secrets.append(Secret(what.start, what.end, _kind(word)))
    spoken = (Secret(start, end, SecretKind.PASSWORD) for start, end in _best(phrases))
    return Verdict((*secrets, *spoken), tuple(chances))


def without_slack(text: str) -> str:
    """Blank Slack's own ids; what is too long is left to the rules."""
    return OF_SLACK.sub(lambda match: " " * len(match.group()), text[:MOST])


def _best(phrases: list[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """Give of phrases that overlap the likeliest."""
    kept: list[tuple[int, int]] = []
    for _, start, end in sorted(phrases, reverse=True):
        if all(end <= other[0] or other[1] <= start for other in kept):
            kept.append((start, end))
    return kept


def cases(text: str) -> Iterator[tuple[Candidate, Figures]]:
    """Give what is worth a look, with its figures."""
    words = words_of(text)
    pieces = [text[word.start : word.end] for word in words]
    said = [_said(piece) for piece in pieces]
    odd = [_is_odd(piece) for piece in pieces]
    talks = any(map(_talks, said))
    opens = [_opens(said, at, piece, talks=talks) for at, piece in enumerate(pieces)]
    spelled = [_is_spelled(*each) for each in zip(pieces, said, strict=True)]
    plain = not any(odd) and not any(opens) and not JOINED.search(text)
    if plain and not (DIGIT.search(text) and _numbered(pieces, spelled)):
        return
    reading = Reading(text, words, said, odd, _said)
    for what in candidates(text, words, opens, spelled, talks=talks):
        looked = text[what.start : what.end]
        shape = shape_of(looked)
        if shape is not Shape.PLAIN or what.phrase or _is_put(reading, what, opens, talks=talks):
            yield what, Figures(reading, what)


@lru_cache(8192)
def _talks(said: Announced) -> bool:
    """Whether this word is of what people sign in to, or with."""
    if said is NOTHING:
        return False
    asked = max(said[number] for number in ASKED) >= LEAST
    return asked or max(said[number] for number in TALKS) >= SURELY


def _opens(said: list[Announced], at: int, word: str, *, talks: bool) -> bool:
    """Say whether a plain secret or one of several words may begin behind this."""
    this = said[at]
    if any(this[number] == 1 for number in ALWAYS):
        return True
    if this[TO] == 1 and any(each[PUT] == 1 for each in said[max(at - FAR, 0) : at]):
        return True
    return talks and (word[-1] in ":=" or any(this[number] == 1 for number in OPENERS))


def _numbered(pieces: list[str], spelled: list[bool]) -> bool:
    """Whether digits are more than a small number by itself, as of a floor or a version."""
    for at, piece in enumerate(pieces):
        if DIGIT.search(piece):
            beside = (*spelled[max(at - 1, 0) : at], *spelled[at + 1 : at + 2])
            if len(piece.strip(EDGES)) >= SHORTEST or any(beside) or piece[0] in QUOTES:
                return True
    return False


@lru_cache(8192)
def _is_spelled(word: str, said: Announced) -> bool:
    """Whether this may be a part of what was spelled: a letter, digits, the name of a digit."""
    plain = word.strip(EDGES)
    if plain.isdigit():
        return len(plain) <= LONGEST_DIGITS
    short = len(plain) == 1 or (len(plain) <= LONGEST_SPELLED and _is_group(plain))
    return (short and plain.isalnum()) or said[SPELT] == 1


def _is_group(word: str) -> bool:
    """Whether large letters and digits stand together."""
    return any(map(str.isdigit, word)) and not any(map(str.islower, word))


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


def _is_put(reading: Reading, what: Candidate, opens: list[bool], *, talks: bool) -> bool:
    """Say whether a plain word is where a secret is named: behind `is`, a cue, in quotes."""
    word = reading.words[what.first]
    joined = INNER.search(reading.text, what.start, what.end) is not None
    if what.part or joined or reading.text[word.start] in QUOTES:
        return True
    if reading.levels[what.first] == COMMONEST:
        return False
    if talks and not reading.levels[what.first] and what.end - what.start >= LONG_UNKNOWN:
        return True
    return word.place == 0 or opens[what.first - 1]


def look_of(what: Candidate, word: str) -> str:
    """Say what something looks like; words are taken for a secret less easily than the rest."""
    if what.phrase:
        return "words"
    if " " in word:
        return "spelled" if any(map(str.isalpha, word)) else "digits"
    if not any(map(str.isalpha, word)):
        return "digits"
    shape = shape_of(word)
    return "word" if shape is Shape.PLAIN else "known" if shape is Shape.NOTHING else "odd"


def _kind(word: str) -> SecretKind:
    """Say what it is, for who reads what was masked."""
    if all(character.isdigit() or character in " -#" for character in word):
        return SecretKind.CODE
    return SecretKind.PASSWORD if len(word) < 24 else SecretKind.KEY  # noqa: PLR2004

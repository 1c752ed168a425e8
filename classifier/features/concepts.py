"""Concepts: what the words of a dozen languages have in common, so that one teaches another.

`concepts.txt` has a concept a line: its English name, and how words for it begin. A message in a
language that the encoder does not read is given the names of what it mentions, beside its own
words: what was learned of "Rauch" is known of "dym" then, and of "煙". English is read as it is:
who waters the palm trees reports no flood.

`sayings.txt` has what is said in a thread whatever it is about: it works, still, thanks, a person.
There English is read so, too: "sorted" and "läuft wieder" say the same.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.features.embedding import Inputs

LETTERS = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
MARKS = re.compile(r"[\u0300-\u036f]")
PLAIN = str.maketrans({"ł": "l", "\u0131": "i", "ß": "ss", "ø": "o", "đ": "d", "\u2019": "'"})
WITHIN = 5
"""A stem of so many letters is found within a word too: Germans and Dutch put words together."""

READ_UP_TO = 2_000

WORDS_KEPT = 8_192
"""Words of which it is remembered what they mention, some 150 bytes each."""

UNREAD_ONLY = "unread"
"""Says in a manifest that only messages in other languages were given names."""


@dataclass(frozen=True)
class Lexicon:
    """How words begin, by what they mean; phrases are several words."""

    name: str
    stems: dict[str, str]
    whole: dict[str, str]
    phrases: dict[str, str]
    longest: int

    @cached_property
    def by_first(self) -> dict[str, list[tuple[int, str, str]]]:
        """The phrases by their first word: their place in the list, the phrase, what it means."""
        found: dict[str, list[tuple[int, str, str]]] = {}
        for place, (phrase, name) in enumerate(self.phrases.items()):
            found.setdefault(phrase.partition(" ")[0], []).append((place, phrase, name))
        return found


def plain(text: str) -> str:
    """Give a text in small letters, without accents."""
    folded = MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", folded).translate(PLAIN)


@cache
def lexicon(name: str = "concepts") -> Lexicon:
    """Read a list."""
    stems: dict[str, str] = {}
    whole: dict[str, str] = {}
    phrases: dict[str, str] = {}
    listed = files("classifier.features").joinpath(f"{name}.txt").read_text("utf-8")
    for line in listed.splitlines():
        about, colon, forms = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        for form in map(plain, forms.split()):
            if "_" in form.strip("_"):
                phrases[form.strip("_").replace("_", " ")] = about
            elif form.endswith((".", "_")):
                whole[form[:-1]] = about
            else:
                stems[form] = about
    return Lexicon(name, stems, whole, phrases, max(map(len, stems)))


def concepts_of(text: str) -> list[str]:
    """Name the concepts that a text mentions, in its order, phrases last."""
    return list(dict.fromkeys(_named(text, lexicon("concepts"))))


def sayings_of(text: str) -> str:
    """Name what is said in a thread, each as often and in the order as it is; phrases last."""
    return " ".join(_named(text, lexicon("sayings")))


def _named(text: str, known: Lexicon) -> list[str]:
    words = LETTERS.findall(plain(text[:READ_UP_TO]))
    found: list[str] = []
    for word in words:
        found += _of_word(word, known.name)
    return found + _of_phrases(words, known)


def _of_phrases(words: Sequence[str], known: Lexicon) -> list[str]:
    """Name what phrases say, each once, in the order of the list; their last words may go on."""
    text, at = " ".join(words), 0
    found: dict[int, str] = {}
    for word in words:
        beginning = known.by_first.get(word, ())
        found |= {place: name for place, phrase, name in beginning if text.startswith(phrase, at)}
        at += len(word) + 1
    return [found[place] for place in sorted(found)]


@lru_cache(WORDS_KEPT)
def _of_word(word: str, name: str) -> tuple[str, ...]:
    known = lexicon(name)
    whole = known.whole.get(word)
    return (whole,) if whole is not None else tuple(_within(word, known))


def _within(word: str, known: Lexicon) -> list[str]:
    found = []
    at = 0
    while at < len(word):
        least = WITHIN if at and word[at] < "\u0590" else 1
        for end in range(min(len(word), at + known.longest), at + least - 1, -1):
            name = known.stems.get(word[at:end])
            if name is not None:
                found.append(name)
                at = end
                break
        else:
            at += 1
    return found


def with_concepts(text: str) -> str:
    """Give a text with the names of what it mentions after it, as words that nobody writes."""
    names = " ".join(f"\u00a7{name.replace(' ', '')}" for name in concepts_of(text))
    return f"{text} {names}" if names else text


def named(inputs: Inputs, unread: Sequence[bool]) -> Inputs:
    """Give messages with the names of what they mention, those that the encoder does not read."""
    both = zip(inputs.texts, unread, strict=True)
    return replace(inputs, texts=[with_concepts(t) if foreign else t for t, foreign in both])

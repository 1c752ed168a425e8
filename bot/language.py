"""The language that a text is in, as far as people are answered in it."""

from __future__ import annotations

from functools import lru_cache

from kb.encoding.languages import LANGUAGES, REMEMBERED, SURELY, heights, told
from kb.encoding.shouting import unshouted

__all__ = ["LANGUAGES", "language_of", "likely_in", "surely_in"]

ENGLISH = "en"
LATIN = "\u024f"
"""The last of the Latin letters."""

LIKELY = 0.6
"""Below this chance a text counts as English: a word or two may be of any language."""


def language_of(text: str) -> str:
    """Give the code of a text's language, `en` where it is not clear."""
    language, chance = told(text)
    return language if chance >= LIKELY else "en"


SEVERAL = 3
"""Who writes so many words that are likely English reads English."""

MOST_LEFT_OUT = 4
"""Of a long text so many words, the longest, are left out in turn."""


FAR_AHEAD = 12.0
"""So many nats likelier than English, a language need not be told from its neighbours. Of 2,500
messages in five languages it tells 98 in a hundred where 88 were told, of 690 short ones 94 for 81;
of 2,500 in English five are taken for others, with it or without (`tests/bench/spoken.py`)."""

FEWEST = 2
"""A single word is of any language."""


def surely_in(text: str) -> str:
    """Give the code of the language that a text is surely in; nothing where it may be another.

    One word is weak evidence, alone and among others: without it the rest must say the same. So
    the long name of a German form makes no German of who asks for it in English.
    """
    words = text.split()
    if not words:
        return ""
    language, chance = told(text)
    if language == ENGLISH:
        return language if chance >= (LIKELY if len(words) >= SEVERAL else SURELY) else ""
    return language if chance >= SURELY and _without_any(words, language) else ""


def _without_any(words: list[str], language: str) -> bool:
    """Whether words are of a language whichever of them is left out."""
    if len(words) == 1:
        # A script without spaces says more by itself than one word of Latin letters.
        return not words[0].isascii() and any(letter > LATIN for letter in words[0])
    return all(told(each)[0] == language for each in _one_left_out(words))


def likely_in(text: str) -> str:
    """Give the likeliest language of what is no English, whichever word is left out; else "".

    It is for people of whom nothing else is known: Spanish of a few words may be Portuguese, and
    is answered in either rather than in English.
    """
    words = text.split()
    language, ahead = _ahead(text)
    if len(words) < FEWEST or ahead < FAR_AHEAD:
        return ""
    rest = (_ahead(each) for each in _one_left_out(words))
    return language if all(other > 0 for _, other in rest) else ""


def _one_left_out(words: list[str]) -> list[str]:
    longest = sorted(range(len(words)), key=lambda place: -len(words[place]))
    return [
        " ".join(word for place, word in enumerate(words) if place != left_out)
        for left_out in longest[:MOST_LEFT_OUT]
    ]


@lru_cache(REMEMBERED)
def _ahead(text: str) -> tuple[str, float]:
    """Give a text's likeliest language, and by how many nats it is likelier than English."""
    ranked = dict(heights().rank(unshouted(text)))
    language = max(ranked, key=lambda each: float(ranked[each]))
    return language, float(ranked[language]) - float(ranked[ENGLISH])

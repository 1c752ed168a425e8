"""The language that a text is in, as far as people are answered in it."""

from __future__ import annotations

from kb.encoding.languages import LANGUAGES, SURELY, told

__all__ = ["LANGUAGES", "language_of", "surely_in"]

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
    longest = sorted(range(len(words)), key=lambda place: -len(words[place]))
    rest = (
        " ".join(word for place, word in enumerate(words) if place != left_out)
        for left_out in longest[:MOST_LEFT_OUT]
    )
    return all(told(each)[0] == language for each in rest)

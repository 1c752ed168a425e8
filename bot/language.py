"""The language that a text is in, as far as people are answered in it."""

from __future__ import annotations

from kb.encoding.languages import LANGUAGES, SURELY, told

__all__ = ["LANGUAGES", "language_of", "surely_in"]

LIKELY = 0.6
"""Below this chance a text counts as English: a word or two may be of any language."""


def language_of(text: str) -> str:
    """Give the code of a text's language, `en` where it is not clear."""
    language, chance = told(text)
    return language if chance >= LIKELY else "en"


def surely_in(text: str) -> str:
    """Give the code of the language that a text is surely in; nothing where it may be another."""
    if not text.strip():
        return ""
    language, chance = told(text)
    return language if chance >= SURELY else ""

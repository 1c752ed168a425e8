"""The language that a text is in, guessed from its letters; loaded when first asked."""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from typing import Protocol, cast

from kb.encoding.guessing import identifier
from kb.encoding.shouting import unshouted

SURELY = 0.9
"""From this chance on a text counts as one of another language: of the English messages of
training_data 1 in 100 does, and 197 of the 200 of tests/bench/ten_languages.jsonl."""

LANGUAGES = (
    *("ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he"),
    *("hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro"),
    *("ru", "sk", "sl", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh"),
)
"""Languages of offices: among fewer, a short text is told better."""


REMEMBERED = 256
"""Texts whose language is kept."""

LOADING = threading.Lock()


class Guesser(Protocol):
    """What py3langid gives."""

    def classify(self, text: str) -> tuple[str, float]:
        """Give a language's code and its chance."""

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Give every language's code with its height in nats, the likeliest first."""


def guesser() -> Guesser:
    """Give what guesses, in chances."""
    return _loaded(chances=True)


def heights() -> Guesser:
    """Give what compares these languages, in nats, out of the same table."""
    return _loaded(chances=False)


def _loaded(*, chances: bool) -> Guesser:
    # Of several who ask at first one loads it, and the others wait for that.
    with LOADING:
        return _identifier(chances=chances)


@cache
def _identifier(*, chances: bool) -> Guesser:
    return cast("Guesser", identifier(LANGUAGES, norm_probs=chances))


@lru_cache(REMEMBERED)
def told(text: str) -> tuple[str, float]:
    """Give the code of a text's likeliest language, and its chance; asked several times a text."""
    language, chance = guesser().classify(unshouted(text))
    return str(language), float(chance)


def is_foreign(text: str) -> bool:
    """Whether a text is surely not English."""
    language, chance = told(text)
    return language != "en" and chance >= SURELY

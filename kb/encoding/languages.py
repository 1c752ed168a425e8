"""The language that a text is in, guessed from its letters; loaded when first asked."""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SURELY = 0.9
"""From this chance on a text counts as one of another language: of the English messages of
training_data 1 in 100 does, and 197 of the 200 of tests/bench/ten_languages.jsonl."""

LANGUAGES = (
    *("ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he"),
    *("hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro"),
    *("ru", "sk", "sl", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh"),
)
"""Languages of offices: among fewer, a short text is told better."""


class Guesser(Protocol):
    """What py3langid gives."""

    def classify(self, text: str) -> tuple[str, float]:
        """Give a language's code and its chance."""


@cache
def guesser() -> Guesser:
    """Load what guesses."""
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(list(LANGUAGES))
    return cast("Guesser", found)


def is_foreign(text: str) -> bool:
    """Whether a text is surely not English."""
    language, chance = guesser().classify(text)
    return language != "en" and chance >= SURELY

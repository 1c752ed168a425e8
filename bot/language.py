"""The language that a text is in, guessed from its letters; loaded when first asked."""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from py3langid.langid import MODEL_FILE, LanguageIdentifier

LIKELY = 0.6
"""Below this chance a text counts as English: a word or two may be of any language."""


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


def language_of(text: str) -> str:
    """Give the code of a text's language, `en` where it is not clear."""
    language, chance = _guesser().classify(text)
    return str(language) if chance >= LIKELY else "en"


@cache
def _guesser() -> Guesser:
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(list(LANGUAGES))
    return cast("Guesser", found)

"""Whether a message is in a language that the models do not read: they read English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.encoding.joined import BESIDE
from kb.encoding.languages import REMEMBERED, heights
from kb.encoding.loading import ENGLISH_SHA256

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.encoding.encoder import Encoder

OTHERS = (
    "ar", "bg", "cs", "da", "de", "el", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ko", "lt", "lv", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th",
    "tr", "uk", "vi", "zh",
)  # fmt: skip
"""What people write instead of English."""

READ = "en"
AHEAD = 8.0
"""So much likelier, in nats, another language must be than English."""

FEW_KNOWN = 0.6
"""A message of which more words are known in English is English,"""
SURELY = 20.0
"""unless another language is so much likelier: "guten morgen zusammen" is known word by word."""

LETTERS = re.compile(r"[^\W\d_]+")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
MOST_FOREIGN = 0.5
READ_UP_TO = 600


def is_unread(text: str, known: Callable[[str], bool]) -> bool:
    """Tell whether a message is in a language that the models cannot read."""
    words = LETTERS.findall(text[:READ_UP_TO].lower())
    if not words:
        return False
    if sum(not LATIN.fullmatch(word) for word in words) > MOST_FOREIGN * len(words):
        return True
    many_known = sum(known(word) for word in words) >= FEW_KNOWN * len(words)
    return _ahead(" ".join(words)) >= (SURELY if many_known else AHEAD)


@lru_cache(REMEMBERED)
def _ahead(words: str) -> float:
    """Give by how many nats another language is likelier; asked four times a message."""
    ranked = dict(heights().rank(words))
    return float(max(ranked[language] for language in OTHERS)) - float(ranked[READ])


def reads_english_best(encoder: Encoder) -> bool:
    """Tell whether an encoder is the packaged one that was trained on English, or begins so."""
    return str(getattr(encoder, "name", "")).startswith(ENGLISH_SHA256[:16])


def reads_english_alone(encoder: Encoder) -> bool:
    """Tell whether nothing but the packaged one that was trained on English reads."""
    return reads_english_best(encoder) and BESIDE not in encoder.name

"""What others may read of people's words: secrets taken out, and words that are erased."""

from bot.desk.privacy.secrets import (
    NoScrubber,
    Scrubbed,
    Scrubber,
    Secret,
    SecretKind,
    placeholder,
    without,
)

__all__ = [
    "NoScrubber",
    "Scrubbed",
    "Scrubber",
    "Secret",
    "SecretKind",
    "placeholder",
    "without",
]

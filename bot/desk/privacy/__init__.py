"""What others may read of people's words: secrets taken out, and words that are erased."""

from bot.desk.privacy.notices import Erased, PrivacyNotice, SecretSeen, TurnedAway
from bot.desk.privacy.others import for_others, rewritten
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
    "Erased",
    "NoScrubber",
    "PrivacyNotice",
    "Scrubbed",
    "Scrubber",
    "Secret",
    "SecretKind",
    "SecretSeen",
    "TurnedAway",
    "for_others",
    "placeholder",
    "rewritten",
    "without",
]

"""What others may read of people's words: secrets taken out, and words that are erased."""

from bot.desk.privacy.direct import UNQUOTED, is_direct
from bot.desk.privacy.keeping import Keeping
from bot.desk.privacy.notices import (
    Erased,
    PrivacyNotice,
    SecretSeen,
    ToldAnybody,
    TooMuch,
    TurnedAway,
)
from bot.desk.privacy.others import for_others, rewritten
from bot.desk.privacy.secrets import (
    Clean,
    NoScrubber,
    Scrubbed,
    Scrubber,
    Secret,
    SecretKind,
    placeholder,
    without,
)

__all__ = [
    "UNQUOTED",
    "Clean",
    "Erased",
    "Keeping",
    "NoScrubber",
    "PrivacyNotice",
    "Scrubbed",
    "Scrubber",
    "Secret",
    "SecretKind",
    "SecretSeen",
    "ToldAnybody",
    "TooMuch",
    "TurnedAway",
    "for_others",
    "is_direct",
    "placeholder",
    "rewritten",
    "without",
]

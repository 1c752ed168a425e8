"""What the desk says about people's own words, and about who may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.desk.articles import ArticleExtract
from bot.desk.ids import TicketId
from bot.desk.privacy.secrets import SecretKind


@dataclass(frozen=True)
class SecretSeen:
    """To one who pasted a secret, alone: it was masked, and should be changed."""

    kinds: tuple[SecretKind, ...]
    ticket: TicketId | None = None
    kind: Literal["secret_seen"] = "secret_seen"


@dataclass(frozen=True)
class Erased:
    """Takes the place of a message whose words were erased."""

    ticket: TicketId | None = None
    kind: Literal["erased"] = "erased"


@dataclass(frozen=True)
class TurnedAway:
    """To one who may not ask or press here, alone and once: whom to turn to."""

    why: Literal["stranger", "guest", "gone"]
    kind: Literal["turned_away"] = "turned_away"


@dataclass(frozen=True)
class ToldAnybody:
    """What a public article says, to one who may not ask: no ticket, and nothing to press."""

    extract: ArticleExtract
    kind: Literal["told_anybody"] = "told_anybody"


@dataclass(frozen=True)
class TooMuch:
    """To one who sends too fast, or too much at once: what becomes of it; nothing is dropped."""

    why: Literal["fast", "long"]
    kind: Literal["too_much"] = "too_much"


PrivacyNotice = SecretSeen | Erased | TurnedAway | ToldAnybody | TooMuch

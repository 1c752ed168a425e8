"""Routes: where a matter goes that is not for everyone, and what its requester is told at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.promises import Priority

if TYPE_CHECKING:
    from collections.abc import Mapping

ENGLISH = "en"


class Matter(StrEnum):
    """What may lie behind a request that does not go the usual way."""

    DANGER = "danger"
    """To life or premises: smoke, fire, injury, threat, self-harm."""
    SECURITY = "security"
    """A security incident: a stolen device, a password given away, ransomware, data exposed."""
    CONFIDENTIAL = "confidential"
    """Not for everyone's eyes: harassment, health, pay, whistle-blowing."""


@dataclass(frozen=True)
class Limits:
    """Chances from which a matter is taken as certain, and from which its requester is asked."""

    sure_at: float
    ask_at: float


@dataclass(frozen=True)
class Suspicion:
    """The matter that a message may be about; `sure` where it is acted on without asking."""

    matter: Matter
    chance: float
    limits: Limits

    @property
    def sure(self) -> bool:
        """Whether it is acted on without asking."""
        return self.chance >= self.limits.sure_at


SAID_SO = Limits(sure_at=2.0, ask_at=0.0)
"""No chance reaches this: it was not guessed, the requester said it."""


def suspicion_of(chances: Mapping[str, float], limits: Mapping[str, Limits]) -> Suspicion | None:
    """Find the matter that a message is likeliest about; None where it goes the usual way.

    Of several the likeliest counts, and one that is certain before all that are not.
    """
    found = [
        Suspicion(matter, chances[matter], limits[matter])
        for matter in Matter
        if matter in chances and matter in limits and chances[matter] >= limits[matter].ask_at
    ]
    return max(found, key=lambda each: (each.sure, each.chance), default=None)


@dataclass(frozen=True)
class Route:
    """What happens with one kind of matter.

    The texts are by language. In `words` stands what to do first; `turn_to` names whom to turn
    to where nobody is called (`{contact}`), `passed` says that somebody is, and `again` in short
    what to do whenever more is told; `question`, `yes` and `no` ask where it is not sure.
    `{emergency}` is the number to ring.
    """

    matter: Matter
    words: Mapping[str, str]
    question: Mapping[str, str]
    passed: Mapping[str, str] = field(default_factory=dict)
    turn_to: Mapping[str, str] = field(default_factory=dict)
    yes: Mapping[str, str] = field(default_factory=dict)
    no: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    priority: Priority = Priority.P1
    restricted: bool = False
    contact: str = ""
    someone: Mapping[str, str] = field(default_factory=dict)
    """Stands for the contact where none is configured."""
    emergency: str = "112"
    again: Mapping[str, str] = field(default_factory=dict)
    own_life: Mapping[str, str] = field(default_factory=dict)
    """Said with the words on danger, where it may be that of somebody's own life."""

    def say(self, texts: Mapping[str, str], language: str) -> str:
        """Give one of the texts in a language; in English where it is not there in that one."""
        contact = self.contact or in_language(self.someone, language)
        text = in_language(texts, language)
        return text.replace("{contact}", contact).replace("{emergency}", self.emergency)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Choose the text of a language (`pt-BR`, else `pt`), of English, or else any."""
    for wanted in (language, language.partition("-")[0], ENGLISH):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), "")


@dataclass(frozen=True)
class Routes:
    """All routes that are switched on, one for each kind of matter."""

    routes: tuple[Route, ...] = ()

    def of(self, matter: Matter | str | None) -> Route | None:
        """Find the route of a matter; None where it goes the usual way."""
        return next((route for route in self.routes if route.matter == matter), None)

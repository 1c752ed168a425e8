"""What people paste and should not: where it stands in a text, and the text without it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class SecretKind(StrEnum):
    """What a secret is, in a word that people read."""

    PASSWORD = "password"  # noqa: S105 - the word, not one
    CODE = "code"
    TOKEN = "token"  # noqa: S105 - as above
    KEY = "key"
    CARD = "card number"
    ACCOUNT = "bank account"
    IDENTITY = "identity number"


@dataclass(frozen=True, order=True)
class Secret:
    """Where a secret stands in a text, and what it is."""

    start: int
    end: int
    kind: SecretKind


@dataclass(frozen=True)
class Scrubbed:
    """A text without its secrets, and which kinds there were."""

    text: str
    kinds: tuple[SecretKind, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was taken out."""
        return bool(self.kinds)


class Clean(str):
    """A text that nobody has to look through: of Frontline's own words, or looked through before.

    To look through the reasons of an escalation took longer than to decide on the message.
    """

    __slots__ = ()


class Scrubber(Protocol):
    """Takes secrets out of what people write."""

    def scrub(self, text: str) -> Scrubbed:
        """Give the text without secrets; the same text where there are none."""


class NoScrubber:
    """Takes nothing out; for a store whose texts are nobody's."""

    def scrub(self, text: str) -> Scrubbed:
        """Give the text as it is."""
        return Scrubbed(text)


def placeholder(kind: SecretKind) -> str:
    """Give what stands where a secret stood."""
    return f"[{kind} masked]"


def without(text: str, secrets: Iterable[Secret]) -> Scrubbed:
    """Put placeholders where secrets stand; of those that overlap, the union is one."""
    parts: list[str] = []
    kinds: dict[SecretKind, None] = {}
    done = 0
    for secret in sorted(secrets):
        if secret.end <= done:
            continue
        if secret.start >= done:
            parts += [text[done : secret.start], placeholder(secret.kind)]
        kinds.setdefault(secret.kind)
        done = secret.end
    return Scrubbed("".join([*parts, text[done:]]), tuple(kinds))

"""All rules together with the judge, as the desk's scrubber."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.desk.privacy import Clean, Scrubbed, SecretKind, placeholder, without
from bot.scrubbing.eastern import narrowed, opened
from bot.scrubbing.forms import VARIABLE, forms
from bot.scrubbing.harmless import spared
from bot.scrubbing.identities import identities
from bot.scrubbing.judge.judge import weigh
from bot.scrubbing.numbers import numbers
from bot.scrubbing.phrases import phrases
from bot.scrubbing.shapes import Shape, shape_of
from bot.scrubbing.spelled import spelled
from bot.scrubbing.tokens import tokens
from bot.scrubbing.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.desk.privacy import Secret
    from bot.scrubbing.judge.judge import Verdict

MASKED = re.compile("|".join(re.escape(placeholder(kind)) for kind in SecretKind))
BLANK = "·"
DOUBTED = {"forms": 0.03, "words": 0.04}
"""What rules by form or by name find is left where the judge thinks it less likely than this."""
NAMED = re.compile(
    r"(?:passw(?:or[dt])?|passwd|pwd|kennwort|wachtwoord|contrase[ñn]a|senha|mdp)[_-]\Z",
    re.IGNORECASE,
)
"""What is joined to this, in the name of a picture for example, is not doubted."""
HANDLE = re.compile(r"@(?:[a-z]+|[a-z][a-z0-9]*+(?:[._-][a-z0-9]++)++)")
"""How people and user groups are called in plain words, as Frontline writes them itself."""
CHANCE = re.compile(r"L[1-3] \d{1,3}%?")
"""How Frontline writes how likely a tier is."""
ROUNDS, LONG = 4, 4_000
"""Each finds less than the one before; a text longer than `LONG` is looked at once."""
REMEMBERED = 512
"""Texts whose scrubbing is remembered, whoever asks: one goes to several places in a second."""


class RuleScrubber:
    """Takes out what the rules recognise, or the judge."""

    def scrub(self, text: str) -> Scrubbed:
        """Give the text without secrets; the same text where there are none."""
        return Scrubbed(text) if isinstance(text, Clean) else _scrub(text)


@lru_cache(REMEMBERED)
def _scrub(text: str) -> Scrubbed:
    """Scrub until nothing more is found: what a mask stands beside may look different then."""
    kinds: dict[SecretKind, None] = {}
    for _ in range(ROUNDS if len(text) <= LONG else 1):
        found = _once(text)
        if not found:
            break
        text = found.text
        kinds.update(dict.fromkeys(found.kinds))
    return Scrubbed(text, tuple(kinds))


def _once(text: str) -> Scrubbed:
    masked = [match.span() for match in MASKED.finditer(text)]
    narrow = narrowed(MASKED.sub(lambda match: BLANK * len(match.group()), text))
    plain = opened(narrow)
    verdict = weigh(plain)
    believed = (
        *_believed(plain, forms(plain), verdict, DOUBTED["forms"]),
        *_believed(plain, words(plain), verdict, DOUBTED["words"]),
    )
    named = (
        *tokens(plain),
        *numbers(plain),
        *identities(plain),
        *phrases(narrow),
        *spelled(narrow),
        *spared(plain, believed),
    )
    if plain != narrow:
        # Words for a secret in scripts without spaces stand right beside it.
        named = (*named, *forms(narrow), *words(narrow))
    # What a rule knows is called what the rule says.
    judged = (
        each
        for each in spared(plain, verdict.secrets)
        if not _is_called(plain, each)
        and not VARIABLE.search(plain, each.start, each.end)
        and not any(rule.start <= each.start and each.end <= rule.end for rule in named)
    )
    found = (*named, *judged)
    # What was masked before is not masked again; a plain word beside it is one of the sentence.
    return without(
        text,
        (
            secret
            for secret in found
            if not any(start < secret.end and secret.start < end for start, end in masked)
            and not (masked and shape_of(plain[secret.start : secret.end]) is Shape.PLAIN)
            and not VARIABLE.fullmatch(plain, secret.start, secret.end)
        ),
    )


def _believed(
    text: str, found: Iterable[Secret], verdict: Verdict, least: float
) -> Iterator[Secret]:
    """Leave out what the judge doubts, unless it is named."""
    for secret in found:
        named = NAMED.search(text, max(0, secret.start - 12), secret.start)
        if named or not verdict.doubts(secret, least):
            yield secret


def _is_called(text: str, secret: Secret) -> bool:
    """Whether it is a name or a figure that Frontline writes itself."""
    if CHANCE.fullmatch(text, secret.start, secret.end):
        return True
    start = secret.start if text[secret.start] == "@" else secret.start - 1
    return start >= 0 and HANDLE.fullmatch(text, start, secret.end) is not None

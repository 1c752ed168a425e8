"""All rules together, as the desk's scrubber."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.desk.privacy import Scrubbed, SecretKind, placeholder, without
from bot.scrubbing.forms import VARIABLE, forms
from bot.scrubbing.numbers import numbers
from bot.scrubbing.tokens import tokens
from bot.scrubbing.words import words

MASKED = re.compile("|".join(re.escape(placeholder(kind)) for kind in SecretKind))
BLANK = "·"
REMEMBERED = 512
"""Texts whose scrubbing is remembered: one text goes to several places within a second."""


class RuleScrubber:
    """Takes out what the rules recognise."""

    def __init__(self) -> None:
        """Prepare; the rules are compiled when the first text comes."""
        self._scrubbed = lru_cache(REMEMBERED)(_scrub)

    def scrub(self, text: str) -> Scrubbed:
        """Give the text without secrets; the same text where there are none."""
        return self._scrubbed(text)


def _scrub(text: str) -> Scrubbed:
    masked = [match.span() for match in MASKED.finditer(text)]
    plain = MASKED.sub(lambda match: BLANK * len(match.group()), text)
    found = (*tokens(plain), *forms(plain), *numbers(plain), *words(plain))
    # What was masked before is not masked again.
    return without(
        text,
        (
            secret
            for secret in found
            if not any(start < secret.end and secret.start < end for start, end in masked)
            and not VARIABLE.fullmatch(plain, secret.start, secret.end)
        ),
    )

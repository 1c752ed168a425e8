"""All rules together, as the desk's scrubber."""

from __future__ import annotations

from functools import lru_cache

from bot.desk.privacy import Scrubbed, without
from bot.scrubbing.numbers import numbers
from bot.scrubbing.tokens import tokens
from bot.scrubbing.words import words

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
    return without(text, (*tokens(text), *numbers(text), *words(text)))

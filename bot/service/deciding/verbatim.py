"""A message in the very words of a question that an article has: in any language, it is that one.

What the models do not read is asked back. But who asks today what was published yesterday, in the
same words, asks for that page.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+")
ITS_OWN, ALL = 0.9, 0.7
"""So many of the question's words are there, and they are so many of the message's: a greeting more
changes nothing, a word less does."""
LEAST = 3
"""Words; of fewer, the whole has to be the same."""
LEAST_LETTERS = 6
READ_UP_TO = 600
FOUND_FROM = 0.5
"""What is read finds a page that is asked so with more than this score; the others are not read."""


def is_asked_so(message: str, questions: Iterable[str]) -> bool:
    """Tell whether a message is one of these questions, word for word."""
    told = _words(message)
    return any(_is_same(told, _words(each)) for each in questions)


def _is_same(told: list[str], question: list[str]) -> bool:
    if min(len(told), len(question)) < LEAST:
        return told == question and sum(map(len, told)) >= LEAST_LETTERS
    common = (Counter(told) & Counter(question)).total()
    return common >= ITS_OWN * len(question) and common >= ALL * len(told)


def _words(text: str) -> list[str]:
    return WORD.findall(text[:READ_UP_TO].casefold())

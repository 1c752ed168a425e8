"""A message in the very words of a question that an article has: in any language, it is that one.

Who asks today what was published yesterday, in the same words, asks for that page: whatever the
models make of words that a person called L2's before there was one, or do not read at all.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.desk.learning import plain_question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WORD = re.compile(r"[^\W_]+")
SAME = 0.9
"""So many of the words of either are the other's; how somebody greets and thanks is left out."""
LEAST = 3
"""Words; of fewer, the whole has to be the same."""
LEAST_LETTERS = 6
READ_UP_TO = 600
KEPT = 4_096
"""Questions of pages whose words are kept: the same pages are found again and again."""


def is_asked_so(message: str, questions: Iterable[str]) -> bool:
    """Tell whether a message is one of these questions, word for word."""
    return any(asked_so([message], questions))


def asked_so(messages: Iterable[str], questions: Iterable[str]) -> Iterator[str]:
    """Give those of the questions that one of these messages is, word for word."""
    told = [words for each in messages for words in (_words(each), _words(plain_question(each)))]
    for each in questions:
        question = _kept(each)
        if any(_is_same(words, question) for words in told):
            yield each


def _is_same(told: list[str], question: tuple[str, ...]) -> bool:
    few, many = sorted((len(told), len(question)))
    if few < LEAST:
        return (*told,) == question and sum(map(len, told)) >= LEAST_LETTERS
    # Seldom so, and told from the numbers alone.
    return few >= SAME * many and (Counter(told) & Counter(question)).total() >= SAME * many


@lru_cache(KEPT)
def _kept(question: str) -> tuple[str, ...]:
    return (*_words(question),)


def _words(text: str) -> list[str]:
    return WORD.findall(text[:READ_UP_TO].casefold())

"""How much one request looks like another: by the words they share, rare words counting most."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.desk.ids import TicketId
    from bot.desk.tickets.cards import Alike, Similar

WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 16
SHORTEST_WORD = 3
FEWEST_SHARED = 2
GOOD = 0.45
"""Tickets that share less of the request's weight are not shown."""

COMMON = frozenset(
    [
        "about",
        "after",
        "again",
        "all",
        "also",
        "and",
        "any",
        "are",
        "been",
        "before",
        "but",
        "can",
        "cannot",
        "could",
        "did",
        "does",
        "doing",
        "don",
        "even",
        "for",
        "from",
        "get",
        "gets",
        "getting",
        "got",
        "had",
        "has",
        "have",
        "help",
        "her",
        "here",
        "him",
        "his",
        "how",
        "into",
        "its",
        "just",
        "let",
        "like",
        "more",
        "much",
        "need",
        "needs",
        "not",
        "now",
        "off",
        "one",
        "only",
        "other",
        "our",
        "out",
        "over",
        "please",
        "she",
        "should",
        "since",
        "some",
        "still",
        "than",
        "thank",
        "thanks",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "today",
        "too",
        "tried",
        "try",
        "trying",
        "two",
        "use",
        "used",
        "using",
        "very",
        "want",
        "was",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "why",
        "will",
        "with",
        "work",
        "works",
        "would",
        "yesterday",
        "you",
        "your",
    ]
)
"""Words that say nothing about what a request is about."""


class Lookalikes(Protocol):
    """Finds tickets that look like one."""

    def of(self, ticket: TicketId, question: str) -> tuple[tuple[Similar, ...], tuple[Alike, ...]]:
        """Give the tickets that look most like a question.

        First those that are settled, with what fixed them, then those that people have in hand.
        """

    def found(self, typed: str, besides: TicketId) -> tuple[Alike, ...]:
        """Find tickets by number or the beginnings of words, those with people first."""


def telling_words(text: str) -> tuple[str, ...]:
    """Give the words of a text that say what it is about, folded as the search folds them."""
    plain = unicodedata.normalize("NFKD", text.lower())
    folded = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = dict.fromkeys(
        word
        for word in WORD.findall(folded)
        if word not in COMMON and (len(word) >= SHORTEST_WORD or any(map(str.isdigit, word)))
    )
    return tuple(words)[:MOST_WORDS]


def likeness(weights: Mapping[str, float], words: Collection[str]) -> float:
    """Give the share of a request's weight that is found again among other words, 0 to 1.

    `weights` has the request's telling words; a single word in common is no likeness.
    """
    shared = [weight for word, weight in weights.items() if word in words]
    whole = sum(weights.values())
    if len(shared) < FEWEST_SHARED or whole <= 0:
        return 0.0
    return sum(shared) / whole

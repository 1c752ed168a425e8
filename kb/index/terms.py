"""A query's telling words, as the terms that the full-text table knows them by."""

from __future__ import annotations

import re
import sqlite3
import threading
from functools import lru_cache

TOKENIZER = "porter unicode61 remove_diacritics 2"

LONGEST_QUERY = 48

_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "please",
        "should",
        "so",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
_WORD = re.compile(r"[^\W_]+")


def telling_words(query: str) -> list[str]:
    """The query's distinct words without the grammar between them; all of them if only that."""
    words = list(dict.fromkeys(_WORD.findall(query.lower())))
    return [word for word in words if word not in _STOP_WORDS] or words


class Stemmer:
    """Gives a word's terms exactly as the full-text table does, by asking its tokenizer."""

    def __init__(self) -> None:
        """Set up a tokenizer like that of the full-text table."""
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        # Without a journal and without the texts themselves: three times as fast.
        self._database.execute("pragma journal_mode = off")
        self._database.execute(f"create virtual table words using fts5(x, tokenize='{TOKENIZER}')")
        self._database.execute("create virtual table terms using fts5vocab(words, 'row')")
        self.terms = lru_cache(maxsize=20_000)(self._terms)

    def query_terms(self, query: str) -> list[str]:
        """The distinct terms of a query's telling words."""
        found = [term for word in telling_words(query) for term in self.terms(word)]
        return list(dict.fromkeys(found))[:LONGEST_QUERY]

    def _terms(self, word: str) -> tuple[str, ...]:
        if word.isascii() and word.isdecimal():  # nothing to stem, and seldom seen twice
            return (word,)
        with self._lock:
            self._database.execute("insert into words(rowid, x) values (1, ?)", [word])
            found = [row[0] for row in self._database.execute("select term from terms")]
            self._database.execute("delete from words")
        return tuple(found)

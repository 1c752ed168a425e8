"""A large made-up base: articles with a vocabulary as languages have it, and a cheap encoder.

Every article is of a topic, named by the first two words of its title. The stand-in encoder gives
a text the direction of its topic and noise of its own; topics lie in areas, so that the nearest
texts of other topics are not far.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from kb.articles import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.encoding.encoder import Vectors

DIMENSION = 384
PASSAGES = 4
UNITS_OF_ARTICLE = PASSAGES + 1
WORDS_OF_PASSAGE = 45
ARTICLES_OF_TOPIC = 8
AREAS = 300
VOCABULARY = 60_000
TOPIC_WORDS = 1_000
STOP_WORDS = """the to of and a in is for on you it with that this be are as at or if can from not
have by an your when will we was has but how what which they do there so my all no should"""
SPREAD = 0.05
"""Noise in each direction around a topic, of length about 1 in all."""


@dataclass(frozen=True)
class Corpus:
    """Articles by number, the same in every run."""

    articles: int

    def article(self, number: int) -> Article:
        """A title, four headed passages, and an error code in every fifth article."""
        chosen = np.random.default_rng([7, number])
        topic = number // ARTICLES_OF_TOPIC % self.topics
        title = f"{self.topic_name(topic)} {self._text(chosen, 3)}"
        parts = [
            f"## {self._text(chosen, 3)}\n\n{self._text(chosen, WORDS_OF_PASSAGE)}."
            for _ in range(PASSAGES)
        ]
        if number % 5 == 0:
            parts[-1] += f" It says {self.code(number)}."
        return Article(f"a{number}", title, "area", "owner", (), "\n\n".join(parts))

    def query(self, number: int) -> str:
        """The topic of an article and words of one of its passages; or its error code."""
        article = self.article(number)
        words = article.body.split("\n\n")[1].split()
        topic = " ".join(article.title.split()[:2])
        if number % 10 == 0:
            return f"{topic} says {self.code(number)} what can i do"
        begin = number % (len(words) - 6)
        return f"{topic} how do i {' '.join(words[begin : begin + 6])}"

    def code(self, number: int) -> str:
        """An identifier that one article has."""
        return f"ERR-{number:07d}"

    @property
    def topics(self) -> int:
        """How many topics there are."""
        return max(1, self.articles // ARTICLES_OF_TOPIC)

    def topic_name(self, topic: int) -> str:
        """Two words, neither of them rare by itself."""
        first, second = divmod(topic, TOPIC_WORDS)
        return f"{self.words[1_000 + second]} {self.words[2_000 + (first * 37 + second) % 1_000]}"

    @cached_property
    def topic_numbers(self) -> dict[str, int]:
        """Topics by name."""
        return {self.topic_name(topic): topic for topic in range(self.topics)}

    @cached_property
    def words(self) -> list[str]:
        """The vocabulary, the most frequent first."""
        chosen = np.random.default_rng(3)
        consonants, vowels = list("bcdfgklmnprstvz"), list("aeiou")
        found = dict.fromkeys(STOP_WORDS.split())
        while len(found) < VOCABULARY:
            size = 2 * int(chosen.integers(2, 5))
            kinds = [vowels if place % 2 else consonants for place in range(size)]
            letters = [kind[int(chosen.integers(0, len(kind)))] for kind in kinds]
            found["".join(letters)] = None
        return list(found)

    @cached_property
    def _shares(self) -> np.ndarray:
        shares = 1 / (np.arange(VOCABULARY) + 2.7) ** 1.05
        return np.asarray(np.cumsum(shares / shares.sum()))

    def _text(self, chosen: np.random.Generator, count: int) -> str:
        ranks = np.minimum(np.searchsorted(self._shares, chosen.random(count)), VOCABULARY - 1)
        return " ".join(self.words[rank] for rank in ranks.tolist())


class TopicEncoder:
    """The direction of a text's topic, and noise that the text alone decides."""

    name = "topics"
    dimension = DIMENSION

    def __init__(self, corpus: Corpus) -> None:
        """Draw the directions of areas and topics, and noise to cut from."""
        chosen = np.random.default_rng(11)
        areas = unit(chosen.normal(size=(AREAS, DIMENSION)))
        own = unit(chosen.normal(size=(corpus.topics, DIMENSION)))
        self._topics = unit(areas[np.arange(corpus.topics) % AREAS] + own)
        self._noise = (SPREAD * chosen.normal(size=4_000_000)).astype(np.float32)
        self._numbers = corpus.topic_numbers

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As any encoder."""
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            digest = zlib.crc32(text.encode())
            name = " ".join(text.split(None, 2)[:2])
            topic = self._numbers.get(name, digest % len(self._topics))
            start = digest % (len(self._noise) - DIMENSION)
            vectors[row] = self._topics[topic] + self._noise[start : start + DIMENSION]
        return unit(vectors)


def unit(vectors: np.ndarray) -> Vectors:
    """The same directions, of length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)

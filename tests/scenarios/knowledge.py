"""A tiny knowledge base and a table of phrases: what follows from them is really decided."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from zlib import crc32

import numpy as np

from bot.desk.deciding import Limits, Matter, Policy
from bot.service.deciding.triaging import Triager
from classifier.serving.followups import UNREAD
from classifier.serving.predict import Prediction
from kb.articles import Article
from kb.searching.base import Hit
from tests.held import nothing_is_held

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from classifier.data.followups import FollowUp
    from classifier.serving.followups import Reading

BODY = """{lead}

## Steps

1. Open the {thing} page.
2. Press *{thing}* and wait a minute.

## When to ask for a person

When it has not worked twice.
"""


def _article(article: str, title: str, area: str, lead: str) -> Article:
    body = BODY.format(lead=lead, thing=title)
    return Article(article, title, area, area, (), body, f"https://kb.larkfield.example/{article}")


ARTICLES = {
    article.id: article
    for article in (
        _article("reset-password", "Reset your password", "identity", "You set a new one."),
        _article("mfa-new-phone", "Move to a new phone", "identity", "You scan a new code."),
        _article("mfa-lost-device", "Lost phone", "identity", "You use a recovery code."),
        _article("printer-add", "Add a printer", "devices", "You add it by its number."),
        _article("printer-offline", "Printer offline", "devices", "You switch it off and on."),
        _article("night-keys", "Night keys", "offices", "You take them from the safe."),
    )
}

KEPT = {"night-keys": "l2-oncall"}
"""Articles that only a user group may see."""

PUBLIC = frozenset({"printer-offline"})
"""Articles of the collection `help`."""

CHAT, L1, L2, L3 = "chat", "L1", "L2", "L3"

TABLE: tuple[tuple[str, str, dict[str, float]], ...] = (
    # a phrase, the label that the classifier is sure of, and the articles that search finds
    ("good morning", CHAT, {}),
    ("thank", CHAT, {}),
    ("lunch", CHAT, {}),
    ("order system is down", L3, {}),
    ("vpn drops", L2, {"reset-password": 0.1}),
    ("sick leave", L1, {"printer-add": 0.9}),
    ("locked", L2, {"reset-password": 0.8}),
    ("password", L1, {"reset-password": 0.9, "mfa-lost-device": 0.2}),
    ("authenticator", L1, {"mfa-new-phone": 0.8, "mfa-lost-device": 0.5}),
    ("office printer is grey", L1, {"printer-offline": 0.9}),
    ("night keys", L1, {"night-keys": 0.9}),
    ("printer", L1, {"printer-add": 0.5, "printer-offline": 0.5}),
)
"""The first phrase that a message contains decides; whatever contains none is a knowledge gap."""

SURE, UNSURE = 0.97, 0.6
LIMITS = {matter: Limits(sure_at=0.9, ask_at=0.5) for matter in Matter}

MATTERS: tuple[tuple[str, Matter, float], ...] = (
    ("smells of burning", Matter.DANGER, SURE),
    ("riecht verbrannt", Matter.DANGER, SURE),
    ("killing me", Matter.DANGER, UNSURE),
    ("laptop was stolen", Matter.SECURITY, SURE),
    ("harasses me", Matter.CONFIDENTIAL, SURE),
    ("belästigt mich", Matter.CONFIDENTIAL, SURE),
    ("something personal", Matter.CONFIDENTIAL, UNSURE),
    ("sick leave", Matter.CONFIDENTIAL, UNSURE),
)
"""A phrase that a message contains, the matter that it is about, and the chance of that."""

TABLE_WORDS = {word for phrase, *_ in TABLE for word in phrase.split()}
TELLING = 4
WORD = re.compile(r"\w+")

BREAKS = "divide by zero"
"""A message with these words makes triage itself fail."""


class TriageBrokenError(Exception):
    """Stands for any defect inside triage."""


class ScriptedKnowledge:
    """A knowledge base of six articles that finds what the table says."""

    def __init__(self, of: str = "") -> None:
        """Add to each title whose articles they are."""
        self._of = of

    def catch_up(self) -> bool:
        """Nobody else writes them."""
        return False

    def search(
        self,
        query: str,
        *,
        collection: str | None = None,
        top: int = 5,
        viewer_groups: Collection[str] | None = None,
    ) -> list[Hit]:
        """Find the articles of one query."""
        (hits,) = self.search_batch(
            [query], collection=collection, top=top, viewer_groups=viewer_groups
        )
        return hits

    def search_batch(
        self,
        queries: Sequence[str],
        *,
        collection: str | None = None,
        top: int = 5,
        viewer_groups: Collection[str] | None = None,
    ) -> list[list[Hit]]:
        """Find the articles of several, those that these groups may see."""
        return [
            [
                Hit(
                    article,
                    score,
                    ARTICLES[article].lead,
                    f"{ARTICLES[article].title}{self._of}",
                    "",
                    _collection_of(article),
                    parts={"dense": score, "bm25": score},
                )
                for article, score in list(_row(query)[1].items())[:top]
                if _shown_to(article, viewer_groups)
                and collection in {None, _collection_of(article)}
            ]
            for query in queries
        ]

    def article(
        self,
        article_id: str,
        collection: str | None = None,
        *,
        viewer_groups: Collection[str] | None = None,
    ) -> Article | None:
        """Give an article, if these groups may see it."""
        if collection not in {None, _collection_of(article_id)}:
            return None
        found = ARTICLES.get(article_id) if _shown_to(article_id, viewer_groups) else None
        return replace(found, title=f"{found.title}{self._of}") if found else None

    def asked(self, most: int) -> list[str]:
        """Give the titles."""
        return [article.title for article in ARTICLES.values()][:most]

    def audiences(self) -> frozenset[str]:
        """Give the groups that some article is kept to."""
        return frozenset(KEPT.values())

    def kept(self, article_ids: Collection[str]) -> frozenset[str]:
        """Tell which of these are kept to a group."""
        return frozenset(article_ids) & frozenset(KEPT)

    def address(self, article: Article, heading: str = "") -> str | None:
        """Give an article's own address."""
        return article.url


def _collection_of(article: str) -> str:
    return "help" if article in PUBLIC else "default"


def _shown_to(article: str, groups: Collection[str] | None) -> bool:
    return groups is None or article not in KEPT or KEPT[article] in groups


class ScriptedClassifier:
    """A classifier that is sure of what the table says."""

    version = "scripted"
    vocabulary: frozenset[str] = frozenset()

    def read(self, followup: FollowUp) -> Reading:
        """Read nothing: what follow-ups mean is not learned here."""
        return UNREAD

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Classify several messages."""
        return [_prediction(_row(text)[0], _matters(text)) for text in texts]


def _matters(text: str) -> dict[str, float]:
    lowered = text.lower()
    return {matter.value: chance for phrase, matter, chance in MATTERS if phrase in lowered}


def _prediction(label: str, matters: dict[str, float]) -> Prediction:
    others = {other: 0.02 for other in (L1, L2, L3, CHAT) if other != label}
    return Prediction(label, {label: 0.94, **others}, abstain=False, matters=matters)


def _row(text: str) -> tuple[str, dict[str, float]]:
    lowered = text.lower()
    if BREAKS in lowered:
        raise TriageBrokenError(text)
    return next(((label, scores) for phrase, label, scores in TABLE if phrase in lowered), (L1, {}))


class WordEncoder:
    """Embeds a text as its bag of words: the same words look alike.

    Short words and those of the table count nothing, so that stories do not look alike by them.
    """

    dimension = 4_096

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Count the words of each text, each at a place of its own, scaled to length one."""
        nothing_is_held("the encoder")
        counts = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for word in set(WORD.findall(text.lower())) - TABLE_WORDS:
                if len(word) >= TELLING:
                    counts[row, crc32(word.encode()) % self.dimension] = 1
        length = np.linalg.norm(counts, axis=1, keepdims=True)
        return np.asarray(counts / np.maximum(length, 1), np.float32)


def scripted_triager(of: str = "") -> Triager:
    """The real triager and the real policy, over the table; `of` is added to articles' titles."""
    knowledge, classifier = cast("Any", ScriptedKnowledge(of)), cast("Any", ScriptedClassifier())
    policy = Policy(limits={matter.value: limits for matter, limits in LIMITS.items()})
    return Triager(knowledge, classifier, lambda: policy, cast("Any", WordEncoder()))

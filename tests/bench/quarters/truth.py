"""What is right: by the topic that a question was written about, never by what the bot thinks."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path

from kb.sources import read_source
from tests.bench.quarters.fixes import CHANGED, OF_ONE, TERSE

ARTICLES = Path(__file__).parents[3] / "kb" / "articles"
CHANGE_WEEK = 6
TELLING_WORDS = 9
"""A page settles a topic if so many words of a right fix stand in it, one after the other."""
STEP = re.compile(r"^\d{1,2}\. .*$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)|<[^|>]*\|([^>]*)>")
WORD = re.compile(r"\w+")


def words_of(text: str) -> str:
    """Give the words of a text as they are read, each once apart; Slack shows `&gt;` as `>`."""
    shown = unescape(LINK.sub(lambda found: found[1] or found[2] or "", text))
    return " ".join(WORD.findall(shown.lower()))


@cache
def bodies() -> dict[str, str]:
    """Give what each sample article says."""
    entries = read_source(ARTICLES, collection="default")
    return {each.article.id: each.article.body for each in entries if each.article is not None}


@cache
def careful(topic: str) -> str:
    """Give a fix as somebody writes it who takes the time: what to do, then the steps."""
    body = bodies()[topic]
    lead = body.strip().partition("\n")[0]
    steps = STEP.findall(body)[:4]
    plain = [LINK.sub(lambda found: found[1], line).replace("**", "") for line in [lead, *steps]]
    return "\n".join(plain)


def _of_one(topic: str) -> str:
    """Give what settles a matter of one, in words that say so; `topic` begins with its author."""
    number = int.from_bytes(hashlib.sha256(topic.encode()).digest()[:4], "big")
    matter = topic.partition("-")[2].replace("-", " ") or topic
    return OF_ONE[number % len(OF_ONE)].format(matter)


def _telling(fix: str) -> str:
    return " ".join(words_of(fix).split()[:TELLING_WORDS])


@dataclass
class Truth:
    """What settles each topic, at each time."""

    specials: dict[str, str] = field(default_factory=dict)
    """What settled a matter that is nobody else's, by the name of its scenario."""

    def fixes(self, topic: str, week: int) -> tuple[str, ...]:
        """Give the right fixes of a topic, the careful one first."""
        if topic in CHANGED and week >= CHANGE_WEEK:
            return (CHANGED[topic],)
        if topic in bodies():
            return tuple(f for f in (careful(topic), TERSE.get(topic, "")) if f)
        return (self.specials.setdefault(topic, _of_one(topic)),)

    def helps(self, topic: str, week: int, article: str, shown: str) -> bool:
        """Tell whether what was shown of an article settles a topic."""
        if article == topic and not (topic in CHANGED and week >= CHANGE_WEEK):
            return True
        said = words_of(shown)
        return any(_telling(fix) in said for fix in self.fixes(topic, week))

"""What reads people's and sources' text is done with 100,000 hostile characters in a second."""

from __future__ import annotations

import contextlib
import gc
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.asking import steps_of
from bot.desk.deciding.rules import DEFAULT_RULES
from bot.desk.deciding.urgency import impact_of, urgency_of
from bot.desk.ids import UserId
from bot.desk.learning.titling import plain_question
from bot.desk.oncall import duration_of, read_request
from bot.desk.tickets import telling_words
from bot.desk.tiers import Tier
from bot.logs import mask
from bot.rota.names import Names
from bot.scrubbing.scrubber import RuleScrubber
from bot.service.asking.intake import VAGUE, WORDLESS
from bot.slack import text as slack_text
from bot.slack.mrkdwn import to_mrkdwn
from bot.slack.parsing.commands import parse
from classifier.features.words import WordFeatures, shape_of
from kb.articles import Article
from kb.collections import anchor_of
from kb.errors import ArticleError
from kb.index import terms
from kb.passages import split
from kb.questions.grams import grams
from kb.questions.hygiene import clean
from kb.sources.fields import slug
from kb.sources.frontmatter import split_front_matter
from kb.sources.markup.dialects import plain_markdown
from kb.sources.markup.embedded import plain_html
from kb.sources.questions import plain_title, questions_of
from kb.sources.structure import headings, references
from tests.hostile.texts import LENGTH, hostile

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.rare

LIMIT_S = 1.5
"""By the processor's time: 100,000 characters by the square would take from 5 s to hours."""

GROWTH = 8.0
"""Above the limit, four times the text may take this many times as long; by the square it is 16."""

SLOWEST = 5
"""Texts that are fed in full: those that took longest at a twentieth of the length."""

TEXTS = hostile()


def article(text: str) -> Article:
    """An article that says this."""
    return Article("a", "a", "", "", (), text)


def message(text: str) -> Any:
    """A message as Slack delivers it."""
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "1.1", "text": text}
    delivered = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    return parse(delivered, UserId("U9"))


NAMES = Names({}, lambda _: None)
FEATURES = WordFeatures()
FRONT = "---\na: b\n---\n"

READERS: dict[str, Callable[[str], Any]] = {
    "readable": slack_text.readable,
    "escape": slack_text.escape,
    "clip": lambda text: slack_text.clip(text, 3_000),
    "clip_escaped": lambda text: slack_text.clip_escaped(text, 3_000),
    "quote": slack_text.quote,
    "clip_mrkdwn": lambda text: slack_text.clip_mrkdwn(text, 3_000),
    "to_mrkdwn": to_mrkdwn,
    "a message": message,
    "steps_of": lambda text: steps_of([text]),
    "hard rules": lambda text: [rule.words.search(text) for rule in DEFAULT_RULES],
    "impact_of": lambda text: impact_of(text, Tier.L2),
    "urgency_of": urgency_of,
    "telling_words": telling_words,
    "read_request": lambda text: read_request(text, ["network"]),
    "an override": lambda text: read_request(f"override {text}", ["network"]),
    "duration_of": duration_of,
    "vague": lambda text: (VAGUE.fullmatch(text), WORDLESS.fullmatch(text)),
    "names of people": NAMES.people,
    "mask": mask,
    "secrets": lambda text: RuleScrubber().scrub(text),
    "clean": clean,
    "grams": grams,
    "terms": terms.telling_words,
    "passages": split,
    "plain_markdown": plain_markdown,
    "plain_html": plain_html,
    "questions_of": lambda text: questions_of(text, alone=True),
    "plain_title": plain_title,
    "headings": headings,
    "references": references,
    "front matter": lambda text: split_front_matter(Path("a.md"), FRONT + text),
    "slug": slug,
    "anchor_of": anchor_of,
    "an article's steps": lambda text: article(text).steps,
    "an article's lead": lambda text: article(text).lead,
    "a draft's question": plain_question,
    "shape_of": shape_of,
    "words": FEATURES._vectorizer("word", (1, 2)).build_analyzer(),
}


@pytest.mark.parametrize("name", READERS)
def test_hostile_text_stalls_nobody(name: str) -> None:
    """By the processor's time; on a slow machine it is the growth with the length that counts."""
    reader = READERS[name]
    short = {made: seconds(reader, text[: LENGTH // 20]) for made, text in TEXTS.items()}
    for made in sorted(short, key=lambda each: -short[each])[:SLOWEST]:
        took = seconds(reader, TEXTS[made])
        if took > LIMIT_S:
            took = min(took, seconds(reader, TEXTS[made]))
            quarter = seconds(reader, TEXTS[made][: LENGTH // 4])
            assert took < max(LIMIT_S, GROWTH * quarter), f"{made}: {took:.2f}, {quarter:.2f} s"


def seconds(reader: Callable[[str], Any], text: str) -> float:
    """Measure one reading; what cannot be read may be refused."""
    # Collecting garbage walks everything that other tests left, and grows with that.
    gc.disable()
    try:
        began = time.thread_time()
        with contextlib.suppress(ArticleError):
            reader(text)
        return time.thread_time() - began
    finally:
        gc.enable()

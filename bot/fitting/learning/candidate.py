"""A candidate: what a model and a search would be that had learned some lessons."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.deciding import Evidence
from bot.desk.ids import ticket_name
from bot.desk.learning import Opinion, weigh
from bot.fitting.judging import Judged, cost_of, is_right
from bot.fitting.learning.nearness import COPY, NEAR, among, neighbours
from bot.fitting.learning.verdict import Taken
from bot.service.deciding.triaging import Triager
from classifier.data.labels import L1
from classifier.serving.predict import Classifier
from classifier.training.again import Added, train_again
from classifier.training.again import Lesson as Given
from kb.searching.base import Taught
from kb.searching.relearning import mark, shipped_questions
from kb.tuning.copying import copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.desk.deciding import Costs, Policy
    from bot.desk.learning import Lesson, Weighed
    from bot.fitting.learning.encodings import Encodings
    from bot.fitting.learning.verdict import Scene
    from classifier.data.dataset import Message
    from classifier.features.embedding import Inputs
    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder
    from kb.searching.base import KnowledgeBase

OVERRULED = 0.8
"""Shipped messages so near to what several people say otherwise are learned no more."""


@dataclass(frozen=True)
class Bench:
    """What candidates are made of and tried with."""

    base: Path
    """The model with the shipped labels."""
    database: Path
    shipped: Sequence[Message]
    encoder: Encoder
    encodings: Encodings
    policy_of: Callable[[Classifier], Policy]
    costs: Costs
    told: Progress


@dataclass(frozen=True)
class Learned:
    """Lessons that are learned, and which shipped messages and questions they overrule."""

    lessons: tuple[Lesson, ...]
    shipped: tuple[int, ...]
    """Places of the shipped messages that still hold."""
    withdrawn: frozenset[str]

    @property
    def taught(self) -> Taught:
        """What it teaches the search."""
        pairs = tuple((each.text, each.article) for each in self.lessons if each.article)
        return Taught(pairs, self.withdrawn)


@dataclass(frozen=True)
class Tried:
    """A model and a search together."""

    base: KnowledgeBase
    classifier: Classifier


def opinions_of(bench: Bench, lessons: Sequence[Lesson]) -> list[Opinion]:
    """Ask the shipped labels and what the search knew without outcomes."""
    texts = [each.text for each in lessons]
    with tried(bench, bench.base, Taught()) as both:
        said = both.classifier.predict_inputs(bench.encodings.of(texts, bench.told))
        found = both.base.search_batch(texts, top=1)
    return [
        Opinion(
            one.label,
            one.probabilities[one.label],
            hits[0].article if hits else "",
            hits[0].score if hits else 0.0,
        )
        for one, hits in zip(said, found, strict=True)
    ]


def weighed(bench: Bench, lessons: Sequence[Lesson], opinions: Sequence[Opinion]) -> Weighed:
    """Say which lessons are learned."""
    vectors = bench.encodings.of([each.text for each in lessons], bench.told).vectors
    return weigh(lessons, among(vectors, COPY), among(vectors, NEAR), opinions)


def learned_of(bench: Bench, lessons: Sequence[Lesson], found: Weighed) -> Learned:
    """Let go of shipped messages and questions that several people say otherwise of."""
    turned = [lessons[place] for place in sorted(found.turned)]
    kept = tuple(lessons[place] for place in found.kept)
    if not turned:
        return Learned(kept, tuple(range(len(bench.shipped))), frozenset())
    theirs = bench.encodings.of([each.text for each in turned], bench.told).vectors
    ours = bench.encodings.of([each.text for each in bench.shipped], bench.told).vectors
    near = neighbours(ours, theirs, OVERRULED)
    over = [
        place
        for place, message in enumerate(bench.shipped)
        if any(turned[other].label != message.label for other in near[place])
    ]
    still = tuple(sorted(set(range(len(bench.shipped))) - set(over)))
    return Learned(kept, still, _withdrawn(bench, turned))


def _withdrawn(bench: Bench, turned: Sequence[Lesson]) -> frozenset[str]:
    """Name the learned questions of an article that people say is not it any more."""
    with copied(bench.database, bench.encoder) as base:
        rows = shipped_questions(base.store)
    ours = bench.encodings.of([text for *_, text in rows], bench.told).vectors
    theirs = bench.encodings.of([each.text for each in turned], bench.told).vectors
    near = neighbours(ours, theirs, OVERRULED)
    return frozenset(
        mark(*row)
        for row, others in zip(rows, near, strict=True)
        if any(turned[other].article != row[1] for other in others)
    )


def train_on(bench: Bench, learned: Learned, directory: Path, facts: Mapping[str, object]) -> None:
    """Train the tiers on shipped messages and lessons."""
    shipped = [bench.shipped[place] for place in learned.shipped]
    texts = [*(message.text for message in shipped), *(each.text for each in learned.lessons)]
    inputs: Inputs = bench.encodings.of(texts, bench.told)
    added = [
        Added(each.label, each.asker, each.trust, ticket_name(each.ticket))
        for each in learned.lessons
    ]
    train_again(bench.base, directory, Given(shipped, added, inputs), facts, progress=bench.told)


@contextmanager
def tried(bench: Bench, model: Path, taught: Taught) -> Iterator[Tried]:
    """Put a model beside a copy of the search that was taught this, until the block ends."""
    classifier = Classifier.load(model, bench.encoder)
    with copied(bench.database, bench.encoder) as base:
        base.relearn(taught)
        yield Tried(base, classifier)


def taken(bench: Bench, both: Tried, scenes: Sequence[Scene]) -> Taken:
    """Decide on scenes as the bot would, and see what it costs."""
    policy = bench.policy_of(both.classifier)
    triager = Triager(both.base, both.classifier, lambda: policy, bench.encoder)
    decisions = triager.triage_batch([scene.text for scene in scenes], readers=None)
    judged = [
        Judged(scene.label, scene.article if scene.label == L1 else "", "", Evidence({}))
        for scene in scenes
    ]
    pairs = list(zip(judged, decisions, strict=True))
    return Taken(
        [cost_of(one, triage, bench.costs) for one, triage in pairs],
        [is_right(one, triage) for one, triage in pairs],
        [max(t.probabilities, key=lambda name: t.probabilities[name]) for _, t in pairs],
    )

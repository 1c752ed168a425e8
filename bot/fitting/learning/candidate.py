"""A candidate: what a model and a search would be that had learned some lessons."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.desk.deciding import Evidence
from bot.desk.ids import ticket_name
from bot.desk.learning import Opinion, weigh
from bot.fitting.judging import Judged, cost_of, is_right
from bot.fitting.learning.nearness import COPY, NEAR, among, neighbours
from bot.fitting.learning.refitting import Gated, Known, Refitted, known_of, refit
from bot.fitting.learning.verdict import Taken
from bot.service.deciding.triaging import Triager
from classifier.data.labels import L1, LABELS
from classifier.judging.thresholds import is_desk
from classifier.registry import artifact
from classifier.serving.predict import Classifier
from classifier.training.again import Added, train_again
from classifier.training.again import Lesson as Given
from classifier.training.train import groups_of
from kb.searching.base import Taught, profile_name
from kb.searching.relearning import mark, shipped_questions
from kb.tuning.copying import copied

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.desk.learning import Lesson, Weighed
    from bot.fitting.learning.encodings import Encodings
    from bot.fitting.learning.refitting import Rules
    from bot.fitting.learning.verdict import Scene
    from classifier.data.dataset import Message
    from classifier.features.embedding import Inputs
    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder
    from kb.searching.base import KnowledgeBase

WHOLE, PLAIN, SEARCH = "whole", "plain", "search"
"""What is new in a candidate: all, all but gate and weights, what the search learned."""
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
    rules: Rules
    told: Progress


@dataclass(frozen=True)
class Learned:
    """Lessons that are learned, and which shipped messages and questions they overrule."""

    lessons: tuple[Lesson, ...]
    shipped: tuple[int, ...]
    """Places of the shipped messages that still hold."""
    withdrawn: frozenset[str]
    turned: tuple[tuple[str, str], ...] = ()
    """Articles whose topic another one answers now, and those others."""

    @property
    def taught(self) -> Taught:
        """What it teaches the search."""
        pairs = tuple((each.text, each.article) for each in self.lessons if each.article)
        return Taught(pairs, self.withdrawn, turned=self.turned)


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
        return Learned(kept, tuple(range(len(bench.shipped))), frozenset(), found.moved)
    theirs = bench.encodings.of([each.text for each in turned], bench.told).vectors
    ours = bench.encodings.of([each.text for each in bench.shipped], bench.told).vectors
    near = neighbours(ours, theirs, OVERRULED)
    over = [
        place
        for place, message in enumerate(bench.shipped)
        if any(turned[other].label != message.label for other in near[place])
    ]
    still = tuple(sorted(set(range(len(bench.shipped))) - set(over)))
    return Learned(kept, still, _withdrawn(bench, turned), found.moved)


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


@dataclass(frozen=True)
class Candidate:
    """What would serve: a model with its gate, and what the search is taught with its weights."""

    learned: Learned
    model: Path
    refitted: Refitted = field(default_factory=Refitted)
    way: str = PLAIN

    @property
    def taught(self) -> Taught:
        """What it teaches the search."""
        profile = self.refitted.profile
        state = ((profile_name(learned=True), profile),) if profile is not None else ()
        return replace(self.learned.taught, state=state)


def make(
    bench: Bench,
    learned: Learned,
    folder: Path,
    facts: Mapping[str, object],
    *,
    refitting: bool = True,
) -> tuple[Candidate, ...]:
    """Make the candidate that learned all, and those with less: each is judged if it has to be.

    Where gate or weights are new, one without them; where articles answered, one whose search alone
    learned.
    """
    plain = Candidate(learned, folder / PLAIN)
    train_on(bench, learned, plain.model, facts)
    less = _of_search(bench, learned, folder / SEARCH, facts)
    if not refitting or not is_desk(artifact.read_manifest(plain.model)["labels"]):
        return plain, *less
    with tried(bench, plain.model, learned.taught) as both:
        known = _known(bench, learned, plain.model)
        model = Gated(both.classifier.manifest, both.classifier.thresholds)
        refitted = refit(known, both.base, model, bench.rules, bench.told)
    if not refitted.is_new:
        return replace(plain, refitted=refitted), *less
    whole = Candidate(learned, folder / WHOLE, refitted, WHOLE)
    artifact.copy(plain.model, whole.model)
    if refitted.gate is not None:
        artifact.amend(whole.model, {"gate": refitted.gate})
    return whole, plain, *less


def _of_search(
    bench: Bench, learned: Learned, model: Path, facts: Mapping[str, object]
) -> tuple[Candidate, ...]:
    """Give the candidate that tells tiers as before; none where the search learned nothing."""
    if not (learned.taught.questions or learned.withdrawn or learned.turned):
        return ()
    artifact.copy(bench.base, model)
    # The same classifier under its own name: what is known of its gate holds on.
    artifact.amend(model, {name: fact for name, fact in facts.items() if name != "version"})
    return (Candidate(learned, model, way=SEARCH),)


def _known(bench: Bench, learned: Learned, model: Path) -> list[Known]:
    """Give what a model learned, with what it says of each where its person was left out."""
    shipped = [bench.shipped[place] for place in learned.shipped]
    groups = groups_of(shipped) or [f"row {row}" for row in range(len(shipped))]
    rows = [
        Known(each.text, each.label, each.article or "", group, each.bundle, {})
        for each, group in zip(shipped, groups, strict=True)
    ]
    rows += [
        Known(
            each.text,
            each.label,
            each.article,
            f"asker {each.asker}",
            each.asker,
            {},
            is_lesson=True,
        )
        for each in learned.lessons
    ]
    stored = artifact.load(model)
    columns = [stored.manifest["labels"].index(label) for label in LABELS]
    proba = stored.arrays["left_out"][:, columns]
    return known_of(rows, stored.arrays["learned_rows"].tolist(), proba)


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
def tried(
    bench: Bench, model: Path, taught: Taught, unasked: Collection[str] = ()
) -> Iterator[Tried]:
    """Put a model beside a copy of the search that was taught this, until the block ends.

    By what is `unasked` no article is found there.
    """
    classifier = Classifier.load(model, bench.encoder)
    with copied(bench.database, bench.encoder, unasked) as base:
        base.relearn(taught)
        yield Tried(base, classifier)


def taken(bench: Bench, both: Tried, scenes: Sequence[Scene]) -> Taken:
    """Decide on scenes as the bot would, and see what it costs."""
    policy = bench.rules.policy_of(
        Gated(both.classifier.manifest, both.classifier.thresholds), both.base
    )
    triager = Triager(
        both.base, both.classifier, lambda: policy, bench.encoder, leans=bench.rules.leans
    )
    decisions = triager.triage_batch([scene.text for scene in scenes], readers=None)
    judged = [
        Judged(scene.label, scene.article if scene.label == L1 else "", "", Evidence({}))
        for scene in scenes
    ]
    pairs = list(zip(judged, decisions, strict=True))
    return Taken(
        [cost_of(one, triage, bench.rules.costs) for one, triage in pairs],
        [is_right(one, triage) for one, triage in pairs],
        [max(t.probabilities, key=lambda name: t.probabilities[name]) for _, t in pairs],
    )

"""One run: what is on record is weighed, tried, judged, and takes the present's place or not."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.desk.errors import FrontlineError
from bot.fitting.learning.candidate import (
    SEARCH,
    WHOLE,
    Bench,
    learned_of,
    make,
    opinions_of,
    tried,
    weighed,
)
from bot.fitting.learning.encodings import Encodings, KeptEncoder
from bot.fitting.learning.judging import Judge
from bot.fitting.learning.reporting import (
    BACK,
    NO_OUTCOME,
    NOTHING,
    NOTHING_NEW,
    PROMOTED,
    REFUSED,
    TRIED,
    WITHDRAWN,
    Report,
)
from bot.fitting.learning.sorting import sort_out
from bot.fitting.learning.verdict import harm
from bot.fitting.learning.versions import LEARNED, Version
from classifier.data.dataset import data_hash
from classifier.progress import silent
from classifier.registry import artifact
from classifier.training.train import load_training_data
from kb.encoding.encoder import LayerEncoder
from kb.encoding.late import TokenEncoder
from kb.tuning.heldout import remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.desk.learning import Lesson, Weighed
    from bot.fitting.learning.candidate import Candidate, Learned
    from bot.fitting.learning.refitting import Rules
    from bot.fitting.learning.versions import Versions
    from classifier.data.dataset import Message
    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder
    from kb.searching.base import KnowledgeBase


@dataclass(frozen=True)
class Setup:
    """Where a run learns, with what, and by whose rules."""

    versions: Versions
    data: tuple[Path, ...]
    base: KnowledgeBase
    encoder: Encoder
    rules: Rules
    now: datetime
    told: Progress = silent
    reached: Callable[[str], None] = lambda step: None  # noqa: ARG005 - nobody listens
    promptly: Callable[[Callable[[], None]], None] = lambda do: do()
    """Does at the usual priority what others wait for."""


def learn(setup: Setup, lessons: Sequence[Lesson], *, dry_run: bool, by_hand: bool) -> Report:
    """Learn from what is on record; `by_hand` also where somebody went back before."""
    versions = setup.versions
    with versions.alone():
        texts = {int(each.ticket): each.text for each in lessons}
        recovered = versions.recover(setup.base, texts)
        base = versions.refresh_base(setup.base)
        if by_hand and not dry_run:
            versions.hold(held=False)
        report = _Run(setup, base, lessons).report(dry_run=dry_run)
        report = replace(report, recovered=recovered)
        if not dry_run:
            versions.purge(frozenset(texts))
        versions.forget_names(frozenset(name for each in lessons for name in (each.by, each.asker)))
        line = {"at": setup.now.isoformat(timespec="seconds"), **report.as_json()}
        versions.note({**line, "dry_run": dry_run})
        return report


def undo(setup: Setup, lessons: Sequence[Lesson]) -> Version | None:
    """Go back to what served before: a former version, or the shipped labels alone (None)."""
    versions = setup.versions
    with versions.alone():
        texts = {int(each.ticket): each.text for each in lessons}
        versions.recover(setup.base, texts)
        serving = versions.serving()
        if serving is None:
            raise FrontlineError(
                "Nothing that was learned serves just now: the model is of the shipped labels. "
                "`frontline model rollback` goes back to a model before it."
            )
        former = versions.get(serving.before) if serving.before else None
        while former is not None and not former.tickets <= texts.keys():
            # Words of it are no longer on record.
            former = versions.get(former.before) if former.before else None
        versions.switch(former, setup.base, texts, reached=setup.reached)
        versions.hold(held=True)
        versions.note(
            {
                "at": setup.now.isoformat(timespec="seconds"),
                "outcome": "undone",
                "version": serving.name,
                "instead": former.name if former else "the shipped labels",
            }
        )
        return former


def failed(setup: Setup, why: str) -> dict[str, Any]:
    """Give the journal's line on a run that could not be made."""
    at = setup.now.isoformat(timespec="seconds")
    return {"at": at, "outcome": "failed", "reasons": [why]}


class _Run:
    """The steps of one run."""

    def __init__(self, setup: Setup, base: Path, lessons: Sequence[Lesson]) -> None:
        self._setup = setup
        self._versions = setup.versions
        shipped, held, _ = load_training_data(setup.data)
        self._check(base, shipped)
        areas = {one.id: one.area for one in setup.base.store.articles()}
        self._on_record = frozenset(int(each.ticket) for each in lessons)
        self._sorted = sort_out(lessons, areas, {message.key for message in held})
        self._lessons = self._sorted.lessons
        self._encodings = Encodings(self._versions.encodings, setup.encoder)
        self._bench = Bench(
            base,
            setup.base.store.path,
            shipped,
            self._encoder(),
            self._encodings,
            setup.rules,
            setup.told,
        )
        self._known_texts = [each.text for each in (*shipped, *held)]
        self._known_texts += [each.text for each in self._lessons]
        self._judge = Judge(self._bench, self._lessons, held, areas, setup.now)

    def report(self, *, dry_run: bool) -> Report:
        """Do it all; what is promoted serves at the end."""
        serving = self._versions.serving()
        # What was learned of words that are gone, or of articles, is to be learned no more.
        left = self._on_record - self._sorted.lost
        gone = serving is not None and not serving.tickets <= left
        try:
            return self._learned(serving, gone=gone, dry_run=dry_run)
        finally:
            self._encodings.keep(self._known_texts)

    def _learned(self, serving: Version | None, *, gone: bool, dry_run: bool) -> Report:
        if not self._lessons and not gone:
            return Report(NOTHING, (NO_OUTCOME,), refused=self._sorted.refused)
        opinions = opinions_of(self._bench, self._lessons) if self._lessons else []
        found = weighed(self._bench, self._lessons, opinions)
        learned = learned_of(self._bench, self._lessons, found)
        self._setup.reached("weighed")
        told = self._told(found, learned)
        version = self._version(learned, serving)
        if serving is not None and not gone and _same(serving, version):
            return replace(told, outcome=NOTHING, reasons=(NOTHING_NEW,), version=serving.name)
        with tempfile.TemporaryDirectory(prefix="frontline-learning-") as folder:
            made = make(self._bench, learned, Path(folder), self._facts(version, learned))
            self._setup.reached("trained")
            judged = self._judge.judge(made, found, opinions)
            version = replace(version, profile=judged.candidate.refitted.profile)
            told = replace(
                told,
                outcome=PROMOTED if judged.verdict.accepted else REFUSED,
                reasons=judged.verdict.reasons,
                objections=judged.verdict.objections,
                accepted=judged.verdict.accepted,
                frozen=judged.frozen,
                month=judged.month,
                refitted=_words_on(made, judged.candidate, accepted=judged.verdict.accepted),
            )
            self._setup.reached("judged")
            if dry_run:
                return replace(told, outcome=TRIED)
            return self._taken_up(told, version, judged.candidate, gone=gone)

    def _taken_up(
        self, told: Report, version: Version, candidate: Candidate, *, gone: bool
    ) -> Report:
        outcome = PROMOTED
        if not told.accepted:
            if not gone:
                return told
            # Whoever is forgotten is forgotten, whether or not a month speaks for the rest.
            fine = all(fine for fine, _ in self._harm(told)) and bool(candidate.learned.lessons)
            outcome = WITHDRAWN if fine else BACK
        if outcome == PROMOTED and self._versions.held:
            held = "somebody went back: run `frontline learn` by hand to go on"
            return replace(told, outcome=REFUSED, objections=(held,))
        texts = {int(each.ticket): each.text for each in self._lessons}
        to = None if outcome == BACK else version
        if to is not None:
            self._versions.keep(to, candidate.model)
            self._setup.reached("written")
        with tried(self._bench, candidate.model, candidate.taught) as both:
            both.base.prepare()
            models = tuple(
                (str(name), str(basis), bytes(data))
                for name, basis, data in both.base.store.rows(
                    "select name, basis, data from kb_models where name <> 'files-read'"
                )
            )
        # What the copy embedded is remembered, and need not be embedded while others wait.
        base = self._setup.base
        base.encoder = self._bench.encoder
        switch = partial(
            self._versions.switch, to, base, texts, models=models, reached=self._setup.reached
        )
        self._setup.promptly(switch)
        return replace(told, outcome=outcome, version=to.name if to else None)

    @staticmethod
    def _harm(told: Report) -> list[tuple[bool, str]]:
        return harm(told.frozen, "the frozen holdout") if told.frozen else []

    # --- what is written down

    def _told(self, found: Weighed, learned: Learned) -> Report:
        people: dict[str, int] = {}
        for each in learned.lessons:
            people[each.by] = people.get(each.by, 0) + 1
        return Report(
            TRIED,
            lessons=len(self._on_record),
            kept=len(found.kept),
            turned=len(found.turned),
            refused=Counter(self._sorted.refused) + Counter(found.counts),
            people=people,
            askers=len({each.asker for each in learned.lessons}),
        )

    def _version(self, learned: Learned, serving: Version | None) -> Version:
        lessons = tuple((int(each.ticket), each.article) for each in learned.lessons)
        digest = hashlib.sha256(json.dumps(lessons).encode()).hexdigest()[:6]
        name = f"{self._setup.now:%Y%m%d-%H%M%S}-{digest}"
        return Version(
            name,
            lessons,
            tuple(sorted(learned.withdrawn)),
            turned=learned.turned,
            before=serving.name if serving else None,
        )

    def _facts(self, version: Version, learned: Learned) -> dict[str, Any]:
        return {
            "version": version.name,
            LEARNED: version.name,
            "created": self._setup.now.isoformat(timespec="seconds"),
            "lessons": len(learned.lessons),
        }

    # --- what it needs

    def _encoder(self) -> Encoder:
        encoder = self._setup.encoder
        if isinstance(encoder, TokenEncoder) and isinstance(encoder, LayerEncoder):
            return KeptEncoder(encoder, self._encodings)
        return remembered(encoder)

    def _check(self, base: Path, shipped: Sequence[Message]) -> None:
        manifest = artifact.read_manifest(base)
        if manifest["data"]["sha256"] != data_hash(shipped):
            names = ", ".join(str(path) for path in self._setup.data)
            raise FrontlineError(
                f"The model was trained on other messages than those of {names}. Name its data "
                "with --data (or [learning] data), or run `frontline classifier train`."
            )


def _words_on(made: Sequence[Candidate], chosen: Candidate, *, accepted: bool) -> tuple[str, ...]:
    """Say what became of gate and weights, and of the tiers."""
    said = made[0].refitted.said
    if chosen is made[0]:
        return said
    if made[0].way == WHOLE:
        said += ("with them it would not be taken: gate and weights stay as they are",)
    if chosen.way == SEARCH and accepted:
        said += ("with what tells tiers it would not be taken: the search alone learns",)
    return said


def _same(one: Version, other: Version) -> bool:
    same = (one.lessons, one.withdrawn) == (other.lessons, other.withdrawn)
    return same and one.turned == other.turned

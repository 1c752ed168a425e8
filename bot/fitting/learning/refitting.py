"""Gate and weights of the search, fitted anew; kept where messages left out gain beyond chance.

Each message is asked of a search that learned the others but none of its person's, and of the
classifier as it was without that person. What comes out must be better by a paired bootstrap (95%)
than what serves, or it stays as it is.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.desk.deciding import Evidence, decide
from bot.fitting.gate import (
    FOLDS,
    as_manifest,
    decide_crossed,
    fit_gate,
    objection,
    wanting,
)
from bot.fitting.judging import Judged, cost_of, measure
from bot.fitting.learning.verdict import gain_of
from bot.service.deciding.candidates import CANDIDATES, weighed
from bot.service.deciding.triaging import LONGEST_TEXT
from classifier.data.labels import CHAT, LABELS
from kb.index.learning import learned as learned_in
from kb.questions.hygiene import clean
from kb.searching.base import profile_name
from kb.tuning.fusion import tune
from kb.tuning.heldout import Example, ask, fold_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.desk.deciding import Costs, Policy
    from bot.fitting.gate import Budget
    from classifier.progress import Progress
    from kb.searching.base import KnowledgeBase
    from kb.tuning.heldout import Trial

MOST_ASKED = 1_200
"""So many messages are asked, half of them lessons: each is a search."""


@dataclass(frozen=True)
class Known:
    """A message whose treatment is known, and what the classifier says that left its person out."""

    text: str
    label: str
    article: str
    group: str
    """What is left out together."""
    person: str
    """Whose messages count as one, where chance is reckoned."""
    probabilities: Mapping[str, float]
    is_lesson: bool = False


@dataclass(frozen=True)
class Gated:
    """A model with another gate, as far as a policy asks."""

    manifest: Mapping[str, Any]
    thresholds: Mapping[str, float]


@dataclass(frozen=True)
class Rules:
    """By what is decided, and what mistakes cost."""

    policy_of: Callable[[Gated, KnowledgeBase], Policy]
    costs: Costs
    budget: Budget
    leans: bool = False
    """Whether the gate leans to what came of it: where candidates are judged, too."""


@dataclass(frozen=True)
class Refitted:
    """What was fitted anew; None where it stays as it was."""

    gate: Mapping[str, Any] | None = None
    profile: str | None = None
    said: tuple[str, ...] = ()
    """One line on each, for people."""

    @property
    def is_new(self) -> bool:
        """Whether anything is other than before."""
        return self.gate is not None or self.profile is not None


def refit(
    known: Sequence[Known], base: KnowledgeBase, model: Gated, rules: Rules, told: Progress
) -> Refitted:
    """Fit weights, then the gate, to what is known; `base` has learned it all."""
    ids = {article.id for article in base.store.articles()}
    there = [one for one in known if not one.article or one.article in ids]
    asking = _Asking(there, base, told)
    asked = asking.asked
    if why := wanting([one.label for one in asked], sum(bool(one.article) for one in asked)):
        return Refitted(said=(f"gate and weights stay as they are: {why}",))
    trials = asking.trials()
    profile, words = _profile(base, trials, asking.asked)
    if profile is not None:
        trials = asking.trials(profile)
    judged = [_judged(one, trial) for one, trial in zip(asking.asked, trials, strict=True)]
    gate, more = _gate(judged, [one.person for one in asking.asked], _both(model, base, rules))
    return Refitted(gate, profile, (*words, more))


class _Asking:
    """The messages that are asked, each of a base without its person's."""

    def __init__(self, known: Sequence[Known], base: KnowledgeBase, told: Progress) -> None:
        self._known = known
        self._base = base
        self._encoder = base.encoder
        self._told = told
        lessons = [one for one in known if one.is_lesson][-MOST_ASKED // 2 :]
        shipped = sorted(
            (one for one in known if not one.is_lesson),
            key=lambda one: zlib.crc32(one.text.encode("utf-8", "replace")),
        )
        self.asked: list[Known] = [*lessons, *shipped[: MOST_ASKED - len(lessons)]]
        self.asked.sort(key=lambda one: fold_of(one.group, FOLDS))

    def trials(self, profile: str | None = None) -> list[Trial]:
        """Ask them all; `profile` weighs the parts of the search otherwise."""
        articles = self._base.store.articles()
        state = dict(self._base.search_state())
        if profile is not None:
            state[profile_name(learned=True)] = profile
        always = self._always()
        taught = bool(always) or self._base.learned
        found: list[Trial] = []
        for fold in range(FOLDS):
            asked = [one for one in self.asked if fold_of(one.group, FOLDS) == fold]
            others = [one for one in self._known if fold_of(one.group, FOLDS) != fold]
            pairs = [*always, *(_example(one) for one in others if one.article and taught)]
            self._told("asking again", len(found), len(self.asked))
            found += ask(articles, self._encoder, pairs, [_example(one) for one in asked], state)
        return found

    def _always(self) -> list[Example]:
        """Give what the search learned of elsewhere, and is nobody's of these."""
        own = {clean(one.text).text for one in self._known}
        return [
            Example(text, article)
            for (_, article), texts in learned_in(self._base.store).items()
            for text in texts
            if text not in own
        ]


def _example(one: Known) -> Example:
    return Example(one.text[:LONGEST_TEXT], one.article, one.group)


def _judged(one: Known, trial: Trial) -> Judged:
    fold = str(fold_of(one.group, FOLDS))
    evidence = Evidence(dict(one.probabilities), weighed(trial.found[:CANDIDATES]))
    return Judged(one.label, one.article, fold, evidence)


def _profile(
    base: KnowledgeBase, trials: Sequence[Trial], asked: Sequence[Known]
) -> tuple[str | None, tuple[str, ...]]:
    """Fit how the search weighs its parts; None where that is not better beyond chance."""
    if not base.learned:
        return None, ()
    # What is no request has no article and needs none: it says nothing of the search.
    pairs = [(t, one) for t, one in zip(trials, asked, strict=True) if one.label != CHAT]
    tuning = tune([trial for trial, _ in pairs], base.profile)
    if tuning is None:
        return None, ("the weights of the search stay: too few questions with an article",)
    low, _ = gain_of(tuning.gains, [0.0] * len(tuning.gains), tuning.articles)
    figures = f"MRR {tuning.before:.3f} with the former, {tuning.after:.3f} with new ones"
    if low <= 0:
        return None, (f"the weights of the search stay: {figures}, no more than chance",)
    return tuning.profile.to_json(), (f"the weights of the search are new: {figures}",)


@dataclass(frozen=True)
class _Deciding:
    """How would be decided with one gate or another."""

    rules: Rules
    now: Policy
    with_gate: Callable[[Mapping[str, Any]], Policy]


def _both(model: Gated, base: KnowledgeBase, rules: Rules) -> _Deciding:
    def with_gate(gate: Mapping[str, Any]) -> Policy:
        manifest = {**model.manifest, "gate": gate}
        return rules.policy_of(replace(model, manifest=manifest), base)

    return _Deciding(rules, rules.policy_of(model, base), with_gate)


def _gate(
    judged: Sequence[Judged], people: Sequence[str], deciding: _Deciding
) -> tuple[Mapping[str, Any] | None, str]:
    """Fit the gate; None where it would decide no better than the one that there is."""
    costs, budget = deciding.rules.costs, deciding.rules.budget
    gate = fit_gate(judged, costs, budget)
    tried = as_manifest(gate, budget, measure([], [], costs), len(judged))
    before = [decide(one.evidence, deciding.now) for one in judged]
    after = decide_crossed(judged, deciding.with_gate(tried))
    old, new = (measure(judged, each, costs) for each in (before, after))
    spent, saved = (
        [cost_of(one, triage, costs) for one, triage in zip(judged, each, strict=True)]
        for each in (before, after)
    )
    figures = f"a message left out costs {old.cost:.3f} by the former, {new.cost:.3f} by a new one"
    if refused := objection(new, judged):
        return None, f"the gate stays: {refused}"
    if gain_of(spent, saved, people)[0] <= 0:
        return None, f"the gate stays: {figures}, no more than chance"
    if new.must_escalate_recall < old.must_escalate_recall:
        return None, (
            f"the gate stays: a new one would call for {new.must_escalate_recall:.1%} of what "
            f"needs a person, the former for {old.must_escalate_recall:.1%}"
        )
    return as_manifest(gate, budget, new, len(judged)), f"the gate is new: {figures}"


def known_of(rows: Sequence[Known], places: Sequence[int], proba: Any) -> list[Known]:
    """Join messages with what the classifier says of them that left their person out.

    Args:
        rows: the messages, in the order in which they were learned.
        places: which of them the classifier kept.
        proba: (places, labels), in the order of LABELS.
    """
    said = np.asarray(proba, np.float64)
    return [
        replace(rows[place], probabilities=dict(zip(LABELS, said[row].tolist(), strict=True)))
        for row, place in enumerate(places)
    ]

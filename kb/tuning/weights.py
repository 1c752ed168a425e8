"""Fitting the weights of a base's search to its own questions, and keeping them if unseen gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.index.learning import learned
from kb.searching.retrieval import RERANKED
from kb.tuning.fusion import tune
from kb.tuning.heldout import Example, Trial, counted, learned_trials, rivals, trials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.index.units import Progress
    from kb.searching.base import KnowledgeBase
    from kb.tuning.fusion import Tuning


def tune_weights(
    base: KnowledgeBase,
    confirmed: Sequence[tuple[str, str, str | None]] = (),
    unanswered: Sequence[str] = (),
    *,
    progress: Progress | None = None,
) -> Tuning | None:
    """Fit the weights to sample questions and (query, article, collection) confirmed answers.

    `unanswered` are messages that no article answers: scores become low for their like.
    Kept if a held-out half of the articles gains by it; None if there are too few questions.
    """
    articles = base.store.articles()
    if base.learned:
        known = [
            Example(text, key[1]) for key, texts in learned(base.store).items() for text in texts
        ]
        known += [Example(text, "") for text in unanswered]
        held_out = learned_trials(articles, base.encoder, known)
        asked = list(counted(held_out, len(known), progress))
        others = list(confirmed)
    else:
        total = sum(len(one.questions) for one in articles)
        held_out = trials(rivals(articles), base.encoder)
        asked = list(counted(held_out, total, progress))
        others = [*confirmed, *((text, "", None) for text in unanswered)]
    for query, article, collection in others:
        found = tuple(base.explain(query, collection=collection, top=RERANKED))
        asked.append(Trial(query, article, collection or "", found))
    tuning = tune(asked, base.profile)
    if tuning is not None and tuning.kept:
        base.keep(tuning.profile)
    return tuning

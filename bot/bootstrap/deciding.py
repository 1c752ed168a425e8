"""What decides: encoder, knowledge base, classifier, and the policy of the moment."""

from __future__ import annotations

from dataclasses import asdict, replace
from threading import Thread
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.desk.deciding import UNLABELLED, UNLABELLED_THRESHOLDS, Costs, Joint, Limits, Policy
from bot.scrubbing.scrubber import RuleScrubber
from bot.service.deciding.triaging import Triager

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.settings.settings import Settings
    from kb.encoding.encoder import Encoder
    from kb.searching.base import KnowledgeBase

log = structlog.get_logger(__name__)

RENDERED_AHEAD = 200
"""Of so many articles what is shown is rendered before anybody asks: 3 ms each."""


class Base(Protocol):
    """A knowledge base, as far as a policy depends on it."""

    @property
    def calibrated(self) -> bool:
        """Whether its scores mean what they say by its own scale."""


class Model(Protocol):
    """A trained model as its manifest describes it."""

    @property
    def manifest(self) -> Mapping[str, object]:
        """All that is known of it."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Those of the classifier alone."""


def build_encoder(settings: Settings) -> Encoder:
    """Load the embedding model; takes a moment."""
    from kb.encoding.loading import load_encoder
    from kb.encoding.once import once

    return once(load_encoder(settings.encoder_model))


def build_knowledge(settings: Settings, encoder: Encoder) -> KnowledgeBase:
    """Open the knowledge base in the desk's database."""
    from bot.store.articles.places import ready_place
    from kb.searching.base import KnowledgeBase

    return KnowledgeBase.open(
        settings.db,
        encoder,
        approximate_from=settings.approximate_from,
        filing=settings.filing,
        place=ready_place(settings.db),
    )


def build_triager(settings: Settings, knowledge: KnowledgeBase, encoder: Encoder) -> Triager:
    """Join knowledge base and classifier under the policy of the trained model."""
    from classifier.serving.current import ServingClassifier

    classifier = ServingClassifier(
        settings.model,
        encoder,
        told=lambda line: log.info("classifier", says=line),
        beside=lambda load: Thread(target=load, name="new model", daemon=True).start(),
    )
    return Triager(
        knowledge,
        classifier,
        remembered_policy(settings, classifier, knowledge),
        encoder,
        RuleScrubber(),
        leans=settings.file.learning.lean,
    )


def look_ahead(triager: Triager) -> int:
    """Do what the first who is shown an article would wait for: read it, compare, render.

    Gives how many texts are compared.
    """
    from bot.slack.mrkdwn import to_mrkdwn

    compared = triager.look_ahead()
    for article in triager.knowledge.look_ahead()[:RENDERED_AHEAD]:
        steps = [step for each in article.step_lists for step in each.steps]
        for text in (article.lead, *steps):
            to_mrkdwn(text)
    return compared


def remembered_policy(settings: Settings, model: Model, base: Base) -> Callable[[], Policy]:
    """Give the policy of the moment; built anew where the model or the base is another."""
    kept: tuple[Mapping[str, object], bool, Policy] | None = None

    def policy() -> Policy:
        nonlocal kept
        manifest = model.manifest
        # Asked only where it counts: it looks into the database.
        now = manifest, not manifest.get("gate") and base.calibrated
        if kept is None or kept[0] is not now[0] or kept[1] != now[1]:
            kept = *now, build_policy(settings, model, base)
        return kept[2]

    return policy


def build_policy(settings: Settings, model: Model, base: Base | None = None) -> Policy:
    """Join what the model's gate was fitted to with what the configuration says.

    Where none was fitted, a base that was calibrated on itself has weights and limits of its own.
    """
    gate = model.manifest.get("gate")
    fitted = gate if isinstance(gate, dict) else {}
    if not fitted and base is not None and base.calibrated:
        fitted = {"joint": asdict(UNLABELLED), "thresholds": UNLABELLED_THRESHOLDS}
    overruled = settings.file.classifier.thresholds.model_dump(exclude_none=True)
    thresholds = {**model.thresholds, **fitted.get("thresholds", {}), **overruled}
    return replace(
        Policy.from_thresholds(thresholds),
        costs=Costs(**settings.costs),
        limits=_limits(settings, model, "limits"),
        unread_limits=_limits(settings, model, "unread_limits"),
        first_limits=_limits(settings, model, "unread_first_limits"),
        joint=Joint.from_mapping(fitted.get("joint", {})),
    )


def _limits(settings: Settings, model: Model, which: str) -> dict[str, Limits]:
    """From which chance a matter is one, as the model was fitted; none where it knows none."""
    matters = model.manifest.get("matters")
    fitted = matters.get(which, {}) if isinstance(matters, dict) else {}
    overruled = settings.limits
    return {name: Limits(**{**both, **overruled.get(name, {})}) for name, both in fitted.items()}

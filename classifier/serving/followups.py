"""Reading follow-ups: what a message means in its thread, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.features.situations import situated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.data.followups import FollowUp
    from classifier.estimators.followup import FollowUpClassifier
    from kb.encoding.encoder import Encoder


@dataclass(frozen=True)
class Reading:
    """The chance of each meaning; none where no model can read it."""

    chances: Mapping[str, float]


UNREAD = Reading({})


class FollowUpReader:
    """What was learned of follow-ups, with the encoder that it was learned from."""

    def __init__(self, estimator: FollowUpClassifier, encoder: Encoder) -> None:
        """Join the two."""
        self._estimator = estimator
        self._encoder = encoder

    def read(self, followup: FollowUp) -> Reading:
        """Say what a message means."""
        chances = self._estimator.predict_proba(situated([followup], self._encoder))[0]
        names = self._estimator.classes_.tolist()
        return Reading(dict(zip(names, chances.tolist(), strict=True)))

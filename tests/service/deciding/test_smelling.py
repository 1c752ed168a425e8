"""Danger that is read from the smell of lunch alone is none; what else is told stays danger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.desk.deciding import Matter, Policy
from bot.service.deciding.triaging import Triager
from classifier.serving.predict import Prediction
from tests.scenarios.knowledge import (
    LIMITS,
    ScriptedClassifier,
    ScriptedKnowledge,
    WordEncoder,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class Nose(ScriptedClassifier):
    """A classifier that takes smells for danger, and who lies on the floor."""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Classify several messages."""
        return [
            Prediction("L1", {"L1": 0.9}, abstain=False, matters={str(Matter.DANGER): each})
            for each in (0.97 if "smell" in text or "lies" in text else 0.0 for text in texts)
        ]


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("who left the lasagna in the break room, it has a smell now", False),
        ("Ben lies beside his lunch in the break room, it smells", True),
        ("the hall smells", True),
        ("the rack smells since lunch", True),
    ],
)
def test_the_smell_of_lunch_is_no_danger(text: str, *, danger: bool) -> None:
    """Neither where it is asked for by itself, nor where the message is decided on."""
    policy = Policy(limits={matter.value: limits for matter, limits in LIMITS.items()})
    parts: list[Any] = [ScriptedKnowledge(), Nose(), lambda: policy, cast("Any", WordEncoder())]
    triager = Triager(*parts)
    assert (triager.suspicion(text) is not None) is danger
    assert (triager.triage(text, readers=None).suspicion is not None) is danger

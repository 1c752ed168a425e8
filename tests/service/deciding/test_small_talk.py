"""Small talk takes two: the tiers' classifier, and what reads first messages."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.desk.deciding import Action, Policy
from bot.service.deciding.triaging import Triager
from classifier.serving.predict import Prediction

CHATTY = Prediction("chat", {"L1": 0.03, "L2": 0.01, "L3": 0.01, "chat": 0.95}, abstain=False)


def triager(*, told: Prediction = CHATTY, **chances: float) -> Triager:
    """Give a triager whose tiers hear small talk, and whose reader of first messages hears this."""
    base = SimpleNamespace(search_batch=lambda texts, **_: [[] for _ in texts])
    model = SimpleNamespace(
        version="1",
        vocabulary=frozenset({"my", "printer"}),
        predict=lambda texts: [told] * len(texts),
        read=lambda _: SimpleNamespace(chances=chances),
    )
    encoder = SimpleNamespace(name="")
    return Triager(cast("Any", base), cast("Any", model), Policy, cast("Any", encoder))


def test_what_both_take_for_small_talk_is_a_courtesy() -> None:
    """Thanks and talk are counted together."""
    found = triager(talk=0.5, thanks=0.3).triage("lovely tap you have there", readers=None)
    assert found.action is Action.COURTESY


@pytest.mark.parametrize("heard", [{"another": 0.9}, {"talk": 0.4, "another": 0.4}])
def test_what_one_of_them_does_not_take_for_small_talk_is_asked_about(
    heard: dict[str, float],
) -> None:
    """In whatever words and language: nobody lists what may be out of order."""
    found = triager(**heard).triage("the tap in the kitchen drips", readers=None)
    assert found.action is Action.CLARIFY
    assert found.unknown
    assert "small talk" in found.reasons[0]


def test_what_many_are_affected_by_is_no_small_talk() -> None:
    """Both hear a remark; who reads impact hears how many it is about."""
    broad = replace(CHATTY, impacts={"many": 0.7, "one": 0.3}, urgencies={"stopped": 1.0})
    asked = triager(told=broad, talk=0.9).triage("the intranet spins then 504", readers=None)
    assert asked.action is Action.CLARIFY
    assert "many" in asked.reasons[0]


def test_a_model_that_learned_no_follow_ups_decides_alone() -> None:
    """An older one, or one trained on a file of one's own."""
    assert triager().triage("good morning", readers=None).action is Action.COURTESY

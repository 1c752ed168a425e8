"""Who counts decisions is told of each."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from bot.desk.deciding import Policy
from bot.service.deciding.triaging import Triager
from classifier.serving.predict import Prediction

if TYPE_CHECKING:
    from bot.desk.deciding import Triage

SURE = Prediction("L1", {"L1": 0.97, "L2": 0.01, "L3": 0.01, "chat": 0.01}, abstain=False)


def test_each_decision_is_told_with_the_time_that_it_took() -> None:
    """One for each text."""
    base = SimpleNamespace(search_batch=lambda texts, **_: [[] for _ in texts])
    model = SimpleNamespace(
        version="1",
        vocabulary=frozenset({"my", "printer"}),
        predict=lambda texts: [SURE] * len(texts),
    )
    triager = Triager(
        cast("Any", base), cast("Any", model), Policy, cast("Any", SimpleNamespace(name=""))
    )
    told: list[tuple[Triage, float]] = []
    triager.told = lambda triage, seconds: told.append((triage, seconds))
    found = triager.triage_batch(["my printer", "a printer of my own"], readers=None)
    assert [triage for triage, _ in told] == found
    assert all(seconds > 0 for _, seconds in told)

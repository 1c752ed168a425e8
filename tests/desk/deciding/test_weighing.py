"""The priority that a request starts with, and why."""

from __future__ import annotations

import pytest

from bot.desk.deciding import (
    Asset,
    Criticality,
    Matter,
    Route,
    Weight,
    by_reporters,
    first_priority,
    sober,
    weigh,
)
from bot.desk.promises import Impact, Priority, Urgency, priority_of
from bot.desk.tiers import Tier
from classifier.data.labels import PRIORITIES


def weight(impact: Impact, urgency: Urgency) -> Weight:
    """Build a prediction that is sure."""
    impacts = {each: 0.9 if each is impact else 0.05 for each in Impact}
    urgencies = {each: 0.9 if each is urgency else 0.05 for each in Urgency}
    level = priority_of(impact, urgency)
    priorities = {each: 0.91 if each is level else 0.03 for each in Priority}
    return Weight(
        {k.value: v for k, v in impacts.items()},
        {k.value: v for k, v in urgencies.items()},
        {k.value: v for k, v in priorities.items()},
    )


ONE_HINDERED = weight(Impact.ONE, Urgency.HINDERED)
MANY_STOPPED = weight(Impact.MANY, Urgency.STOPPED)
DANGER = Route(Matter.DANGER, {}, {}, priority=Priority.P1)
TILLS = Asset("order system", ("tills",), Criticality.CRITICAL)


def test_the_prediction_is_said_in_words() -> None:
    """Impact first, then urgency."""
    found = weigh("x", Tier.L2, weight=MANY_STOPPED)
    assert (found.priority, found.why) == (Priority.P1, "many people, work stopped")


def test_without_a_prediction_the_words_of_the_request_decide() -> None:
    """As before: a model that never learned it."""
    text = "The whole office cannot work, outage"
    assert weigh(text, Tier.L3).priority is first_priority(text, Tier.L3)


def test_a_route_raises_and_is_named() -> None:
    """It never lowers."""
    found = weigh("x", Tier.L2, weight=ONE_HINDERED, route=DANGER)
    assert (found.priority, found.why) == (
        Priority.P1,
        "one person, work hindered; route danger",
    )
    low = Route(Matter.CONFIDENTIAL, {}, {}, priority=Priority.P3)
    assert weigh("x", Tier.L2, weight=MANY_STOPPED, route=low).priority is Priority.P1


@pytest.mark.parametrize(
    ("text", "given", "priority"),
    [
        ("the tills are dead", weight(Impact.ONE, Urgency.STOPPED), Priority.P1),
        ("the TILLS are slow", ONE_HINDERED, Priority.P3),
        ("how do the tills work", weight(Impact.ONE, Urgency.CAN_WAIT), Priority.P4),
        ("stills are nice", ONE_HINDERED, Priority.P4),
    ],
)
def test_a_critical_asset_raises_what_is_broken(
    text: str, given: Weight, priority: Priority
) -> None:
    """Whole words only, and no question about it."""
    found = weigh(text, Tier.L2, weight=given, assets=(TILLS,))
    assert found.priority is priority
    raised = found.priority is not weigh(text, Tier.L2, weight=given).priority
    assert ("asset order system is critical" in found.why) == raised


def test_many_reporters_make_it_an_outage() -> None:
    """Two raise it by one, three make it P1."""
    found = weigh("x", Tier.L2, weight=ONE_HINDERED, reporters=3)
    assert found.priority is Priority.P1
    assert "3 people report it" in found.why
    assert by_reporters(Priority.P4, 2) is Priority.P3
    assert by_reporters(Priority.P2, 2) is Priority.P2
    assert by_reporters(Priority.P4, 1) is Priority.P4


def test_the_classifier_learns_by_the_same_matrix() -> None:
    """It does not know the bot, so it has the matrix once more."""
    ours = {(i.value, u.value): priority_of(i, u).value for i in Impact for u in Urgency}
    assert ours == PRIORITIES


@pytest.mark.parametrize(("many", "stays"), [(0.39, False), (0.7, True)])
def test_many_are_affected_by_evidence_alone_where_a_language_is_not_read(
    many: float, *, stays: bool
) -> None:
    """A third of the chance made "No puedo entrar" an outage."""
    impacts = {"many": many, "several": 0.12, "one": 0.88 - many}
    urgencies = {"stopped": 0.9, "hindered": 0.08, "can wait": 0.02}
    priorities = {each.value: 0.91 if each is Priority.P1 else 0.03 for each in Priority}
    found = sober(Weight(impacts, urgencies, priorities))
    assert sum(found.priorities.values()) == pytest.approx(1.0)
    assert (weigh("x", Tier.L2, weight=found).priority is Priority.P1) is stays

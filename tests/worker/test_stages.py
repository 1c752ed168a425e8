"""How long each stage of a message's way took: each is counted, and the reply once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.bootstrap.measuring import MOST_FOLLOWED, Measuring, Timed
from bot.desk.deciding import Action
from bot.desk.errors import RetryableDeliveryError
from bot.desk.ids import NoticeId
from bot.desk.tiers import Tier
from bot.worker import InboxWorker, OutboxRelay
from bot.worker.pacing import Pacer
from tests import builders as a
from tests.worker.test_worker import NEVER_WAIT, Bench, bench

__all__ = ["bench"]


@pytest.fixture
def passed(bench: Bench) -> list[tuple[str, float]]:
    """What is told of stages by the worker of the bench."""
    told: list[tuple[str, float]] = []
    timed = Timed(lambda stage, seconds: told.append((stage, seconds)))
    bench.inbox = InboxWorker(bench.store, bench.inbox._desk, bench._parse, stages=timed)
    bench.relay = OutboxRelay(
        bench.store, bench.postman, Pacer(burst=NEVER_WAIT), stages=timed
    )  # fmt: skip
    return told


def test_each_stage_of_a_question_is_counted_once(
    bench: Bench, passed: list[tuple[str, float]]
) -> None:
    """From the event to the answer; the waits are those that people wait."""
    bench.receive(a.message())
    bench.clock.turn(3)
    assert bench.inbox.step()
    bench.clock.turn(2)
    bench.work()
    assert bench.shown == ["answer"]
    assert passed == [("inbox", 3.0), ("handling", 0.0), ("outbox", 2.0), ("reply", 5.0)]


def test_the_first_of_what_a_message_led_to_is_its_reply(
    bench: Bench, passed: list[tuple[str, float]]
) -> None:
    """A call has a card, a handoff and word for the requester: one reply."""
    bench.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    bench.receive(a.message())
    bench.work()
    stages = [stage for stage, _ in passed]
    assert stages.count("outbox") == len(bench.shown) > 1
    assert stages.count("reply") == 1


def test_what_slack_took_late_counts_as_late(bench: Bench, passed: list[tuple[str, float]]) -> None:
    """An outage is in the wait for it, and nothing is counted before it was taken."""
    bench.receive(a.message())
    bench.postman.script = [RetryableDeliveryError("away")]
    bench.work()
    assert [stage for stage, _ in passed] == ["inbox", "handling"]
    bench.wait_and_work(100)
    assert passed[2:] == [("outbox", 100.0), ("reply", 100.0)]


def test_what_nobody_sends_here_is_not_remembered_without_end() -> None:
    """Another replica may have sent it."""
    timed = Timed(lambda *_: None)
    for number in range(MOST_FOLLOWED + 10):
        timed.led_to([NoticeId(number)], a.NOON)
    assert len(timed._led_to) == MOST_FOLLOWED


def figures_of(manifest: dict[str, Any]) -> str:
    """What is given for a desk whose model has this manifest."""
    nothing: Any = SimpleNamespace(
        queues=list, called=list, incidents=int, stops=SimpleNamespace(now=list)
    )
    store: Any = SimpleNamespace(gauges=nothing, stops=SimpleNamespace(now=list))
    triager: Any = SimpleNamespace(manifest=manifest, told=None)
    metrics = Measuring("", lambda: store, triager, float).metrics
    assert metrics is not None
    return metrics.text()


def test_the_gate_that_decides_is_among_the_figures() -> None:
    """Its version, how much it answers, what it may get wrong and what it got wrong."""
    text = figures_of({
        "version": "20261130-1",
        "metrics": {"calibration_error": 0.0125},
        "gate": {
            "budget": {"wrong_answers": 0.08, "missed_escalations": 0.015},
            "figures": {"answered": 0.75, "wrong_of_answers": 0.0625, "must_escalate_recall": 0.75},
        },
    })  # fmt: skip
    for line in (
        'frontline_model_info{version="20261130-1"} 1.0',
        "frontline_model_calibration_error 0.0125",
        "frontline_gate_coverage 0.75",
        'frontline_gate_budget{error="wrong_answers"} 0.08',
        'frontline_gate_errors{error="wrong_answers"} 0.0625',
        'frontline_gate_errors{error="missed_escalations"} 0.25',
    ):
        assert f"\n{line}\n" in text
    assert "frontline_metrics_failed{" not in text


def test_a_model_without_a_gate_says_which_it_is_and_no_more() -> None:
    """Nothing was fitted, and nothing is made up."""
    text = figures_of({"version": "20261130-1"})
    assert 'frontline_model_info{version="20261130-1"} 1.0' in text
    assert "\nfrontline_gate_coverage " not in text
    assert "\nfrontline_gate_budget{" not in text
    assert "frontline_metrics_failed{" not in text

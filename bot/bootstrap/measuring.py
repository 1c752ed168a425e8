"""What can be read of a running bot at `/metrics`: what it counts, and how its desk stands."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desk.ports.stages import Unmeasured
from bot.web import Gauge, Look, Metrics, Paths, WebServer
from bot.web.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from bot.desk.deciding import Triage
    from bot.desk.ids import NoticeId
    from bot.desk.ports.time import Monotonic
    from bot.service.deciding.triaging import Triager
    from bot.slack.app import Told
    from bot.store.unit_of_work import Store

    Rows = Iterator[tuple[tuple[str, ...], tuple[float, ...]]]

QUEUES = tuple(
    Gauge(f"frontline_queue_{name}", means, ("queue",))
    for name, means in (
        ("waiting", "What waits in the queue of what came from Slack or goes there"),
        ("oldest_seconds", "How long the oldest of these has waited"),
        ("set_aside", "What was set aside: `frontline outbox list`, `frontline doctor`"),
    )
)
MODEL = (Gauge("frontline_model_info", "The model that decides, always 1", ("version",)),)
CALIBRATION = (
    Gauge("frontline_model_calibration_error", "By how much its chances err on its holdout"),
)
COVERAGE = (
    Gauge("frontline_gate_coverage", "What it answers of what an article answers, as fitted"),
)
ERRORS = (
    Gauge("frontline_gate_budget", "The share of errors that it may make", ("error",)),
    Gauge("frontline_gate_errors", "The share that it made when it was fitted", ("error",)),
)
OPEN = ("group", "priority", "state")
ESCALATIONS = (
    Gauge("frontline_escalations", "Escalations that are open", OPEN),
    Gauge("frontline_escalation_oldest_seconds", "How long ago the oldest was opened", OPEN),
)


MOST_FOLLOWED = 10_000
"""So many notices are remembered until Slack takes them; of others no reply is measured."""


class Timed:
    """Tells how long each stage took; a reply is the first that Slack takes of what one led to."""

    def __init__(self, passed: Callable[[str, float], None]) -> None:
        """Tell it by stage, in seconds."""
        self._passed = passed
        self._led_to: dict[NoticeId, _Delivery] = {}
        self._lock = threading.Lock()

    def handled(self, waited_s: float, took_s: float) -> None:
        """Count a delivery that was handled."""
        self._passed("inbox", waited_s)
        self._passed("handling", took_s)

    def led_to(self, notices: Sequence[NoticeId], received_at: datetime) -> None:
        """Remember since when a reply is awaited; what another replica sends is not measured."""
        delivery = _Delivery(received_at)
        with self._lock:
            self._led_to.update(dict.fromkeys(notices, delivery))
            while len(self._led_to) > MOST_FOLLOWED:
                del self._led_to[next(iter(self._led_to))]

    def sent(self, notice: NoticeId, waited_s: float, at: datetime) -> None:
        """Count what Slack took, and the reply where it is one."""
        with self._lock:
            delivery = self._led_to.pop(notice, None)
            is_first = delivery is not None and not delivery.is_answered
            if delivery is not None:
                delivery.is_answered = True
        self._passed("outbox", waited_s)
        if delivery is not None and is_first:
            self._passed("reply", (at - delivery.received_at).total_seconds())


@dataclass
class _Delivery:
    received_at: datetime
    is_answered: bool = False


class Measuring:
    """Counts, and serves the figures; where nobody asked for them, nothing is counted."""

    def __init__(
        self,
        listen: str | Callable[[Metrics], None] | None,
        store: Callable[[], Store],
        triager: Triager,
        monotonic: Monotonic,
    ) -> None:
        """Listen at `host:port`, or hand the figures to whoever gives those of several desks.

        The store is looked into when somebody asks.
        """
        self._listen = listen
        self._store = store
        self._monotonic = monotonic
        self._silent_s: Callable[[], float] | None = None
        self._not_stored_s: Callable[[], float] = float
        self.metrics = Metrics(self._looks()) if listen is not None else None
        triager.told = self._decided if listen is not None else None
        self._triager = triager
        self.stages = Timed(self.metrics.passed) if self.metrics is not None else Unmeasured()

    @property
    def called(self) -> Told | None:
        """Who is told of each call to Slack."""
        return self.metrics.called if self.metrics is not None else None

    def serve(
        self, silent_s: Callable[[], float] | None, not_stored_s: Callable[[], float]
    ) -> WebServer | None:
        """Begin to answer, at an address of its own: figures are not for those whom Slack is for.

        Nothing is said of how long Slack has been silent where nothing can tell.

        Raises:
            ConfigurationError: the address is taken, or none of this machine.
        """
        self._silent_s, self._not_stored_s = silent_s, not_stored_s
        if self._listen is None or self.metrics is None:
            return None
        if not isinstance(self._listen, str):
            self._listen(self.metrics)
            return None
        server = WebServer(Paths({METRICS: self.metrics}), self._listen)
        server.start()
        return server

    def _looks(self) -> tuple[Look, ...]:
        return (
            # First, since they ask no database: one that is away takes the time of all that follow.
            Look(
                (
                    Gauge(
                        "frontline_not_stored_seconds",
                        "For how long what Slack delivers cannot be stored",
                    ),
                ),
                lambda: [((), (self._not_stored_s(),))],
            ),
            Look(MODEL, lambda: [((str(self._triager.manifest["version"]),), (1.0,))]),
            Look(CALIBRATION, self._calibration),
            Look(COVERAGE, self._coverage),
            Look(ERRORS, self._errors),
            # From here on databases are asked, of this one where other replicas may have heard.
            Look(
                (Gauge("frontline_slack_heard_seconds", "Since Slack was last heard"),), self._heard
            ),
            Look(QUEUES, self._queues),
            Look(ESCALATIONS, self._escalations),
            Look(
                (Gauge("frontline_incidents", "Incidents that are open"),),
                lambda: [((), (self._store().gauges.incidents(),))],
            ),
            Look(
                (
                    Gauge(
                        "frontline_sending_stops",
                        "What is stopped because Slack refuses Frontline itself",
                    ),
                ),
                lambda: [((), (len(self._store().stops.now()),))],
            ),
        )

    def _calibration(self) -> Rows:
        found = self._triager.manifest.get("metrics") or {}
        if "calibration_error" in found:
            yield (), (float(found["calibration_error"]),)

    def _coverage(self) -> Rows:
        gate = self._triager.manifest.get("gate")
        if gate:
            yield (), (float(gate["figures"]["answered"]),)

    def _errors(self) -> Rows:
        gate = self._triager.manifest.get("gate")
        if gate:
            budget, found = gate["budget"], gate["figures"]
            wrong, missed = found["wrong_of_answers"], 1.0 - found["must_escalate_recall"]
            yield ("wrong_answers",), (float(budget["wrong_answers"]), float(wrong))
            yield ("missed_escalations",), (float(budget["missed_escalations"]), float(missed))

    def _queues(self) -> Rows:
        for each in self._store().gauges.queues():
            yield (each.name,), (each.waiting, each.oldest_s, each.set_aside)

    def _escalations(self) -> Rows:
        for each in self._store().gauges.called():
            yield (each.group, each.priority, each.state), (each.count, each.oldest_s)

    def _decided(self, triage: Triage, seconds: float) -> None:
        if self.metrics is not None:
            self.metrics.decided(triage.action.value, triage.tier.value, seconds)

    def _heard(self) -> Rows:
        if self._silent_s is not None:
            yield (), (self._silent_s(),)

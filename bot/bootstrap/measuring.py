"""What can be read of a running bot at `/metrics`: what it counts, and how its desk stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.web import Gauge, Metrics, Paths, WebServer
from bot.web.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.desk.deciding import Triage
    from bot.desk.ports.time import Monotonic
    from bot.service.deciding.triaging import Triager
    from bot.slack.app import Told
    from bot.store.unit_of_work import Store
    from bot.worker import Ear

    Figures = Iterable[tuple[Sequence[str], float]]


class Measuring:
    """Counts, and serves the figures; where nobody asked for them, nothing is counted."""

    def __init__(
        self,
        listen: str | None,
        store: Callable[[], Store],
        triager: Triager,
        monotonic: Monotonic,
    ) -> None:
        """Listen at `host:port`; the store is looked into when somebody asks."""
        self._listen = listen
        self._store = store
        self._monotonic = monotonic
        self._ear: Ear | None = None
        self.metrics = Metrics(self._gauges()) if listen is not None else None
        triager.told = self._decided if listen is not None else None

    @property
    def called(self) -> Told | None:
        """Who is told of each call to Slack."""
        return self.metrics.called if self.metrics is not None else None

    def serve(self, ear: Ear) -> WebServer | None:
        """Begin to answer, at an address of its own: figures are not for those whom Slack is for.

        Raises:
            ConfigurationError: the address is taken, or none of this machine.
        """
        self._ear = ear
        if self._listen is None or self.metrics is None:
            return None
        server = WebServer(Paths({METRICS: self.metrics}), self._listen)
        server.start()
        return server

    def _gauges(self) -> tuple[Gauge, ...]:
        return (
            Gauge(
                "frontline_queue_waiting",
                "What waits in the queue of what came from Slack or goes there",
                ["queue"],
                lambda: [([each.name], each.waiting) for each in self._store().gauges.queues()],
            ),
            Gauge(
                "frontline_queue_oldest_seconds",
                "How long the oldest of these has waited",
                ["queue"],
                lambda: [([each.name], each.oldest_s) for each in self._store().gauges.queues()],
            ),
            Gauge(
                "frontline_queue_set_aside",
                "What was set aside: see `frontline outbox list` and `frontline doctor`",
                ["queue"],
                lambda: [([each.name], each.set_aside) for each in self._store().gauges.queues()],
            ),
            Gauge(
                "frontline_escalations",
                "Escalations that are open",
                ["group", "priority", "state"],
                lambda: [
                    ([each.group, each.priority, each.state], each.count)
                    for each in self._store().gauges.called()
                ],
            ),
            Gauge(
                "frontline_escalation_oldest_seconds",
                "How long ago the oldest of these was opened",
                ["group", "priority", "state"],
                lambda: [
                    ([each.group, each.priority, each.state], each.oldest_s)
                    for each in self._store().gauges.called()
                ],
            ),
            Gauge(
                "frontline_incidents",
                "Incidents that are open",
                (),
                lambda: [((), self._store().gauges.incidents())],
            ),
            Gauge(
                "frontline_sending_stops",
                "What is stopped because Slack refuses Frontline itself",
                (),
                lambda: [((), len(self._store().stops.now()))],
            ),
            Gauge("frontline_slack_heard_seconds", "Since Slack was last heard", (), self._heard),
        )

    def _decided(self, triage: Triage, seconds: float) -> None:
        if self.metrics is not None:
            self.metrics.decided(triage.action.value, triage.tier.value, seconds)

    def _heard(self) -> Figures:
        at = self._ear.heard_at if self._ear is not None else None
        return [((), self._monotonic() - at)] if at is not None else []

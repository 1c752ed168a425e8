"""What can be read of a running bot at `/metrics`: what it counts, and how its desk stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.web import Gauge, Look, Metrics, Paths, WebServer
from bot.web.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.desk.deciding import Triage
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
OPEN = ("group", "priority", "state")
ESCALATIONS = (
    Gauge("frontline_escalations", "Escalations that are open", OPEN),
    Gauge("frontline_escalation_oldest_seconds", "How long ago the oldest was opened", OPEN),
)


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

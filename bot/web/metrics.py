"""Figures of the running process, as Prometheus reads them."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.web.bodies import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from bot.web.bodies import Receive, Scope, Send

METRICS = "/metrics"
TEXT = {"content-type": "text/plain; version=0.0.4; charset=utf-8"}
LOOK_WITHIN_S = 4.0
"""Prometheus waits for 10 s, unless it is told otherwise."""
STAGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
"""Upper ends of the buckets, in seconds: from an encoding to an outage of Slack."""


@dataclass(frozen=True)
class Gauge:
    """A figure that is looked up when somebody asks: its name, meaning and labels."""

    name: str
    means: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """One look that gives several gauges their figures.

    Each row has the values of the labels, and a figure for each of the gauges.
    """

    gauges: tuple[Gauge, ...]
    rows: Callable[[], Iterable[tuple[tuple[str, ...], tuple[float, ...]]]]


class _Looked(Collector):
    """Looks; what fails is left out and named, and so is what takes too long.

    A database that is away makes each look wait. Whoever asks would have gone by then, and take
    the process for dead: so a thread looks, and what is not there in time has failed.
    """

    def __init__(self, looks: Sequence[Look]) -> None:
        self._looks = looks
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="frontline-figures")
        self._round: Future[None] | None = None
        self._found: list[list[GaugeMetricFamily] | None] = []
        self._is_asked = False
        self._until = 0.0

    def begin(self) -> None:
        """Begin to look; a round that is under way is not begun again."""
        self._is_asked = True
        self._until = time.monotonic() + LOOK_WITHIN_S
        if self._round is None or self._round.done():
            self._found = []
            self._round = self._thread.submit(self._look, self._found)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if not self._is_asked:
            self.begin()
        self._is_asked = False
        wait([each for each in (self._round,) if each], max(0.0, self._until - time.monotonic()))
        found = list(self._found)
        failed = GaugeMetricFamily(
            "frontline_metrics_failed", "Figures that could not be read", labels=["name"]
        )
        for place, look in enumerate(self._looks):
            families = found[place] if place < len(found) else None
            yield from families or ()
            if families is None:
                for each in look.gauges:
                    failed.add_metric([each.name], 1.0)
        yield failed

    def _look(self, found: list[list[GaugeMetricFamily] | None]) -> None:
        for look in self._looks:
            try:
                found.append(_read(look))
            except Exception:  # noqa: BLE001 - the others are to be read, whatever befell this one
                found.append(None)

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is looked up before somebody asks."""
        return []


def _read(look: Look) -> list[GaugeMetricFamily]:
    families = [
        GaugeMetricFamily(each.name, each.means, labels=each.labels) for each in look.gauges
    ]
    for labels, figures in look.rows():
        for family, figure in zip(families, figures, strict=True):
            family.add_metric(labels, figure)
    return families


class Metrics:
    """Counts what happens, looks up what stands, and answers `/metrics`.

    Labels are of a fixed, small number of values; no text, name or id of a person is among them.
    """

    def __init__(self, looks: Sequence[Look] = ()) -> None:
        """Count from now on."""
        self._registry = CollectorRegistry()
        self._decisions = Counter(
            "frontline_decisions",
            "Messages that were decided on",
            ["action", "tier"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "frontline_stage_seconds",
            "Seconds that a stage of the way of a message took",
            ["stage"],
            buckets=STAGES,
            registry=self._registry,
        )
        self._calls = Counter(
            "frontline_slack_calls",
            "Calls to Slack's Web API by method and answer",
            ["method", "answer"],
            registry=self._registry,
        )
        self._looked = _Looked(looks)
        self._registry.register(self._looked)

    def decided(self, action: str, tier: str, seconds: float) -> None:
        """Count a decision."""
        self._decisions.labels(action, tier).inc()
        self._seconds.labels("decision").observe(seconds)

    def called(self, method: str, answered: str, seconds: float) -> None:
        """Count a call to Slack: `ok`, Slack's own code of an error, or `network`."""
        self._calls.labels(method, answered).inc()
        self._seconds.labels("slack").observe(seconds)

    def passed(self, stage: str, seconds: float) -> None:
        """Note how long another stage took."""
        self._seconds.labels(stage).observe(max(0.0, seconds))

    def begin(self) -> None:
        """Begin to look, so that several desks are looked at side by side."""
        self._looked.begin()

    def collect(self) -> Iterable[Metric]:
        """Give all figures, counted or looked up."""
        return self._registry.collect()

    def text(self) -> str:
        """Give all figures in Prometheus's text format."""
        return generate_latest(self._registry).decode()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        await _answered(scope, send, self.text)


class Together:
    """The figures of several desks as one, each with the workspace that it is of."""

    def __init__(self) -> None:
        """Begin without a desk."""
        self._desks: dict[str, Metrics] = {}
        self.stand: Callable[[], Mapping[str, int]] = dict
        """Counts the workspaces by how their desks stand."""

    def keep(self, home: str, metrics: Metrics) -> None:
        """Give the figures of a workspace from now on."""
        self._desks[home] = metrics

    def drop(self, home: str) -> None:
        """Give them no more: its desk does not work."""
        self._desks.pop(home, None)

    def collect(self) -> Iterator[Metric]:
        """Give all figures."""
        count = GaugeMetricFamily(
            "frontline_workspaces", "Workspaces that installed the app", labels=["stands"]
        )
        for stands, many in self.stand().items():
            count.add_metric([stands], many)
        yield count
        found: dict[str, Metric] = {}
        desks = list(self._desks.items())
        for _, metrics in desks:
            metrics.begin()
        for home, metrics in desks:
            for one in metrics.collect():
                whole = found.setdefault(one.name, Metric(one.name, one.documentation, one.type))
                whole.samples += [
                    each._replace(labels={**each.labels, "workspace": home}) for each in one.samples
                ]
        yield from found.values()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        await _answered(scope, send, lambda: generate_latest(self).decode())


async def _answered(scope: Scope, send: Send, text: Callable[[], str]) -> None:
    if scope["method"] not in ("GET", "HEAD"):
        await answer(send, 405, "use GET\n")
        return
    await answer(send, 200, await asyncio.to_thread(text), TEXT)

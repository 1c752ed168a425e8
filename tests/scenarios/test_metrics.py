"""What an operator reads of a running bot: figures at `/metrics`, and logs as JSON."""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from prometheus_client import generate_latest

from bot.bootstrap import start_with
from bot.bootstrap.measuring import Measuring
from bot.bootstrap.web import Served
from bot.desk.deciding import Action
from bot.desk.tiers import Tier
from bot.slack.lines import SocketLine
from bot.web import Gauge, Look, Metrics, Together
from bot.web import metrics as module
from bot.worker import Clocks, Ear, Slips
from bot.worker.pacing import Pacer
from tests import builders as a
from tests.scenarios.office import Office
from tests.scenarios.over_http import answer_to

if TYPE_CHECKING:
    from collections.abc import Iterator


pytestmark = pytest.mark.rare

DOCS = Path(__file__).parents[2] / "docs"


class Watched(Office):
    """An office whose bot is looked at by Prometheus."""

    def bot_comes(self) -> None:
        """Give figures at an address of its own."""
        self.application = start_with(
            self.triager,
            self.settings,
            Clocks(),
            pacer=Pacer(burst=10_000),
            metrics="127.0.0.1:0",
        )

    def read(self, path: str = "/metrics") -> tuple[int, str]:
        """Read as Prometheus does."""
        assert self.application is not None
        (server,) = self.application.receivers
        return answer_to(server.port, path)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One for all of these stories."""
    with Watched(tmp_path_factory.mktemp("metrics")) as open_office:
        yield open_office


def figure(text: str, line: str) -> float:
    """Give the figure of a line that begins so."""
    found = [each for each in text.splitlines() if each.startswith(f"{line} ")]
    assert found, f"{line} is not among:\n{text}"
    return float(found[0].rsplit(" ", 1)[1])


def test_a_question_is_seen_in_the_figures_and_none_of_its_words(office: Watched) -> None:
    """Decided, called for, sent: each is counted; who wrote what is nowhere."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.ask(office.ana, "the plotter on the third floor prints in pink")
    office.settle()
    status, text = office.read()
    assert status == 200
    assert figure(text, 'frontline_slack_calls_total{answer="ok",method="chat.postMessage"}') >= 2
    assert figure(text, 'frontline_queue_waiting{queue="inbox"}') == 0
    assert figure(text, 'frontline_queue_set_aside{queue="outbox"}') == 0
    for stage in ("inbox", "handling", "outbox", "slack", "reply"):
        assert figure(text, f'frontline_stage_seconds_count{{stage="{stage}"}}') >= 1
    assert "frontline_model_info{" in text
    assert "frontline_escalations{" in text
    assert 'state="waits"' in text
    assert figure(text, "frontline_incidents") == 0
    assert "plotter" not in text


def test_a_quiet_night_is_no_silence(office: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes, and Slack answers our pings; once it answers none, it is silent."""
    monkeypatch.setattr(Ear, "silent_s", lambda _: 5_000.0)
    assert figure(office.read()[1], "frontline_slack_heard_seconds") < 60
    monkeypatch.setattr(SocketLine, "silent_s", lambda _: 400.0)
    assert figure(office.read()[1], "frontline_slack_heard_seconds") == 400


def test_no_figure_waits_for_a_database_that_needs_none() -> None:
    """One that is away takes the time of all that follow, and hides them."""
    asked: list[str] = []
    triager: Any = SimpleNamespace(manifest={"version": "7"}, told=None)

    def away() -> Any:
        asked.append("database")
        raise OSError

    measuring = Measuring("here", away, triager, float)
    measuring._silent_s = away
    for look in measuring._looks():
        with suppress(OSError):
            [*look.rows()]
            asked.append(look.gauges[0].name)
    assert asked[-1] == "database"
    assert "database" not in asked[: asked.index("frontline_model_info") + 1]


def test_a_database_that_takes_nothing_is_seen(office: Watched) -> None:
    """It can be read, so every other figure looks as ever."""
    assert figure(office.read()[1], "frontline_not_stored_seconds") == 0
    now = [100.0]
    slips = Slips(lambda: now[0])
    served = Served(None, None, Ear(lambda: now[0]), lambda: now[0], slips)  # type: ignore[arg-type]
    assert served.not_stored_s() == 0
    slips.note("the disk is full")
    now[0] += 90
    assert served.not_stored_s() >= 90


def test_the_line_knows_how_long_no_ping_was_answered() -> None:
    """Since it was built, where none ever was; a new connection knows of no ping of the old one."""
    socket = SimpleNamespace(socket_mode_request_listeners=[], current_session=None)
    line = SocketLine(SimpleNamespace(client=socket), lambda: None)  # type: ignore[arg-type]
    assert 0 <= line.silent_s() < 5
    socket.current_session = SimpleNamespace(last_ping_pong_time=time.time() + 100)
    assert line.silent_s() == 0
    line._answered_at = 0.0
    socket.current_session.last_ping_pong_time = time.time() - 300
    assert 299 < line.silent_s() < 320
    socket.current_session.last_ping_pong_time = None
    assert 299 < line.silent_s() < 320


def test_nothing_else_is_served_there(office: Watched) -> None:
    """Neither Slack's requests nor hooks come by this address."""
    assert office.read("/slack/events")[0] == 404


def test_a_figure_that_cannot_be_read_takes_no_other_along() -> None:
    """It is named, and the rest stands."""

    def broken() -> list[tuple[tuple[str, ...], tuple[float, ...]]]:
        raise OSError("disk")

    metrics = Metrics(
        (
            Look((Gauge("one", "One"),), broken),
            Look((Gauge("two", "Two", ("of",)),), lambda: [(("x",), (2.0,))]),
        )
    )
    metrics.decided("answer", "L1", 0.01)
    text = metrics.text()
    assert figure(text, 'two{of="x"}') == 2
    assert figure(text, 'frontline_metrics_failed{name="one"}') == 1
    assert figure(text, 'frontline_decisions_total{action="answer",tier="L1"}') == 1
    assert "disk" not in text


def test_a_database_that_is_away_leaves_the_other_figures_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Prometheus would go after 10 s, and take the process for dead."""
    monkeypatch.setattr(module, "LOOK_WITHIN_S", 0.05)
    back, looked = threading.Event(), list[str]()

    def away() -> list[tuple[tuple[str, ...], tuple[float, ...]]]:
        looked.append("")
        back.wait(20)
        return [((), (1.0,))]

    metrics = Metrics((
        Look((Gauge("early", "Early"),), lambda: [((), (3.0,))]),
        Look((Gauge("one", "One"),), away), Look((Gauge("two", "Two"),), away),
    ))  # fmt: skip
    together = Together()
    together.keep("T1", metrics)
    for text in (metrics.text(), generate_latest(together).decode()):
        assert re.search(r"^early(\{.*\})? 3", text, re.MULTILINE)
        for name in ("one", "two"):
            assert re.search(rf'^frontline_metrics_failed\{{name="{name}".* 1', text, re.MULTILINE)
    assert len(looked) == 1, "nobody looks twice at once"
    back.set()
    monkeypatch.setattr(module, "LOOK_WITHIN_S", 20.0)
    assert figure(metrics.text(), "two") == 1


def names_in(text: str) -> set[str]:
    """Give the figures that a text speaks of, as the process names them."""
    found = set(re.findall(r"\bfrontline_[a-z_]+", text))
    return {re.sub(r"_(total|bucket|sum|count|created)$", "", each) for each in found}


@pytest.mark.parametrize(
    "file", ["how-to/watch.md", "reference/alerts.yml", "reference/dashboard.json"]
)
def test_rules_dashboard_and_runbook_speak_of_figures_that_exist(
    office: Watched, file: str
) -> None:
    """A rule about a figure that nobody gives would never ring."""
    text = (DOCS / file).read_text(encoding="utf-8")
    given = names_in(office.read()[1]) | names_in(generate_latest(Together()).decode())
    assert names_in(text) <= given
    if file.endswith(".md"):
        assert given - {"frontline_stage_seconds"} <= names_in(text)


def test_each_alert_says_what_to_do() -> None:
    """In the runbook, and no alert is told of that no rule rings."""
    rules = yaml.safe_load((DOCS / "reference/alerts.yml").read_text(encoding="utf-8"))
    ring = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    runbook = (DOCS / "operations.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^### (Frontline\w+)$", runbook, re.MULTILINE))
    assert ring == told

"""Speed and size of the whole thing: start, reply, memory. `make bench` prints them.

Real processes throughout: the workspace, `frontline serve` with the real models, and somebody
who asks. Targets are those of a quiet machine with two cores.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.bootstrap import build_knowledge, build_triager
from bot.playground import Person
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from kb.encoding.loading import load_encoder
from kb.sources import read_source
from tests.bench.figures import record
from tests.bench.slack_like import ANA, slack_like

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.encoding.encoder import Encoder, Vectors

pytestmark = pytest.mark.bench

COMMAND = ".venv/bin/python -m pytest tests/bench/test_speed.py -m bench -s"
TOPIC = "desk speed"

ROOT = Path(__file__).resolve().parents[2]
MESSAGES = 100
A_CHANNEL = 4
"""Replies that a channel takes at once: Slack's pace is kept, and yet nobody waits."""

PATIENCE_S = 30.0

GROUPS = """
[knowledge]
sources = ["{root}/kb/articles"]
[classifier]
model = "{root}/var/model"
[who]
share = 100000
[groups.l2]
tier = "L2"
channel = "l2-support"
usergroup = "l2-oncall"
[groups.l3]
tier = "L3"
channel = "l3-engineering"
usergroup = "l3-oncall"
"""


# --- the second start of the demo


def test_the_second_start_of_the_demo(tmp_path: Path) -> None:
    """From the command to the line that says that it is ready."""
    _start_demo(tmp_path)
    seconds = _start_demo(tmp_path)
    print(f"\nsecond start of `frontline demo` until ready: {seconds:.1f} s (target 10 s)")
    record(TOPIC, "second `make demo` until ready", seconds, unit="s", goal="≤ 10", command=COMMAND)


def _start_demo(folder: Path) -> float:
    environment = {**os.environ, "FRONTLINE_DB": str(folder / "frontline.db")}
    command = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            if "ready" in line:
                break
        seconds = time.monotonic() - began
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, "the demo did not start, or did not stop cleanly"
    return seconds


# --- from event to reply, and memory


@dataclass(frozen=True)
class Desk:
    """A workspace and the bot that serves it, each a process of its own."""

    url: str
    serving: int
    settings: Settings


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Many channels for questions, so that a hundred replies keep within Slack's pace."""
    folder = tmp_path_factory.mktemp("desk")
    names = [f"desk-{number:02}" for number in range(MESSAGES // A_CHANNEL)]
    modes = "".join(f'[channels.{name}]\nmode = "all"\n' for name in names)
    config = folder / "frontline.toml"
    config.write_text(GROUPS.format(root=ROOT) + modes)
    file = FileSettings.model_validate({"classifier": {"model": ROOT / "var" / "model"}})
    settings = Settings(file, Secrets(frontline_db=folder / "frontline.db"))
    build_knowledge(settings, load_encoder()).sync([ROOT / "kb" / "articles"])
    with slack_like(folder, names) as told:
        environment = {
            **os.environ,
            **{name: value for name, value in told.items() if name.isupper()},
            "FRONTLINE_DB": str(settings.db),
            "FRONTLINE_CONFIG": str(config),
        }
        command = [sys.executable, "-m", "bot", "serve"]
        with (
            (folder / "log").open("w") as log,
            subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log) as serving,
        ):
            try:
                with Person(told["page"], ANA) as ana:
                    ana.wait_for(lambda: ana.boot()["is_connected"], PATIENCE_S * 2)
                yield Desk(told["page"], serving.pid, settings)
            finally:
                serving.kill()


def test_from_event_to_reply_and_the_memory_of_the_serving_process(desk: Desk) -> None:
    """A hundred questions one after the other; the encoder's part is measured beside it."""
    questions = _questions()
    with Person(desk.url, ANA) as ana:
        asked = [
            _ask(ana, f"desk-{number // A_CHANNEL:02}", question)
            for number, question in enumerate(questions)
        ]
    whole = _from_event_to_reply(desk.url, asked)
    encoding = _encoding(desk.settings, questions)
    rest = [total - part for total, part in zip(whole, encoding, strict=True)]
    print(f"\nfrom event to reply, less Slack's own time, {len(whole)}: {_shown(whole)}")
    print(f"of that encoding: {_shown(encoding)}")
    print(f"the rest: {_shown(rest)} (goal: median 15 ms)")
    one, _, _ = os.getloadavg()
    print(f"(load of the machine meanwhile: {one:.1f} on {os.cpu_count()} cores)")
    memory = _resident_mb(desk.serving)
    print(f"memory of the serving process: {memory:.0f} MB (goal 400 MB)")
    what = "from event to reply, less the embedding and Slack's own time, 100 messages: "
    median, p95 = statistics.median(rest), statistics.quantiles(rest, n=20)[-1]
    record(TOPIC, f"{what}median", median, unit="ms", goal="≤ 15", command=COMMAND)
    record(TOPIC, f"{what}95th percentile", p95, unit="ms", command=COMMAND)
    record(TOPIC, "memory of the serving process", memory, unit="MB", goal="≤ 400", command=COMMAND)


def _questions() -> list[str]:
    entries = read_source(ROOT / "kb" / "articles", collection="default")
    articles = [entry.article for entry in entries if entry.article]
    both = [article.questions[n] for n in (0, 1) for article in articles]
    return both[:MESSAGES]


def _ask(ana: Person, channel: str, question: str) -> str:
    ts = ana.say(channel, question)
    ana.wait_for(lambda: ana.thread(channel, ts)[1:], PATIENCE_S)
    return ts


def _from_event_to_reply(url: str, asked: Sequence[str]) -> list[float]:
    """By the workspace's own record: from the event to the reply, without Slack's own time."""
    out: dict[str, float] = {}
    back: dict[str, float] = {}
    with urllib.request.urlopen(f"{url}/playground/record") as record:
        for line in record:
            entry = json.loads(line)
            if entry["kind"] == "envelope":
                event = entry["envelope"]["payload"].get("event") or {}
                out.setdefault(str(event.get("ts")), entry["at"])
            elif entry["kind"] == "request" and entry["method"] == "chat.postMessage":
                thread = str(entry["arguments"].get("thread_ts"))
                back.setdefault(thread, entry["at"] - entry["took"])
    return [(back[ts] - out[ts]) * 1000 for ts in asked]


class TimedEncoder:
    """The encoder, with the time that it takes."""

    def __init__(self, encoder: Any) -> None:
        """Around the real one."""
        self._encoder = encoder
        self.name: str = encoder.name
        self.dimension: int = encoder.dimension
        self.spent = 0.0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode, and note how long it took."""
        return self._timed(self._encoder.encode, texts)

    def encode_tokens(self, texts: Sequence[str]) -> Any:
        """Encode with a vector for each token, and note how long it took."""
        return self._timed(self._encoder.encode_tokens, texts)

    def _timed(self, method: Any, texts: Sequence[str]) -> Any:
        began = time.perf_counter()
        try:
            return method(texts)
        finally:
            self.spent += time.perf_counter() - began


def _encoding(settings: Settings, questions: Sequence[str]) -> list[float]:
    """What triage of the same questions spends in the encoder, in ms each."""
    encoder: Encoder = TimedEncoder(load_encoder())
    triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
    triager.triage(questions[0], readers=None)
    spent = []
    for question in questions:
        assert isinstance(encoder, TimedEncoder)
        before = encoder.spent
        triager.triage(question, readers=None)
        spent.append((encoder.spent - before) * 1000)
    return spent


def _shown(milliseconds: Sequence[float]) -> str:
    p95 = statistics.quantiles(milliseconds, n=20)[-1]
    return f"median {statistics.median(milliseconds):.1f} ms, 95th percentile {p95:.1f} ms"


def _resident_mb(process: int) -> float:
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return int(told.stdout) / 1024

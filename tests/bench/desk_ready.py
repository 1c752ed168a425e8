"""From the command until Slack's line is open, with 1,000 articles; memory, after 1,000 questions.

Run: .venv/bin/python -m pytest tests/bench/desk_ready.py -m bench -s
Each start is a process of its own on the same database: the first one is the cold one. `fixed`
is the time of the same start without Slack's latency.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.bootstrap import build_knowledge
from bot.playground import Person
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from bot.store.database import reading
from kb.encoding.loading import load_encoder
from kb.sources import read_source
from tests.bench.desk_latency import CONFIGURATION
from tests.bench.slack_like import ANA, AS_SLACK, ROOT, employee, slack_like

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.bench

ARTICLES = 1_000
STARTS = 5
PATIENCE_S = 120.0
QUESTIONS, A_CHANNEL, AT_ONCE, PEOPLE, ASKED = 1_000, 20, 20, 50, 60
QUESTION = "How do I reset my password?"

CLOCKED = """
import threading, time
import click
from bot.__main__ import main
said = click.echo
def say(line=None, *given, **named):
    if "connected" in str(line):
        clocks = [time.pthread_getcpuclockid(thread.ident) for thread in threading.enumerate()
                  if thread.name == "frontline-rest"]
        beside = sum(map(time.clock_gettime, clocks))
        said(f"processor {time.process_time() - beside}", err=True)
    said(line, *given, **named)
click.echo = say
main()
"""
"""`frontline serve`, which says what it took of the processor when it is connected.

Not counted is the thread that goes on loading what no start waits for.
"""


def written(folder: Path) -> Path:
    """Write so many articles: the sample's, each for other places."""
    sample = [each.article for each in read_source(ROOT / "kb" / "articles", collection="default")]
    known = [article for article in sample if article is not None]
    file = folder / "articles.jsonl"
    with file.open("w", encoding="utf-8") as lines:
        for number in range(ARTICLES):
            article = known[number % len(known)]
            place = f" (site {number // len(known)})" if number >= len(known) else ""
            one = {"id": f"a{number}", "title": article.title + place, "body": article.body}
            lines.write(json.dumps(one) + "\n")
    return file


def test_ready_with_a_thousand_articles(tmp_path: Path) -> None:
    """The median of some starts, and memory at rest and after an answer."""
    articles = written(tmp_path)
    file = FileSettings.model_validate({"classifier": {"model": ROOT / "var" / "model"}})
    settings = Settings(file, Secrets(frontline_db=tmp_path / "frontline.db"))
    build_knowledge(settings, load_encoder()).sync([articles])
    config = tmp_path / "frontline.toml"
    text = CONFIGURATION.format(root=ROOT).replace(f"{ROOT}/kb/articles", str(articles))
    config.write_text(text + '[channels.desk]\nmode = "all"\n')
    for latency in ("0", AS_SLACK):
        with slack_like(tmp_path, ["desk"], latency=latency) as told:
            starts = [_start(tmp_path, settings, told) for _ in range(STARTS + 1)]
        ready = [seconds for seconds, _, _, _ in starts]
        _, _, at_rest, after = starts[-1]
        used = sorted(round(each, 2) for _, each, _, _ in starts[1:])
        print(f"\n{ARTICLES} articles, {latency} s a call: cold {ready[0]:.1f} s, warm median")
        print(f"  {statistics.median(ready[1:]):.1f} s of {sorted(ready[1:])} (goal 2 s)")
        print(f"  processor time until then: {statistics.median(used):.2f} s of {used}")
        print(f"  memory at rest {at_rest:.0f} MB, after an answer {after:.0f} MB (goal 400)")
    print(f"  (load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")


def _start(
    folder: Path, settings: Settings, told: dict[str, str]
) -> tuple[float, float, float, float]:
    """Give the seconds until it is connected, by the clock and of the processor; memory then.

    The last one is the memory after an answer.
    """
    with _serving(folder, settings, told) as (process, began), Person(told["page"], ANA) as ana:
        ana.wait_for(lambda: ana.boot()["is_connected"], PATIENCE_S)
        ready, at_rest = time.monotonic() - began, _resident_mb(process)
        ana.wait_for(lambda: "processor" in (folder / "log").read_text(), PATIENCE_S)
        used = float((folder / "log").read_text().partition("processor ")[2].split()[0])
        ts = ana.say("desk", QUESTION)
        ana.wait_for(lambda: ana.thread("desk", ts)[1:], PATIENCE_S)
        return round(ready, 2), used, at_rest, _resident_mb(process)


def test_memory_after_a_thousand_questions(tmp_path: Path) -> None:
    """Each of another wording, in so many channels that Slack's pace holds nobody up for long.

    Not in more: were the line to break meanwhile, each would be read for what was missed.
    """
    channels = [f"desk-{number:03}" for number in range(QUESTIONS // A_CHANNEL)]
    file = FileSettings.model_validate({"classifier": {"model": ROOT / "var" / "model"}})
    settings = Settings(file, Secrets(frontline_db=tmp_path / "frontline.db"))
    build_knowledge(settings, load_encoder()).sync([ROOT / "kb" / "articles"])
    modes = "".join(f'[channels.{name}]\nmode = "all"\n' for name in channels)
    (tmp_path / "frontline.toml").write_text(CONFIGURATION.format(root=ROOT) + modes)
    found = read_source(ROOT / "kb" / "articles", collection="default")
    texts = [each.article.questions[0] for each in found if each.article][:ASKED]
    with (
        slack_like(tmp_path, channels, people=PEOPLE, latency="0") as told,
        _serving(tmp_path, settings, told) as (process, _),
        Person(told["page"], ANA) as ana,
    ):
        ana.wait_for(lambda: ana.boot()["is_connected"], PATIENCE_S)
        at_rest, used = _resident_mb(process), _used_s(process)
        for first in range(0, QUESTIONS, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, QUESTIONS))
            for number in numbers:
                with Person(told["page"], employee(number % PEOPLE)) as somebody:
                    text = f"{texts[number % len(texts)]} ({number})"
                    somebody.say(channels[number % len(channels)], text)
            # Some are asked after in private: what is waited for is that all was handled.
            ana.wait_for(lambda done=numbers[-1] + 1: _handled(settings) >= done, PATIENCE_S)  # type: ignore[misc]
        each_ms = (_used_s(process) - used) * 1e3 / QUESTIONS
        print(f"\nmemory at rest {at_rest:.0f} MB, after {QUESTIONS} questions", end=" ")
        print(f"{_resident_mb(process):.0f} MB (goal 400); processor time of each {each_ms:.1f} ms")
        opened, spoken_to = _accounted(settings)
        print(f"tickets {opened}, told something without one {spoken_to}, in all {QUESTIONS} asked")
        assert opened + spoken_to == QUESTIONS


def _handled(settings: Settings) -> int:
    """Count the messages that were handled, wherever they are kept."""
    with reading(settings.db) as database:
        kept = "SELECT state FROM inbox UNION ALL SELECT state FROM inbox_history"
        return int(
            database.execute(f"SELECT count(*) FROM ({kept}) WHERE state = 'done'").fetchone()[0]
        )


def _accounted(settings: Settings) -> tuple[int, int]:
    """Count the tickets, and what was said to people whose words opened none.

    Small talk has no ticket, and what may be confidential has none before its button is pressed.
    """
    with reading(settings.db) as database:
        opened = database.execute("SELECT count(*) FROM tickets").fetchone()[0]
        told = database.execute("SELECT count(*) FROM all_outbox WHERE ticket IS NULL").fetchone()
    return int(opened), int(told[0])


@contextmanager
def _serving(folder: Path, settings: Settings, told: dict[str, str]) -> Iterator[tuple[int, float]]:
    """Start `frontline serve`; gives the process, and when it began."""
    environment = {
        **os.environ,
        **{name: value for name, value in told.items() if name.isupper()},
        "FRONTLINE_DB": str(settings.db),
        "FRONTLINE_CONFIG": str(folder / "frontline.toml"),
    }
    began = time.monotonic()
    command = [sys.executable, "-c", CLOCKED, "serve"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log) as serving,
    ):
        try:
            yield serving.pid, began
        finally:
            serving.terminate()


def _used_s(process: int) -> float:
    """Give the processor time of a process, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(process: int) -> float:
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return int(told.stdout) / 1024

"""From the command until Slack's line is open, with 1,000 articles; what memory that takes.

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
from typing import TYPE_CHECKING

import pytest

from bot.bootstrap import build_knowledge
from bot.playground import Person
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from kb.encoding.loading import load_encoder
from kb.sources import read_source
from tests.bench.desk_latency import CONFIGURATION
from tests.bench.slack_like import ANA, AS_SLACK, ROOT, slack_like

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.bench

ARTICLES = 1_000
STARTS = 5
PATIENCE_S = 120.0
QUESTION = "How do I reset my password?"


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
        ready = [seconds for seconds, _, _ in starts]
        _, at_rest, after = starts[-1]
        print(f"\n{ARTICLES} articles, {latency} s a call: cold {ready[0]:.1f} s, warm median")
        print(f"  {statistics.median(ready[1:]):.1f} s of {sorted(ready[1:])} (goal 2 s)")
        print(f"  memory at rest {at_rest:.0f} MB, after an answer {after:.0f} MB (goal 400)")
    print(f"  (load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")


def _start(folder: Path, settings: Settings, told: dict[str, str]) -> tuple[float, float, float]:
    """Give the seconds until it is connected, the memory then, and that after an answer."""
    environment = {
        **os.environ,
        **{name: value for name, value in told.items() if name.isupper()},
        "FRONTLINE_DB": str(settings.db),
        "FRONTLINE_CONFIG": str(folder / "frontline.toml"),
    }
    began = time.monotonic()
    command = [sys.executable, "-m", "bot", "serve"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log) as serving,
    ):
        try:
            with Person(told["page"], ANA) as ana:
                ana.wait_for(lambda: ana.boot()["is_connected"], PATIENCE_S)
                ready, at_rest = time.monotonic() - began, _resident_mb(serving.pid)
                ts = ana.say("desk", QUESTION)
                ana.wait_for(lambda: ana.thread("desk", ts)[1:], PATIENCE_S)
                return round(ready, 2), at_rest, _resident_mb(serving.pid)
        finally:
            serving.terminate()


def _resident_mb(process: int) -> float:
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return int(told.stdout) / 1024

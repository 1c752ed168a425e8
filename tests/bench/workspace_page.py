"""The workspace's own speed: messages a second, and its page with 10,000 messages in a channel.

Run: .venv/bin/python -m pytest tests/bench/workspace_page.py -m bench -s
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.playground import Playground
from bot.playground.state.journal import Journal
from tests.bench.figures import record

pytestmark = pytest.mark.bench

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
CHANNEL, MEI = "C0ITHELP01", "U0MEI00001"
MESSAGES = 10_000
FRAMES = """
() => new Promise((done) => {
  const area = document.querySelector("[data-virtuoso-scroller]");
  const times = [];
  let before = performance.now();
  const step = (now) => {
    times.push(now - before);
    before = now;
    area.scrollBy(0, -120);
    if (times.length < 240) requestAnimationFrame(step);
    else done(times.slice(5).sort((a, b) => a - b));
  };
  requestAnimationFrame(step);
})
"""


def test_messages_a_second() -> None:
    """Through Web API and Socket Mode, with the state on disk."""
    command = [sys.executable, str(ROOT / "tests" / "playground" / "throughput.py")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    print(f"\n{told}")
    rate = int(told.split(" a second")[0].split()[-1])
    shown = ".venv/bin/python tests/playground/throughput.py"
    what = "messages through Web API and Socket Mode"
    record("workspace", what, rate, unit="a second", command=shown)


@pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")
def test_a_page_with_ten_thousand_messages(tmp_path: Path) -> None:
    """Opening it, scrolling in it, and writing in it while it is open."""
    sync_api = pytest.importorskip("playwright.sync_api")
    state = tmp_path / "workspace.db"
    fill(state)
    with Playground(state=state) as workspace, sync_api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        began = time.perf_counter()
        page.goto(f"{workspace.url}/?as={MEI}&channel=it-help")
        page.get_by_text(f"message number {MESSAGES - 1}", exact=True).wait_for()
        opened = time.perf_counter() - began
        frames = page.evaluate(FRAMES)
        field = page.get_by_role("combobox", name="Message to #it-help")
        field.fill("and one more")
        began = time.perf_counter()
        field.press("Enter")
        page.locator(".message", has_text="and one more").wait_for()
        said = time.perf_counter() - began
        drawn = page.locator(".message").count()
        browser.close()
    print(
        f"\n{MESSAGES} messages: page open in {opened:.1f} s, {drawn} of them drawn; scrolling, "
        f"a frame takes {frames[len(frames) // 2]:.0f} ms (median), "
        f"{frames[int(len(frames) * 0.95)]:.0f} ms (95th percentile); "
        f"own message on screen after {said * 1000:.0f} ms"
    )
    command = ".venv/bin/python -m pytest tests/bench/workspace_page.py -m bench -s"
    for what, figure, unit in (
        ("page with 10,000 messages: open", opened, "s"),
        ("scrolling in it, a frame, median", frames[len(frames) // 2], "ms"),
        ("own message on screen", said * 1000, "ms"),
    ):
        record("workspace", what, figure, unit=unit, command=command)


def fill(state: Path) -> None:
    """Write a long channel straight into the journal."""
    journal = Journal(state)
    start = int(time.time()) - MESSAGES * 20
    for number in range(MESSAGES):
        ts = f"{start + number * 20}.000100"
        message = {"type": "message", "user": MEI, "ts": ts, "text": f"message number {number}"}
        journal.put("message", f"{CHANNEL}:{ts}", message)
    journal.put("channel", CHANNEL, channel())
    journal.close()


def channel() -> dict[str, object]:
    """The channel as the journal keeps it."""
    return {
        "id": CHANNEL, "name": "it-help", "created": 1, "creator": MEI,
        "members": [MEI, "U0ANA00001", "U0FRONT001"],
    }  # fmt: skip

"""Messages a second through Web API and Socket Mode: `python tests/playground/throughput.py`.

The workspace runs in a process of its own, with its state on disk. This one posts over a few
kept-alive connections, and acknowledges the events that come back.
"""

from __future__ import annotations

import argparse
import http.client
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from slack_sdk import WebClient
from websockets.sync.client import connect


def main() -> None:
    """Print one line with the rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--posters", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bot.playground", "--port", "0"]
        server = subprocess.Popen(
            [*command, "--state", str(Path(folder) / "state.db")], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            told = dict(server.stdout.readline().split() for _ in range(5))
            measure(told, given.messages, given.posters)
        finally:
            server.terminate()
            server.wait(10)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        sys.stdout.write(f"the workspace used {used.ru_utime + used.ru_stime:.1f} s of CPU\n")


def measure(told: dict[str, str], messages: int, posters: int) -> None:
    """Post the messages, and wait until the last event is back."""
    client = WebClient(token=told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"])
    client.auth_test()
    address = client.apps_connections_open(app_token=told["SLACK_APP_TOKEN"])["url"]
    with connect(address, compression=None) as socket:
        socket.recv()
        start = time.perf_counter()
        threads = [
            threading.Thread(target=post, args=(told, messages // posters)) for _ in range(posters)
        ]
        for thread in threads:
            thread.start()
        for _ in range(messages // posters * posters):
            envelope = json.loads(socket.recv(timeout=30))
            socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        seconds = time.perf_counter() - start
    rate = messages / seconds
    sys.stdout.write(f"{messages} messages in {seconds:.1f} s: {rate:.0f} a second\n")


def post(told: dict[str, str], count: int) -> None:
    """Post over one connection."""
    server = http.client.HTTPConnection(told["page"].removeprefix("http://"))
    headers = {
        "Authorization": f"Bearer {told['SLACK_BOT_TOKEN']}",
        "Content-Type": "application/json; charset=utf-8",
    }
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "A line of *text*."}}
    for n in range(count):
        body = {"channel": "C0ITHELP01", "text": f"message {n}", "blocks": [block]}
        server.request("POST", "/api/chat.postMessage", json.dumps(body), headers)
        answer = json.loads(server.getresponse().read())
        assert answer["ok"], answer


if __name__ == "__main__":
    main()

"""`python -m bot.playground`: a workspace to try an app in."""

from __future__ import annotations

import argparse
import contextlib
import gc
import logging
import sys
from pathlib import Path

from bot.playground.errors import PlaygroundError
from bot.playground.faults.latency import MEDIAN_S, P99_S
from bot.playground.happening.manifest import read_manifest
from bot.playground.server import Playground
from bot.playground.state.seed import Seed


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m bot.playground", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8765, help="0 takes any free port")
    parser.add_argument("--state", type=Path, help="file that keeps the workspace's state")
    parser.add_argument("--seed", type=Path, help="JSON file with people, channels and the app")
    parser.add_argument("--manifest", type=Path, help="the app's manifest (JSON), to install it")
    parser.add_argument(
        "--latency",
        nargs="?",
        const=f"{MEDIAN_S},{P99_S}",
        metavar="MEDIAN[,P99]",
        help="let each call take a while, in seconds; without figures, as Slack's do",
    )
    parser.add_argument(
        "--limits", action="store_true", help="refuse calls beyond Slack's rate limits, with 429"
    )
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        seed = Seed.load(given.seed) if given.seed else Seed.larkfield()
        playground = Playground(
            seed,
            state=given.state,
            host=given.host,
            port=given.port,
            manifest=read_manifest(given.manifest) if given.manifest else None,
            latency=_latency(given.latency) if given.latency else None,
            limits=given.limits,
        )
        # What is remembered stays: looking for garbage among it again and again is half the work.
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)
        with contextlib.suppress(KeyboardInterrupt):
            playground.serve(_announce)
    except PlaygroundError as error:
        sys.stderr.write(f"playground: {error}\n")
        return 1
    return 0


def _latency(text: str) -> dict[str, float]:
    """Read `MEDIAN` or `MEDIAN,P99`; one figure alone is the same for every call."""
    median, _, p99 = text.partition(",")
    try:
        return {"median": float(median), "p99": float(p99 or median)}
    except ValueError as error:
        raise PlaygroundError(f"--latency takes seconds as 0.15,1.2 and not {text!r}") from error


def _announce(playground: Playground) -> None:
    told = {
        "page": playground.url,
        "SLACK_API_URL": playground.api_url,
        "SLACK_BOT_TOKEN": playground.bot_token,
        "SLACK_APP_TOKEN": playground.app_token,
        "SLACK_SIGNING_SECRET": playground.signing_secret,
    }
    sys.stdout.write("".join(f"{name:<22}{value}\n" for name, value in told.items()))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

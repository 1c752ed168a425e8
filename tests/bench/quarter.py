"""Thirteen weeks of a desk, with the loop off and on: `python -m tests.bench.quarter`."""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import structlog

from kb.encoding import once
from kb.encoding.loading import load_encoder
from tests.bench.quarters.figures import report
from tests.bench.quarters.model import unknowing_model
from tests.bench.quarters.questions import FULL, WEEKS
from tests.bench.quarters.weeks import Plan, live

REMEMBERED = 6_000


def main() -> None:
    """Live through both quarters, print what came of them, and draw the curves."""
    given = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder = Path(tempfile.mkdtemp(prefix="quarter-"))
    # Both quarters ask the same: what was encoded for one is remembered for the other.
    once.KEPT = REMEMBERED
    encoder = once.once(load_encoder())
    began = time.monotonic()
    try:
        plan = Plan(
            given.questions,
            given.weeks,
            given.seed,
            folder,
            unknowing_model(encoder),
            encoder,
            _tell,
        )
        quarters = [live(plan, loop=loop) for loop in (False, True)]
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(report(*quarters))
    _tell(f"{time.monotonic() - began:.0f} s\n")
    if given.png is not None:
        picture = import_module("tests.bench.quarters.picture")
        picture.draw(*quarters, given.png)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=FULL)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--png", type=Path, help="the file that the two curves are drawn into")
    parser.add_argument("--keep", action="store_true", help="leave the two databases behind")
    return parser.parse_args()


def _tell(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()


if __name__ == "__main__":
    main()

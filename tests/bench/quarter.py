"""Thirteen weeks of a desk, with the loop off and on: `python -m tests.bench.quarter`."""

from __future__ import annotations

import argparse
import logging
import pickle
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from kb.encoding import once
from kb.encoding.loading import load_encoder
from tests.bench.quarters.figures import report, told_of
from tests.bench.quarters.model import unknowing_model
from tests.bench.quarters.questions import FULL, WEEKS
from tests.bench.quarters.weeks import Plan, live

if TYPE_CHECKING:
    from tests.bench.quarters.weeks import Quarter

REMEMBERED = 6_000
"""Texts whose vectors are kept: each is met again and again."""


def main() -> None:
    """Live through both quarters beside each other, print what came of them, draw the curves."""
    given = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="quarter-"))
    began = time.monotonic()
    try:
        # Trained once, before two would begin to.
        unknowing_model(load_encoder())
        lives = [(given, folder, loop) for loop in (False, True)]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            off, on = pool.map(_lived, lives)
    finally:
        if given.keep:
            _tell(f"{folder}\n")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(report(off, on))
    _tell(f"{time.monotonic() - began:.0f} s\n")
    if given.cases is not None:
        given.cases.write_text("".join(told_of(off, on)), encoding="utf-8")
    if given.png is not None:
        picture = import_module("tests.bench.quarters.picture")
        picture.draw(off, on, given.png)


def _lived(what: tuple[argparse.Namespace, Path, bool]) -> Quarter:
    given, folder, loop = what
    half = f"{'on' if loop else 'off'}.pickle"
    kept: Path | None = given.halves / half if given.halves is not None else None
    if kept is not None and kept.is_file():
        found: Quarter = pickle.loads(kept.read_bytes())
        return found
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    once.KEPT = REMEMBERED
    encoder = once.once(load_encoder())
    model = unknowing_model(encoder)
    plan = Plan(
        given.questions, given.weeks, given.seed, folder, model, encoder, _tell, given.learn
    )
    lived = live(plan, loop=loop)
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(lived))
    return lived


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=FULL)
    parser.add_argument("--weeks", type=int, default=WEEKS)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument(
        "--learn", type=int, default=0,
        help="with the loop, learn from outcomes after so many weeks each; some minutes a run",
    )  # fmt: skip
    parser.add_argument("--png", type=Path, help="the file that the two curves are drawn into")
    parser.add_argument("--cases", type=Path, help="what became of each question, as JSONL")
    parser.add_argument(
        "--halves", type=Path, help="a folder that each half is kept in; what is there is not run"
    )
    parser.add_argument("--keep", action="store_true", help="leave the two databases behind")
    return parser.parse_args()


def _tell(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()


if __name__ == "__main__":
    main()

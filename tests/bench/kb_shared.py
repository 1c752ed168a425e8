"""A base that machines share on PostgreSQL, beside one in a file alone.

Run: python -m tests.bench.kb_shared --units 50000
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import argparse
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.store.articles.places import ready_place
from bot.store.database import put_on
from bot.store.postgresql.server import Server
from kb.index.syncing import write
from kb.searching.base import KnowledgeBase
from tests.bench.figures import record
from tests.bench.scale_corpus import UNITS_OF_ARTICLE, Corpus, TopicEncoder
from tests.chaos.replicas import Cluster

if TYPE_CHECKING:
    from collections.abc import Callable

AT_ONCE = 2_000


def main() -> None:
    """Write, take up, print."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--units", type=int, default=50_000)
    units = given.parse_args().units
    corpus = Corpus(units // UNITS_OF_ARTICLE)
    encoder = TopicEncoder(corpus)
    cluster = Cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: Path(folder) / name / "kb.db" for name in ("alone", "one", "other")}
            for name in ("one", "other"):
                put_on(paths[name], Server(cluster.address))

            def opened(name: str) -> KnowledgeBase:
                path = paths[name]
                return KnowledgeBase.open(path, encoder, place=ready_place(path))

            tell = partial(_tell, units)
            tell("written to a file alone", lambda: _written(opened("alone"), corpus, encoder))
            one = opened("one")
            tell("written for all machines", lambda: _written(one, corpus, encoder))
            tell("another machine's file made", lambda: opened("other"))
            other = opened("other")
            other.prepare()
            learned = [("where is it really", "a5")]
            tell("one question learned", lambda: one.learn(learned))
            tell("found by another machine that looks", other.catch_up)
    finally:
        cluster.close()


def _written(base: KnowledgeBase, corpus: Corpus, encoder: TopicEncoder) -> None:
    for first in range(0, corpus.articles, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, corpus.articles))
        write(base.store, encoder, [(corpus.article(number), "made up") for number in numbers])


def _tell(units: int, what: str, act: Callable[[], object]) -> None:
    began = time.perf_counter()
    act()
    took = time.perf_counter() - began
    print(f"{what}: {took:.2f} s")
    command = f"python -m tests.bench.kb_shared --units {units}"
    record("large bases", f"{units:,} units: {what}", took, unit="s", command=command)


if __name__ == "__main__":
    main()

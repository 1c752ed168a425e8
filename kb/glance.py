"""A glance at what a database holds, without an encoder and without writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import kb

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE = Path(kb.__file__).parent / "articles"
"""The sample desk's articles."""

_MOSTLY = 0.5


def article_ids(db: Path) -> frozenset[str]:
    """The ids of the articles in a database file; none where there is no such database."""
    return frozenset(row[0] for row in _rows(db, "select id from kb_articles"))


def filed(db: Path) -> list[tuple[str, str]]:
    """The area and owner of each article in a database file, empty where it has none."""
    return [(area, owner) for area, owner in _rows(db, "select area, owner from kb_articles")]


def _rows(db: Path, query: str) -> list[tuple[str, ...]]:
    if not db.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{db.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            return opened.execute(query).fetchall()
    except sqlite3.Error:  # whoever opens it for work says what is wrong with it
        return []


def sample_keys(sources: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
    """The (collection, id) of those that are the sample desk's, by id and where they came from."""
    ours = {file.stem for file in SAMPLE.glob("*.md")}
    there = ("kb", "articles")
    return [
        (name, key)
        for (name, key), source in sources.items()
        if key in ours and Path(source).parts[-2:] == there
    ]


def is_sample(ids: frozenset[str]) -> bool:
    """Whether these are the sample desk's articles, or mostly so."""
    ours = {file.stem for file in SAMPLE.glob("*.md")}
    return bool(ids) and len(ids & ours) >= _MOSTLY * len(ids)

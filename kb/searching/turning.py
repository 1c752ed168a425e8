"""Articles whose topic turned: what speaks for the one that was right speaks for another one now.

Unlike an article that is replaced it is still found, by what speaks for it less than for the other.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from kb.searching.ranking import PartScores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kb.index.store import Store

    Places = NDArray[np.intp]
    Turned = tuple[tuple[int, int], ...]
    """Positions of articles: the former one, and the one that answers now."""

STATE = "turned"


def as_state(pairs: Sequence[tuple[str, str]]) -> str | None:
    """Give pairs of article ids as they are kept; None for none."""
    return json.dumps(sorted(pairs), ensure_ascii=False) if pairs else None


def turned(store: Store, articles: NDArray[np.int64]) -> Turned:
    """Read which articles turned; `articles` are the keys of those that are searched, rising.

    A pair of which one is gone counts no more.
    """
    kept = json.loads(store.state(STATE) or "[]")
    if not kept:
        return ()
    homes = {str(name): int(pk) for name, pk in store.rows(
        "select id, min(pk) from kb_articles group by id"
    )}  # fmt: skip
    places = {int(pk): place for place, pk in enumerate(articles.tolist())}
    found = ((places.get(homes.get(old, -1)), places.get(homes.get(new, -1))) for old, new in kept)
    return tuple((old, new) for old, new in found if old is not None and new is not None)


def with_followers(positions: Places, pairs: Turned, allowed: Places | None) -> Places:
    """Add the articles that answer now, where the former ones were found."""
    there = set(positions.tolist())
    shown = None if allowed is None else set(allowed.tolist())
    added = dict.fromkeys(
        new
        for old, new in pairs
        if old in there and new not in there and (shown is None or new in shown)
    )
    return np.concatenate([positions, np.array([*added], np.intp)])


def padded(parts: PartScores, count: int) -> PartScores:
    """Let nothing speak yet for what was added."""
    return PartScores(
        *(
            np.pad(column, (0, count - len(column)))
            for column in (getattr(parts, each.name) for each in fields(parts))
        )
    )


def handed_over(positions: Places, parts: PartScores, pairs: Turned) -> PartScores:
    """Let all that speaks for the former article speak for the one that answers now.

    The former one keeps no more than what spoke for the other already.
    """
    rows = {place: row for row, place in enumerate(positions.tolist())}
    columns = {each.name: getattr(parts, each.name).copy() for each in fields(parts)}
    for old, new in _rows(rows, pairs):
        for column in columns.values():
            column[[new, old]] = max(column[old], column[new]), min(column[old], column[new])
    return PartScores(**columns)


def level(positions: Places, fused: NDArray[np.float32], pairs: Turned) -> NDArray[np.float32]:
    """Let both of a pair go on together: what is said of one at last is said of the other."""
    rows = {place: row for row, place in enumerate(positions.tolist())}
    found = fused.copy()
    for old, new in _rows(rows, pairs):
        found[[old, new]] = max(found[old], found[new])
    return found


def _rows(rows: dict[int, int], pairs: Turned) -> list[tuple[int, int]]:
    return [(rows[old], rows[new]) for old, new in pairs if old in rows and new in rows]

"""Articles that another stands in for: found no more as long as that one is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.index.store import Store

STATE = "replaced"


def replaced(store: Store, collection: str) -> dict[str, str]:
    """Give which article stands in for which, by the id of the one that is found no more."""
    kept = json.loads(store.state(STATE) or "{}")
    return {str(old): str(new) for old, new in kept.get(collection, {}).items()}


def replace_with(store: Store, collection: str, old: str, new: str | None) -> None:
    """Let `new` stand in for `old`; None lets the old one be found again."""
    kept = json.loads(store.state(STATE) or "{}")
    own = {**kept.get(collection, {}), old: new}
    kept[collection] = {each: other for each, other in own.items() if other is not None}
    store.set_state(STATE, json.dumps(kept, ensure_ascii=False))


def hidden(store: Store) -> frozenset[int]:
    """Give the keys of the articles that are not searched: what stands in for them is there."""
    kept = json.loads(store.state(STATE) or "{}")
    return frozenset(
        int(row[0])
        for collection, pairs in kept.items()
        for old, new in pairs.items()
        for row in store.rows(
            "select pk from kb_articles where collection = ? and id = ? and exists "
            "(select 1 from kb_articles where collection = ? and id = ?)",
            [collection, old, collection, new],
        )
    )

"""What outcomes teach the search: put in, taken out and weighed anew in one transaction."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.index.learning import Key, insert
from kb.index.syncing import embed_units, units
from kb.questions.hygiene import clean
from kb.searching.turning import STATE as TURNED
from kb.searching.turning import as_state
from kb.shared.rows import forget_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.encoding.encoder import Encoder
    from kb.index.store import Store
    from kb.index.units import Progress

OUTCOMES = "outcomes"
"""The origin of what was learned of settled tickets."""


@dataclass(frozen=True)
class Taught:
    """All that outcomes teach the search; what is not in it is not taught any more."""

    questions: tuple[tuple[str, str], ...] = ()
    """(question, article id)."""
    withdrawn: frozenset[str] = frozenset()
    """Marks of other learned questions that no longer hold: see `mark`."""
    state: tuple[tuple[str, str | None], ...] = ()
    """Named values that go with it; None takes one away."""
    turned: tuple[tuple[str, str], ...] = ()
    """(article id, id of the article that answers now what it answered)."""
    models: tuple[tuple[str, str, bytes], ...] = ()
    """What was fitted to it already, by name and basis: the next search need not wait for it."""


def mark(collection: str, article: str, text: str) -> str:
    """Name a learned question without its words."""
    return hashlib.sha256(f"{collection}\n{article}\n{text}".encode()).hexdigest()[:32]


def shipped_questions(store: Store) -> list[tuple[str, str, str]]:
    """(collection, article, text) of what was learned otherwise than of outcomes."""
    rows = store.rows(
        "select collection, article, text from kb_learned where origin <> ? order by pk", [OUTCOMES]
    )
    return [(str(home), str(article), str(text)) for home, article, text in rows]


def relearn(
    store: Store, encoder: Encoder, taught: Taught, progress: Progress | None = None
) -> None:
    """Bring the learned questions to what is taught, all or nothing."""
    change = _change(store, taught)
    sources = store.sources()
    writes = []
    for key, texts in change.after.items():
        article = store.article(key[1], key[0])
        if article is not None:
            writes.append((article, sources[key], units(article, texts)))
    embed_units(store, encoder, (unit for *_, many in writes for unit in many), progress)
    if change.gone:
        # What people asked is not to lie about in the pages of the file.
        store.database.execute("pragma secure_delete = on")
    with store.writing() as database:
        database.conn.executemany("delete from kb_learned where pk = ?", change.gone)
        database.conn.executemany(
            "update kb_learned set withdrawn = 1 - withdrawn where pk = ?", change.turned
        )
        insert(database, change.fresh, OUTCOMES)
        for article, source, many in writes:
            store.put(database, article, source, many)
        if change.gone:
            forget_words(database)
        database.conn.executemany(
            "insert or replace into kb_models(name, basis, data) values (?, ?, ?)", taught.models
        )
        for name, value in (*taught.state, (TURNED, as_state(taught.turned))):
            if value is None:
                database.execute("delete from kb_state where name = ?", [name])
            else:
                database.execute("insert or replace into kb_state values (?, ?)", [name, value])


@dataclass(frozen=True)
class _Change:
    gone: list[tuple[int]]
    turned: list[tuple[int]]
    fresh: Mapping[Key, Sequence[str]]
    after: dict[Key, list[str]]
    """The questions of each article that changes."""


def _change(store: Store, taught: Taught) -> _Change:
    homes = dict(store.rows("select id, collection from kb_articles order by pk desc"))
    wanted: dict[Key, dict[str, None]] = defaultdict(dict)
    for text, article in taught.questions:
        question = clean(text).text.encode("utf-8", "replace").decode()
        if article in homes and question:
            wanted[homes[article], article][question] = None
    gone, turned = [], []
    left: dict[Key, list[str]] = defaultdict(list)
    touched: set[Key] = set()
    for pk, home, article, text, origin, withdrawn in store.rows(
        "select pk, collection, article, text, origin, withdrawn from kb_learned order by pk"
    ):
        key = (home, article)
        if origin == OUTCOMES:
            if text in wanted[key]:
                left[key].append(text)
                del wanted[key][text]
            else:
                gone.append((pk,))
                touched.add(key)
            continue
        out = mark(home, article, text) in taught.withdrawn
        if out != bool(withdrawn):
            turned.append((pk,))
            touched.add(key)
        if not out:
            left[key].append(text)
        wanted[key].pop(text, None)
    fresh = {key: list(texts) for key, texts in wanted.items() if texts}
    touched |= fresh.keys()
    after = {key: [*left[key], *fresh.get(key, ())] for key in touched}
    return _Change(gone, turned, fresh, after)

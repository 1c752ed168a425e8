"""A copy of a knowledge base to try something on: nothing of what is tried is served."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kb.index.learning import learned
from kb.index.store import Store
from kb.index.syncing import write
from kb.searching.base import KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from kb.encoding.encoder import Encoder

TABLES = {
    "kb_articles": "*",
    "kb_units": "*",
    "kb_vectors": "*",
    "kb_state": "*",
    "kb_learned": "*",
    "kb_models": "*",
    "kb_collections": "*",
    "kb_words": "rowid, title, questions, body, area",
}


@contextmanager
def copied(path: Path, encoder: Encoder, unasked: Collection[str] = ()) -> Iterator[KnowledgeBase]:
    """Give a base with all that the one in a database file has, until the block ends.

    By what is `unasked`, letter for letter, no article of it is found: be it a title, a sample
    question or a learned one.
    """
    with tempfile.TemporaryDirectory(prefix="frontline-tried-") as folder:
        store = Store(Path(folder) / "kb.db")
        connection = store.database.conn
        connection.execute("attach ? as source", [str(path)])
        connection.execute("begin")
        for table, columns in TABLES.items():
            connection.execute(f"delete from {table}")  # noqa: S608 - names of TABLES
            into = "" if columns == "*" else f"({columns})"
            connection.execute(
                f"insert into {table}{into} select {columns} from source.{table}"  # noqa: S608
            )
        connection.commit()
        connection.execute("detach source")
        base = KnowledgeBase(store, encoder)
        try:
            if unasked:
                _leave_out(base, frozenset(unasked))
            yield base
        finally:
            base.close()


def _leave_out(base: KnowledgeBase, unasked: frozenset[str]) -> None:
    store, sources, taught = base.store, base.store.sources(), learned(base.store)
    with store.writing() as database:
        database.conn.executemany("delete from kb_learned where text = ?", [(t,) for t in unasked])
    changed = []
    for article in store.articles():
        key = (article.collection, article.id)
        if unasked.isdisjoint((article.title, *article.questions, *taught.get(key, ()))):
            continue
        asked = tuple(each for each in article.questions if each not in unasked)
        # A draft of one ticket is called by that ticket's own words.
        title = article.title if article.title not in unasked else next(iter(asked), "")
        changed.append((replace(article, title=title, questions=asked), sources[key]))
    write(store, base.encoder, changed)


def asked_of(base: KnowledgeBase) -> frozenset[str]:
    """Give all that articles are found by: titles, sample questions, and what they learned."""
    articles = base.store.articles()
    found = {text for one in articles for text in (one.title, *one.questions)}
    return frozenset(found.union(*learned(base.store).values()))

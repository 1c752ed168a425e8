"""A copy of a knowledge base to try something on: nothing of what is tried is served."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kb.index.store import Store
from kb.searching.base import KnowledgeBase

if TYPE_CHECKING:
    from collections.abc import Iterator

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
def copied(path: Path, encoder: Encoder) -> Iterator[KnowledgeBase]:
    """Give a base with all that the one in a database file has, until the block ends."""
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
            yield base
        finally:
            base.close()

"""Every text column is judged: a new one that nobody has judged makes this fail."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.store.database import connect, transaction
from bot.store.privacy.columns import (
    IDS,
    NEITHER,
    WORDS,
    Column,
    holding,
    is_words,
    tables_with,
    text_columns,
)
from kb.index.schema import migrations

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store

TO_DO = (
    "say in bot/store/privacy/columns.py whether it holds people's words, their ids, or neither: "
    "`frontline forget` and retention go by that"
)


@pytest.mark.sqlite
def test_every_text_column_is_in_one_list(store: Store) -> None:
    """Of the desk and of the knowledge base, by the schema and not by anybody's memory."""
    with closing(connect(store.path)) as db:
        migrations.apply(db)
        there = set(text_columns(db))
    assert there - (WORDS | IDS | NEITHER) == set(), TO_DO
    assert (WORDS | IDS | NEITHER) - there == set(), "these are gone; take them out of the lists"


def test_no_column_is_judged_twice() -> None:
    """Words are no ids."""
    assert not WORDS & NEITHER
    assert not IDS & NEITHER


def test_a_column_that_nobody_judged_counts_as_words(store: Store) -> None:
    """Rather erased than overlooked."""
    with transaction(store.path) as db:
        db.execute("CREATE TABLE scraps (id INTEGER PRIMARY KEY, ticket INTEGER, scrap TEXT)")
        db.execute("INSERT INTO scraps (ticket, scrap) VALUES (1, 'a word of mine')")
        assert is_words(Column("scraps", "scrap"))
        assert "scraps" in tables_with(db, "ticket")
        assert holding(db, "word of") == ((Column("scraps", "scrap"), 1),)


def test_an_archive_is_found_by_its_columns(store: Store) -> None:
    """Where settled rows are moved to, they are forgotten too."""
    with transaction(store.path) as db:
        db.execute("CREATE TABLE outbox_archive AS SELECT * FROM outbox")
        db.execute("CREATE TABLE inbox_archive AS SELECT * FROM inbox")
        found = tables_with(db, "notice", "ticket", "channel", "sent_ts", "edits")
        assert found == ("outbox", "outbox_archive", "outbox_history")
        found = tables_with(db, "payload", "event_id", "finished_at")
        assert found == ("inbox", "inbox_archive", "inbox_history")

"""The knowledge base's tables, as migrations that are added to and never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("kb")


@migrations()
def m001_articles(db: Database) -> None:
    """Articles, their passages, the vectors by content hash, and a change counter."""
    for statement in _TABLES:
        db.execute(statement)


_TABLES = (
    """create table kb_articles (
        pk integer primary key,
        collection text not null,
        id text not null,
        title text not null,
        area text not null,
        owner text not null,
        questions text not null,
        body text not null,
        url text,
        source text not null,
        hash text not null,
        unique (collection, id)
    )""",
    """create table kb_passages (
        pk integer primary key,
        article integer not null references kb_articles(pk) on delete cascade,
        kind text not null check (kind in ('title', 'question', 'passage')),
        heading text not null,
        text text not null,
        vector_hash text not null
    )""",
    "create index kb_passages_article on kb_passages(article)",
    """create table kb_vectors (
        model text not null,
        hash text not null,
        vector blob not null,
        primary key (model, hash)
    ) without rowid""",
    """create virtual table kb_words using fts5(
        title, questions, body, tokenize = 'porter unicode61 remove_diacritics 2'
    )""",
    "create table kb_state (name text primary key, value integer not null) without rowid",
    "insert into kb_state values ('generation', 0)",
)


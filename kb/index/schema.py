"""The knowledge base's tables, as migrations that are added to and never edited."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("kb")

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
    # A key is never used twice: the approximate index knows units by it.
    """create table kb_units (
        pk integer primary key autoincrement,
        article integer not null references kb_articles(pk) on delete cascade,
        kind text not null check (kind in ('title', 'question', 'passage')),
        heading text not null,
        text text not null,
        hash text not null
    )""",
    "create index kb_units_article on kb_units(article)",
    "create index kb_units_hash on kb_units(hash)",
    # Vectors live by content hash, apart from the articles: unchanged text is never embedded again.
    """create table kb_vectors (
        pk integer primary key,
        model text not null,
        hash text not null,
        vector blob not null,
        token_ids blob,
        token_vectors blob,
        unique (model, hash)
    )""",
    """create virtual table kb_words using fts5(
        title, questions, body, area, tokenize = 'porter unicode61 remove_diacritics 2'
    )""",
    "create table kb_state (name text primary key, value text not null) without rowid",
    "insert into kb_state values ('generation', '0')",
)


@migrations()
def m001_articles(db: Database) -> None:
    """Articles, their units, the vectors by content hash, the words, and a change counter."""
    for statement in _TABLES:
        db.execute(statement)


_LEARNED = (
    # Rebuilt, because SQLite cannot change a check: a unit may now be a learned question.
    """create table kb_units_new (
        pk integer primary key autoincrement,
        article integer not null references kb_articles(pk) on delete cascade,
        kind text not null check (kind in ('title', 'question', 'passage', 'learned')),
        heading text not null,
        text text not null,
        hash text not null
    )""",
    "insert into kb_units_new select pk, article, kind, heading, text, hash from kb_units",
    "drop table kb_units",
    "alter table kb_units_new rename to kb_units",
    "create index kb_units_article on kb_units(article)",
    "create index kb_units_hash on kb_units(hash)",
    # By id, not by key: what was learned outlives a change of its article.
    """create table kb_learned (
        pk integer primary key,
        collection text not null,
        article text not null,
        text text not null,
        hash text not null,
        unique (collection, article, hash)
    )""",
    # What is fitted to the stored texts, and the hash of those texts.
    """create table kb_models (
        name text primary key,
        basis text not null,
        data blob not null
    ) without rowid""",
    """create table kb_collections (
        name text primary key,
        link text not null default '',
        visible_to text not null default '[]'
    ) without rowid""",
)


@migrations()
def m002_learned_questions(db: Database) -> None:
    """Learned questions and what is fitted to them; what is said of a collection."""
    for statement in _LEARNED:
        db.execute(statement)


_LARGE = (
    # Covers the columns that a snapshot reads of every unit: the texts beside them stay unread.
    "drop index kb_units_article",
    "create index kb_units_article on kb_units(article, kind)",
    # The files beside the database say by it which database they were made of.
    "insert into kb_state values ('identity', lower(hex(randomblob(8))))",
)


@migrations()
def m003_large_bases(db: Database) -> None:
    """What makes a million units quick to open."""
    for statement in _LARGE:
        db.execute(statement)


_TAUGHT = (
    "alter table kb_learned add column origin text not null default ''",
    "alter table kb_learned add column withdrawn integer not null default 0",
)


@migrations()
def m004_taught_by_outcomes(db: Database) -> None:
    """Whence a learned question is, and whether it is withheld from the search."""
    for statement in _TAUGHT:
        db.execute(statement)

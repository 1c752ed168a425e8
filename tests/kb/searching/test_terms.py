"""A query's terms are those of the full-text table."""

from __future__ import annotations

from kb.index.terms import Stemmer


def test_numbers_are_their_own_terms() -> None:
    """As the tokenizer of the full-text table would say, without asking it."""
    stemmer = Stemmer()
    with stemmer._lock:
        stemmer._database.execute("insert into words(rowid, x) values (1, '2024 007 42')")
        theirs = {row[0] for row in stemmer._database.execute("select term from terms")}
        stemmer._database.execute("delete from words")
    assert set(stemmer.query_terms("2024 007 42")) == theirs

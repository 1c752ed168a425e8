"""Statements of SQLite's dialect, as PostgreSQL is told them."""

from __future__ import annotations

import pytest

from bot.store.postgresql.dialect import translated
from bot.store.postgresql.shaping import shaped

pytestmark = pytest.mark.rare  # it reads the library that translates


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT a FROM t WHERE b = ? AND c = ?", 'WHERE "b" = $1 AND "c" = $2'),
        (
            "SELECT a FROM t WHERE b = ?2 AND c = ?1 AND d = ?2",
            '"b" = $1 AND "c" = $2 AND "d" = $1',
        ),
        ("SELECT a FROM t WHERE b = :one AND c = :two AND d = :one", '"d" = $1'),
        ("SELECT a FROM t WHERE b = 'why?' AND c = ?", '"b" = \'why?\' AND "c" = $1'),
        ("SELECT a FROM t WHERE b IS NOT ? AND c IS d", "IS DISTINCT FROM $1"),
        ("SELECT a FROM t AS row INDEXED BY t_queue WHERE b", 'WHERE "b" <> 0'),
        ("SELECT b = 1, sum(c = 2) FROM t", 'SUM(CAST("c" = 2 AS INT))'),
        ("SELECT coalesce(b, NOT EXISTS (SELECT 1)) FROM t", "CAST(NOT EXISTS(SELECT 1) AS INT)"),
        ("SELECT a FROM t WHERE b IN ()", "WHERE FALSE"),
        ("SELECT a FROM t WHERE b LIKE 'x%'", "ILIKE"),
        (r"SELECT a FROM t WHERE b NOT LIKE 'x\_%' ESCAPE '\' AND c = 1", "NOT ILIKE 'x"),
        ("SELECT a FROM t WHERE b NOT LIKE 'x%' AND c NOT IN (1)", "NOT ILIKE 'x%' AND NOT"),
        ("SELECT DISTINCT a FROM t ORDER BY b", 'GROUP BY "a" ORDER BY MIN("b")'),
        ("SELECT DISTINCT a FROM t ORDER BY a", "SELECT DISTINCT"),
        ("SELECT CASE a WHEN 'x' THEN 1 ELSE 2 END FROM t", "CASE \"a\" WHEN 'x' THEN 1"),
        ("SELECT CASE WHEN a THEN 1 ELSE 2 END FROM t", 'CASE WHEN "a" <> 0 THEN 1'),
        ("SELECT a FROM t CROSS JOIN u ON t.b = u.b", 'FROM "t" JOIN "u" ON'),
        ("SELECT CAST(substr(p, 2) AS INTEGER) FROM t", "AS_INTEGER("),
        ("SELECT min(a, b) FROM t", "LEAST("),
        ("SELECT user FROM t", '"user"'),
        ("SELECT a FROM (SELECT a FROM t) WHERE a > 1", ') AS "select_0" WHERE'),
        ("SELECT a FROM (SELECT a FROM t) AS named", ') AS "named"'),
        ("SELECT (SELECT 1), a FROM t JOIN (SELECT b FROM u) ON a = b", ') AS "select_1" ON'),
        ("SELECT rowid FROM t", '"ctid"'),
        ("UPDATE t SET a = 1 WHERE rowid = ?", '"ctid" = CAST($1 AS tid)'),
        (
            "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO UPDATE SET n = n + excluded.n",
            '"n" = "t"."n" + "excluded"."n"',
        ),
        (
            "SELECT rowid FROM ticket_words WHERE ticket_words MATCH ? ORDER BY rank",
            '"indexed" @@ (SELECT WORDS_WANTED($1)) ORDER BY -TS_RANK("indexed", (SELECT WORDS_',
        ),
        ("SELECT * FROM languages WHERE user = ?", 'SELECT "user", "language"'),
        (
            "SELECT l.*, 1 AS a FROM languages AS l JOIN tickets AS t ON t.requester = l.user",
            'SELECT "l"."user", "l"."language"',
        ),
    ],
)
def test_what_the_two_say_differently_is_put_in_postgresqls_words(sql: str, told: str) -> None:
    """Each kind of difference that the store's statements have."""
    assert told in translated(sql).sql


@pytest.mark.parametrize(
    ("sql", "given", "sent"),
    [
        ("SELECT ?, ?", ["a", "b"], ["a", "b"]),
        ("SELECT ?2, ?1, ?2", ["a", "b"], ["b", "a"]),
        ("SELECT :b, :a, :b", {"a": 1, "b": 2}, [2, 1]),
        ("SELECT ':no', \"?\", ?", [3], [3]),
        ("SELECT ?1, ?1", [4], [4]),
    ],
)
def test_values_go_where_their_marks_stand(sql: str, given: object, sent: list[object]) -> None:
    """By place, by number and by name; none within a text."""
    assert translated(sql).values(given) == sent


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT) STRICT", "IDENTITY"),
        ("CREATE TABLE t (a TEXT PRIMARY KEY) STRICT, WITHOUT ROWID", 'a TEXT COLLATE "C"'),
        ("CREATE INDEX i ON t (a) WHERE b IS NOT NULL", 'WHERE NOT "b" IS NULL'),
        ("ALTER TABLE t ADD COLUMN b REAL NOT NULL DEFAULT 0", "b DOUBLE PRECISION"),
        ("DROP TRIGGER IF EXISTS gone", "DROP FUNCTION IF EXISTS trigger_gone CASCADE"),
        (
            (
                "CREATE TRIGGER s AFTER UPDATE OF a ON t WHEN new.a IS NOT old.a BEGIN "
                "UPDATE u SET n = n + 1 WHERE id = new.id; END"
            ),
            'IF "new"."a" IS DISTINCT FROM "old"."a" THEN UPDATE "u"',
        ),
        (
            "CREATE TRIGGER s BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'kept'); END",
            "RAISE EXCEPTION 'kept'",
        ),
    ],
)
def test_a_later_step_of_the_migrations_changes_postgresqls_shape_too(sql: str, told: str) -> None:
    """Tables, indexes, columns and triggers, as the steps write them."""
    steps = shaped(sql)
    assert steps is not None
    assert told in steps[0]

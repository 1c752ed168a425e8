"""Statements in SQLite's dialect as PostgreSQL understands them; each is translated once.

What is a number in SQLite stays one: a comparison that is selected, added or stored is 0 or 1,
and a number that is asked for is compared with 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from sqlglot import exp, parse_one
from sqlglot.dialects.sqlite import SQLite
from sqlglot.parsers.sqlite import SQLiteParser

from bot.store.postgresql.columns import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OURS = frozenset({"JSON_EXTRACT", "JSON_ARRAY_LENGTH", "DATETIME", "UNIXEPOCH", "INSTR"})
"""Functions that PostgreSQL is given under SQLite's names: `functions.py`."""

MARK = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\?(\d*)|:([a-z_]\w*)")
"""What a parameter is, or a text in which there is none."""
HINT = re.compile(r"\bINDEXED BY \w+")
MATCH = re.compile(r"\bticket_words MATCH (:p\d+)")
BEST = "ORDER BY rank"
COUNTED = "SELECT term, doc FROM ticket_vocabulary WHERE term IN (SELECT value FROM json_each(?))"
INSTEAD = {
    COUNTED: (
        "SELECT word.value AS term, (SELECT count(*) FROM ticket_words "
        "WHERE words_match(indexed, '\"' || word.value || '\"')) AS doc FROM json_each(?) AS word"
    ),
}
"""Statements over tables that SQLite alone has, and what is asked in their place."""
PYTHONS = frozenset({"known_by", "number_of"})
"""Functions that SQLite calls Python for; here they are called when a column was read."""
MATCHES, RANK = "words_match", "words_rank"
"""What is written for the operator and the function that say how a ticket fits to words."""
ASKS = frozenset({MATCHES})
"""Functions that give a truth."""


class Dialect(SQLite):
    """SQLite's, whose own functions are left as they are called."""

    class Parser(SQLiteParser):
        """Reads them as functions that it does not know."""

        FUNCTIONS = {  # noqa: RUF012 - the library's way
            name: how for name, how in SQLiteParser.FUNCTIONS.items() if name not in OURS
        }


@dataclass(frozen=True)
class Statement:
    """What PostgreSQL is sent, and which of the given values are its parameters, in order."""

    sql: str
    names: tuple[str | int, ...]
    calls: tuple[tuple[int, str], ...] = ()
    """Columns that a function of Python's is called with, as they are read."""
    is_wide: bool = False
    """It gives whatever columns there are, and a step of a newer version may add one."""

    def values(self, given: Any) -> list[Any]:
        """Put what was given in the order of the parameters."""
        return [given[name] for name in self.names]


@lru_cache(4096)
def translated(sql: str) -> Statement:
    """Give a statement as PostgreSQL understands it."""
    names: list[str | int] = []
    plain = MARK.sub(lambda found: _numbered(found, names), HINT.sub("", INSTEAD.get(sql, sql)))
    if (wanted := MATCH.search(plain)) is not None:
        plain = plain.replace(wanted[0], f"words_match(indexed, {wanted[1]})")
        plain = plain.replace(BEST, f"ORDER BY -words_rank(indexed, {wanted[1]})")
    tree = as_postgresql(parse_one(plain, read=Dialect))
    calls = tuple(_calls(tree))
    return Statement(tree.sql("postgres", identify=True), tuple(names), calls, _is_wide(tree))


def _is_wide(tree: exp.Expr) -> bool:
    """Tell whether a statement gives whatever columns there are."""
    returned = tree.args.get("returning")
    given = returned.expressions if returned is not None else ()
    return bool(getattr(tree, "is_star", False)) or any(each.is_star for each in given)


def _calls(tree: exp.Expr) -> Iterator[tuple[int, str]]:
    """Take functions of Python's off the columns that they are called with."""
    for place, column in enumerate(tree.expressions if isinstance(tree, exp.Select) else ()):
        if isinstance(column, exp.Anonymous) and column.name in PYTHONS:
            yield place, column.name
            column.replace(column.expressions[0])


def _numbered(found: re.Match[str], names: list[str | int]) -> str:
    """Number a parameter; what is named twice has one number."""
    number, name = found.groups()
    if number is None and name is None:
        return found[0]
    if number == "":
        names.append(sum(isinstance(each, int) for each in names))
        return f":p{len(names)}"
    key = name or int(number) - 1
    if key not in names:
        names.append(key)
    return f":p{names.index(key) + 1}"


def as_postgresql(tree: exp.Expr) -> exp.Expr:
    """Change a statement where the two say the same in different ways."""
    for change in (
        _parameters,
        _nothing,
        _joins,
        _first_of_each,
        _places,
        _conflicts,
        _orders,
        _casts,
        _truths,
        _likes,
        _words,
        _all_columns,
        _names_of_selects,
    ):
        tree = cast("Callable[[exp.Expr], exp.Expr]", change)(tree)
    return tree


def _words(tree: exp.Expr) -> exp.Expr:
    """Let the words that are wanted be made out once, and not for each ticket."""
    for each in list(tree.find_all(exp.Anonymous)):
        if each.name in {MATCHES, RANK}:
            indexed, typed = each.expressions
            wanted = exp.select(exp.func("words_wanted", typed)).subquery()
            match = exp.MatchAgainst(this=wanted, expressions=[indexed])
            each.replace(match if each.name == MATCHES else exp.func("ts_rank", indexed, wanted))
    return tree


def _all_columns(tree: exp.Expr) -> exp.Expr:
    """Name the columns that are meant by a star: what a newer version adds is not among them.

    PostgreSQL prepares no statement anew whose columns became others; it refuses it.
    """
    if isinstance(tree, exp.SetOperation):
        for side in (tree.left, tree.right):
            _all_columns(side)
    if not isinstance(tree, exp.Select):
        return tree
    joins = tree.args.get("joins") or ()
    tables = [each.this for each in (tree.args.get("from_"), *joins) if each is not None]
    for each in list(tree.expressions):
        of = each.table if isinstance(each, exp.Column) else ""
        meant = [one.name for one in tables if not of or one.alias_or_name == of]
        if each.is_star and len(meant) == 1 and (names := columns_of(meant[0])):
            columns = [exp.column(name, table=of or None) for name in names]
            at = tree.expressions.index(each)
            tree.set("expressions", [*tree.expressions[:at], *columns, *tree.expressions[at + 1 :]])
    return tree


def _names_of_selects(tree: exp.Expr) -> exp.Expr:
    """Give each select that is read from a name: PostgreSQL before 16 wants one."""
    for place, each in enumerate(tree.find_all(exp.Subquery)):
        if isinstance(each.parent, exp.From | exp.Join) and not each.alias:
            each.set("alias", exp.TableAlias(this=exp.to_identifier(f"select_{place}")))
    return tree


def _parameters(tree: exp.Expr) -> exp.Expr:
    for each in list(tree.find_all(exp.Placeholder)):
        each.replace(exp.Parameter(this=exp.Literal.number(each.name.removeprefix("p"))))
    return tree


def _nothing(tree: exp.Expr) -> exp.Expr:
    """Let what is sought among nothing not be found: PostgreSQL knows no empty list."""
    for each in list(tree.find_all(exp.In)):
        if not any(each.args.get(part) for part in ("expressions", "query", "unnest", "field")):
            each.replace(exp.false())
    return tree


def _joins(tree: exp.Expr) -> exp.Expr:
    """Let PostgreSQL find the order of a join by itself: CROSS with ON tells SQLite which."""
    for each in tree.find_all(exp.Join):
        if each.args.get("kind") == "CROSS" and each.args.get("on") is not None:
            each.set("kind", None)
    return tree


def _first_of_each(tree: exp.Expr) -> exp.Expr:
    """Take each of several together by its first, where what is distinct is sorted by more."""
    for each in tree.find_all(exp.Select):
        order = each.args.get("order")
        if each.args.get("distinct") is None or order is None:
            continue
        if all(key.this in each.expressions for key in order.expressions):
            continue
        each.set("distinct", None)
        each.set("group", exp.Group(expressions=[column.copy() for column in each.expressions]))
        for key in order.expressions:
            key.set("this", exp.Min(this=key.this.copy()))
    return tree


def _places(tree: exp.Expr) -> exp.Expr:
    """Name the place of a row as PostgreSQL does; the full-text table has a column of the name."""
    if not any(table.name == "ticket_words" for table in tree.find_all(exp.Table)):
        for column in tree.find_all(exp.Column):
            if column.name == "rowid":
                column.this.set("this", "ctid")
                if isinstance(column.parent, exp.EQ):
                    place = exp.DataType.build("tid", udt=True)
                    given = column.parent.expression
                    given.replace(exp.Cast(this=given.copy(), to=place))
    return tree


def _conflicts(tree: exp.Expr) -> exp.Expr:
    """Say of which row a column is, where a new one meets one that is there."""
    for insert in list(tree.find_all(exp.Insert)):
        conflict = insert.args.get("conflict")
        if conflict is None:
            continue
        table = insert.this.find(exp.Table).name
        for part in (*conflict.expressions, conflict.args.get("where")):
            values = part.expression if isinstance(part, exp.EQ) else part
            for column in values.find_all(exp.Column) if values is not None else ():
                inner = column.find_ancestor(exp.Subquery)
                if not column.table and inner is None:
                    column.set("table", exp.to_identifier(table))
        for key in conflict.args.get("conflict_keys") or ():
            key.replace(key.this if isinstance(key, exp.Ordered) else key)
    return tree


def _orders(tree: exp.Expr) -> exp.Expr:
    """Leave to PostgreSQL where nothing comes, so that its indexes serve: values are sorted."""
    for each in tree.find_all(exp.Ordered):
        each.set("nulls_first", bool(each.args.get("desc")))
    return tree


def _casts(tree: exp.Expr) -> exp.Expr:
    """Let a text that begins with a number be that number."""
    for each in list(tree.find_all(exp.Cast)):
        if each.to.this in {exp.DataType.Type.INT, exp.DataType.Type.BIGINT}:
            each.replace(exp.Anonymous(this="as_integer", expressions=[each.this.copy()]))
    return tree


def _likes(tree: exp.Expr) -> exp.Expr:
    """Let LIKE not look at whether letters are large, as in SQLite."""
    for each in list(tree.find_all(exp.Like)):
        each.replace(exp.ILike(**dict(each.copy().args.items())))
    return tree


def _truths(tree: exp.Expr) -> exp.Expr:
    """Make numbers of truths where numbers are wanted, and truths of numbers."""
    for each in list(tree.walk(bfs=False)):
        if each is tree or isinstance(each, exp.Paren):
            continue
        asked, is_truth = _is_asked(each), _is_truth(each)
        if is_truth and not asked and _is_value(each):
            _wrap(each, lambda copy: exp.Cast(this=copy, to=exp.DataType.build("INT")))
        elif asked and not is_truth:
            _wrap(each, lambda copy: exp.NEQ(this=copy, expression=exp.Literal.number(0)))
    return tree


def _wrap(each: exp.Expr, around: Callable[[exp.Expr], exp.Expr]) -> None:
    parent, key, index = each.parent, each.arg_key, each.index
    made = around(each)
    if parent is not None and key is not None:
        parent.set(key, made, index)


TRUTHS = (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)


def _is_truth(each: exp.Expr) -> bool:
    if isinstance(each, exp.Paren):
        return _is_truth(each.this)
    if isinstance(each, exp.Anonymous):
        return each.name in ASKS
    return isinstance(each, (*TRUTHS, exp.Escape))


def _is_asked(each: exp.Expr) -> bool:
    """Whether a truth is wanted where this stands."""
    parent, key = each.parent, each.arg_key
    if isinstance(parent, exp.Paren):
        return _is_asked(parent)
    if isinstance(parent, exp.Escape):
        return key == "this"
    if isinstance(parent, exp.If):
        # `CASE a WHEN b` compares, `CASE WHEN b` asks.
        compares = isinstance(parent.parent, exp.Case) and parent.parent.this is not None
        return key == "this" and not compares
    if isinstance(parent, exp.Is):
        return key == "this" and isinstance(parent.expression, exp.Boolean)
    if isinstance(parent, exp.Join):
        return key == "on"
    return isinstance(parent, exp.Where | exp.Having | exp.Connector | exp.Not)


def _is_value(each: exp.Expr) -> bool:
    """Whether a truth stands where a value is read: not what makes up a statement."""
    parent = each.parent
    if isinstance(parent, exp.Paren):
        return _is_value(parent)
    if isinstance(parent, exp.Is) and each.arg_key == "expression":
        return False
    if isinstance(parent, exp.OnConflict | exp.Update) or each.arg_key == "where":
        return False
    return not isinstance(parent, exp.Ordered)

"""Words are replaced in every copy: in tables by their schema, in notices by their fields."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from bot.desk.beyond import OUT, Outgoing, kept_back, without
from bot.desk.learning import quotes_of
from bot.desk.privacy import rewritten
from bot.store.codec import dump_notice, load_written
from bot.store.database import marks_for
from bot.store.privacy.columns import nothing_in, tables_with, words_in
from bot.store.sealing import OWN_WORDS, opened
from kb.shared.rows import forget_words, index_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from bot.desk.ids import TicketId
    from bot.desk.privacy import Scrubber

DELETED = "(deleted)"
"""Stands where a message was that its author deleted."""

LONG_ENOUGH = 8
"""What is shorter is replaced where it is the whole text, not inside another: "ok" is nobody's."""
SHORTEST_TITLE, LONGEST_TITLE = 16, 100
SLIPS, MENDED = 6, 0.85
"""Letters by which a mended title differs in length, and the share that is the same."""

WAITS_BEYOND = f"channel LIKE '{OUT}%' AND state IN ('pending', 'in_flight')"

NOTICES = ("notice", "ticket", "channel", "sent_ts", "edits")
"""The columns by which the outbox is known, and what its rows are archived in."""


@contextmanager
def erasing(database: Database) -> Iterator[None]:
    """Let the audit trail be changed meanwhile, within the caller's transaction."""
    database.execute("INSERT INTO erasing (since) VALUES (datetime('now'))")
    try:
        yield
    finally:
        database.execute("DELETE FROM erasing")


class Replacing:
    """Puts something else where somebody's words stand, as written and as scrubbed."""

    def __init__(self, words: Iterable[str], scrubber: Scrubber, instead: str) -> None:
        """Take the words; what replaces them is scrubbed as they were."""
        said = {form for each in words for form in (each, *quotes_of(each))}
        forms = {form for each in said for form in (each, scrubber.scrub(each).text)}
        self._whole = {form for form in forms if form.strip()}
        self.forms = frozenset(self._whole)
        self._inside = sorted(
            (form for form in self._whole if len(form) >= LONG_ENOUGH), key=len, reverse=True
        )
        self._instead = scrubber.scrub(instead).text

    def __call__(self, text: str) -> str:
        """Give a text without these words."""
        if text in self._whole or self._is_mended(text):
            return self._instead
        for form in self._inside:
            text = text.replace(form, self._instead)
        return text

    def _is_mended(self, text: str) -> bool:
        """Tell whether a text is one of the words but for slips of the pen: a title is mended."""
        if not SHORTEST_TITLE <= len(text) <= LONGEST_TITLE:
            return False
        return any(
            abs(len(each) - len(text)) <= SLIPS
            and SequenceMatcher(None, each, text).ratio() > MENDED
            for each in self._whole
        )

    def in_json(self, text: str) -> str:
        """Give JSON without these words, in whatever string of it they stand."""
        try:
            return json.dumps(_in_strings(json.loads(text), self), ensure_ascii=False)
        except ValueError:
            return self(text)


def _in_strings(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_in_strings(each, change) for each in value]
    if isinstance(value, dict):
        return {key: _in_strings(each, change) for key, each in value.items()}
    return value


def replace_on_ticket(database: Database, ticket: TicketId, change: Replacing) -> int:
    """Replace words in all that is on record of a ticket, but for its notices; gives the rows."""
    rows = 0
    for table in tables_with(database, "ticket"):
        if set(NOTICES) <= _columns(database, table):
            continue
        rows += replace_in(database, table, "ticket", [ticket], change)
    rows += replace_in_drafts(database, ticket, change)
    return rows + replace_in(database, "tickets", "id", [ticket], change)


def replace_in_drafts(database: Database, ticket: TicketId, change: Replacing) -> int:
    """Replace words in the drafts that quote a ticket beside that which proposed them."""
    if "drafts" not in tables_with(database, "sources"):
        return 0
    quoting = database.execute(
        "SELECT id FROM drafts WHERE EXISTS (SELECT 1 FROM json_each(sources) "
        "WHERE CAST(value AS INTEGER) = ?)",
        [ticket],
    ).fetchall()
    drafts = [row["id"] for row in quoting]
    return replace_in(database, "drafts", "id", drafts, change) if drafts else 0


def replace_in(
    database: Database, table: str, key: str, values: Sequence[object], change: Replacing
) -> int:
    """Replace words in the rows of a table that have one of these values."""
    changed = 0
    marks = marks_for(values)
    for column in words_in(database, table):
        for row in database.execute(
            f'SELECT rowid AS place, "{column}" AS words FROM "{table}" WHERE "{key}" IN ({marks}) '
            f"AND \"{column}\" <> ''",
            list(values),
        ).fetchall():
            words = opened(str(row["words"]))
            new = change.in_json(words) if words[:1] in {"[", "{"} else change(words)
            if new != words:
                database.execute(
                    f'UPDATE "{table}" SET "{column}" = as_before(?, "{column}") WHERE rowid = ?',
                    [new, row["place"]],
                )
                changed += 1
    return changed


def replace_in_notices(
    database: Database, table: str, where: str, values: Sequence[object], change: Replacing
) -> set[int]:
    """Replace words in stored notices; gives the messages in Slack that show such a one."""
    shown: set[int] = set()
    for row in database.execute(f'SELECT * FROM "{table}" WHERE {where}', list(values)).fetchall():
        try:
            notice = load_written(row["notice"])
        except (ValueError, RecursionError):
            # Set aside, as by another version: it waits, and loses the words all the same.
            database.execute(
                f'UPDATE "{table}" SET notice = as_before(?, notice) WHERE id = ?',
                [change.in_json(opened(row["notice"])), row["id"]],
            )
            continue
        new = rewritten(notice, change)
        if isinstance(new, Outgoing):
            new = without(new, change.forms)
        if new == notice:
            continue
        database.execute(
            f'UPDATE "{table}" SET notice = ? WHERE id = ?', [dump_notice(new), row["id"]]
        )
        if isinstance(new, Outgoing):
            continue
        if row["only_for"] is None and (row["sent_ts"] is not None or row["edits"] is not None):
            shown.add(int(row["edits"] or row["id"]))
    return shown


def keep_back_on_ticket(db: Database, table: str, ticket: int) -> None:
    """Take words and people out of what waits for targets outside Slack; the end is still told."""
    rows = db.execute(
        f'SELECT id, notice FROM "{table}" WHERE ticket = ? AND {WAITS_BEYOND}', [ticket]
    ).fetchall()
    for row in rows:
        with suppress(ValueError, RecursionError):
            written = load_written(row["notice"])
            if isinstance(written, Outgoing):
                db.execute(
                    f'UPDATE "{table}" SET notice = ?, error = NULL WHERE id = ?',
                    [dump_notice(kept_back(written)), row["id"]],
                )


def kind_of(notice: str) -> str | None:
    """Give the kind of a notice; none where it cannot be read, as of another version."""
    try:
        return load_written(notice).kind
    except (ValueError, RecursionError):
        return None


def empty_on_ticket(db: Database, table: str, column: str, ticket: int) -> int:
    """Empty a column of words on a ticket; lists stay lists."""
    kept = ""
    if table == "audit":
        told = ", ".join(f"'{what}'" for what in OWN_WORDS)
        kept = f" AND what NOT IN ({told})"
    emptied = db.execute(
        f'UPDATE "{table}" SET "{column}" = {nothing_in(column)} '
        f"WHERE ticket = ? AND \"{column}\" NOT IN ('', '[]'){kept}",
        [ticket],
    )
    return int(emptied.rowcount)


def unlearn(database: Database, words: Iterable[str]) -> int:
    """Take questions out that articles learned, with what was embedded of them."""
    if "kb_learned" not in tables_with(database, "collection", "article", "text", "hash"):
        return 0
    gone = 0
    asked: set[int] = set()
    for text in words:
        rows = database.execute("SELECT hash FROM kb_learned WHERE text = ?", [text]).fetchall()
        for row in rows:
            database.execute("DELETE FROM kb_vectors WHERE hash = ?", [row[0]])
        if rows:
            gone += len(rows)
            where = "FROM kb_units WHERE text = ? AND kind = 'learned'"
            asked.update(row[0] for row in database.execute(f"SELECT article {where}", [text]))
            database.execute("DELETE FROM kb_learned WHERE text = ?", [text])
            database.execute(f"DELETE {where}", [text])
    if gone:
        for article in asked:
            index_words(database, article)
        forget_words(database)
        # What was fitted to them is fitted again, and other processes read the base anew.
        database.execute("DELETE FROM kb_models")
        database.execute("UPDATE kb_state SET value = value + 1 WHERE name = 'generation'")
    return gone


def _columns(database: Database, table: str) -> set[str]:
    rows = database.execute("SELECT name FROM pragma_table_info(?)", [table]).fetchall()
    return {str(row[0]) for row in rows}

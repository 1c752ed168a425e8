"""A desk's years with everything that a report looks at: answers, calls, promises, words, stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.full_desk import without_triggers
from tests.bench.years_on_record import AT, FIRST, fill

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

ARTICLES = 500
"""So many came of drafts; those of the first seventy are shown."""
LATER = "strftime('%Y-%m-%dT%H:%M:%f', opened_at, '+{} seconds') || '000+00:00'"
"""So many seconds after the ticket was opened, as the store writes it."""


def fill_desk(path: Path, tickets: int) -> None:
    """Write so many settled tickets over two years: two thirds answered, a third with people."""
    fill(path, events=1, tickets=tickets, moved=True)
    with without_triggers(path) as db:
        _vary(db)
        _trail(db)
        _words(db)
        _loop(db)


def _vary(db: Database) -> None:
    db.execute(
        "UPDATE tickets SET asked_ts = printf('%.6f', (julianday(opened_at) - 2440587.5) * 86400 "
        "- 2 - id % 7), priority = printf('P%d', 1 + id % 4), "
        "articles_shown = iif(id % 3 = 1, '[]', printf('[\"article-%d\"]', id % 71)), "
        "articles_failed = iif(id % 11 = 0, printf('[\"article-%d\"]', id % 71), '[]'), "
        "reopened = (id % 29 = 0), confirmed = (id % 2), "
        "channel = iif(id % 9 = 0, 'D0ANA00001', channel), "
        "resolution = CASE WHEN id % 3 = 1 THEN 'by L2' WHEN id % 5 < 2 THEN 'no reply' "
        "ELSE 'by article' END, "
        f"updated_at = {LATER.format(20_000)}"
    )
    db.execute(
        "UPDATE escalations SET group_name = printf('l2-%d', id % 5), "
        "tier = iif(id % 10 = 0, 'L3', 'L2'), settled_by = printf('U0ENG%05d', id % 23), "
        f"assignee = printf('U0ENG%05d', id % 23), updated_at = {LATER.format('7200')}"
    )
    db.execute("UPDATE timers SET state = 'fired' WHERE ticket % 13 = 0")


def _trail(db: Database) -> None:
    at = f"INSERT INTO audit (ticket, at, actor, what, details) SELECT id, {LATER}, "
    db.execute(
        f"{at.format(0)} requester, 'opened', CASE WHEN id % 3 = 1 THEN 'escalate' "
        "WHEN id % 17 = 0 THEN 'clarify' ELSE 'answer' END FROM tickets"
    )
    db.execute(f"{at.format(7_000)} requester, 'resolved', 'by article' FROM tickets")
    db.execute(f"{at.format(20_000)} requester, 'closed', '' FROM tickets")
    for seconds, what in ((300, "taken"), (900, "replied to the requester")):
        db.execute(f"{at.format(seconds)} 'U0ENG00001', '{what}', '' FROM tickets WHERE id % 3 = 1")


def _words(db: Database) -> None:
    db.execute(
        "INSERT INTO ratings (ticket, stars, rated_by, at) SELECT id, 1 + id % 5, requester, "
        "updated_at FROM tickets WHERE id % 7 = 0"
    )
    db.execute(
        "INSERT INTO labels (ticket, text, label, labelled_by, at) SELECT id, 'x', "
        "printf('L%d', 1 + id % 3), 'U0ENG00001', opened_at FROM tickets WHERE id % 200 = 0"
    )
    db.execute(
        "INSERT INTO looked_over (ticket, article, asked_at, is_right, looked_by, at) "
        "SELECT id, printf('article-%d', id % 71), opened_at, id % 8 <> 0, 'U0ENG00001', opened_at "
        "FROM tickets WHERE id % 33 = 0 AND articles_shown <> '[]'"
    )


def _loop(db: Database) -> None:
    """Write a draft of every four hundredth ticket, most of them published, and gaps of five."""
    of_three = "printf('[%d,%d,%d]', id, id + 3, id + 6)"
    at = {days: LATER.format(days * 86_400) for days in (1, 2)}
    db.execute(
        "INSERT INTO drafts (ticket, group_name, title, questions, body, article, area, sources, "
        "near, state, made_at, updated_at) SELECT id, 'l2-0', 'x', '[]', 'x', "
        f"printf('article-%d', id / 400 % {ARTICLES}), 'general', {of_three}, '[]', CASE id / 400 "
        "% 10 WHEN 0 THEN 'dismissed' WHEN 1 THEN 'open' WHEN 2 THEN 'merged' ELSE 'published' "
        f"END, {at[1]}, {at[2]} FROM tickets WHERE id % 400 = 1"
    )
    db.execute(
        "INSERT INTO gaps (typical, state, made_at) SELECT ticket, iif(state = 'open', 'in work', "
        "'done'), made_at FROM drafts"
    )
    for more in (0, 3, 6, 9, 12):
        db.execute(
            "INSERT OR IGNORE INTO gap_questions (ticket, gap) SELECT t.id, g.id FROM gaps g "
            f"JOIN tickets t ON t.id = g.typical + {more}"
        )


__all__ = ["AT", "FIRST", "fill_desk"]

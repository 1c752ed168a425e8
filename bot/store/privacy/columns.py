"""Every text column there is, and whether it holds people's words, their ids, or neither.

Forgetting and retention go by this and by the schema: a column that is in neither list makes
`tests/store/privacy/test_columns.py` fail, so that no copy of anybody's words is overlooked.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bot.store.sealing import is_on

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlite_utils import Database


class Column(NamedTuple):
    """A column of a table."""

    table: str
    name: str


ARTICLES = frozenset({"kb_articles", "kb_units", "kb_words"})
"""Tables of what is published: what an article says too is the article's."""

AT_ONCE = 100
"""So many texts are looked for in one pass over a table."""


def _of(table: str, names: str) -> tuple[Column, ...]:
    return tuple(Column(table, name) for name in names.split())


WORDS = frozenset((
    *_of("tickets", "question"),
    *_of("conversation", "text files"),
    *_of("escalations", "reasons findings cause fix prevention article_words"),
    *_of("inbox", "payload error trouble"),
    *_of("outbox", "notice error"),
    *_of("inbox_history", "payload error trouble"),
    *_of("outbox_history", "notice error"),
    *_of("timers", "error"),
    *_of("audit", "details"),
    *_of("overrides", "reason"),
    *_of("labels", "text"),
    *_of("ratings", "remark"),
    *_of("steps_tried", "text"),
    *_of("ticket_words", "question cause fix"),
    *_of("kb_learned", "text"),
    *_of("incidents", "title"),
    *_of("incident_updates", "text"),
    *_of("drafts", "title questions body"),
))  # fmt: skip
"""What people wrote, or what quotes it."""

IDS = frozenset((
    *_of("tickets", "requester"),
    *_of("conversation", "author"),
    *_of("escalations", "assignee settled_by snoozed_by"),
    *_of("inbox", "lane message_key author"),
    *_of("outbox", "lane channel only_for sent_channel place"),
    *_of("inbox_history", "lane message_key"),
    *_of("outbox_history", "lane channel only_for sent_channel place"),
    *_of("audit", "actor"),
    *_of("overrides", "member replaces made_by cancelled_by"),
    *_of("rota_states", "members synced"),
    *_of("labels", "labelled_by"),
    *_of("ratings", "rated_by"),
    *_of("home_viewers", "user"),
    *_of("home_choices", "user"),
    *_of("languages", "user"),
    *_of("secrets_told", "user"),
    *_of("turned_away", "user"),
    *_of("whispered", "user"),
    *_of("shares", "user"),
    *_of("heard", "channel"),
    *_of("incidents", "owner declared_by"),
    *_of("incident_updates", "author"),
    *_of("drafts", "decided_by"),
    *_of("gaps", "decided_by"),
    *_of("looked_over", "looked_by"),
    *_of("problems", "decided_by"),
    *_of("figure_blocks", "names"),
    *_of("installations", "bot_user installer"),
))  # fmt: skip
"""Who somebody is, by Slack's id."""

NEITHER = frozenset((
    *_of("tickets", "team channel thread_ts asked_ts opened_at updated_at state resolution "
                    "articles_shown articles_failed priority waiting_since matter restricted_to "
                    "priority_why root_ts spoken"),
    *_of("conversation", "team channel ts at"),
    *_of("escalations", "tier group_name state opened_at updated_at right_tier snoozed_until"),
    *_of("inbox", "event_id state due received_at finished_at"),
    *_of("outbox", "thread_ts state due created_at sent_at sent_ts way set_aside_at"),
    *_of("inbox_history", "event_id state due received_at finished_at"),
    *_of("outbox_history", "thread_ts state due created_at sent_at sent_ts way set_aside_at"),
    *_of("audit", "at what"),
    *_of("overrides", "group_name starts_at ends_at made_at cancelled_at"),
    *_of("rota_states", "group_name trouble at"),
    *_of("chances", "article at"),
    *_of("odds", "article gate at"),
    *_of("workspaces", "team address"),
    *_of("installations", "home name token refresh_token expires_at installed_at ended_at "
                          "ended_why welcomed_at stands says stands_since"),
    *_of("install_states", "state until"),
    *_of("labels", "label article at"),
    *_of("ratings", "at"),
    *_of("timers", "kind promise due state ended_at"),
    *_of("steps_tried", "article outcome at"),
    *_of("home_viewers", "opened_at of_groups built_at"),
    *_of("group_moves", "group_name"),
    *_of("home_choices", "group_name priority shown pages"),
    *_of("languages", "language direct"),
    *_of("turned_away", "at"),
    *_of("taken_back", "team channel ts at"),
    *_of("whispered", "channel ts at"),
    *_of("shares", "used_until told_at"),
    *_of("heard", "thread_ts at"),
    *_of("incidents", "state opened_at ended_at"),
    *_of("incident_updates", "at"),
    *_of("exports", "path what at"),
    *_of("presence", "heard_until own_time slack_time told_until"),
    *_of("holder", "token host since"),
    *_of("replicas", "host since knows speaks"),
    *_of("paces", "name kept at"),
    *_of("shared_model", "upon"),
    *_of("alarms", "key says raised_at heard_at due"),
    *_of("sending_stops", "scope says since"),
    *_of("live_sources", "name kind says notes began_at done_at next_at fingerprint"),
    *_of("erasing", "since"),
    *_of("copying", "source sums"),
    *_of("sealing", "proof"),
    *_of("gaps", "state decided_at near made_at group_name"),
    *_of("learning_runs", "what at"),
    *_of("words_offered", "article at"),
    *_of("article_links", "article url says since checked_at"),
    *_of("article_updates", "article at"),
    *_of("article_ailments", "article tickets proposed links"),
    *_of("problems", "kind state link decided_at made_at"),
    *_of("looked_over", "article asked_at at"),
    *_of("ticket_hours", "hour resolution"),
    *_of("drafts", "group_name article area sources threads near state made_at updated_at"),
    *_of("pages", "key target state raised_at"),
    *_of("_sqlite_migrations", "migration_set name applied_at"),
    # Articles are published, not said; what was learned of people is in kb_learned, and what is
    # embedded of it goes with it (forgetting.py).
    *_of("kb_articles", "collection id title area owner questions body url source hash"),
    *_of("kb_units", "kind heading text hash"),
    *_of("kb_vectors", "model hash"),
    *_of("kb_words", "title questions body area"),
    *_of("kb_state", "name value"),
    *_of("kb_learned", "collection article hash origin"),
    *_of("kb_models", "name basis"),
    *_of("kb_collections", "name link visible_to"),
    # All of these as rows that travel between machines: what is unlearned goes here too.
    *_of("base_rows", "part key held"),
))  # fmt: skip
"""States, times, names of groups and articles."""


def text_columns(database: Database, only: str | None = None) -> tuple[Column, ...]:
    """Give every text column of every table, or of one, full-text tables included."""
    found: list[Column] = []
    tables = database.execute(
        "SELECT name, type FROM pragma_table_list WHERE schema = 'main' "
        "AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND name = coalesce(?, name) ORDER BY name",
        [only],
    ).fetchall()
    for table, kind in tables:
        columns = database.execute(
            "SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden = 0", [table]
        ).fetchall()
        if kind == "virtual" and "col" not in {str(name) for name, _ in columns}:
            names = [str(name) for name, _ in columns if str(name) not in {"doc", "cnt", "term"}]
        else:
            names = [str(name) for name, declared in columns if str(declared).upper() == "TEXT"]
        found += [Column(str(table), name) for name in names]
    return tuple(found)


def holding(
    database: Database, *texts: str, but: Collection[str] = ()
) -> tuple[tuple[Column, int], ...]:
    """Give the columns that hold one of some texts, and in how many rows: the proof of absence.

    `but` names tables that may hold them.
    """
    found: Counter[Column] = Counter()
    for column in text_columns(database):
        if column.table not in but:
            for first in range(0, len(texts), AT_ONCE):
                some = texts[first : first + AT_ONCE]
                where = " OR ".join([f"instr({plain(column.name)}, ?) > 0"] * len(some))
                query = f'SELECT count(*) FROM "{column.table}" WHERE {where}'
                found[column] += int(database.execute(query, list(some)).fetchone()[0])
    return tuple((column, rows) for column, rows in found.items() if rows)


def plain(name: str) -> str:
    """Give SQL for a column in clear; nothing has to be opened where nothing is sealed."""
    return f'opened("{name}")' if is_on() else f'"{name}"'


def nothing_in(name: str) -> str:
    """Give SQL for what stands in a column of words that was emptied: lists stay lists."""
    return f"iif(substr({plain(name)}, 1, 1) = '[', '[]', '')"


def tables_with(database: Database, *names: str) -> tuple[str, ...]:
    """Give the tables that have all these columns: an archive is found with its original."""
    columns: dict[str, set[str]] = {}
    for row in database.execute(
        "SELECT t.name, c.name FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c "
        "WHERE t.schema = 'main' AND t.type = 'table'"
    ).fetchall():
        columns.setdefault(str(row[0]), set()).add(str(row[1]))
    return tuple(sorted(table for table, there in columns.items() if there >= set(names)))


def words_in(database: Database, table: str) -> tuple[str, ...]:
    """Give the columns of a table that hold people's words."""
    return tuple(c.name for c in text_columns(database, table) if is_words(c))


def is_words(column: Column) -> bool:
    """Tell whether a column holds words; one that nobody has judged yet counts as if it did."""
    return column in WORDS or column not in (IDS | NEITHER)

"""A database that is truncated, of something else, or newer is refused by every command."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.store.unit_of_work import Store


def truncated(path: Path) -> None:
    """Cut a database short, as a full disk or a broken copy does."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    path.write_bytes(path.read_bytes()[:20_000])


def foreign(path: Path) -> None:
    """Put another program's database in its place."""
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE songs (title TEXT)")


def newer(path: Path) -> None:
    """Let a later version have written it."""
    with transaction(path) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('desk', 'm999_wonders', '2027-01-01')"
        )


COMMANDS = (
    ("ask", "my password has expired"),
    ("kb", "search", "password"),
    ("tickets", "list"),
    ("db", "check"),
    ("serve",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
@pytest.mark.parametrize("harm", [truncated, foreign, newer])
def test_it_ends_in_one_clear_line(
    store: Store,
    harm: Callable[[Path], None],
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The file is named, and nothing is shown of where it happened."""
    harm(store.path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    result = CliRunner().invoke(frontline, [*command, "--db", str(store.path)])
    assert result.exit_code == 1
    last = result.stderr.strip().splitlines()
    assert len(last) == 1, result.stderr
    assert store.path.name in last[0]
    assert "defect" not in last[0]
    assert "Traceback" not in result.output

"""The database's shape, however it was reached."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from bot.store import migrations as migrations_module
from bot.store.database import StoreError, connect, migrate
from bot.store.migrations import migrations

pytestmark = pytest.mark.sqlite


def shape(path: Path) -> list[tuple[str, str, str]]:
    """Read every table, index and trigger as SQL."""
    database = connect(path)
    try:
        rows = database.execute(
            "SELECT type, name, coalesce(sql, '') FROM sqlite_master "
            "WHERE name NOT LIKE 'sqlite_autoindex%' ORDER BY type, name"
        ).fetchall()
        return [tuple(row) for row in rows]
    finally:
        database.close()


def steps() -> list[str]:
    """Name the migrations, in order."""
    return [each.name for each in migrations._migrations]


def test_a_database_migrated_step_by_step_equals_a_fresh_one(tmp_path: Path) -> None:
    """Whoever upgrades release by release gets what a newcomer gets."""
    fresh, stepwise = tmp_path / "fresh.db", tmp_path / "stepwise.db"
    migrate(fresh)
    for later in [*steps()[1:], None]:
        database = connect(stepwise)
        migrations.apply(database, stop_before=later)
        database.close()
    assert shape(stepwise) == shape(fresh)


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    """A second start finds all in place."""
    path = tmp_path / "desk.db"
    migrate(path)
    before = shape(path)
    migrate(path)
    assert shape(path) == before


def test_the_first_ticket_has_a_number_that_is_recognised_as_one(tmp_path: Path) -> None:
    """Numbers begin at 1001."""
    path = tmp_path / "desk.db"
    migrate(path)
    database = connect(path)
    first = database.execute(
        "INSERT INTO tickets (team, channel, thread_ts, requester, question, asked_ts, opened_at,"
        " updated_at, state) VALUES ('T', 'C', '1.0', 'U', '?', '1.0', 'now', 'now', 'open')"
    ).lastrowid
    database.close()
    assert first == 1001


def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A half-made step is rolled back, and the error says so."""
    path = tmp_path / "desk.db"
    database = connect(path)
    migrations.apply(database, stop_before="m005_audit")
    database.execute("CREATE TABLE audit (in_the_way TEXT)")
    database.close()
    before = shape(path)
    with pytest.raises(StoreError, match=r"cannot be brought to this version.*left as it was"):
        migrate(path)
    assert shape(path) == before


def test_several_processes_may_migrate_at_once(tmp_path: Path) -> None:
    """`serve` and `kb sync` started together find one finished database."""
    path = tmp_path / "desk.db"
    together, failures = threading.Barrier(4), []

    def start() -> None:
        together.wait()
        try:
            migrate(path)
        except StoreError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert "tickets" in {name for _, name, _ in shape(path)}


def test_every_migration_is_registered() -> None:
    """A function that lost its decorator in a merge would never run."""
    modules = sorted(Path(migrations_module.__file__).parent.glob("*.py"))
    source = "\n".join(module.read_text(encoding="utf-8") for module in modules)
    written = re.findall(r"^def (m\d{3}_\w+)", source, re.MULTILINE)
    registered = re.findall(r"^@migrations\(\)\ndef (m\d{3}_\w+)", source, re.MULTILINE)
    assert written == registered
    assert sorted(written) == sorted(steps()), "a module that nobody reads"
    assert len(set(written)) == len(written)

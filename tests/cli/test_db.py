"""`frontline db`: what it prints, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.store.holding import Holding

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from bot.store.unit_of_work import Store


def run(*arguments: object) -> Result:
    """Run a command."""
    return CliRunner().invoke(frontline, ["db", *map(str, arguments)])


def test_a_check_names_what_it_looked_at(store: Store) -> None:
    """Four things, all in order."""
    result = run("check", "--db", store.path)
    assert result.exit_code == 0
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        "ok   pages",
        "ok   references",
        "ok   version",
        "ok   orphans",
    ]


@pytest.mark.parametrize("content", [b"", b"no database at all, only words " * 300])
def test_what_is_no_database_ends_in_one_line(tmp_path: Path, content: bytes) -> None:
    """An empty file, and a text."""
    path = tmp_path / "desk.db"
    path.write_bytes(content)
    for command in (("check",), ("backup", tmp_path / "copy.db")):
        result = run(*command, "--db", path)
        assert result.exit_code == 1
        assert len(result.stderr.strip().splitlines()) == 1
        assert "desk.db" in result.stderr


def test_a_backup_is_put_back_once_the_bot_is_gone(store: Store, tmp_path: Path) -> None:
    """Refused in one line while it works."""
    copy = tmp_path / "copy.db"
    assert run("backup", copy, "--db", store.path).exit_code == 0
    holding = Holding(store.path, store.clock)
    holding.lock()
    refused = run("restore", copy, "--db", store.path)
    holding.unlock()
    assert refused.exit_code == 1
    assert "in use by process" in refused.stderr
    done = run("restore", copy, "--db", store.path)
    assert done.exit_code == 0
    assert "before-restore-1" in done.stderr


def test_a_copy_between_two_files_or_of_none_is_refused_in_one_line(
    store: Store, tmp_path: Path
) -> None:
    """With the command that does it."""
    refused = run("copy", store.path, tmp_path / "other.db")
    assert refused.exit_code == 1
    assert "frontline db backup" in refused.stderr
    missing = run("copy", tmp_path / "none.db", "postgresql://localhost:1/desk")
    assert missing.exit_code == 1
    assert "no database" in missing.stderr
    away = run("copy", store.path, "postgresql://desk:hunter2@127.0.0.1:1/desk")
    assert away.exit_code == 1
    assert "cannot be reached" in away.stderr
    assert "hunter2" not in away.stderr

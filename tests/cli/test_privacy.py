"""`frontline retention`, `forget` and what the doctor says of who can read the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from click.testing import CliRunner

from bot.cli import frontline
from bot.cli.doctor import _file
from bot.service.context import utc_now
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path


def desk(tmp_path: Path) -> Path:
    """Make a database in which Ana said something in 2026."""
    path = tmp_path / "desk" / "frontline.db"
    store = Store(path, lambda: a.NOON)
    store.migrate()
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, "Why is the sky so?", a.ASKED)
        uow.conversation.add(ticket.id, a.ANA, "Why is the sky so?", a.ASKED)
    return path


def run(*words: str) -> tuple[int, str]:
    """Run a command."""
    told = CliRunner().invoke(frontline, words)
    return told.exit_code, told.output


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path) -> None:
    """By kind, with its time."""
    path = desk(tmp_path)
    before = path.read_bytes()
    status, said = run("retention", "run", "--dry-run", "--db", str(path))
    assert status == 0
    assert said.splitlines()[0].startswith("messages: ")
    assert "older than 400 days would go" in said
    assert "older than 1000 days" in said
    assert path.read_bytes() == before


def test_forgetting_asks_first(tmp_path: Path) -> None:
    """Nothing is erased by a slip."""
    path = desk(tmp_path)
    told = CliRunner().invoke(frontline, ["forget", a.ANA, "--db", str(path)], input="n\n")
    assert told.exit_code == 1
    assert b"Why is the sky" in path.read_bytes()


def test_forgetting_says_what_it_did_and_proves_it(tmp_path: Path) -> None:
    """And once more finds nothing."""
    path = desk(tmp_path)
    status, said = run("forget", f"<@{a.ANA}>", "--yes", "--db", str(path))
    assert status == 0, said
    assert "tickets of theirs: 1" in said
    assert said.splitlines()[-1].startswith("proved: ")
    assert b"Why is the sky" not in path.read_bytes()
    status, said = run("forget", a.ANA, "--yes", "--db", str(path))
    assert status == 0
    assert "tickets of theirs: 0" in said


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A misspelt path is said, and forgets nobody."""
    status, said = run("forget", a.ANA, "--yes", "--db", str(tmp_path / "no.db"))
    assert status == 1
    assert "There is no database" in said


def test_the_doctor_says_who_else_can_read_the_file(tmp_path: Path) -> None:
    """As it is made, nobody; after a careless copy, with the remedy."""
    path = desk(tmp_path)
    settings = Settings(FileSettings(), Secrets(frontline_db=path))
    assert all(finding.good is not False for finding in _file(settings))
    path.chmod(0o644)
    bad = [finding.says for finding in _file(settings) if finding.good is False]
    assert bad == [f"others can read {path}; run `chmod 600 {path}`."]
    assert Store(path, utc_now).inbox.failures() == []

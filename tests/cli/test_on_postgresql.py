"""Commands that look after a desk on a server: the doctor, forgetting, and looking for damage."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.conninfo import conninfo_to_dict
from sqlite_utils import Database

from bot.cli import frontline
from bot.store import database
from bot.store.articles.places import articles
from bot.store.database import connect, put_on, transaction
from bot.store.postgresql.server import Server
from bot.store.privacy.columns import holding
from bot.store.unit_of_work import Store
from kb.index.schema import migrations
from tests import builders as a
from tests import postgresql

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare  # a server is started

WORDS = "Why does the zanzibar lighthouse not print?"


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database, as it is given to `--db`; the articles' file is in this folder."""
    monkeypatch.setattr(database, "_servers", {})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "frontline.toml").write_text('database = "articles.db"\n', "utf-8")
    name = f"cli_{abs(hash(request.node.name))}"
    parts = conninfo_to_dict(postgresql.new_database(name, pattern="template0"))
    del parts["dbname"]
    return f"postgresql:///{name}?{urlencode(parts)}"


def run(*words: str) -> tuple[int, str]:
    """Run a command."""
    told = CliRunner().invoke(frontline, words)
    return told.exit_code, told.output


def asked_of(address: str, folder: Path) -> Store:
    """Let Ana ask, of a desk on the server."""
    path = folder / "asked"
    put_on(path, Server(address))
    store = Store(path, lambda: a.NOON)
    store.migrate()
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, WORDS, a.ASKED)
        uow.conversation.add(ticket.id, a.ANA, WORDS, a.ASKED)
    return store


def test_somebody_is_forgotten_on_the_server_and_in_the_file_beside_it(
    address: str, tmp_path: Path
) -> None:
    """Proved by looking; what an article learned of them goes too."""
    store = asked_of(address, tmp_path)
    with closing(Database(tmp_path / "articles.db")) as db:
        migrations.apply(db)
        db.execute(
            "INSERT INTO kb_learned (collection, article, text, hash) VALUES ('kb', 'p', ?, 'h')",
            [WORDS],
        )
    status, said = run("forget", a.ANA, "--yes", "--db", address)
    assert status == 0, said
    assert "tickets of theirs: 1" in said
    assert "learned questions: 1" in said
    assert said.splitlines()[-1].startswith("proved: ")
    assert "still there" not in said
    with closing(connect(store.path)) as db:
        assert holding(db, "zanzibar") == ()
        assert holding(db, a.ANA) == ()
    assert b"zanzibar" not in (tmp_path / "articles.db").read_bytes()


def test_what_is_deleted_in_slack_is_unlearned_wherever_articles_are(
    address: str, tmp_path: Path
) -> None:
    """Articles learn on the server, and each machine's file follows."""
    store = asked_of(address, tmp_path)
    with articles(store.path) as base:
        base.execute(
            "INSERT INTO kb_learned (collection, article, text, hash) VALUES ('kb', 'p', ?, 'h')",
            [WORDS],
        )
    with store.unit_of_work() as uow:
        assert uow.conversation.delete(a.THREAD, a.ASKED)
    with closing(Database(store.path)) as db:
        assert db.execute("SELECT count(*) FROM kb_learned").fetchone() == (0,)
    with closing(connect(store.path)) as db:
        rows = db.execute("SELECT held FROM base_rows WHERE part = 'kb_learned'").fetchall()
        assert [held for (held,) in rows] == [None]


def test_what_one_machine_syncs_another_searches(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command, with the same address and another file."""
    page = tmp_path / "pages" / "bike-stand.md"
    page.parent.mkdir()
    page.write_text("---\nid: bike-stand\ntitle: The bike stand\n---\nOpen Rooms.\n", "utf-8")
    status, said = run("--db", address, "kb", "sync", str(page.parent))
    assert status == 0, said
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "frontline.toml").write_text('database = "articles.db"\n', "utf-8")
    monkeypatch.chdir(elsewhere)
    database._servers.clear()
    status, said = run("--db", address, "kb", "search", "bike stand", "--json")
    assert status == 0, said
    assert '"bike-stand"' in said


def test_a_desk_takes_its_articles_along_to_the_server_and_back(
    address: str, tmp_path: Path
) -> None:
    """Compared row by row; a server that holds others is refused."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(f"---\nid: {name}\ntitle: A {name}\n---\nT.\n")
        status, said = run("--db", f"{name}.db", "kb", "sync", name)
        assert status == 0, said
        Store(tmp_path / f"{name}.db", lambda: a.NOON).migrate()
    for source, target in (("one.db", address), (address, "back.db")):
        status, said = run("db", "copy", source, target)
        assert status == 0, said
        assert " and 1 articles copied" in said
    with closing(Database(tmp_path / "back.db")) as db:
        assert db.execute("SELECT id FROM kb_articles").fetchall() == [("one",)]
    status, said = run("db", "copy", "other.db", address)
    assert status == 1
    assert "holds articles already" in said


def test_the_file_that_a_desk_was_moved_from_is_named(address: str, tmp_path: Path) -> None:
    """It still holds what was said there."""
    asked_of(address, tmp_path)
    (tmp_path / "articles.db").touch()
    (tmp_path / "before.db").write_text(WORDS)
    status, said = run("forget", a.ANA, "--yes", "--db", address)
    assert status == 0, said
    assert "before.db holds their id or words" in said


def test_a_check_says_what_the_server_is_and_whether_it_takes_rows(
    address: str, tmp_path: Path
) -> None:
    """Empty, whole, with an orphan, and read-only."""
    status, said = run("db", "check", "--db", address)
    assert status == 0, said
    assert "ok   version: empty" in said
    store = asked_of(address, tmp_path)
    status, said = run("db", "check", "--db", address)
    assert status == 0, said
    lines = said.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "ok   server", "ok   writing", "ok   version", "ok   replicas", "ok   orphans",
    ]  # fmt: skip
    with transaction(store.path) as db:
        db.execute("INSERT INTO timers (ticket, kind, due, state, escalation) "
                   "VALUES (1001, 'x', '', 'set', 77)")  # fmt: skip
    name = conninfo_to_dict(address)["dbname"]
    with psycopg.connect(postgresql.cluster(), autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    status, said = run("db", "check", "--db", address)
    assert status == 1
    assert "FAIL writing: it takes no rows" in said
    assert "FAIL orphans: 1 of timers" in said
    assert "`frontline db restore FILE` puts a backup back" in said


def test_the_doctor_looks_at_a_desk_on_a_server_and_changes_nothing(
    address: str, tmp_path: Path
) -> None:
    """An empty one stays empty; of one that works it says what waits."""
    _, said = run("doctor", "--db", address)
    assert "ok   database: server: PostgreSQL" in said
    assert "ok   database: version: empty" in said
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchone()
    assert found == (0,)
    store = asked_of(address, tmp_path)
    store.inbox.put(a.delivery("Ev1"))
    claimed = store.inbox.claim()
    assert claimed is not None
    with transaction(store.path) as db:
        db.execute("UPDATE inbox SET state = 'failed', error = 'no sense in it'")
    _, said = run("doctor", "--db", address)
    assert "note unhandled: event Ev1: no sense in it" in said
    assert not (tmp_path / "articles.db").exists()
    with closing(Database(tmp_path / "articles.db")) as db:
        migrations.apply(db)
    _, said = run("doctor", "--db", address)
    assert "knowledge base: no articles" in said
    with closing(connect(store.path)) as db:
        assert db.execute("SELECT count(*) FROM base_rows").fetchone()[0] == 0


def test_a_backup_is_made_and_put_back_by_the_commands_of_a_file(
    address: str, tmp_path: Path
) -> None:
    """Beside a bot; and refused in one line while one works."""
    store = asked_of(address, tmp_path)
    status, said = run("db", "backup", "copy.db", "--db", address)
    assert status == 0, said
    assert "0 articles copied; counts and hashes are the same." in said
    assert "copied to copy.db (" in said
    status, said = run("db", "check", "--db", "copy.db")
    assert status == 0, said
    with Server(address).kept_alone():
        status, said = run("db", "restore", "copy.db", "--db", address)
    assert (status, said.count("\n")) == (1, 1)
    assert "in use by a running Frontline" in said
    with transaction(store.path) as db:
        db.execute("DELETE FROM conversation")
    status, said = run("db", "restore", "copy.db", "--db", address)
    assert status == 0, said
    assert "the one before is articles.db.before-restore-1." in said
    with closing(connect(store.path)) as db:
        assert db.execute("SELECT count(*) FROM conversation").fetchone()[0] == 1

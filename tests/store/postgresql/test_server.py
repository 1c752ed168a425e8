"""A desk on PostgreSQL: made, refused, cut off and found again."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from threading import Thread
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bot.store import database
from bot.store.database import connect, is_passing, put_on, reading, transaction
from bot.store.figures.blocks import read
from bot.store.postgresql.errors import PassingError, RefusedError
from bot.store.postgresql.server import Server
from bot.store.unit_of_work import Store
from tests import builders as a
from tests import postgresql

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare  # a server is started


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """An empty desk's database of its own."""
    return postgresql.new_database(f"test_{abs(hash(request.node.name))}")


@pytest.fixture
def desk(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store on it."""
    monkeypatch.setattr(database, "_servers", {})
    path = tmp_path / "frontline.db"
    put_on(path, Server(address, wait=lambda _: None))
    return Store(path, lambda: datetime.now(UTC))


def ended(address: str) -> None:
    """Cut every connection, as a restart of the server does, and wait until it is cut."""
    with psycopg.connect(postgresql.cluster(), autocommit=True) as connection:
        name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )


def test_an_empty_database_is_made_and_found_made(tmp_path: Path) -> None:
    """What stands in it outlasts a second start."""
    empty = postgresql.new_database("test_empty", pattern="template0")
    server = Server(empty)
    server.migrate()
    server.migrate()
    with psycopg.connect(empty) as connection:
        found = connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()
    assert found
    assert found[0] > 40


def test_what_is_delivered_is_stored_once_and_taken_once(desk: Store) -> None:
    """As with SQLite."""
    assert desk.inbox.put(a.delivery("Ev1"))
    assert not desk.inbox.put(a.delivery("Ev1"))
    assert desk.inbox.claim() is not None
    assert desk.inbox.claim() is None


def test_a_connection_that_was_cut_while_it_lay_idle_is_opened_again(
    desk: Store, address: str
) -> None:
    """Nobody notices that the server was started again meanwhile."""
    desk.hold()
    with desk.unit_of_work():
        pass
    assert desk.inbox.claim() is None
    ended(address)
    with desk.unit_of_work():
        pass
    assert desk.inbox.put(a.delivery("Ev2"))
    desk.release()


def test_a_transaction_that_is_cut_writes_nothing_and_passes(desk: Store, address: str) -> None:
    """It is tried again by whoever tries again after a lock of SQLite's."""
    with pytest.raises(PassingError) as failed, transaction(desk.path) as db:
        db.execute("INSERT INTO turned_away (user, at) VALUES (?, ?)", ["U1", "now"])
        ended(address)
        db.execute("SELECT 1")
    assert is_passing(failed.value)
    assert "\n" not in str(failed.value)
    with transaction(desk.path) as db:
        assert db.execute("SELECT count(*) FROM turned_away").fetchone()[0] == 0


def test_whoever_wants_to_write_waits_for_its_turn_as_long_as_it_takes(
    desk: Store, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many write: nobody is told that the database is busy, as with other locks."""
    monkeypatch.setattr("bot.store.postgresql.server.SETUP", "SET lock_timeout = '20ms'")
    first = desk.unit_of_work()
    stored = Thread(target=desk.inbox.put, args=[a.delivery("Ev1")])
    with psycopg.connect(address, autocommit=True) as watch:
        # Without the turn that one process keeps within itself, as if by another one.
        monkeypatch.setattr("bot.store.database.turn_to_write", lambda _: nullcontext())
        with first:
            stored.start()
            while not watch.execute(LONG_WAIT).fetchone():
                assert stored.is_alive(), "it gave up"
    stored.join()
    assert desk.inbox.claim() is not None


LONG_WAIT = """
SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
AND waitstart < clock_timestamp() - interval '100 ms'
"""


FULL = """
CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER is_full BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION is_full()
"""


@pytest.mark.parametrize(
    ("befalls", "passes", "says"),
    [
        (
            "ALTER DATABASE {name} SET default_transaction_read_only = on",
            "ALTER DATABASE {name} RESET default_transaction_read_only",
            "read-only transaction",
        ),
        (FULL, "DROP TRIGGER is_full ON inbox", "No space left on device"),
    ],
    ids=["read-only", "full"],
)
def test_what_a_server_cannot_take_just_now_is_taken_once_it_can(
    desk: Store, address: str, befalls: str, passes: str, says: str
) -> None:
    """What Slack delivers meanwhile is not acknowledged; it comes again."""
    name = psycopg.conninfo.conninfo_to_dict(address)["dbname"]
    desk.hold()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(befalls.format(name=name).encode())
        # Only those that connect anew learn of it.
        connection.execute(OTHERS)
        with pytest.raises(PassingError, match=says) as failed:
            desk.inbox.put(a.delivery("Ev1"))
        assert is_passing(failed.value)
        assert "\n" not in str(failed.value)
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(passes.format(name=name).encode())
        connection.execute(OTHERS)
    assert desk.inbox.put(a.delivery("Ev1"))
    assert desk.inbox.claim() is not None
    desk.release()


OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_a_statement_that_is_wrong_does_not_pass_by_waiting(desk: Store) -> None:
    """The worker sets aside what it cannot handle; it does not try for ever."""
    with pytest.raises(RefusedError), transaction(desk.path) as db:
        db.execute("SELECT nothing FROM nowhere")


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ('FATAL:  password authentication failed for user "desk"', "check user and password"),
        ("fe_sendauth: no password supplied", "check user and password"),
        ('FATAL:  role "desk" does not exist', "knows no such user"),
        ('FATAL:  database "desk" does not exist', "createdb"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.2"', "pg_hba.conf"),
    ],
)
def test_what_does_not_pass_by_waiting_says_what_to_do(
    says: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, without the address: it may hold a password."""

    def refused(*_: Any, **__: Any) -> None:
        raise psycopg.OperationalError(says)

    monkeypatch.setattr(psycopg, "connect", refused)
    with pytest.raises(RefusedError) as failed:
        Server("postgresql://desk:hunter2@db.example/desk").connect()
    assert told in str(failed.value)
    assert "hunter2" not in str(failed.value)
    assert "\n" not in str(failed.value)


def test_a_server_that_is_away_at_the_start_is_one_line() -> None:
    """Who, where, and what to look at."""
    with pytest.raises(PassingError, match="cannot be reached") as failed:
        Server("postgresql://desk:hunter2@127.0.0.1:1/desk").connect()
    assert "hunter2" not in str(failed.value)
    assert "\n" not in str(failed.value)


def test_a_server_that_is_too_old_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its version, and the one that is needed."""
    monkeypatch.setattr("bot.store.postgresql.server.OLDEST", 99)
    with pytest.raises(RefusedError, match="Frontline needs 99 or later"):
        Server(address).connect()


def test_a_database_of_a_newer_version_is_left_as_it_is(desk: Store) -> None:
    """A start refuses it, and names the step that it does not know."""
    with transaction(desk.path) as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "VALUES ('desk', 'm999_tomorrow', '')"
        )
    with pytest.raises(RefusedError, match="m999_tomorrow"):
        desk.migrate()


def test_a_database_of_something_else_is_refused() -> None:
    """Nothing is made among the tables of others."""
    theirs = postgresql.new_database("test_theirs", pattern="template0")
    with psycopg.connect(theirs) as connection:
        connection.execute("CREATE TABLE invoices (id int)")
    with pytest.raises(RefusedError, match="something else than Frontline"):
        Server(theirs).migrate()


def test_a_user_who_may_make_no_tables_is_told_what_to_do() -> None:
    """No schema of the path is there, so there is none to make anything in."""
    empty = postgresql.new_database("test_nowhere", pattern="template0")
    with psycopg.connect(empty, autocommit=True) as connection:
        name = psycopg.conninfo.conninfo_to_dict(empty)["dbname"]
        connection.execute(f"ALTER DATABASE {name} SET search_path = 'nowhere'".encode())
    with pytest.raises(RefusedError, match="createdb --owner"):
        Server(empty).migrate()


def test_a_step_that_is_missing_is_taken(desk: Store) -> None:
    """By the same function as on SQLite."""
    with transaction(desk.path) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm070_live_sources'")
        db.conn.run("DROP TABLE live_sources")  # type: ignore[attr-defined]
    desk.migrate()
    with transaction(desk.path) as db:
        assert db.execute("SELECT count(*) FROM live_sources").fetchone()[0] == 0


def test_numbers_texts_and_truths_come_back_as_from_sqlite(desk: Store) -> None:
    """Rows by place and by name, truths as 0 and 1, sums as whole numbers."""
    with transaction(desk.path) as db:
        row = db.execute(
            "SELECT 1 = 1 AS yes, ? AS text, ? AS truth, sum(n) AS n FROM "
            "(SELECT 2 AS n UNION ALL SELECT 3) AS s", ["a\x00b", True],
        ).fetchone()  # fmt: skip
    assert (row["yes"], row["text"], row["truth"], row["n"]) == (1, "a\ufffdb", 1, 5)
    assert dict(row) == {"yes": 1, "text": "a\ufffdb", "truth": 1, "n": 5}


def test_what_python_counts_of_a_ticket_is_counted_here_too(desk: Store) -> None:
    """Functions of Python's that SQLite calls are called with what was read."""
    with desk.unit_of_work() as uow:
        uow.tickets.open(a.THREAD, a.ANA, "Why?", a.ASKED)
    with reading(desk.path) as db:
        found = read(db, 0, 10_000)
    assert len(found.tickets) == 1
    assert found.tickets["requester"][0] != 0
    assert found.tickets["article"][0] == 0


def test_the_file_of_the_articles_is_no_file_of_the_desk(desk: Store) -> None:
    """Nothing of a conversation is written beside the server."""
    desk.inbox.put(a.delivery("Ev3"))
    connect(desk.path).close()
    assert not desk.path.exists()

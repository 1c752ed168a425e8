"""Conversations sealed with a key: nothing in clear, nothing lost, and the wrong key said so."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from bot.desk.addresses import Destination
from bot.desk.ids import FIRST_TICKET, TicketId, Ts
from bot.desk.privacy import Keeping, NoScrubber
from bot.desk.tickets import Line, Relayed, TicketState, Viewer
from bot.desk.tiers import Tier
from bot.service.context import utc_now
from bot.store.database import reading, transaction
from bot.store.history import AT_HAND
from bot.store.keeping.forgetting import FORGOTTEN, Forgetting
from bot.store.keeping.retention import EXPIRED, Retention
from bot.store.outbox import OutboxRow
from bot.store.privacy.columns import WORDS as WORDS_THERE
from bot.store.privacy.columns import Column
from bot.store.privacy.erasing import DELETED, erasing
from bot.store.sealing import COLUMNS, IN_CLEAR, MARK, NO_WORDS, SealingError, opened, seal
from bot.store.unit_of_work import Store
from bot.store.views.records import SqliteRecords
from tests import builders as a

if TYPE_CHECKING:
    from sqlite_utils import Database

    from tests.fakes import TurnableClock

pytestmark = pytest.mark.sqlite

WORDS = "The heron nests in cabinet 12"


@pytest.fixture
def sealed(
    tmp_path: Path,
    clock: TurnableClock,
    empty_database: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Store:
    """A store with a ticket from before, that is sealed from now on."""
    path = tmp_path / "sealed.db"
    shutil.copy(empty_database, path)
    store = Store(path, clock)
    with store.unit_of_work() as uow:
        before = uow.tickets.open(a.THREAD, a.ANA, WORDS, a.ASKED)
        uow.conversation.add(before.id, a.ANA, WORDS, a.ASKED)
    monkeypatch.setenv("FRONTLINE_KEY", Fernet.generate_key().decode())
    store.migrate()
    return store


def test_nothing_is_in_clear_and_all_is_read(sealed: Store) -> None:
    """What was there before, and what comes after: conversation, question, notice, delivery."""
    with sealed.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(a.THREAD)
        assert ticket is not None
        assert ticket.question == WORDS
        uow.conversation.add(ticket.id, a.MEI, f"{WORDS} too", None)
        notice = Relayed(ticket.id, a.ANA, a.MEI, Tier.L2, "writes", WORDS)
        uow.outbox.put(notice, Destination(a.IT_HELP), ticket.id)
        uow.feedback.label(ticket.id, WORDS, "L2", None, a.MEI)
        assert uow.feedback.labels()[0].text == WORDS
        assert uow.conversation.of(ticket.id) == (
            Line(a.ANA, WORDS),
            Line(a.MEI, f"{WORDS} too"),
        )
    sealed.inbox.put(a.delivery(payload={"text": WORDS}))
    delivery, row = sealed.inbox.claim(), sealed.outbox.claim()
    assert delivery is not None
    assert delivery.payload == {"text": WORDS}
    assert row is not None
    assert row.notice == notice
    for file in sealed.path.parent.iterdir():
        if file.is_file():
            assert b"heron nests" not in file.read_bytes(), file.name


def test_every_column_of_words_is_sealed_or_named_as_in_clear() -> None:
    """By the lists that forgetting goes by: a new column of words makes this fail."""
    sealed = {Column(table, name) for table, names in COLUMNS.items() for name in names}
    assert WORDS_THERE - sealed == {each for each in WORDS_THERE if each.table in IN_CLEAR}
    assert sealed <= WORDS_THERE
    assert {EXPIRED, DELETED, FORGOTTEN} <= NO_WORDS


@pytest.mark.parametrize("table", COLUMNS)
def test_whoever_writes_a_column_of_words_it_is_sealed(sealed: Store, table: str) -> None:
    """By every writer, of today and of tomorrow: the database does it itself."""
    columns = COLUMNS[table]
    with transaction(sealed.path) as db, erasing(db):
        row = _needed(db, table) | dict.fromkeys(columns, seal(WORDS))
        rows = [_inserted(db, table, row)]
        if table == "audit":
            with pytest.raises(sqlite3.IntegrityError, match="is written sealed"):
                _inserted(db, table, row | {"details": WORDS})
            return
        db.execute(f"DELETE FROM {table} WHERE rowid = ?", rows)
        there = _inserted(db, table, row | dict.fromkeys(columns, WORDS))
        for column in columns:
            db.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [f"{WORDS}!", there])
        found = db.execute(f"SELECT * FROM {table} WHERE rowid = ?", [there]).fetchone()
        assert [found[column] for column in columns] == [f"{WORDS}!"] * len(columns)
    assert b"heron nests" not in _files_of(sealed)


def _files_of(store: Store) -> bytes:
    return b"".join(f.read_bytes() for f in store.path.parent.iterdir() if f.is_file())


def _inserted(db: Database, table: str, row: dict[str, object]) -> int:
    """Insert a row into any table, also one whose key is no number."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING rowid"
    return int(db.execute(sql, [*row.values()]).fetchall()[0][0])


def _needed(db: Database, table: str) -> dict[str, object]:
    """Give a value for each column of a table that must have one."""
    row: dict[str, object] = {}
    for name, kind, needed, default, key in db.execute(
        'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', [table]
    ).fetchall():
        if needed and default is None and not (key and kind == "INTEGER"):
            row[name] = 1 if kind == "INTEGER" else f"{99 - len(name)}"
    if "incident" in row:
        row["incident"] = _inserted(db, "incidents", _needed(db, "incidents"))
    return (
        row
        | {each: FIRST_TICKET for each in row if each == "ticket"}
        | ({"ticket": FIRST_TICKET} if table == "ratings" else {})
    )


@pytest.mark.parametrize(
    "typed",
    [MARK, f"{MARK}x", f"{MARK}gAAAAABabc", f"{MARK}{'A' * 200}", f"{MARK}ключ", f"{MARK}\n{MARK}"],
)
def test_who_writes_what_looks_sealed_breaks_nothing(
    sealed: Store, clock: TurnableClock, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their words come back as they are, and with a key they are sealed as all others."""
    _come_back(sealed, typed)
    with closing(sqlite3.connect(sealed.path)) as db:
        kept = db.execute("SELECT question FROM tickets ORDER BY id DESC").fetchone()[0]
        assert kept != typed
    monkeypatch.delenv("FRONTLINE_KEY")
    plain = Store(sealed.path.with_name("plain.db"), clock)
    plain.migrate()
    _come_back(plain, typed)


def _come_back(store: Store, typed: str) -> None:
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(replace(a.THREAD, ts=Ts("77.0")), a.ANA, typed, a.ASKED)
        uow.conversation.add(ticket.id, a.ANA, typed, None)
        uow.feedback.label(ticket.id, typed, "L2", None, a.MEI)
        uow.audit.note(ticket.id, a.ANA, "resolved", typed)
    with store.unit_of_work() as uow:
        there = uow.tickets.get(ticket.id)
        assert there is not None
        assert there.question == typed
        assert uow.conversation.of(ticket.id) == (Line(a.ANA, typed),)
        assert uow.feedback.labels()[0].text == typed
    with reading(store.path) as db:
        record = SqliteRecords(db, Viewer()).record(ticket.id)
    assert record is not None
    assert record.audit[-1].details == typed


def test_what_an_older_version_left_in_clear_is_sealed_at_the_next_start(sealed: Store) -> None:
    """It sealed the conversation alone; the trail keeps what figures are made of."""
    with sealed.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(a.THREAD)
        assert ticket is not None
        uow.audit.note(ticket.id, None, "answered", "vpn-setup")
        opened = uow.escalations.open(ticket.id, Tier.L2, "service-desk", ("It is urgent.",))
    with transaction(sealed.path) as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE name GLOB 'sealed_*'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE escalations SET cause = ?, fix = ?", [WORDS, WORDS])
        db.execute(
            "INSERT INTO audit (ticket, at, actor, what, details) "
            "VALUES (?, '2026-01-01', NULL, 'resolved', ?)",
            [ticket.id, WORDS],
        )
    sealed.migrate()
    assert b"heron nests" not in _files_of(sealed)
    with sealed.unit_of_work() as uow:
        there = uow.escalations.get(opened.id)
        assert there is not None
        assert there.reasons == ("It is urgent.",)
    with closing(sqlite3.connect(sealed.path)) as db:
        assert db.execute("SELECT details FROM audit WHERE what = 'answered'").fetchall() == [
            ("vpn-setup",)
        ]
        assert str(
            db.execute("SELECT details FROM audit WHERE what = 'resolved'").fetchone()[0]
        ).startswith(MARK)
    with sealed.readings() as readings:
        assert readings.popular(utc_now() - timedelta(days=9_999), 3) == (("vpn-setup", 1),)


def test_what_is_too_old_goes_once(sealed: Store, clock: TurnableClock) -> None:
    """Retention asks for what stands in place of words: that is not sealed."""
    with sealed.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(a.THREAD)
        assert ticket is not None
        opened = uow.escalations.open(ticket.id, Tier.L2, "service-desk", (WORDS,))
        uow.tickets.save(replace(ticket, state=TicketState.CLOSED))
    clock.turn(10_000 * 86_400)
    retention = Retention(sealed.path, clock, Keeping())
    assert retention.step()["conversations"] == 1
    assert "conversations" not in retention.step()
    with sealed.unit_of_work() as uow:
        there, expired = uow.escalations.get(opened.id), uow.tickets.get(ticket.id)
        assert there is not None
        assert there.reasons == ()
        assert expired is not None
        assert expired.question == EXPIRED


def test_search_is_off_and_says_so(sealed: Store) -> None:
    """There is no index of words that would hold them in clear."""
    with sealed.readings() as readings:
        assert not readings.searchable
        assert readings.search(("heron",), None, 5) == ()
    with sealed.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(a.THREAD)
        assert ticket is not None
        assert uow.lookalikes.of(ticket.id, WORDS) == ((), ())


def test_another_key_is_refused_in_one_line(sealed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start, before anything is read or written."""
    monkeypatch.setenv("FRONTLINE_KEY", Fernet.generate_key().decode())
    with pytest.raises(SealingError, match=r"^FRONTLINE_KEY is another key than the one that"):
        sealed.migrate()
    monkeypatch.setenv("FRONTLINE_KEY", "sesame")
    with pytest.raises(SealingError, match="is no key; put back the one"):
        sealed.migrate()
    monkeypatch.delenv("FRONTLINE_KEY")
    with pytest.raises(SealingError, match="set FRONTLINE_KEY"):
        sealed.migrate()


def test_deleting_and_forgetting_reach_what_is_sealed(sealed: Store) -> None:
    """The proof opens what it looks through."""
    with sealed.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(a.THREAD)
        assert ticket is not None
        notice = Relayed(ticket.id, a.ANA, a.MEI, Tier.L2, "writes", WORDS)
        uow.outbox.put(notice, Destination(a.IT_HELP), ticket.id)
        assert uow.conversation.edit(a.THREAD, a.ASKED, "The stork nests in cabinet 13")
    row = sealed.outbox.claim()
    assert row is not None
    assert "stork" in str(row.notice)
    done = Forgetting(sealed.path, utc_now, NoScrubber(), a.ANA).run()
    assert done.tickets == 1
    assert done.left == ()
    with sealed.unit_of_work() as uow:
        assert "stork" not in str(uow.conversation.of(ticket.id))


def test_without_a_key_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off by default."""
    monkeypatch.delenv("FRONTLINE_KEY", raising=False)
    assert seal(WORDS) == WORDS
    assert opened(WORDS) == WORDS


def test_the_relay_and_the_admin_read_sealed_notices(sealed: Store, clock: TurnableClock) -> None:
    """By their kind: reminders of one thread, what still waits, and the card that nobody has."""
    with sealed.unit_of_work() as uow:
        uow.outbox.put(Relayed(TicketId(1001), a.ANA, a.MEI, Tier.L2, "writes", WORDS),
                       Destination(a.IT_HELP, thread_ts=a.ASKED), TicketId(1001))  # fmt: skip
    assert [letter.kind for letter in sealed.letters.waiting()] == ["relayed"]
    with transaction(sealed.path) as db:
        db.execute("UPDATE outbox SET urgency = 1")
    clock.turn(60)
    assert sealed.alarms.watch_cards(timedelta(seconds=30)) == 1
    row = sealed.outbox.claim()
    assert isinstance(row, OutboxRow)
    assert row.thread_ts == a.ASKED


def test_forgetting_passes_by_what_cannot_be_read_and_reaches_what_was_put_away(
    store: Store, clock: TurnableClock
) -> None:
    """A notice of another version waits without their words; history is no hiding place."""
    with store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, WORDS, a.ASKED)
        uow.conversation.add(ticket.id, a.ANA, WORDS, a.ASKED)
        uow.outbox.put(Relayed(ticket.id, a.ANA, a.MEI, Tier.L2, "writes", WORDS),
                       Destination(a.IT_HELP), ticket.id)  # fmt: skip
    row = store.outbox.claim()
    assert isinstance(row, OutboxRow)
    store.outbox.sent(row, a.IT_HELP, Ts("5.0"))
    clock.turn(AT_HAND.total_seconds() + 1)
    assert store.history.step() == 1
    with store.unit_of_work() as uow:
        uow.outbox.put(Relayed(ticket.id, a.ANA, a.MEI, Tier.L2, "writes", WORDS),
                       Destination(a.L2_CHANNEL))  # fmt: skip
    with transaction(store.path) as db:
        db.execute(
            "UPDATE outbox SET state = 'aside', "
            "notice = json_set(opened(notice), '$.kind', 'of another version')"
        )
    done = Forgetting(store.path, clock, NoScrubber(), a.ANA).run()
    assert done.left == ()
    assert [letter["id"] for letter in store.aside.notices()]


def test_what_is_sealed_is_opened_before_words_are_looked_for_in_it() -> None:
    """In SQL; without `opened` a search finds nothing as soon as a key is set, and says nothing."""
    names = "|".join(sorted({name for names in COLUMNS.values() for name in names}))
    looks = re.compile(
        rf"\b(?:\w+\.)?(?:{names}) (?:NOT )?(?:LIKE|GLOB|REGEXP)\b"
        rf"|(?<!FUNCTION )(?:instr|json_extract|substr|lower)\((?:\w+\.)?(?:{names})\b"
    )
    store = Path(__file__).parents[2] / "bot" / "store"
    found = [
        f"{file.name}: {match.group()}"
        for file in sorted(store.rglob("*.py"))
        if "migrations" not in file.parts
        for match in looks.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []

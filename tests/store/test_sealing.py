"""Conversations sealed with a key: nothing in clear, nothing lost, and the wrong key said so."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from bot.desk.addresses import Destination
from bot.desk.ids import TicketId, Ts
from bot.desk.privacy import NoScrubber
from bot.desk.tickets import Line, Relayed
from bot.desk.tiers import Tier
from bot.service.context import utc_now
from bot.store.database import transaction
from bot.store.history import AT_HAND
from bot.store.keeping.forgetting import Forgetting
from bot.store.outbox import OutboxRow
from bot.store.sealing import SealingError, opened, seal
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fakes import TurnableClock

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


def test_search_is_off_and_says_so(sealed: Store) -> None:
    """There is no index of words that would hold them in clear."""
    with sealed.readings() as readings:
        assert not readings.searchable
        assert readings.search(("heron",), None, 5) == ()
    with sealed.unit_of_work() as uow:
        ticket = uow.tickets.in_thread(a.THREAD)
        assert ticket is not None
        assert uow.lookalikes.settled(ticket.id, WORDS) == ()


def test_another_key_is_refused_in_one_line(sealed: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the start, before anything is read or written."""
    monkeypatch.setenv("FRONTLINE_KEY", Fernet.generate_key().decode())
    with pytest.raises(SealingError, match=r"^FRONTLINE_KEY is another key than the one that"):
        sealed.migrate()
    monkeypatch.setenv("FRONTLINE_KEY", "sesame")
    with pytest.raises(SealingError, match="is no key; make one with"):
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

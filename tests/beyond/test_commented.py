"""What is written on a ticket goes out too: once, by whom, and without words that are private."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import pytest

from bot.beyond.shapes import generic
from bot.desk.beyond import Happening, Outgoing, Target, Targets
from bot.desk.ids import ChannelId, Thread, Ts
from bot.store.codec import load_written
from bot.store.unit_of_work import Store
from tests import builders as a
from tests.beyond.test_shapes import SCHEMA

if TYPE_CHECKING:
    from bot.desk.tickets import Ticket
    from tests.fakes import TurnableClock

WROTE = "It is the third floor, not the second"


@pytest.fixture
def told(store: Store, clock: TurnableClock) -> Store:
    """A store with a target that hears of messages."""
    events = frozenset({Happening.COMMENTED})
    return Store(store.path, clock, targets=Targets((Target("news", events),)))


def asked(store: Store, channel: str = a.IT_HELP, group: str | None = None) -> Ticket:
    """Somebody asks."""
    with store.unit_of_work() as uow:
        thread = Thread(a.TEAM, ChannelId(channel), Ts("5.1"))
        ticket = uow.tickets.open(thread, a.ANA, "It is down", Ts("5.1"))
        uow.conversation.add(ticket.id, a.ANA, "It is down", Ts("5.1"))
        uow.conversation.add(ticket.id, None, "Article: Restart", None)
        if group is not None:
            uow.tickets.save(replace(ticket, restricted_to=group))
        return ticket


def events(store: Store) -> list[Outgoing]:
    """Give what waits to go out."""
    with store.look() as uow:
        rows = uow.outbox._db.execute("SELECT notice FROM outbox ORDER BY id").fetchall()
    found = [load_written(row["notice"]) for row in rows]
    return [each for each in found if isinstance(each, Outgoing)]


@pytest.mark.parametrize("author", [a.ANA, a.MEI])
def test_a_message_on_a_ticket_is_told_with_its_author(told: Store, author: str) -> None:
    """Not that which opened it, nor what Frontline says; one that comes twice once."""
    ticket = asked(told)
    assert events(told) == []
    for _ in range(2):
        with told.unit_of_work() as uow:
            uow.conversation.add(ticket.id, author, WROTE, Ts("5.2"))  # type: ignore[arg-type]
    (event,) = events(told)
    said = generic(event)
    jsonschema.validate(said, SCHEMA)
    assert (said["type"], said["ticket"]["author"]) == ("ticket.commented", author)
    assert said["ticket"]["comment"] == WROTE
    assert WROTE not in said["says"]


@pytest.mark.parametrize(
    ("channel", "group", "named"), [("D0ANA00001", None, True), (a.IT_HELP, "l2", False)]
)
def test_private_words_stay(told: Store, channel: str, group: str | None, *, named: bool) -> None:
    """Of a direct message who wrote is told; of a restricted ticket nobody is named."""
    ticket = asked(told, channel, group)
    with told.unit_of_work() as uow:
        uow.conversation.add(ticket.id, a.ANA, WROTE, Ts("5.2"))
    (event,) = events(told)
    said = generic(event)
    jsonschema.validate(said, SCHEMA)
    assert WROTE not in str(said)
    assert said["ticket"]["kept_back"] is True
    assert (a.ANA in str(said)) == named


def test_a_long_message_is_cut(told: Store) -> None:
    """A receiver is told that there is something; the whole is in Slack."""
    ticket = asked(told)
    with told.unit_of_work() as uow:
        uow.conversation.add(ticket.id, a.ANA, "word " * 1_000, Ts("5.2"))
    (event,) = events(told)
    assert event.about is not None
    assert len(event.about.comment or "") == 2_000


def test_a_deleted_message_is_gone_from_what_waits(told: Store) -> None:
    """As from every other copy."""
    ticket = asked(told)
    with told.unit_of_work() as uow:
        uow.conversation.add(ticket.id, a.ANA, WROTE, Ts("5.2"))
    with told.unit_of_work() as uow:
        assert uow.conversation.delete(ticket.thread, Ts("5.2"))
    (event,) = events(told)
    assert WROTE not in str(event)

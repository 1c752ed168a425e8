"""Words that wait for targets outside Slack go with all other copies; the rest is told."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.desk.beyond import Happening, Outgoing, Target, Targets
from bot.desk.promises import Priority
from bot.desk.tiers import Tier
from bot.scrubbing.scrubber import RuleScrubber
from bot.store.codec import load_written
from bot.store.database import connect
from bot.store.keeping.forgetting import Forgetting
from bot.store.privacy.columns import holding
from bot.store.unit_of_work import Store
from tests import builders as a

if TYPE_CHECKING:
    from tests.fakes import TurnableClock

ODD = "zanzibar lighthouse"
WORDS = f"Hello, the {ODD} is dark\nsince noon. And the boats?"


@pytest.fixture
def told(store: Store, clock: TurnableClock) -> Store:
    """A store with a page and an event that wait for a target, and their words."""
    events = frozenset({Happening.OPENED, Happening.SETTLED})
    made = Store(store.path, clock, targets=Targets((Target("pager", events),)))
    with made.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, WORDS, a.ASKED)
        uow.conversation.add(ticket.id, a.ANA, WORDS, a.ASKED)
        uow.tickets.save(ticket.escalated().prioritised(Priority.P1))
        uow.beyond.page(uow.escalations.open(ticket.id, Tier.L2, "l2", ("x",)), ("pager",))
    return made


def outgoing(store: Store) -> list[Outgoing]:
    """What waits for the target."""
    with closing(connect(store.path)) as db:
        rows = db.execute("SELECT notice FROM outbox WHERE way = 'beyond' ORDER BY id").fetchall()
    found = [load_written(row["notice"]) for row in rows]
    return [each for each in found if isinstance(each, Outgoing)]


def test_the_words_are_there_at_first(told: Store) -> None:
    """Or the rest of this file would prove nothing."""
    assert [each.what for each in outgoing(told)] == [Happening.OPENED, Happening.PAGE]
    assert all(ODD in each.says for each in outgoing(told))


def test_what_is_deleted_in_slack_is_told_to_nobody_any_more(told: Store) -> None:
    """The page goes out all the same, by its number."""
    with told.unit_of_work() as uow:
        assert uow.conversation.delete(a.THREAD, a.ASKED)
    assert [each.what for each in outgoing(told)] == [Happening.OPENED, Happening.PAGE]
    assert ODD not in str(outgoing(told))
    assert outgoing(told)[1].says == "T-1001, P1, has been taken by nobody yet"


def test_who_is_forgotten_is_told_of_to_nobody_any_more(told: Store, clock: TurnableClock) -> None:
    """Neither words nor id; that somebody is still called is."""
    Forgetting(told.path, clock, RuleScrubber(), a.ANA).run()
    left = outgoing(told)
    assert [each.what for each in left] == [Happening.OPENED, Happening.PAGE]
    assert a.ANA not in str(left)
    with closing(connect(told.path)) as db:
        assert not holding(db, ODD)

"""What an article did since it was published, counted from the tickets that it was shown on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.ids import Thread, Ts
from bot.desk.learning import Draft, DraftId, Effect, Text
from bot.desk.tickets import Resolution, TicketState
from bot.desk.tiers import Tier
from bot.store.learning import effects
from tests import builders as a

if TYPE_CHECKING:
    from bot.desk.tickets import Ticket
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

DAY = timedelta(days=1).total_seconds()
NAME = "bike-repair"


def asked(store: Store, number: int, *, called: bool = False, **changes: object) -> Ticket:
    """A ticket of somebody's."""
    with store.unit_of_work() as uow:
        ts = Ts(f"17724528{number:02}.000100")
        ticket = uow.tickets.open(Thread(a.TEAM, a.IT_HELP, ts), a.ANA, f"bike {number}", ts)
        if called:
            uow.escalations.open(ticket.id, Tier.L2, "l2", ("why",))
        uow.tickets.save(replace(ticket, **changes))  # type: ignore[arg-type]
    return ticket


@pytest.mark.parametrize("by_name", [True, False])
def test_before_and_after_are_counted_apart(
    store: Store, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch, by_name: bool
) -> None:
    """Shown, settled, failed, called all the same, not found; before, within 90 days.

    Be it that few articles are looked for by their names, or many among all that was shown.
    """
    if not by_name:
        monkeypatch.setattr(effects, "A_FEW", 0)
    old = asked(store, 0)
    clock.turn(100 * DAY)
    before = [asked(store, number) for number in (1, 2)]
    draft = Draft(
        DraftId(0), before[0].id, "l2", Text("t", (), "b"), NAME, "x", (before[0].id,), clock()
    )
    with store.unit_of_work() as uow:
        kept = uow.drafts.propose(draft)
        assert uow.drafts.effect(kept) is None
    clock.turn(DAY)
    with store.unit_of_work() as uow:
        uow.drafts.save(kept.published(NAME, a.MEI))
    shown, closed = (NAME,), TicketState.CLOSED
    clock.turn(DAY)
    asked(store, 3, articles_shown=shown, state=closed, resolution=Resolution.ARTICLE)
    asked(store, 4, articles_shown=shown, articles_failed=shown, called=True)
    asked(store, 5, articles_shown=("other", NAME), state=closed, resolution=Resolution.NO_REPLY)
    asked(store, 6, articles_shown=(NAME, "other"), state=closed, resolution=Resolution.ARTICLE)
    asked(store, 7, articles_shown=(f"{NAME}-2",), state=closed, resolution=Resolution.ARTICLE)
    asked(store, 8, articles_shown=shown, restricted_to="l2")
    after = asked(store, 9, called=True)
    clock.turn(9 * DAY)
    with store.unit_of_work() as uow:
        tickets = [each.id for each in (old, *before, after)]
        uow.gaps.regroup([tickets], [before[0].id], [None])
    with store.look() as uow:
        found = uow.drafts.get(kept.id)
        assert found is not None
        assert uow.drafts.effect(found) == Effect(
            before=2, days=10, shown=4, answered=1, failed=1, escalated=1, missed=1
        )
        assert [each.id for each in uow.drafts.about([before[0].id])] == [kept.id]
        assert uow.drafts.about([after.id]) == ()

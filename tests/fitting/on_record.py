"""Lessons put on a desk's record, as people would have: asked, answered, or settled by somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import Thread, Ts, UserId
from bot.desk.tickets import EscalationState, Resolution, Settlement
from bot.desk.tiers import Tier
from bot.store.unit_of_work import Store
from tests import builders as a
from tests.fakes import TurnableClock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.desk.learning import Lesson
    from bot.desk.ports.work import UnitOfWork


def put_on_record(path: Path, lessons: Sequence[Lesson], *, later: datetime) -> None:
    """Write a ticket for each lesson, so that the last one was settled at this time."""
    clock = TurnableClock()
    store = Store(path, clock)
    store.migrate()
    shift = later - max(each.at for each in lessons)
    for number, each in enumerate(lessons):
        clock.now = each.at + shift
        ts = Ts(f"{1_700_000_000 + number}.000100")
        with store.unit_of_work() as uow:
            _settle(uow, each, ts)


def name_of(person: str) -> UserId:
    """Give the Slack id of somebody in a lesson."""
    return UserId(f"U0{person.upper()}X")


def _settle(uow: UnitOfWork, lesson: Lesson, ts: Ts) -> None:
    thread = Thread(a.TEAM, a.IT_HELP, ts)
    ticket = uow.tickets.open(thread, name_of(lesson.asker), lesson.text, ts)
    if lesson.label == Tier.L1.value:
        uow.tickets.save(ticket.answered_with(lesson.article).resolved(Resolution.ARTICLE))
        return
    if lesson.label not in {Tier.L2.value, Tier.L3.value}:
        uow.feedback.label(ticket.id, lesson.text, lesson.label, None, name_of(lesson.by))
        return
    tier = Tier(lesson.label)
    escalation = uow.escalations.open(ticket.id, tier, tier.value.lower(), ("Needs a person: .9",))
    settlement = Settlement(name_of(lesson.by), "Worn out", "Put in a new one", right_tier=tier)
    uow.escalations.save(escalation.resolved(settlement), was=EscalationState.PENDING)
    uow.tickets.save(ticket.escalated().resolved(Resolution.L2))

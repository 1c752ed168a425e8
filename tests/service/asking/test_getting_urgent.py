"""What is added to an open ticket may raise its priority: the card says why, people hear of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Meaning, Understood
from bot.desk.beyond import Target, Targets
from bot.desk.deciding import Action
from bot.desk.oncall import Groups
from bot.desk.promises import PageAt, PageRule, Priority, Promise
from bot.desk.tickets import Card, SetPriority, ThreadNote
from bot.desk.tiers import Tier
from bot.desk.views import TicketStatus
from bot.store.unit_of_work import Store
from tests import builders as a
from tests.service.conftest import Office, the

if TYPE_CHECKING:
    from bot.store.outbox.rows import OutboxRow
    from tests.fakes import TurnableClock

STOPPED = "I cannot work at all, the printer is down"
WORSE = "now nobody on the whole floor can print"
LATER = "1772453000.000200"


def called(office: Office, question: str = "The printer does not print") -> None:
    """Let people be called for a printer, or for one at which work stands still."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message(question))
    assert office.ticket().priority is (Priority.P3 if question == STOPPED else Priority.P4)


def adds(
    office: Office, text: str, meaning: Meaning = Meaning.DETAILS, **how: str
) -> list[OutboxRow]:
    """Let Ana add something."""
    office.triager.understood = Understood({meaning: 0.95})
    return office.handle(a.follow_up(text, **how))


def notes(sent: list[OutboxRow]) -> list[str]:
    """Name the notes to the engineers."""
    return [row.notice.what for row in sent if isinstance(row.notice, ThreadNote)]


def due(office: Office) -> object:
    """Tell by when somebody is to take it."""
    ticket = office.ticket()
    with office.store.unit_of_work() as uow:
        timers = uow.timers.of(ticket.id)
    return min(each.due for each in timers if each.promise is Promise.ACKNOWLEDGE)


def test_what_is_added_raises_it_and_those_on_call_hear_of_it(office: Office) -> None:
    """By one step; the card says why, and what is promised follows."""
    called(office, STOPPED)
    before = due(office)
    sent = adds(office, WORSE)
    cards = [row.notice for row in sent if isinstance(row.notice, Card)]
    assert cards[-1].priority is Priority.P2
    assert cards[-1].priority_why.startswith("many people, work stopped, as was added; before P3")
    assert notes(sent) == ["worse"]
    assert due(office) < before


def test_however_often_it_is_said_it_rises_once(office: Office) -> None:
    """From P4 to P3 nobody is pinged; said again it is only passed on."""
    called(office)
    assert notes(adds(office, WORSE)) == ["wrote"]
    assert office.ticket().priority is Priority.P3
    assert notes(adds(office, WORSE, ts=LATER)) == ["wrote"]
    assert office.ticket().priority is Priority.P3


@pytest.mark.parametrize("meaning", [Meaning.STATUS, Meaning.PERSON])
def test_who_asks_where_it_stands_and_says_more_raises_it_and_pings_nobody(
    office: Office, meaning: Meaning
) -> None:
    """They are told by when somebody takes it now."""
    called(office, STOPPED)
    before = due(office)
    sent = adds(office, f"hello?? {WORSE}", meaning)
    assert notes(sent) == ["asks_status"]
    assert office.ticket().priority is Priority.P2
    assert due(office) < before
    assert the(sent, TicketStatus).notice.summary.due == a.NOON + timedelta(minutes=30)


@pytest.mark.parametrize(("meaning", "pages"), [(Meaning.DETAILS, 1), (Meaning.STATUS, 0)])
def test_who_is_paged_for_a_p2_is_paged_for_what_is_told_alone(
    store: Store, clock: TurnableClock, meaning: Meaning, pages: int
) -> None:
    """Not for who asks for news."""
    office = Office(Store(store.path, clock, targets=Targets((Target("pager"),))), clock)
    rule = PageRule(PageAt.AT_ONCE, ("pager",), frozenset({Priority.P2}))
    groups = tuple(replace(each, pages=(rule,)) for each in a.groups().groups)
    office.desk = replace(office.desk, groups=Groups(groups))
    called(office, STOPPED)
    adds(office, WORSE, meaning)
    ticket = office.ticket()
    with office.store.unit_of_work() as uow:
        assert len(uow.beyond.pages_of(ticket.id)) == pages


def test_what_is_merely_mentioned_wakes_nobody(office: Office) -> None:
    """A team that waits may raise it; who is woken reads that work stands still."""
    called(office, STOPPED)
    assert notes(adds(office, "my phone is dead, call the team")) == ["wrote"]


def test_thanks_raise_nothing(office: Office) -> None:
    """Nor does what says no more than the question."""
    called(office)
    adds(office, "thanks, now the whole floor can print", Meaning.THANKS)
    adds(office, "it is the one in the hall")
    assert office.ticket().priority is Priority.P4


def test_what_a_person_has_set_stays(office: Office) -> None:
    """They have looked at it."""
    called(office)
    press = SetPriority(a.spot(a.MEI), office.escalation().id, Priority.P3)
    office.directory.l2 = (a.MEI,)
    office.handle(press)
    assert notes(adds(office, WORSE)) == ["wrote"]
    assert office.ticket().priority is Priority.P3


def test_what_was_added_before_anybody_was_called_counts_with_the_question(
    office: Office,
) -> None:
    """It is told beside a question back, as a rule."""
    office.triager.decision = a.triage(Action.CLARIFY)
    office.handle(a.message("The printer does not print"))
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    assert the(adds(office, WORSE), Card).notice.priority is Priority.P3

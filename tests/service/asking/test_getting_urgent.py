"""What is added to an open ticket may raise its priority: the card says why, people hear of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.asking import Meaning, Understood
from bot.desk.deciding import Action
from bot.desk.promises import Priority, Promise
from bot.desk.tickets import Card, SetPriority, ThreadNote
from bot.desk.tiers import Tier
from bot.desk.views import TicketStatus
from tests import builders as a
from tests.service.conftest import the

if TYPE_CHECKING:
    from bot.store.outbox.rows import OutboxRow
    from tests.service.conftest import Office

WORSE = "now nobody on the whole floor can print"
LATER = "1772453000.000200"


def called(office: Office) -> None:
    """Let people be called for a printer."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("The printer does not print"))
    assert office.ticket().priority is Priority.P4


def adds(office: Office, text: str, meaning: Meaning = Meaning.DETAILS) -> list[OutboxRow]:
    """Let Ana add something."""
    office.triager.understood = Understood({meaning: 0.95})
    return office.handle(a.follow_up(text))


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
    """The card says why, and what is promised follows."""
    called(office)
    before = due(office)
    sent = adds(office, WORSE)
    cards = [row.notice for row in sent if isinstance(row.notice, Card)]
    assert cards[-1].priority is Priority.P1
    assert cards[-1].priority_why.startswith("many people, work stopped, as was added; before P4")
    assert notes(sent) == ["worse"]
    assert due(office) < before


def test_who_asks_where_it_stands_and_says_more_is_heard(office: Office) -> None:
    """They are told, and it is raised."""
    called(office)
    sent = adds(office, f"hello?? {WORSE}", Meaning.STATUS)
    assert notes(sent) == ["worse"]
    assert office.ticket().priority is Priority.P1
    assert the(sent, TicketStatus).notice.summary.due == a.NOON + timedelta(minutes=10)


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
    assert the(adds(office, WORSE), Card).notice.priority is Priority.P1

"""Timers: the ladder nobody climbs down, nights and weekends, silence, and outages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.desk.deciding import Action
from bot.desk.errors import StaleStateError
from bot.desk.oncall import Groups
from bot.desk.promises import Span, SupportHours, TimerKind
from bot.desk.tickets import (
    AskRequester,
    Card,
    Passed,
    Progress,
    Reminder,
    Resolution,
    Resolve,
    Take,
    TicketState,
)
from bot.desk.tiers import Tier
from bot.service.handling import plan
from bot.worker import TimerRunner
from tests import builders as a
from tests.service.conftest import Office, kinds, the

if TYPE_CHECKING:
    from bot.store.outbox import OutboxRow

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE_HOURS = SupportHours.weekdays(BERLIN, Span.parse("09:00-17:00"))
OUTAGE = "The order system is down for the whole warehouse, nobody can ship"
PRINTING = "the labels service is down again"
SMALL = "the second screen flickers now and then"


def ask(office: Office, text: str, tier: Tier = Tier.L2) -> list[OutboxRow]:
    """Let Ana ask what needs a person."""
    office.triager.decision = a.triage(Action.ESCALATE, tier)
    return office.handle(a.message(text))


def fire(office: Office) -> list[OutboxRow]:
    """Fire all that is due now; gives what was sent."""
    runner = TimerRunner(office.store, office.desk)
    while runner.step():
        pass
    return office.apply(lambda _: None)


def pass_time(office: Office, span: timedelta) -> list[OutboxRow]:
    """Let time pass, and fire what falls due at its end."""
    office.clock.turn(span.total_seconds())
    return fire(office)


def keep_hours(office: Office, hours: SupportHours) -> None:
    """Give every group these support hours."""
    groups = tuple(replace(group, hours=hours) for group in office.desk.groups.groups)
    office.desk = replace(office.desk, groups=Groups(groups))


def steps(sent: list[OutboxRow]) -> list[TimerKind]:
    """Name the reminders that were sent."""
    return [row.notice.step for row in sent if isinstance(row.notice, Reminder)]


def test_nobody_takes_it_for_the_whole_ladder(office: Office) -> None:
    """The group is reminded, the next called, the lead called; then it goes up, and on and on."""
    ask(office, OUTAGE)
    assert steps(pass_time(office, timedelta(minutes=5))) == [TimerKind.REMIND_GROUP]
    assert steps(pass_time(office, timedelta(minutes=5))) == [TimerKind.CALL_NEXT]
    assert steps(pass_time(office, timedelta(minutes=10))) == [TimerKind.CALL_LEAD]
    risen = pass_time(office, timedelta(minutes=10))
    assert office.escalation().tier is Tier.L3
    assert the(risen, Progress).notice == Progress(office.ticket().id, "moved_up_late", Tier.L3)
    seen = [steps(pass_time(office, timedelta(minutes=10))) for _ in range(12)]
    assert all(seen[2:]), "an open escalation is never forgotten"


def test_whoever_takes_it_is_left_in_peace_until_the_next_promise(office: Office) -> None:
    """Acknowledged is acknowledged; the promise to the requester still counts."""
    ask(office, OUTAGE)
    office.handle(Take(a.spot(a.TOM, a.L2_CHANNEL, "5.1"), office.escalation().id))
    assert fire(office) == []
    reminded = pass_time(office, timedelta(minutes=12))
    assert steps(reminded) == [TimerKind.REMIND_ASSIGNEE]
    reminder = the(reminded, Reminder).notice
    assert isinstance(reminder, Reminder)
    assert reminder.members == (a.TOM,)


def test_after_a_night_without_power_what_fell_due_is_said_once(office: Office) -> None:
    """The later rung speaks for the earlier ones; firing again says nothing more."""
    ask(office, OUTAGE)
    risen = pass_time(office, timedelta(minutes=35))
    assert office.escalation().tier is Tier.L3
    assert TimerKind.CALL_NEXT not in steps(risen)
    assert fire(office) == []


def test_on_a_friday_night_the_requester_is_told_when_to_expect_someone(office: Office) -> None:
    """Nobody is paged for it before Monday; then the group is called, once."""
    keep_hours(office, OFFICE_HOURS)
    office.clock.now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    sent = ask(office, SMALL)
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    passed, card = the(sent, Passed).notice, the(sent, Card).notice
    assert isinstance(passed, Passed)
    assert isinstance(card, Card)
    assert passed.expected == card.expected == monday
    assert steps(pass_time(office, timedelta(days=2))) == []
    office.clock.now = monday
    assert steps(fire(office)) == [TimerKind.REMIND_GROUP]


def test_p1_is_called_at_once_on_a_friday_night_all_the_same(office: Office) -> None:
    """An outage for many does not wait for Monday."""
    keep_hours(office, OFFICE_HOURS)
    office.clock.now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    sent = ask(office, OUTAGE, Tier.L3)
    card = the(sent, Card).notice
    assert isinstance(card, Card)
    assert card.expected is None
    assert steps(pass_time(office, timedelta(minutes=5))) == [TimerKind.REMIND_GROUP]


def test_a_promise_in_support_time_skips_the_hour_that_summer_time_takes(office: Office) -> None:
    """Over the change of clocks in March, nine on Monday is still nine on Monday."""
    keep_hours(office, OFFICE_HOURS)
    office.clock.now = datetime(2026, 3, 27, 15, 30, tzinfo=UTC)
    ask(office, SMALL)
    office.clock.now = datetime(2026, 3, 30, 6, 59, tzinfo=UTC)
    assert fire(office) == []
    ticket = office.ticket().id
    with office.store.unit_of_work() as uow:
        due = [timer.due for timer in uow.timers.of(ticket)]
    assert all(
        at.astimezone(BERLIN).weekday() < 5 and 9 <= at.astimezone(BERLIN).hour <= 17 for at in due
    )


def test_waiting_for_the_requester_stops_the_promises_to_them(office: Office) -> None:
    """A nudge, then an end without a word, marked as such."""
    ask(office, OUTAGE)
    spot = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
    office.handle(Take(spot, office.escalation().id))
    office.handle(AskRequester(spot, office.escalation().id, "Since when?"))
    assert pass_time(office, timedelta(hours=20)) == []
    nudged = pass_time(office, timedelta(hours=5))
    assert [row.notice.what for row in nudged if isinstance(row.notice, Progress)] == ["nudged"]
    pass_time(office, timedelta(days=4))
    ticket = office.ticket()
    assert ticket.state is TicketState.CLOSED
    assert ticket.resolution is Resolution.NO_REPLY
    assert not office.escalation().is_open


def test_an_answer_that_nobody_speaks_of_is_closed_as_no_reply(office: Office) -> None:
    """Silence alone is not success."""
    office.triager.decision = a.triage(Action.ANSWER)
    office.handle(a.message("how do I connect to the VPN"))
    pass_time(office, timedelta(days=3, minutes=1))
    assert office.ticket().state is TicketState.CLOSED
    assert office.ticket().resolution is Resolution.NO_REPLY


def test_a_resolution_without_a_word_is_closed_and_not_confirmed(office: Office) -> None:
    """It stays resolved by L2; that the requester confirmed it is not claimed."""
    ask(office, OUTAGE)
    spot = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
    office.handle(Resolve(spot, office.escalation().id, "a cable", "plugged it in"))
    pass_time(office, timedelta(days=3, minutes=1))
    assert office.ticket().state is TicketState.CLOSED
    assert office.ticket().resolution is Resolution.L2
    assert not office.ticket().confirmed


def test_an_escalation_that_lost_its_timers_is_found_and_armed_again(office: Office) -> None:
    """The auditor looks for what should fire and never would."""
    ask(office, OUTAGE)
    ticket = office.ticket().id
    with office.store.unit_of_work() as uow:
        for timer in uow.timers.of(ticket):
            uow.timers.cancel(timer.id)
    fire(office)
    with office.store.unit_of_work() as uow:
        assert uow.timers.of(ticket)


@pytest.mark.parametrize("people", [40])
def test_forty_people_report_one_outage_and_one_page_goes_out(office: Office, people: int) -> None:
    """The first report calls L3; the others join it, and all are told of its end."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L3)
    cards = 0
    for number in range(people):
        office.clock.turn(4)
        sent = office.handle(
            a.message(OUTAGE, user=f"U{number:08d}", ts=f"17724530{number:02d}.000100")
        )
        cards += kinds(sent).count("card") - sum(
            row.edit_ts is not None for row in sent if isinstance(row.notice, Card)
        )
    assert cards == 1


def test_of_two_reports_looked_at_at_once_the_second_is_looked_at_again(office: Office) -> None:
    """Neither knew of the other: one page goes out all the same."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L3)
    first, second = (
        a.message(OUTAGE, user=f"U{number:08d}", ts=f"17724530{number:02d}.000100")
        for number in (1, 2)
    )
    changes = plan(first, office.desk), plan(second, office.desk)
    assert "card" in kinds(office.apply(changes[0]))
    with pytest.raises(StaleStateError):
        office.apply(changes[1])
    joined = office.handle(second)
    assert "incident_news" in kinds(joined)
    assert all(row.edit_ts for row in joined if isinstance(row.notice, Card))


def test_who_came_on_call_since_the_page_is_called_before_those_who_follow(office: Office) -> None:
    """At a change of shift, the next to call is who is there now."""
    ask(office, OUTAGE)
    office.directory.l2 = (a.BEN,)
    pass_time(office, timedelta(minutes=5))
    reminder = the(pass_time(office, timedelta(minutes=5)), Reminder).notice
    assert isinstance(reminder, Reminder)
    assert reminder.members == (a.BEN,)


def test_three_reports_to_l2_within_minutes_become_an_incident_for_l3(office: Office) -> None:
    """One page at L3 instead of three at L2; the earlier reports follow it."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    for number in range(3):
        office.clock.turn(30)
        sent = office.handle(
            a.message(PRINTING, user=f"U{number:08d}", ts=f"17724530{number:02d}.000100")
        )
    card = next(row.notice for row in sent if isinstance(row.notice, Card) and not row.edit_ts)
    assert isinstance(card, Card)
    assert card.tier is Tier.L3
    assert card.priority == "P1"
    with office.store.unit_of_work() as uow:
        followers = uow.tickets.duplicates_of(card.ticket)
    assert len(followers) == 2

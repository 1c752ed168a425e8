"""What rests: seen for 30 minutes, put off until a time, woken; and back in the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.desk.admission import Standing
from bot.desk.deciding import Action
from bot.desk.incidents import Gathering
from bot.desk.oncall import Groups
from bot.desk.promises import Priority, Promise, Span, SupportHours, TimerKind
from bot.desk.tickets import (
    AcknowledgeForNow,
    BackToQueue,
    Card,
    EscalationState,
    HandOver,
    PassOn,
    Progress,
    Refusal,
    Reminder,
    Requeued,
    Resolve,
    SetPriority,
    SnoozeFor,
    Take,
    ThreadNote,
    WakeUp,
)
from bot.desk.tiers import Tier
from bot.service.incidents.joining import Joining
from bot.service.promises.resting import next_morning
from bot.service.tickets.reassigning import left_behind, plan_left
from bot.slack.blocks.rendering import render
from bot.worker import TimerRunner
from tests import builders as a
from tests.service.conftest import Office, the

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.commands import Command
    from bot.desk.ids import UserId
    from bot.desk.tickets import Ticket
    from bot.store.outbox import OutboxRow
    from bot.store.unit_of_work import SqliteUnitOfWork

OUTAGE = "The order system is down for the whole warehouse, nobody can ship"
SMALL = "the second screen flickers now and then"
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE_HOURS = SupportHours.weekdays(BERLIN, Span.parse("09:00-17:00"))
HALF = timedelta(minutes=30)


@pytest.fixture
def asked(office: Office) -> Office:
    """Ana reported an outage; L2 is called, and P1 gives them ten minutes."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message(OUTAGE))
    return office


def spot(who: UserId) -> object:
    """A press on the card."""
    return a.spot(who, a.L2_CHANNEL, "5.1")


def press(office: Office, kind: Callable[..., Command], who: UserId, *given: object) -> list:
    """Let somebody press a button of the card; gives what is sent."""
    return office.handle(kind(spot(who), office.escalation().id, *given))


def pass_time(office: Office, span: timedelta) -> list[OutboxRow]:
    """Let time pass, and fire what falls due at its end."""
    office.clock.turn(span.total_seconds())
    runner = TimerRunner(office.store, office.desk)
    while runner.step():
        pass
    return office.apply(lambda _: None)


def reminded(sent: list[OutboxRow]) -> list[TimerKind]:
    """Name the reminders that were sent."""
    return [row.notice.step for row in sent if isinstance(row.notice, Reminder)]


def refused(sent: list[OutboxRow]) -> str:
    """Say why a press did nothing."""
    notice = the(sent, Refusal).notice
    assert isinstance(notice, Refusal)
    return notice.why


def ladder(office: Office) -> dict[TimerKind, timedelta]:
    """Give each rung towards being taken, by the time until it."""
    ticket = office.ticket().id
    with office.store.look() as uow:
        return {
            timer.kind: timer.due - office.clock()
            for timer in uow.timers.of(ticket)
            if timer.promise is Promise.ACKNOWLEDGE
        }


def test_acknowledged_for_30_minutes_the_ladder_stands_and_then_goes_on(asked: Office) -> None:
    """Every rung keeps the time that was left on it; the card says who, and until when."""
    before = ladder(asked)
    asked.clock.turn(120)
    sent = press(asked, AcknowledgeForNow, a.TOM)
    card = the(sent, Card).notice
    assert isinstance(card, Card)
    assert (card.snoozed_by, card.snoozed_until) == (a.TOM, asked.clock() + HALF)
    left = {kind: span - timedelta(minutes=2) for kind, span in before.items()}
    assert ladder(asked) == {kind: span + HALF for kind, span in left.items()}
    note = the(sent, ThreadNote).notice
    assert isinstance(note, ThreadNote)
    assert (note.what, note.by, note.until) == ("seen", a.TOM, asked.clock() + HALF)
    assert reminded(pass_time(asked, timedelta(minutes=29))) == []
    over = pass_time(asked, timedelta(minutes=1))
    reminder = the(over, Reminder).notice
    assert isinstance(reminder, Reminder)
    assert (reminder.step, reminder.members) == (TimerKind.SNOOZE_OVER, (a.TOM,))
    assert reminder.then is TimerKind.REMIND_GROUP
    assert asked.escalation().snooze is None
    assert reminded(pass_time(asked, timedelta(minutes=3))) == [TimerKind.REMIND_GROUP]
    assert reminded(pass_time(asked, timedelta(minutes=5))) == [TimerKind.CALL_NEXT]


def test_the_card_takes_up_the_moved_deadline(asked: Office) -> None:
    """Whoever reads it knows by when it is to be taken now."""
    sent = press(asked, AcknowledgeForNow, a.TOM)
    shown = [row.notice for row in sent if isinstance(row.notice, Card)][-1]
    assert dict(shown.due)[Promise.ACKNOWLEDGE] == asked.clock() + timedelta(minutes=40)


def test_of_two_who_acknowledge_at_once_one_has_and_the_other_is_told(asked: Office) -> None:
    """And a second press of the same person moves nothing."""
    press(asked, AcknowledgeForNow, a.TOM)
    before = ladder(asked)
    assert refused(press(asked, AcknowledgeForNow, a.MEI)) == "seen_already"
    assert refused(press(asked, AcknowledgeForNow, a.TOM)) == "seen_already"
    assert ladder(asked) == before
    assert asked.escalation().snooze.by == a.TOM  # type: ignore[union-attr]


def test_anybody_of_the_group_still_takes_what_somebody_has_seen(asked: Office) -> None:
    """Taking it ends the wait; its end then says nothing more."""
    press(asked, AcknowledgeForNow, a.TOM)
    press(asked, Take, a.MEI)
    assert asked.escalation().assignee == a.MEI
    assert asked.escalation().snooze is None
    assert TimerKind.SNOOZE_OVER not in reminded(pass_time(asked, HALF))


@pytest.mark.parametrize("span", ["hour", "morning", "until"])
def test_who_has_it_lets_it_rest_and_is_told_at_the_end(asked: Office, span: str) -> None:
    """Nobody is reminded meanwhile; the promise that breaks counts as broken all the same."""
    keep_hours(asked, OFFICE_HOURS)
    press(asked, Take, a.TOM)
    own = asked.clock() + timedelta(hours=3) if span == "until" else None
    wanted = {
        "hour": asked.clock() + timedelta(hours=1),
        "morning": datetime(2026, 3, 3, 8, 0, tzinfo=UTC),
        "until": own,
    }[span]
    press(asked, SnoozeFor, a.TOM, span, own)
    assert asked.escalation().snooze.until == wanted  # type: ignore[union-attr]
    last = wanted - asked.clock() - timedelta(minutes=1)
    assert reminded(pass_time(asked, last)) == []
    over = pass_time(asked, timedelta(minutes=1))
    assert TimerKind.SNOOZE_OVER in reminded(over)
    reminder = next(r.notice for r in over if isinstance(r.notice, Reminder))
    assert isinstance(reminder, Reminder)
    assert reminder.members == (a.TOM,)
    assert reminder.subject


def test_a_broken_promise_is_overdue_though_it_rests(asked: Office) -> None:
    """Resting is no way to keep a promise."""
    press(asked, Take, a.TOM)
    press(asked, SnoozeFor, a.TOM, "until", asked.clock() + timedelta(hours=6))
    assert reminded(pass_time(asked, timedelta(hours=4, minutes=1))) == []
    with asked.store.readings() as readings:
        assert readings.overdue(5).count == 1


def test_the_lead_is_called_after_the_rest_and_not_lost(asked: Office) -> None:
    """What would have been said to the lead within it is said soon after its end."""
    press(asked, Take, a.TOM)
    press(asked, SnoozeFor, a.TOM, "until", asked.clock() + timedelta(hours=6))
    assert reminded(pass_time(asked, timedelta(hours=5, minutes=59))) == []
    assert reminded(pass_time(asked, timedelta(minutes=1))) == [TimerKind.SNOOZE_OVER]
    assert reminded(pass_time(asked, timedelta(minutes=15))) == [TimerKind.CALL_LEAD]


def second_reporter(office: Office) -> None:
    """Somebody reports the same: it is more urgent now."""
    ticket = office.ticket().prioritised(Priority.P3, "one person")
    escalation = office.escalation()
    with office.store.unit_of_work() as uow:
        uow.tickets.save(ticket)
        Joining(Gathering(ticket.id, (), 2), office.desk)._raise(uow, ticket, escalation)
    assert office.ticket().priority is not ticket.priority


WAKERS: dict[str, Callable[[Office], object]] = {
    "a second reporter": second_reporter,
    "woken": lambda office: press(office, WakeUp, a.TOM),
    "the requester's word": lambda office: office.handle(a.follow_up("now it smokes")),
    "another priority": lambda office: press(office, SetPriority, a.MEI, Priority.P2),
    "handed over": lambda office: press(office, HandOver, a.MEI, a.MEI),
    "back to the queue": lambda office: press(office, BackToQueue, a.MEI),
    "passed on": lambda office: press(office, PassOn, a.MEI, "Not ours."),
    "resolved": lambda office: press(office, Resolve, a.MEI, "Dust.", "Cleaned."),
}


@pytest.mark.parametrize("waker", WAKERS)
def test_whatever_is_done_about_it_ends_the_rest(asked: Office, waker: str) -> None:
    """And the end that was set says nothing more."""
    press(asked, Take, a.TOM)
    press(asked, SnoozeFor, a.TOM, "hour")
    resting = asked.escalation()
    assert resting.snooze is not None
    WAKERS[waker](asked)
    with asked.store.unit_of_work() as uow:
        now = uow.escalations.get(resting.id)
    assert now is not None
    assert now.snooze is None
    assert TimerKind.SNOOZE_OVER not in reminded(pass_time(asked, timedelta(hours=1)))


STRANGERS: dict[str, tuple[Callable[..., Command], tuple[object, ...]]] = {
    "acknowledge": (AcknowledgeForNow, ()),
    "snooze": (SnoozeFor, ("hour",)),
    "wake": (WakeUp, ()),
    "queue": (BackToQueue, ()),
    "own time": (SnoozeFor, ("until", datetime(2026, 3, 2, 14, tzinfo=UTC))),
}


@pytest.mark.parametrize("what", STRANGERS)
def test_only_the_group_may(asked: Office, what: str) -> None:
    """Buttons are not proof: authority is looked up at the press."""
    press(asked, Take, a.TOM)
    before = asked.escalation()
    kind, given = STRANGERS[what]
    assert refused(press(asked, kind, a.BEN, *given)) == "not_in_group"
    assert asked.escalation() == before


REFUSALS: dict[str, Callable[[Office], list[OutboxRow]]] = {
    "take_to_snooze": lambda office: press(office, SnoozeFor, a.TOM, "hour"),
    "nothing_to_do": lambda office: press(office, BackToQueue, a.TOM),
}
TAKEN_REFUSALS: dict[str, Callable[[Office], list[OutboxRow]]] = {
    "already_taken": lambda office: press(office, AcknowledgeForNow, a.MEI),
    "already_taken ": lambda office: press(office, SnoozeFor, a.MEI, "hour"),
    "nothing_to_do": lambda office: press(office, WakeUp, a.TOM),
    "time_is_over": lambda office: press(office, SnoozeFor, a.TOM, "until", a.NOON),
    "time_is_over ": lambda office: press(
        office, SnoozeFor, a.TOM, "until", a.NOON + timedelta(days=29)
    ),
    "time_is_over  ": lambda office: press(office, SnoozeFor, a.TOM, "until", None),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_what_nobody_has_neither_rests_nor_goes_back(asked: Office, why: str) -> None:
    """Each press is answered with what to do instead."""
    assert refused(REFUSALS[why](asked)) == why


@pytest.mark.parametrize("why", TAKEN_REFUSALS)
def test_what_somebody_has_rests_by_their_word_alone(asked: Office, why: str) -> None:
    """And until a time that is yet to come."""
    press(asked, Take, a.TOM)
    assert refused(TAKEN_REFUSALS[why](asked)) == why.strip()
    assert asked.escalation().snooze is None


def test_back_in_the_queue_the_group_is_called_and_the_ladder_begins_anew(asked: Office) -> None:
    """Whoever gave it up is not called first; the requester is told; the promise to them runs."""
    first = ladder(asked)
    press(asked, Take, a.TOM)
    asked.clock.turn(3600)
    sent = press(asked, BackToQueue, a.TOM)
    queued = asked.escalation()
    assert (queued.state, queued.assignee) == (EscalationState.PENDING, None)
    call = the(sent, Requeued).notice
    assert isinstance(call, Requeued)
    assert call.members == (a.MEI,)
    assert ladder(asked) == first
    assert the(sent, Progress).notice == Progress(asked.ticket().id, "requeued", Tier.L2, a.TOM)
    assert reminded(pass_time(asked, timedelta(minutes=5))) == [TimerKind.REMIND_GROUP]
    press(asked, Take, a.MEI)
    assert asked.escalation().assignee == a.MEI


def test_what_a_colleague_puts_back_names_whoever_had_it(asked: Office) -> None:
    """Who works on it reads it at once, and is not left to find out."""
    press(asked, Take, a.TOM)
    call = the(press(asked, BackToQueue, a.MEI), Requeued).notice
    assert isinstance(call, Requeued)
    assert (call.by, call.had) == (a.MEI, a.TOM)
    shown = render(call)
    assert shown is not None
    assert f"<@{a.MEI}> put T-{call.ticket} back to the queue, which <@{a.TOM}> had." in shown.text


@pytest.mark.parametrize(
    ("standing", "is_left"),
    [
        (Standing.GONE, True),
        (Standing.UNKNOWN, False),
        (Standing.MEMBER, False),
        (Standing.GUEST, False),
        (Standing.STRANGER, False),
    ],
)
def test_what_somebody_had_who_left_goes_back_and_the_group_is_called(
    asked: Office, standing: Standing, is_left: bool
) -> None:
    """A deactivated account gives nothing up; where Slack does not tell, nothing is taken away."""
    first = ladder(asked)
    press(asked, Take, a.TOM)
    asked.directory.standings[a.TOM] = standing
    behind = left_behind(asked.desk)
    assert bool(behind) == is_left
    for each in behind:
        with asked.store.unit_of_work() as uow:
            plan_left(each, asked.desk)(uow)
    escalation = asked.escalation()
    assert escalation.assignee == (None if is_left else a.TOM)
    if is_left:
        assert ladder(asked) == first
        assert left_behind(asked.desk) == ()


def test_what_was_taken_over_meanwhile_is_left_where_it_is(asked: Office) -> None:
    """Between the look and the writing a colleague has taken it over."""
    press(asked, Take, a.TOM)
    asked.directory.standings[a.TOM] = Standing.GONE
    (behind,) = left_behind(asked.desk)
    change = plan_left(behind, asked.desk)
    with asked.store.unit_of_work() as uow:
        known = uow.escalations.get(behind.id)
        assert known is not None
        uow.escalations.save(known.reassigned(a.MEI), was=known.state)
    with asked.store.unit_of_work() as uow:
        change(uow)
    assert asked.escalation().assignee == a.MEI


def test_what_somebody_unknown_took_elsewhere_is_put_back_too(asked: Office) -> None:
    """Who acknowledged it in another system may be nobody that Slack knows."""
    with asked.store.unit_of_work() as uow:
        known = uow.escalations.open_for(asked_ticket(uow).id)
        assert known is not None
        uow.escalations.save(known.taken_beyond(), was=known.state)
    sent = press(asked, BackToQueue, a.MEI)
    assert asked.escalation().state is EscalationState.PENDING
    assert the(sent, Progress).notice == Progress(asked.ticket().id, "requeued", Tier.L2, None)
    assert any(isinstance(row.notice, Requeued) for row in sent)


def test_a_rung_that_was_due_already_comes_after_the_end_of_the_wait(asked: Office) -> None:
    """Acknowledged at the very moment at which the next is called: the end is told first."""
    asked.clock.turn(600)
    press(asked, AcknowledgeForNow, a.TOM)
    assert min(ladder(asked).values()) > HALF
    assert reminded(pass_time(asked, HALF)) == [TimerKind.SNOOZE_OVER]
    assert TimerKind.CALL_NEXT in reminded(pass_time(asked, timedelta(seconds=2)))


def test_of_two_who_put_it_back_at_once_one_does(asked: Office) -> None:
    """The group is called once."""
    press(asked, Take, a.TOM)
    press(asked, BackToQueue, a.TOM)
    sent = press(asked, BackToQueue, a.MEI)
    assert refused(sent) == "nothing_to_do"
    assert not any(isinstance(row.notice, Requeued) for row in sent)


def test_outside_support_hours_what_can_wait_calls_nobody_until_they_open(office: Office) -> None:
    """Back in the queue on a Friday night, it calls on Monday."""
    keep_hours(office, OFFICE_HOURS)
    office.clock.now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message(SMALL))
    press(office, Take, a.TOM)
    call = the(press(office, BackToQueue, a.TOM), Requeued).notice
    assert isinstance(call, Requeued)
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert call.expected == monday
    assert reminded(pass_time(office, monday - office.clock())) == [TimerKind.REMIND_GROUP]


def test_a_clock_that_jumps_leaves_the_rest_its_length(asked: Office) -> None:
    """Its end is a timer as any other; what is shown moves with it."""
    press(asked, Take, a.TOM)
    press(asked, SnoozeFor, a.TOM, "hour")
    asked.clock.jump(3 * 3600)
    asked.store.timers.shift(timedelta(hours=3), timedelta())
    assert asked.escalation().snooze.until == asked.clock() + timedelta(hours=1)  # type: ignore[union-attr]
    assert TimerKind.SNOOZE_OVER not in reminded(pass_time(asked, timedelta(minutes=59)))
    assert TimerKind.SNOOZE_OVER in reminded(pass_time(asked, timedelta(minutes=1)))


@pytest.mark.parametrize(
    ("hours", "now", "morning"),
    [
        (OFFICE_HOURS, "2026-03-02T12:00", "2026-03-03T08:00"),
        (OFFICE_HOURS, "2026-03-02T23:30", "2026-03-04T08:00"),
        (OFFICE_HOURS, "2026-03-06T15:00", "2026-03-09T08:00"),
        (OFFICE_HOURS, "2026-03-28T15:00", "2026-03-30T07:00"),
        (SupportHours.always(), "2026-03-02T12:00", "2026-03-03T09:00"),
        (SupportHours.always(), "2026-03-02T01:00", "2026-03-03T09:00"),
        (
            replace(SupportHours.always(), zone=ZoneInfo("Asia/Tokyo")),
            "2026-03-02T16:00",
            "2026-03-04T00:00",
        ),
    ],
)
def test_the_next_morning_is_the_groups_own(hours: SupportHours, now: str, morning: str) -> None:
    """On another day than theirs is now, over weekends and over the change of the clocks."""
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_morning(hours, at) == datetime.fromisoformat(morning).replace(tzinfo=UTC)


def asked_ticket(uow: SqliteUnitOfWork) -> Ticket:
    """Give Ana's ticket."""
    found = uow.tickets.in_thread(a.THREAD)
    assert found is not None
    return found


def keep_hours(office: Office, hours: SupportHours) -> None:
    """Give every group these support hours."""
    groups = tuple(replace(group, hours=hours) for group in office.desk.groups.groups)
    office.desk = replace(office.desk, groups=Groups(groups))

"""A target that fails, is slow, refuses, moved or breaks off: nothing is lost, no other delayed."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.beyond.building import build_courier
from bot.desk.beyond import Happening, Outgoing, Target, Targets
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.promises import Priority
from bot.desk.tickets import EscalationState
from bot.desk.tiers import Tier
from bot.settings.beyond import TargetSettings
from bot.store.unit_of_work import Store
from bot.worker import BeyondRelay
from tests import builders as a
from tests.beyond.receiving import Receiver, Reply, receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fakes import TurnableClock

FIRST = TicketId(1001)
ALL = frozenset(each for each in Happening if each.is_subscribed)


@pytest.fixture
def at() -> Iterator[Receiver]:
    """The other end of a target."""
    with receiver() as there:
        yield there


@pytest.fixture
def told(store: Store, clock: TurnableClock) -> Store:
    """A store with one target, which is told everything."""
    return Store(store.path, clock, targets=Targets((Target("pager", ALL),)))


def courier(at: Receiver, clock: TurnableClock, **more: object) -> BeyondRelay:
    """Give what carries news to a receiver."""
    given = {"kind": "json", "url": at.url, "internal": ["127.0.0.1"], **more}
    return build_courier("pager", TargetSettings.model_validate(given), clock)  # type: ignore[return-value]


def relay(store: Store, at: Receiver, clock: TurnableClock) -> BeyondRelay:
    """Give the relay of a process that has just started."""
    return BeyondRelay(store, {"pager": courier(at, clock)})  # type: ignore[dict-item]


def escalate(store: Store, *, page: bool = True, number: int = 0) -> None:
    """Open a ticket, pass it to L3, and page for it."""
    ts = Ts(f"1772452800.00010{number}")
    with store.unit_of_work() as uow:
        thread = Thread(a.TEAM, a.IT_HELP, ts)
        ticket = uow.tickets.open(thread, a.ANA, "The order system is down", ts)
        ticket = ticket.escalated().prioritised(Priority.P1)
        uow.tickets.save(ticket)
        escalation = uow.escalations.open(ticket.id, Tier.L3, "l3", ("it is down",))
        if page:
            assert uow.beyond.page(escalation, ("pager",)) == ("pager",)


def drain(relay: BeyondRelay) -> None:
    """Carry all that can be carried now."""
    while relay.step():
        pass


def test_what_happens_is_told_in_order(told: Store, at: Receiver, clock: TurnableClock) -> None:
    """The page before the news; each with a key of its own, and all of one page with its name."""
    escalate(told)
    carrying = relay(told, at, clock)
    drain(carrying)
    with told.unit_of_work() as uow:
        escalation = uow.escalations.all_for(FIRST)[0]
        uow.escalations.save(escalation.taken_by(a.MEI), was=EscalationState.PENDING)
    drain(carrying)
    assert at.types() == [
        "page.raised", "ticket.opened", "ticket.escalated", "page.acknowledged", "ticket.taken",
    ]  # fmt: skip
    assert len({each.key for each in at.got}) == 5
    pages = {each.body["page"] for each in at.got if each.body["type"].startswith("page.")}
    assert len(pages) == 1
    assert pages.pop().startswith("frontline-T-1001-")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500),
        Reply(502, body=b"<html>bad gateway</html>"),
        Reply(408),
        Reply(breaks=True),
        Reply(200, body=b"<!DOCTYPE html><title>Sign in</title>"),
        Reply(503),
        Reply(429),
    ],
    ids=["500", "502", "408", "breaks off", "a login page", "503", "429 without a wish"],
)
def test_what_could_not_be_taken_is_sent_again_with_its_key(
    told: Store, at: Receiver, clock: TurnableClock, reply: Reply
) -> None:
    """However the target failed."""
    escalate(told)
    at.replies.extend([reply, reply])
    carrying = relay(told, at, clock)
    for _ in range(8):
        drain(carrying)
        clock.turn(60)
    pages = [each for each in at.got if each.body["type"] == "page.raised"]
    assert len(pages) == 3
    assert len({each.key for each in pages}) == 1
    assert sorted({each.body["type"] for each in at.got}) == [
        "page.raised", "ticket.escalated", "ticket.opened",
    ]  # fmt: skip
    assert not told.letters.set_aside()
    assert not told.letters.waiting()


@pytest.mark.parametrize(
    ("wish", "seconds"), [("120", 120), ("0", 0), ("99999999", 3_600)], ids=str
)
def test_retry_after_is_obeyed_for_all_that_goes_there(
    told: Store, at: Receiver, clock: TurnableClock, wish: str, seconds: int
) -> None:
    """An hour at most; it counts as no attempt."""
    escalate(told)
    at.replies.append(Reply(429, {"Retry-After": wish}))
    carrying = relay(told, at, clock)
    assert carrying.step()
    if seconds:
        clock.turn(seconds - 1)
        drain(carrying)
        assert len(at.got) == 1, "not before"
        clock.turn(2)
    drain(carrying)
    assert len(at.got) == 4
    assert all(each.attempts == 0 for each in told.letters.waiting())


@pytest.mark.parametrize(
    "reply",
    [
        Reply(401), Reply(403), Reply(404), Reply(410),
        Reply(301, {"Location": "http://127.0.0.1:1/elsewhere"}), Reply(307, {"Location": "/x"}),
    ],
    ids=lambda reply: str(reply.status),
)  # fmt: skip
def test_a_target_that_refuses_us_keeps_all_waiting_and_alarms(
    told: Store, at: Receiver, clock: TurnableClock, reply: Reply
) -> None:
    """Once; nothing is followed elsewhere, and all goes out once it is mended."""
    escalate(told)
    at.usually = reply
    carrying = relay(told, at, clock)
    for _ in range(5):
        drain(carrying)
        clock.turn(20)
    assert len(at.got) <= 3, "it is not hammered"
    (stop,) = told.stops.now()
    assert stop.what == "Nothing reaches the target pager"
    assert stop.waiting == 3
    alarm = told.alarms.next()
    assert alarm is not None
    assert "target pager" in alarm.says
    assert "secret-path" not in alarm.says
    at.usually = Reply()
    clock.turn(15 * 60)
    drain(carrying)
    assert not told.letters.waiting()
    assert not told.stops.now()


@pytest.mark.parametrize("status", [400, 406, 413, 415, 422])
def test_what_is_refused_for_good_is_set_aside_and_takes_nothing_with_it(
    told: Store, at: Receiver, clock: TurnableClock, status: int
) -> None:
    """Of a page the admins are alarmed; what follows goes out."""
    escalate(told)
    at.replies.append(Reply(status))
    drain(relay(told, at, clock))
    (letter,) = told.letters.set_aside()
    assert letter.to == "out:pager"
    assert letter.error == f"127.0.0.1 answered {status}, and would again."
    assert not told.letters.waiting()
    alarm = told.alarms.next()
    assert alarm is not None
    assert "T-1001 pages nobody" in alarm.says
    assert told.letters.resend(letter.id) == 1
    drain(relay(told, at, clock))
    assert at.got[-1].key == at.got[0].key


def test_a_target_inside_the_network_is_not_asked(
    told: Store, at: Receiver, clock: TurnableClock
) -> None:
    """Unless the configuration says so; it is said, and nothing is lost."""
    escalate(told, page=False)
    drain(BeyondRelay(told, {"pager": courier(at, clock, internal=[])}))  # type: ignore[dict-item]
    assert at.got == []
    assert "name the host under `internal` in [targets.pager]" in told.stops.now()[0].says


def test_a_slow_target_delays_nobody_else(store: Store, at: Receiver, clock: TurnableClock) -> None:
    """Four calls hang at most; another target and Slack go on."""
    told = Store(store.path, clock, targets=Targets((Target("slow", ALL), Target("quick", ALL))))
    hangs = threading.Event()
    at.usually = Reply(waits=hangs)
    with receiver() as quick:
        both = {"slow": courier(at, clock), "quick": courier(quick, clock)}
        carrying = BeyondRelay(told, both)  # type: ignore[arg-type]
        for number in range(6):
            escalate(told, page=False, number=number)
        works = []
        while (work := carrying.take()) is not None:
            works.append(threading.Thread(target=work))
            works[-1].start()
            if works[-1].join(0.2) or not works[-1].is_alive():
                works.pop()
        hanging = len(works)
        try:
            assert hanging == 4
            assert len(quick.got) == 12
        finally:
            hangs.set()
            for work_thread in works:
                work_thread.join()


def test_a_kill_in_the_middle_loses_nothing_and_keeps_each_key(
    told: Store, at: Receiver, clock: TurnableClock
) -> None:
    """Killed while it was under way, after it arrived: it is sent again, with its key."""
    escalate(told)
    keys = set()
    for _ in range(3):
        carrying = relay(told, at, clock)
        work = carrying.take()
        assert work is not None
        # Killed before, or right after, it was carried: nothing is recorded.
        with told.look() as uow:
            row = uow.outbox._db.execute("SELECT notice FROM outbox WHERE state = 'in_flight'")
            keys.add(row.fetchone()["notice"].split('"key":"')[1][:32])
        clock.turn(1)
        told.outbox.recover()
    drain(relay(told, at, clock))
    assert len(at.got) == 3
    assert keys <= {each.key for each in at.got}


def test_a_page_that_somebody_took_while_it_waited_is_not_raised(
    told: Store, at: Receiver, clock: TurnableClock
) -> None:
    """Nobody is called at night for what is in hand."""
    escalate(told)
    at.replies.append(Reply(500))
    carrying = relay(told, at, clock)
    drain(carrying)
    with told.unit_of_work() as uow:
        escalation = uow.escalations.all_for(FIRST)[0]
        uow.escalations.save(escalation.taken_by(a.MEI), was=EscalationState.PENDING)
    for _ in range(4):
        clock.turn(60)
        drain(carrying)
    assert at.types().count("page.raised") == 1, "the attempt that failed"
    assert "page.acknowledged" in at.types()


def test_what_was_not_taken_for_days_is_set_aside(
    told: Store, at: Receiver, clock: TurnableClock
) -> None:
    """A warehouse that is gone does not fill the outbox for good."""
    escalate(told, page=False)
    at.usually = Reply(500)
    carrying = relay(told, at, clock)
    drain(carrying)
    clock.turn(timedelta(days=3, minutes=1).total_seconds())
    for _ in range(4):
        drain(carrying)
        clock.turn(120)
    assert len(told.letters.set_aside()) == 2


def test_a_page_that_waits_alarms_by_another_way(
    told: Store, at: Receiver, clock: TurnableClock
) -> None:
    """As a card does that Slack does not take."""
    escalate(told)
    at.usually = Reply(500)
    drain(relay(told, at, clock))
    clock.turn(31)
    assert told.alarms.watch_cards(timedelta(seconds=30)) == 1
    alarm = told.alarms.next()
    assert alarm is not None
    assert "T-1001 pages nobody yet: the target pager" in alarm.says
    assert told.alarms.watch_cards(timedelta(seconds=30)) == 0


def test_what_has_no_target_any_more_is_set_aside_and_said(
    told: Store, clock: TurnableClock
) -> None:
    """It was renamed or taken out of the configuration."""
    with told.unit_of_work() as uow:
        gone = Outgoing("gone", Happening.OPENED, "k", clock(), "T-1001 was opened")
        uow.outbox.send_out(gone)
    drain(BeyondRelay(told, {}))
    (letter,) = told.letters.set_aside()
    assert letter.error is not None
    assert "[targets.gone]" in letter.error

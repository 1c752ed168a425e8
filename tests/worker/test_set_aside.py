"""Rows that cannot be read are set aside; they stop no other, and wait for who can read them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Destination, Spot
from bot.desk.asking import Thanked
from bot.desk.errors import DeliveryError, FrontlineError
from bot.desk.ids import TicketId, Ts
from bot.desk.promises import TimerKind
from bot.desk.tickets import Apology, Resolve
from bot.desk.tiers import Tier
from bot.desk.views import HomeForAdmin, HomeForRequester, HomeView, Overdue, Volumes
from bot.slack.blocks.views.home import render_home
from bot.store.aside import LEAD_AGAIN, LEFT_FOR, LOOK_AGAIN
from bot.store.codec import load_notice
from bot.store.database import StoreError, transaction
from bot.worker import InboxWorker, OutboxRelay, TimerRunner
from bot.worker.inbox import APOLOGY_TRIES
from bot.worker.pacing import Pacer
from tests import builders as a
from tests.worker.test_worker import NEVER_WAIT, WORD, Bench, bench

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.views import Health
    from bot.store.unit_of_work import Store

__all__ = ["bench"]


def damage(store: Store, notice: int, written: str) -> None:
    """Write something else over a notice that waits."""
    with transaction(store.path) as db:
        db.execute("UPDATE outbox SET notice = ? WHERE id = ?", [written, notice])


def states(store: Store, table: str) -> list[str]:
    """The states of a table's rows."""
    with transaction(store.path) as db:
        return [row[0] for row in db.execute(f"SELECT state FROM {table} ORDER BY id")]


NEWER_FIELD = {**json.loads('{"occasion": "settled", "kind": "courtesy"}'), "tone": "warm"}
UNREADABLE = {
    "another kind": json.dumps({"kind": "hologram", "text": "…"}),
    "another field": json.dumps(NEWER_FIELD),
    "a wrong type": json.dumps({"kind": "apology", "ticket": "T-1001"}),
    "no JSON": "{",
    "endlessly deep": "[" * 100_000,
}


@pytest.mark.parametrize("written", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_notice_that_cannot_be_read_is_set_aside_with_its_reason(
    bench: Bench, written: str
) -> None:
    """All others are sent, those of its own ticket too; the admin is told why."""
    bench.open_ticket()
    odd = bench.put()
    damage(bench.store, odd, written)
    bench.put()
    bench.put(ticket=1002)
    bench.work()
    assert bench.shown.count("courtesy") == 2
    (kept,) = bench.store.aside.notices()
    assert (kept["id"], kept["ticket"]) == (odd, 1001)
    assert kept["error"]
    assert bench.dead == []


def test_what_a_notice_says_stands_in_no_error() -> None:
    """Errors are logged, with what led to them."""
    wordings = [json.dumps({**NEWER_FIELD, "occasion": 7, "tone": "biopsy"}), '{"kind": "biopsy']
    for written in wordings:
        with pytest.raises(ValueError, match="validation error") as refused:
            load_notice(written)
        assert "biopsy" not in str(refused.value)


def test_a_notice_of_another_version_says_so_and_is_sent_by_that_version(bench: Bench) -> None:
    """An update that was taken back, say: nothing of what it wrote is lost."""
    odd = bench.put(ticket=1002)
    damage(bench.store, odd, UNREADABLE["another field"])
    bench.work()
    (kept,) = bench.store.aside.notices()
    assert "was written by another version (courtesy.tone" in kept["error"]
    assert bench.store.aside.take_up() == 0
    damage(bench.store, odd, '{"occasion": "settled", "kind": "courtesy"}')
    assert bench.store.aside.take_up() == 1
    bench.work()
    assert bench.shown == ["courtesy"]
    assert bench.store.aside.notices() == []


def is_beside(bench: Bench, there: Callable[[], bool]) -> None:
    """Let another version serve beside this one, as long as it is there."""
    bench.store.has_other_readers = there
    bench.relay = OutboxRelay(bench.store, bench.postman, Pacer(burst=NEVER_WAIT))


def test_while_a_newer_version_serves_beside_its_notices_are_left_to_it(bench: Bench) -> None:
    """In order, and nobody is told that anything is lacking: it is sent a moment later."""
    bench.open_ticket()
    is_beside(bench, lambda: True)
    odd = bench.put()
    damage(bench.store, odd, UNREADABLE["another field"])
    bench.put(Thanked(TicketId(1001), a.ANA))
    bench.put(ticket=1002)
    bench.work()
    assert (bench.shown, bench.store.aside.notices()) == (["courtesy"], [])
    assert states(bench.store, "outbox") == ["pending", "pending", "sent"]
    # The newer one reads it, and claims it in its turn.
    damage(bench.store, odd, '{"occasion": "settled", "kind": "courtesy"}')
    bench.wait_and_work(LOOK_AGAIN.total_seconds())
    assert bench.shown == ["courtesy", "courtesy", "thanked"]


def test_what_could_not_be_set_aside_is_taken_again_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store failed for a moment: its ticket does not wait for the end of a lease."""
    damage(bench.store, bench.put(), "{")
    with monkeypatch.context() as patch, pytest.raises(StoreError):
        patch.setattr(bench.store, "unit_of_work", away)
        bench.relay.step()
    bench.work()
    assert states(bench.store, "outbox") == ["aside"]


def away(*_: object) -> None:
    """Be away, as a server for a moment."""
    raise StoreError("The database is away.")


@pytest.mark.parametrize("anothers", [True, False])
def test_what_was_passed_over_is_in_nobodys_hands(bench: Bench, anothers: bool) -> None:
    """Where it was left to another version it may be lost by that one."""
    is_beside(bench, lambda: anothers)
    damage(bench.store, bench.put(), UNREADABLE["another field"])
    bench.work()
    assert bench.store.outbox.in_hand._in_hand == set()


@pytest.mark.parametrize("how", ["it is gone", "it does not take it", "it is damaged"])
def test_what_no_other_version_sends_is_set_aside_as_ever(bench: Bench, how: str) -> None:
    """And whoever waits is told: never silent."""
    there = [True]
    bench.open_ticket()
    is_beside(bench, lambda: there[0])
    damage(bench.store, bench.put(), "{" if how == "it is damaged" else UNREADABLE["another field"])
    bench.work()
    if how == "it is gone":
        there[0] = False
    for _ in range(3):
        bench.wait_and_work(LEFT_FOR.total_seconds() / 2)
    assert bench.shown == ["apology"]
    assert len(bench.store.aside.notices()) == 1


@pytest.mark.parametrize("alone", [True, False])
def test_a_timer_of_a_newer_version_waits_for_it_while_it_serves(bench: Bench, alone: bool) -> None:
    """It leads sooner or later; without it, it is set aside."""
    bench.open_ticket()
    is_beside(bench, lambda: not alone)
    with bench.store.unit_of_work() as uow:
        uow.timers.set(TicketId(1001), None, TimerKind.CLOSE_SILENT, bench.clock())
    with transaction(bench.store.path) as db:
        db.execute("UPDATE timers SET kind = 'newer'")
    runner = TimerRunner(bench.store, bench.inbox._desk)
    assert runner.step()
    assert not runner.step()
    assert states(bench.store, "timers") == ["aside" if alone else "set"]
    bench.clock.turn(LEAD_AGAIN.total_seconds() - 1)
    assert not runner.step(), "nobody else fires it as long as this one leads"
    bench.clock.turn(LEFT_FOR.total_seconds())
    runner.step()
    assert states(bench.store, "timers") == ["aside"]


def test_what_belongs_to_a_message_that_is_set_aside_waits_with_it(bench: Bench) -> None:
    """A handoff under a card, an edit of an answer: it is not given up, and comes after it."""
    odd = bench.put(ticket=1002)
    damage(bench.store, odd, "{")
    bench.put(to=Destination(a.IT_HELP, under=odd), ticket=1002)
    bench.put(to=Destination(a.IT_HELP, edits=odd), ticket=1002)
    bench.work()
    assert states(bench.store, "outbox") == ["aside"] * 3
    damage(bench.store, odd, '{"occasion": "settled", "kind": "courtesy"}')
    while bench.store.aside.take_up():
        bench.work()
    assert bench.shown == ["courtesy"] * 3
    first, under, edit = (to for _, to, _ in bench.postman.delivered)
    assert under.thread_ts == edit.edit_ts == bench.postman.shown[odd].ts
    assert first.thread_ts is None


def test_the_requester_is_told_that_something_is_lacking(bench: Bench) -> None:
    """Once: what stands under the lacking message, or edits one, is told with it."""
    bench.open_ticket()
    odd = bench.put()
    damage(bench.store, odd, UNREADABLE["another kind"])
    bench.put(to=Destination(a.IT_HELP, under=odd))
    bench.work()
    ((notice, to, _),) = bench.postman.delivered
    assert notice == Apology(TicketId(1001), nobody_reached=True)
    assert (to.channel, to.thread_ts) == (a.IT_HELP, a.ASKED)


def test_a_wording_that_cannot_be_read_does_not_hold_up_its_ticket(bench: Bench) -> None:
    """Who presses under the message works on its latest wording that can be read."""
    first = bench.put()
    bench.work()
    edit = bench.put(to=Destination(a.IT_HELP, edits=first))
    damage(bench.store, edit, "{")
    with bench.store.unit_of_work() as uow:
        posted = uow.outbox.get(first)
    assert posted is not None
    assert posted.notice == WORD


def test_a_notice_that_holds_what_cannot_be_read_back_is_never_written(bench: Bench) -> None:
    """The one who plans it fails, and not everybody's replies."""
    with pytest.raises(ValueError, match="serializ"), bench.store.unit_of_work() as uow:
        uow.outbox.put(Apology("T-1001"), Destination(a.IT_HELP))  # type: ignore[arg-type]


def test_where_no_other_way_can_be_found_the_notice_is_given_up_all_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The relay goes on with the next."""

    def fail(*_: object, **__: object) -> None:
        raise KeyError

    monkeypatch.setattr("bot.worker.outbox.find_another_way", fail)
    bench.postman.script = [DeliveryError("not_in_channel")]
    bench.put()
    bench.put(ticket=1002)
    bench.work()
    assert bench.shown == ["courtesy"]
    assert bench.dead == ["not_in_channel No other way: KeyError."]


@pytest.mark.parametrize("written", ["{", "[]", "null", "[" * 100_000])
def test_a_delivery_that_cannot_be_read_is_set_aside(bench: Bench, written: str) -> None:
    """The next is handled."""
    bench.receive(None, "Ev0")
    with transaction(bench.store.path) as db:
        db.execute("UPDATE inbox SET payload = ?", [written])
    bench.receive(a.message(), "Ev1")
    worker = InboxWorker(
        bench.store, bench.inbox._desk, lambda read: bench._parse(read) if read else None
    )
    while worker.step():
        pass
    assert states(bench.store, "inbox") == ["failed", "done"]
    assert len(bench.failures) == 1
    assert "cannot be read" in bench.failures[0]


def test_who_did_what_cannot_be_read_is_told_where_it_can_be_seen(bench: Bench) -> None:
    """Privately: nothing was changed."""
    at = a.spot(a.ANA)
    bench.inbox._sender = lambda _: at
    bench.receive(FrontlineError("A payload could not be read."))
    bench.work()
    ((notice, to, _),) = bench.postman.delivered
    assert notice == Apology(None)
    assert to.only_for == a.ANA


def test_an_apology_that_never_succeeds_ends_in_the_plainest_word(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is broken for good is not tried for ever: its lane would stand still."""

    def broken(*_: object, **__: object) -> Any:
        raise KeyError

    bench.triager.fails_with = KeyError()
    monkeypatch.setattr("bot.worker.inbox.plan_failure", broken)
    bench.receive(a.message())
    for _ in range(APOLOGY_TRIES):
        bench.wait_and_work()
    ((notice, to, _),) = bench.postman.delivered
    assert notice == Apology(None)
    assert (to.channel, to.only_for) == (a.IT_HELP, a.ANA)
    assert bench.failures == ["KeyError"]
    assert states(bench.store, "inbox") == ["failed"]


def test_where_nothing_at_all_can_be_said_the_lane_goes_on(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the admin hears of it."""
    odd = Spot(a.TEAM, a.IT_HELP, Ts("1.0"), 2**70)  # type: ignore[arg-type]
    bench.receive(Resolve(odd, 7, cause="", fix=""))  # type: ignore[arg-type]
    for _ in range(APOLOGY_TRIES):
        bench.wait_and_work()
    assert states(bench.store, "inbox") == ["failed"]


def test_the_admins_home_counts_what_is_set_aside(bench: Bench) -> None:
    """And says who tells more; where nothing is, it says that all is well."""
    admin = HomeForAdmin(Volumes(0, 0, 0, ()), (), Overdue(0, ()), health_of(bench))
    assert "All is well." in shown(admin)
    damage(bench.store, bench.put(), "{")
    bench.work()
    said = shown(replace(admin, health=health_of(bench)))
    assert "1 messages or timers are set aside" in said
    assert "`frontline doctor` says more." in said


def health_of(bench: Bench) -> Health:
    """What the desk itself could not do."""
    with bench.store.readings() as readings:
        return readings.health()


def shown(admin: HomeForAdmin) -> str:
    """An admin's Home as Slack is given it."""
    return str(render_home(HomeView(a.MEI, HomeForRequester((), (), ()), None, admin)))


class TestTimers:
    """Timers, in the order in which they fall due."""

    @pytest.fixture
    def runner(self, bench: Bench) -> TimerRunner:
        """The runner, with an escalation whose timer is due."""
        bench.open_ticket()
        with bench.store.unit_of_work() as uow:
            opened = uow.escalations.open(TicketId(1001), Tier.L2, "l2", ("Because.",))
            for kind in (TimerKind.REMIND_GROUP, TimerKind.CLOSE_SILENT):
                uow.timers.set(TicketId(1001), opened.id, kind, bench.clock())
        return TimerRunner(bench.store, bench.inbox._desk)

    def test_one_that_cannot_be_read_is_set_aside(self, bench: Bench, runner: TimerRunner) -> None:
        """The other fires; the version that knows it sets it again."""
        with transaction(bench.store.path) as db:
            db.execute("UPDATE timers SET kind = 'send a drone' WHERE id = 1")
        while runner.step():
            pass
        assert states(bench.store, "timers")[:2] == ["aside", "fired"]
        (kept,) = bench.store.aside.timers()
        assert "send a drone" in kept["error"]
        assert bench.store.aside.take_up() == 0
        with transaction(bench.store.path) as db:
            db.execute("UPDATE timers SET kind = 'remind group' WHERE id = 1")
        assert bench.store.aside.take_up() == 1
        assert bench.store.aside.timers() == []

    def test_one_whose_firing_fails_is_shown_and_tried_again(
        self, bench: Bench, runner: TimerRunner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Until it succeeds."""
        with monkeypatch.context() as broken:

            def fail(*_: object, **__: object) -> None:
                raise KeyError

            broken.setattr("bot.worker.timers.plan_timer", fail)
            while runner.step():
                pass
        assert [row["error"] for row in bench.store.aside.timers()] == ["KeyError"] * 2
        bench.clock.turn(61)
        while runner.step():
            pass
        assert bench.store.aside.timers() == []

    def test_one_of_another_version_does_not_hold_up_its_ticket(
        self, bench: Bench, runner: TimerRunner
    ) -> None:
        """It is due some day; until then the ticket is worked on without it."""
        with transaction(bench.store.path) as db:
            db.execute("UPDATE timers SET kind = 'send a drone' WHERE id = 1")
        with bench.store.unit_of_work() as uow:
            assert [timer.id for timer in uow.timers.of(TicketId(1001))] == [2]

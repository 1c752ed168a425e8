"""What is written below a question comes before it: kept until that is here, and lost never."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Message, Place
from bot.desk.ids import ChannelId, TeamId, Thread, Ts
from bot.desk.ports.delivery import Delivery
from bot.service.asking.intake import WHILE_READ_UP, WHILE_SLACK_TRIES
from tests import builders as a
from tests.worker.test_worker import Bench

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

ROOT, SOON_AFTER, LATER = Ts("1700000000.000100"), Ts("1700000030.000100"), Ts("1700000900.000100")
A_LITTLE = 20.0


@pytest.fixture
def bench(store: Store, clock: TurnableClock) -> Bench:
    """A worker with nothing to do."""
    return Bench(store, clock)


def deliver(
    bench: Bench,
    ts: Ts,
    text: str,
    under: Ts | None = None,
    channel: ChannelId = a.IT_HELP,
    *,
    mentioned: bool = False,
) -> None:
    """Let Ana's message come, as the door names it."""
    place = Place.DIRECT if channel.startswith("D") else Place.CHANNEL
    message = Message(TeamId("T1"), channel, ts, a.ANA, text, place, under, mentioned)
    bench.commands[ts] = message
    thread, key = Thread(TeamId("T1"), channel, under or ts), f"T1:{channel}:{ts}"
    bench.store.inbox.put(Delivery(ts, {"event_id": ts}, thread, key))


def said(bench: Bench, channel: ChannelId = a.IT_HELP) -> list[str]:
    """Give what is on record of the only ticket, in order."""
    with bench.store.look() as uow:
        ticket = uow.tickets.in_thread(Thread(TeamId("T1"), channel, ROOT))
        return [line.text for line in uow.conversation.of(ticket.id)] if ticket else []


def test_a_word_more_that_comes_first_waits_for_its_question(bench: Bench) -> None:
    """It would be nobody's business by itself."""
    deliver(bench, SOON_AFTER, "and it is still so", ROOT)
    bench.work()
    assert said(bench) == []
    deliver(bench, ROOT, "my password does not work")
    bench.work()
    assert said(bench)[0] == "my password does not work"
    assert "and it is still so" in said(bench)


@pytest.mark.parametrize("minutes", [0.5, 1, 3, 5, 6.5])
def test_it_waits_as_long_as_slack_tries(bench: Bench, minutes: float) -> None:
    """At once, after a minute, after five more."""
    deliver(bench, SOON_AFTER, "and it is still so", ROOT)
    bench.work()
    bench.wait_and_work(minutes * 60)
    deliver(bench, ROOT, "my password does not work")
    bench.work()
    assert "and it is still so" in said(bench)


def test_several_come_in_the_order_in_which_they_came(bench: Bench) -> None:
    """Three words, then what they are about."""
    for seconds in (10, 20, 30):
        deliver(bench, Ts(f"17000000{seconds}.000100"), f"word {seconds}", ROOT)
    bench.work()
    deliver(bench, ROOT, "my password does not work")
    bench.work()
    assert [text for text in said(bench) if text.startswith("word")] == [
        "word 10", "word 20", "word 30",
    ]  # fmt: skip


def test_a_kill_between_loses_nothing(bench: Bench) -> None:
    """What waits is looked at again after a start, and waits on."""
    deliver(bench, SOON_AFTER, "and it is still so", ROOT)
    bench.work()
    bench.store.inbox.recover()
    bench.work()
    deliver(bench, ROOT, "my password does not work")
    bench.work()
    assert "and it is still so" in said(bench)


def test_talk_under_what_was_passed_over_does_not_wait(bench: Bench) -> None:
    """A colleague's message came, and was none of our business: nor is what stands below it."""
    channel = ChannelId("C0LUNCH001")
    deliver(bench, ROOT, "who comes to lunch?", channel=channel)
    bench.work()
    deliver(bench, SOON_AFTER, "me", ROOT, channel)
    bench.work()
    assert bench.store.inbox.next_due() is None


def test_what_never_comes_is_not_waited_for_for_ever(bench: Bench) -> None:
    """It is looked at as it stands, and passed over."""
    deliver(bench, SOON_AFTER, "me", ROOT)
    bench.work()
    bench.wait_and_work(WHILE_SLACK_TRIES.total_seconds() + 1)
    assert bench.store.inbox.next_due() is None
    assert bench.shown == []


def test_a_reply_below_something_old_waits_while_the_history_is_read(bench: Bench) -> None:
    """Slack tries that no longer; but it may have been asked while Frontline was away."""
    deliver(bench, LATER, "and it is still so", ROOT)
    bench.work()
    deliver(bench, ROOT, "my password does not work")
    bench.work()
    assert "and it is still so" in said(bench)


def test_a_reply_below_something_older_than_all_records_is_soon_let_go(bench: Bench) -> None:
    """Nobody asked Frontline anything there."""
    deliver(bench, LATER, "thanks all", ROOT)
    bench.work()
    bench.wait_and_work(WHILE_READ_UP.total_seconds() + 1)
    assert bench.store.inbox.next_due() is None


def test_a_direct_message_waits_a_little_for_what_it_is_under(bench: Bench) -> None:
    """Then it is answered as it stands: somebody waits."""
    direct = ChannelId("D0ANA00001")
    deliver(bench, SOON_AFTER, "my password does not work", ROOT, direct)
    bench.work()
    assert bench.shown == []
    bench.wait_and_work(WHILE_READ_UP.total_seconds() + 1)
    assert bench.shown


def test_a_word_more_in_a_direct_message_belongs_to_the_question(bench: Bench) -> None:
    """It would be answered by itself, and be missing on the ticket."""
    direct = ChannelId("D0ANA00001")
    deliver(bench, SOON_AFTER, "thanks, and it is still so", ROOT, direct)
    bench.work()
    deliver(bench, ROOT, "my password does not work", channel=direct)
    bench.work()
    assert "thanks, and it is still so" in said(bench, direct)


def test_who_mentions_us_waits_only_for_what_is_here(bench: Bench) -> None:
    """Invited into a talk that it never heard, Frontline answers at once."""
    deliver(bench, SOON_AFTER, "my password does not work", ROOT, mentioned=True)
    bench.work()
    assert bench.shown


def test_a_mention_waits_for_a_question_that_is_here_but_not_yet_handled(bench: Bench) -> None:
    """Both came; the word more was written into the inbox first."""
    deliver(bench, SOON_AFTER, "and it is still so", ROOT, mentioned=True)
    deliver(bench, ROOT, "my password does not work")
    bench.work()
    bench.wait_and_work(A_LITTLE)
    assert "and it is still so" in said(bench)


@pytest.mark.rare
def test_two_that_are_under_each_other_do_not_wait_for_ever(bench: Bench) -> None:
    """No Slack sends this; a payload that somebody made might."""
    other = Ts("1700000031.000100")
    deliver(bench, SOON_AFTER, "chicken", other)
    deliver(bench, other, "egg", SOON_AFTER)
    for _ in range(150):
        bench.wait_and_work(5)
    assert bench.store.inbox.next_due() is None

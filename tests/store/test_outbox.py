"""The outbox: order, places, and what is known about a message that may have arrived."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy, Thanked
from bot.desk.ids import ChannelId, NoticeId, TicketId, Ts
from bot.desk.tickets import Apology, Progress
from bot.desk.tiers import Tier
from tests import builders as a

if TYPE_CHECKING:
    from bot.desk.notices import Notice
    from bot.store.outbox import OutboxRow
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

CARD_TS, REPLY_TS = Ts("5.000001"), Ts("6.000001")
WORD = Courtesy("settled")


def put(
    store: Store, to: Destination, ticket: int | None = 1001, notice: Notice = WORD
) -> NoticeId:
    """Hand a notice over."""
    with store.unit_of_work() as uow:
        return uow.outbox.put(notice, to, TicketId(ticket) if ticket else None)


def claim(store: Store) -> OutboxRow:
    """Claim a row that must be there."""
    row = store.outbox.claim()
    assert row is not None
    return row


def send_next(store: Store, ts: Ts = CARD_TS, channel: ChannelId = a.L2_CHANNEL) -> OutboxRow:
    """Claim a row and record it as sent."""
    row = claim(store)
    store.outbox.sent(row, channel, ts)
    return row


def give_up(store: Store, row: OutboxRow) -> None:
    """Bury a row."""
    with store.unit_of_work() as uow:
        uow.dead_letters.bury(row, "channel_not_found")


def test_notices_of_a_ticket_go_out_in_order_and_others_side_by_side(store: Store) -> None:
    """A second notice of a ticket waits for the first; another ticket's does not."""
    first, second = put(store, Destination("l2")), put(store, Destination("l2"))
    other = put(store, Destination("l2"), 1002)
    one, aside = claim(store), claim(store)
    assert [one.id, aside.id] == [first, other]
    assert store.outbox.claim() is None
    store.outbox.sent(one, a.L2_CHANNEL, CARD_TS)
    assert claim(store).id == second


def test_notices_without_a_ticket_go_out_in_order_within_their_channel(store: Store) -> None:
    """The channel is their lane."""
    put(store, Destination("C1"), None)
    put(store, Destination("C1"), None)
    put(store, Destination("C2"), None)
    assert [claim(store).channel, claim(store).channel] == ["C1", "C2"]
    assert store.outbox.claim() is None


def test_under_stands_in_the_thread_that_the_other_notice_opened(store: Store) -> None:
    """A handoff goes under its card, in the channel where Slack put the card."""
    card = put(store, Destination("l2-support"))
    put(store, Destination("l2-support", under=card))
    send_next(store)
    handoff = claim(store)
    assert (handoff.channel, handoff.thread_ts) == (a.L2_CHANNEL, CARD_TS)
    assert handoff.edit_ts is None
    assert not handoff.parent_lost


def test_under_a_reply_stands_in_the_thread_of_that_reply(store: Store) -> None:
    """Slack knows threads of one level alone."""
    reply = put(store, Destination(a.IT_HELP, thread_ts=a.ASKED))
    put(store, Destination(a.IT_HELP, under=reply))
    send_next(store, REPLY_TS, a.IT_HELP)
    assert claim(store).thread_ts == a.ASKED


def test_an_edit_goes_to_the_message_itself(store: Store) -> None:
    """A card is edited where it stands."""
    card = put(store, Destination("l2-support"))
    put(store, Destination("l2-support", edits=card))
    send_next(store)
    edit = claim(store)
    assert (edit.channel, edit.edit_ts, edit.thread_ts) == (a.L2_CHANNEL, CARD_TS, None)


@pytest.mark.parametrize("how", ["under", "edits"])
def test_what_belongs_to_a_message_that_was_never_sent_is_lost_with_it(
    store: Store, how: str
) -> None:
    """Whoever sends must know that there is no place for it."""
    card = put(store, Destination("l2-support"))
    put(store, Destination("l2-support", **{how: card}))
    give_up(store, claim(store))
    assert claim(store).parent_lost


def test_what_was_in_flight_at_a_kill_is_uncertain(store: Store) -> None:
    """It may have arrived, so it is looked for before it is sent again."""
    put(store, Destination("l2"))
    assert not claim(store).uncertain
    assert store.outbox.recover() == 1
    again = claim(store)
    assert again.uncertain
    assert again.attempts == 2


def test_what_only_waited_at_a_kill_is_certain(store: Store) -> None:
    """It was never sent, so nobody looks for it."""
    put(store, Destination("l2"))
    assert store.outbox.recover() == 0
    assert not claim(store).uncertain


def test_uncertainty_stays_until_it_is_known_to_be_sent(store: Store, clock: TurnableClock) -> None:
    """A later refusal says nothing about the earlier attempt."""
    put(store, Destination("l2"))
    store.outbox.retry(claim(store), "no answer", clock(), uncertain=True)
    store.outbox.retry(claim(store), "ratelimited", clock(), uncertain=False)
    assert claim(store).uncertain


def test_waiting_for_a_turn_counts_as_no_attempt(store: Store, clock: TurnableClock) -> None:
    """Pacing does not use up the tries."""
    put(store, Destination("l2"))
    for _ in range(3):
        row = claim(store)
        assert row.attempts == 1
        store.outbox.postpone(row, clock() + timedelta(seconds=1))
        assert store.outbox.claim() is None
        clock.turn(1)


def test_the_latest_wording_of_a_message_is_found_by_its_place(store: Store) -> None:
    """After an edit the message says something else, and that is what counts."""
    first = Thanked(TicketId(1001), a.ANA)
    second = Thanked(TicketId(1001), a.ANA, outcome="not_fixed")
    card = put(store, Destination("l2-support"), notice=first)
    send_next(store)
    with store.unit_of_work() as uow:
        posted = uow.outbox.posted_at(a.L2_CHANNEL, CARD_TS)
        assert posted is not None
        assert (posted.id, posted.notice) == (card, first)
    put(store, Destination("l2-support", edits=card), notice=second)
    send_next(store)
    with store.unit_of_work() as uow:
        posted = uow.outbox.posted_at(a.L2_CHANNEL, CARD_TS)
        assert posted is not None
        assert (posted.id, posted.notice) == (card, second)


def test_an_edit_that_waits_to_be_sent_is_already_the_latest_wording(store: Store) -> None:
    """Two presses in a row both build on what was decided, not on what is on screen."""
    card = put(store, Destination("l2"), notice=Thanked(TicketId(1001), a.ANA))
    send_next(store)
    put(
        store,
        Destination("l2", edits=card),
        notice=Thanked(TicketId(1001), a.ANA, outcome="not_fixed"),
    )
    with store.unit_of_work() as uow:
        latest = uow.outbox.get(card)
    assert latest is not None
    assert latest.notice == Thanked(TicketId(1001), a.ANA, outcome="not_fixed")


def test_a_place_where_nothing_of_ours_stands_is_none(store: Store) -> None:
    """The same timestamp in another channel is another message."""
    put(store, Destination("l2"))
    send_next(store)
    with store.unit_of_work() as uow:
        assert uow.outbox.posted_at(a.IT_HELP, CARD_TS) is None
        assert uow.outbox.get(NoticeId(99)) is None


def test_dead_letters_are_shown_latest_first_with_their_reason(store: Store) -> None:
    """`frontline doctor` lists what could not be delivered."""
    for number in (1001, 1002):
        put(store, Destination("l2"), number, Apology(TicketId(number)))
        give_up(store, claim(store))
    letters = store.outbox.dead_letters()
    assert [letter["ticket"] for letter in letters] == [1002, 1001]
    assert letters[0]["error"] == "channel_not_found"
    assert [letter["ticket"] for letter in store.outbox.dead_letters(limit=1)] == [1002]


def test_a_dead_letter_does_not_hold_up_its_ticket(store: Store) -> None:
    """What comes after it is sent."""
    put(store, Destination("l2"))
    later = put(store, Destination("l2"), notice=Progress(TicketId(1001), "taken", Tier.L2, a.TOM))
    give_up(store, claim(store))
    assert claim(store).id == later


def test_a_message_for_one_person_keeps_its_reader(store: Store) -> None:
    """Nobody else sees why a press was refused."""
    put(store, Destination(a.IT_HELP, thread_ts=a.ASKED, only_for=a.BEN))
    row = claim(store)
    assert (row.to.only_for, row.thread_ts) == (a.BEN, a.ASKED)


def test_a_notice_whose_sending_was_never_recorded_is_taken_again_as_uncertain(
    store: Store, clock: TurnableClock
) -> None:
    """It may have arrived: it is looked for before it is sent again."""
    with store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination(a.IT_HELP))
    assert store.outbox.claim() is not None
    assert store.outbox.claim() is None
    clock.turn(601)
    again = store.outbox.claim()
    assert again is not None
    assert again.uncertain

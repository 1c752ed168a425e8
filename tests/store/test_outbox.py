"""The outbox: order, places, and what is known about a message that may have arrived."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination, home_of
from bot.desk.asking import Courtesy, Thanked
from bot.desk.ids import ChannelId, NoticeId, TicketId, Ts
from bot.desk.ports.delivery import Standing, Urgency, Way
from bot.desk.promises import Priority, Promise, TimerKind
from bot.desk.tickets import Apology, Handoff, Progress, Reminder, Seen
from bot.desk.tiers import Tier
from bot.store.database import connect
from bot.store.outbox import Resting
from bot.store.outbox.claims import FREE
from bot.store.serving.in_hand import ON_ITS_WAY
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


def test_what_was_in_flight_at_a_kill_is_uncertain(store: Store, clock: TurnableClock) -> None:
    """It may have arrived, so it is looked for before it is sent again."""
    put(store, Destination("l2"))
    assert not claim(store).uncertain
    assert store.outbox.recover() == 1
    clock.turn(ON_ITS_WAY.total_seconds())
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


def test_the_most_urgent_goes_first_and_of_these_the_oldest(store: Store) -> None:
    """Answers to people before cards, cards of the first priority before others, Homes last."""
    wanted = [
        put(store, home_of(a.ANA), None, a.home_view()),
        put(store, Destination("C1"), 1001, a.card(1001)),
        put(store, Destination("C2"), 1002, a.card(1002, priority=Priority.P1)),
        put(store, Destination("C3"), 1003),
        put(store, Destination("C4"), 1004),
    ]
    home, card, first, answer, later = wanted
    assert [claim(store).id for _ in wanted] == [answer, later, first, card, home]


def test_what_stands_under_a_card_of_the_first_priority_is_as_urgent(store: Store) -> None:
    """A P1's handoff does not wait for the cards of others."""
    put(store, Destination("C1"), 1001, a.card(1001))
    urgent = put(store, Destination("C2"), 1002, a.card(1002, priority=Priority.P1))
    handoff = put(store, Destination("C2", under=urgent), 1002, Handoff(1002, (), (), ()))
    send_next(store)
    assert claim(store).id == handoff


def test_two_tickets_that_speak_in_one_thread_keep_its_order(store: Store) -> None:
    """A thread is read from top to bottom, whoever writes in it."""
    thread = Destination(a.IT_HELP, thread_ts=a.ASKED)
    first, second = put(store, thread, 1001), put(store, thread, 1002)
    elsewhere = put(store, Destination(a.IT_HELP, thread_ts=Ts("9.0")), 1003)
    assert [claim(store).id, claim(store).id] == [first, elsewhere]
    assert store.outbox.claim() is None
    assert second > first


def test_the_thread_of_a_card_is_the_same_by_whichever_way_it_is_named(store: Store) -> None:
    """Under the card, and by the timestamp that the card got."""
    card = put(store, Destination("l2-support"), 1001)
    row = claim(store)
    under = put(store, Destination("l2-support", under=card), 1002)
    store.outbox.sent(row, a.L2_CHANNEL, CARD_TS)
    put(store, Destination(a.L2_CHANNEL, thread_ts=CARD_TS), 1003)
    assert claim(store).id == under
    assert store.outbox.claim() is None


def test_what_belongs_to_a_message_of_another_lane_waits_for_it(store: Store) -> None:
    """It is not lost because it was looked at too early."""
    card = put(store, Destination("l2-support"), 1001)
    put(store, Destination("l2-support", under=card), 1002)
    row = claim(store)
    assert store.outbox.claim() is None
    store.outbox.sent(row, a.L2_CHANNEL, CARD_TS)
    assert not claim(store).parent_lost


def test_an_edit_that_a_later_one_makes_pointless_is_skipped(store: Store) -> None:
    """The card's latest truth once; what stands between them in the lane is sent."""
    card = put(store, Destination("l2"))
    send_next(store)
    put(store, Destination("l2", edits=card), notice=Courtesy("empty"))
    between = put(store, Destination("l2"))
    latest = put(store, Destination("l2", edits=card), notice=Courtesy("vague"))
    assert send_next(store, Ts("7.0")).id == between
    row = claim(store)
    assert (row.id, row.notice) == (latest, Courtesy("vague"))


def test_of_reminders_that_waited_in_one_thread_the_last_is_sent(store: Store) -> None:
    """After an outage nobody is called three times at once."""
    card = put(store, Destination("l2"))
    send_next(store)
    for kind in (TimerKind.REMIND_GROUP, TimerKind.CALL_NEXT, TimerKind.CALL_LEAD):
        reminder = Reminder(TicketId(1001), kind, Promise.ACKNOWLEDGE, taken=False)
        put(store, Destination("l2", under=card), notice=reminder)
    only = send_next(store, Ts("7.0")).notice
    assert isinstance(only, Reminder)
    assert only.step is TimerKind.CALL_LEAD
    assert store.outbox.claim() is None


def test_a_channel_or_way_that_rests_keeps_nobody_else(store: Store) -> None:
    """What goes elsewhere is taken; edits in the same channel count elsewhere."""
    card = put(store, Destination("C1"), 1001)
    send_next(store)
    put(store, Destination("C1"), 1001)
    edit = put(store, Destination("C1", edits=card), 1002)
    other = put(store, Destination("C2"), 1003)
    resting = Resting(channels=frozenset({"C1"}))
    taken = [store.outbox.claim(resting), store.outbox.claim(resting)]
    assert [row.id for row in taken if row] == [edit, other]
    assert store.outbox.claim(resting) is None
    assert store.outbox.claim(Resting(ways=frozenset({Way.POST}))) is None
    assert store.outbox.claim() is not None


def test_what_is_less_urgent_can_be_left(store: Store) -> None:
    """Some threads are kept for answers."""
    put(store, Destination("C1"), 1001, a.card(1001))
    assert store.outbox.claim(Resting(least=Urgency.ANSWER)) is None
    answer = put(store, Destination("C2"), 1002)
    row = store.outbox.claim(Resting(least=Urgency.ANSWER))
    assert row is not None
    assert row.id == answer


def test_what_is_held_keeps_its_lane_open_and_is_let_go(store: Store) -> None:
    """A mark that may not be put yet does not stop what is said."""
    put(store, Destination("C1"), 1001, Seen(TicketId(1001)))
    said = put(store, Destination("C1"), 1001)
    held = claim(store)
    store.outbox.hold(held, "missing_scope")
    assert send_next(store).id == said
    assert store.outbox.let_go(Way.EDIT) == 0
    assert store.outbox.let_go(Way.MARK) == 1
    again = claim(store)
    assert (again.id, again.attempts, again.uncertain) == (held.id, 1, False)


def test_what_belongs_to_a_message_that_is_held_waits_for_it(store: Store) -> None:
    """It is not lost with it."""
    card = put(store, Destination("C1"))
    put(store, Destination("C1", under=card))
    store.outbox.hold(claim(store), "missing_scope")
    assert store.outbox.claim() is None
    store.outbox.recover()
    send_next(store)
    assert not claim(store).parent_lost


def test_a_notice_stands_waits_or_was_set_aside(store: Store) -> None:
    """The ladder asks before it reminds under a card."""

    def standing(notice: NoticeId) -> Standing:
        with store.unit_of_work() as uow:
            return uow.outbox.standing(notice)

    card = put(store, Destination("C1"))
    assert standing(card) is Standing.WAITS
    row = claim(store)
    assert standing(card) is Standing.UNDER_WAY
    store.outbox.retry(row, "no answer", store.clock(), uncertain=True)
    assert standing(card) is Standing.UNDER_WAY
    send_next(store)
    assert standing(card) is Standing.STANDS
    put(store, Destination("C1"))
    lost = claim(store)
    give_up(store, lost)
    assert standing(lost.id) is Standing.SET_ASIDE
    assert standing(NoticeId(99)) is Standing.SET_ASIDE


def test_what_waits_can_be_diverted_with_all_that_belongs_to_it(store: Store) -> None:
    """Its id stays, so that nothing is said twice."""
    card = put(store, Destination("l2-support"))
    put(store, Destination("l2-support", under=card))
    with store.unit_of_work() as uow:
        uow.outbox.divert(card, a.TOM, Courtesy("vague"))
    row = claim(store)
    assert (row.id, row.channel, row.notice) == (card, a.TOM, Courtesy("vague"))
    store.outbox.sent(row, a.DIRECT, CARD_TS)
    assert claim(store).channel == a.DIRECT


def test_what_was_set_aside_is_sent_again_in_its_place(store: Store) -> None:
    """Before what was written later on its ticket, with what was lost with it."""
    card = put(store, Destination("l2"))
    handoff = put(store, Destination("l2", under=card))
    other = put(store, Destination("l2"))
    for _ in range(2):
        give_up(store, claim(store))
    (first, second) = store.letters.set_aside()
    assert (first.id, first.kind, first.to, first.error) == (
        card, "courtesy", "l2", "channel_not_found",
    )  # fmt: skip
    assert first.set_aside_at
    assert store.letters.resend(card) == 2
    assert [send_next(store, Ts(f"{n}.0")).id for n in (5, 6, 7)] == [card, handoff, other]
    assert second.id == handoff
    assert store.letters.set_aside() == ()


def test_what_is_dropped_is_never_sent(store: Store) -> None:
    """And no longer listed."""
    put(store, Destination("l2"))
    give_up(store, claim(store))
    store.letters.drop(store.letters.set_aside()[0].id)
    assert store.letters.set_aside() == ()
    assert store.outbox.claim() is None


@pytest.mark.sqlite
def test_ten_thousand_that_wait_are_looked_through_quickly(store: Store) -> None:
    """By index: no sorting, and no reading of what is settled."""
    database = connect(store.path)
    plan = " ".join(
        str(row["detail"])
        for row in database.execute(
            "EXPLAIN QUERY PLAN SELECT * FROM outbox AS row WHERE state = 'pending' "
            f"AND +due <= '2026' AND urgency <= 3 AND {FREE} ORDER BY urgency, id LIMIT 1",
            ["2026", "", "", ""],
        ).fetchall()
    )
    database.close()
    assert "outbox_next" in plan
    assert "TEMP B-TREE" not in plan
    assert "SCAN" not in plan

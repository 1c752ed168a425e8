"""A card that never stood: nobody is reminded under it, and it takes another way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.deciding import Action
from bot.desk.ids import ChannelId, TicketId, Ts
from bot.desk.oncall import Groups, ResolverGroup
from bot.desk.ports.delivery import Way
from bot.desk.tickets import Card, Handoff, Reminder
from bot.desk.tiers import Tier
from bot.service.handling import plan
from bot.service.undeliverable import find_another_way
from bot.worker import TimerRunner
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.outbox import OutboxRow
    from tests.service.conftest import Office

OUTAGE = "The order system is down for the whole warehouse, nobody can ship"
NETWORK = "l2-network"


def ask(office: Office) -> None:
    """Let Ana ask what needs a person; nothing is sent yet."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    change = plan(a.message(OUTAGE), office.desk)
    with office.store.unit_of_work() as uow:
        change(uow)


def send(office: Office, *, refused: frozenset[str] = frozenset()) -> list[OutboxRow]:
    """Send what waits; some channels refuse for good."""
    sent = []
    while (row := office.store.outbox.claim()) is not None:
        if row.parent_lost or (row.way is Way.POST and row.channel in refused):
            with office.store.unit_of_work() as uow:
                uow.dead_letters.bury(row, "channel_not_found")
                if not row.parent_lost:
                    find_another_way(uow, row.notice, row.to, row.ticket)
            continue
        stands = row.edit_ts or Ts(f"1772453000.{row.id:06d}")
        office.store.outbox.sent(row, ChannelId(row.channel), stands)
        sent.append(row)
    return sent


def pass_time(office: Office, minutes: float) -> None:
    """Let time pass, and fire what falls due."""
    office.clock.turn(timedelta(minutes=minutes).total_seconds())
    runner = TimerRunner(office.store, office.desk)
    while runner.step():
        pass


def alarms(office: Office) -> list[str]:
    """Give what the admin is told by another way."""
    told = []
    while (alarm := office.store.alarms.next()) is not None:
        told.append(alarm.says)
        office.store.alarms.heard(alarm)
    return told


def card_of(office: Office) -> tuple[str, str]:
    """Give where the card of Ana's ticket goes, and its note."""
    card = office.escalation().card
    assert card is not None
    with office.store.unit_of_work() as uow:
        posted = uow.outbox.get(card)
    assert posted is not None
    assert isinstance(posted.notice, Card)
    return posted.destination.channel, posted.notice.note


def waiting(office: Office) -> list[str]:
    """Name what waits for Slack, in order."""
    return [letter.kind for letter in office.store.letters.waiting()]


def the_channel_hangs(office: Office) -> None:
    """The reply to Ana is sent, the card's channel asks to wait, others go out."""
    row = office.store.outbox.claim()
    assert row is not None
    office.store.outbox.sent(row, ChannelId(row.channel), Ts("1772453000.000001"))
    card = office.store.outbox.claim()
    assert card is not None
    assert isinstance(card.notice, Card)
    office.store.outbox.postpone(card, office.clock() + timedelta(hours=1), "ratelimited")
    with office.store.unit_of_work() as uow:
        uow.outbox.put(Courtesy("empty"), Destination("C0OTHER001"), TicketId(4001))
    assert office.store.outbox.claim() is not None
    with office.store.unit_of_work() as uow:
        uow._db.execute("UPDATE outbox SET state = 'sent' WHERE ticket = 4001")


def test_where_slack_takes_nothing_the_admin_is_alarmed_and_nobody_reminded(
    office: Office,
) -> None:
    """The card stays where it belongs: elsewhere it would wait as well."""
    ask(office)
    before = waiting(office)
    pass_time(office, 5)
    pass_time(office, 5)
    assert waiting(office) == before
    (alarm,) = alarms(office)
    assert "T-1001" in alarm
    assert "Call somebody by another way" in alarm
    assert OUTAGE not in alarm
    assert not any(isinstance(row.notice, Reminder) for row in send(office))


def test_a_card_that_its_channel_alone_does_not_take_goes_to_who_is_on_call(
    office: Office,
) -> None:
    """The same card, so that it is shown once; the next rung goes to the next person."""
    ask(office)
    the_channel_hangs(office)
    pass_time(office, 5)
    assert card_of(office)[0] == a.TOM
    assert "could not be reached" in card_of(office)[1]
    assert "reminder" not in waiting(office)
    pass_time(office, 5)
    assert card_of(office)[0] == a.MEI
    sent = send(office)
    assert [(type(row.notice), row.channel) for row in sent] == [(Card, a.MEI), (Handoff, a.MEI)]
    pass_time(office, 10)
    assert any(isinstance(row.notice, Reminder) for row in send(office)), "now it stands"


@pytest.mark.parametrize("state", ["pending", "held"])
def test_what_may_have_arrived_is_not_diverted(office: Office, state: str) -> None:
    """It might be read twice; the admin is alarmed instead, also where the way stands still."""
    ask(office)
    the_channel_hangs(office)
    with office.store.unit_of_work() as uow:
        uow._db.execute(
            "UPDATE outbox SET uncertain = 1, state = ? "
            "WHERE urgency = 1 OR (urgency = 2 AND under IS NULL)",
            [state],
        )
    at = card_of(office)[0]
    pass_time(office, 5)
    assert card_of(office)[0] == at
    assert len(alarms(office)) == 1


def test_a_card_that_all_on_call_refuse_goes_to_another_channel_of_the_tier(
    office: Office,
) -> None:
    """Set aside in the channel, and with each of those on call: the ladder finds the next way."""
    others = ResolverGroup("l2-network", Tier.L2, NETWORK, "l2-oncall", areas=("network",))
    office.desk = replace(office.desk, groups=Groups((*office.desk.groups.groups, others)))
    ask(office)
    channel = card_of(office)[0]
    refused = frozenset({channel, a.TOM, a.MEI})
    first = send(office, refused=refused)
    assert not any(isinstance(row.notice, Card) for row in first)
    assert len(alarms(office)) == 1, "nobody was reached, and it is said at once"
    pass_time(office, 5)
    sent = send(office, refused=refused)
    assert [(type(row.notice), row.channel) for row in sent] == [
        (Card, NETWORK),
        (Handoff, NETWORK),
    ]
    pass_time(office, 5)
    assert any(isinstance(row.notice, Reminder) for row in send(office))


def test_where_every_way_is_refused_the_admin_is_alarmed_once(office: Office) -> None:
    """And the ladder goes on looking."""
    ask(office)
    refused = frozenset({card_of(office)[0], a.TOM, a.MEI})
    send(office, refused=refused)
    for _ in range(3):
        pass_time(office, 5)
        assert not any(isinstance(row.notice, Reminder) for row in send(office, refused=refused))
    assert len(alarms(office)) == 1


@pytest.mark.parametrize("minutes", [5, 10, 20])
def test_a_card_that_stands_is_reminded_under_as_ever(office: Office, minutes: float) -> None:
    """Nothing changes where Slack works."""
    ask(office)
    send(office)
    pass_time(office, minutes)
    assert any(isinstance(row.notice, Reminder) for row in send(office))
    assert alarms(office) == []

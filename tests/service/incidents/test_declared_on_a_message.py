"""*Declare an incident* on any message: people are called where nobody is at it yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Spot
from bot.desk.ids import Ts
from bot.desk.incidents import IncidentWord
from bot.desk.tickets import Card
from bot.desk.tiers import Tier
from bot.desk.views import OpenEscalation
from tests import builders as a
from tests.service.conftest import Office, kinds, the

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.ports.work import Change
    from bot.store.outbox import OutboxRow

ROBOT = "the tape robot of the archive dropped all its arms"


def declares(user: UserId, title: str = "Tape robot", ts: str = a.ASKED) -> OpenEscalation:
    """Somebody uses the shortcut on a message of Ana's."""
    at = Spot(a.TEAM, a.IT_HELP, Ts(ts), user)
    why = f"declared an incident: {title}"
    return OpenEscalation(at, ROBOT, a.ANA, Tier.L3, why, "V1", incident=title)


class Present:
    """Frontline is in every channel."""

    def is_present(self, channel: str) -> bool:
        """Say so."""
        return bool(channel)


@pytest.fixture
def here(office: Office) -> Office:
    """A desk that is in the channel."""
    office.desk = replace(office.desk, reception=Present())  # type: ignore[arg-type]
    return office


def posted(sent: list[OutboxRow]) -> list[Card]:
    """Give the cards that were posted, not those that were written anew."""
    return [row.notice for row in sent if isinstance(row.notice, Card) and row.edit_ts is None]


def incidents(office: Office) -> list[str]:
    """Name the open incidents."""
    with office.store.look() as uow:
        return [each.title for each in uow.incidents.running()]


def test_on_a_message_that_is_no_request_people_are_called(here: Office) -> None:
    """One card, and its requester is who wrote it."""
    sent = here.handle(declares(a.MEI))
    (card,) = posted(sent)
    assert (card.tier, card.requester) == (Tier.L3, a.ANA)
    assert the(sent, IncidentWord).notice.what == "opened"  # type: ignore[union-attr]
    assert incidents(here) == ["Tape robot"]


def test_done_twice_it_gets_the_second_title(here: Office) -> None:
    """No second card, no second incident; L3 owns it, so it is for L3 to name."""
    here.handle(declares(a.MEI))
    sent = here.handle(declares(a.JONAS, "Tape robot in Utrecht"))
    assert incidents(here) == ["Tape robot in Utrecht"]
    assert posted(sent) == []
    again = here.handle(declares(a.JONAS, "Tape robot in Utrecht"))
    assert "incident_word" not in kinds(again)


def test_whoever_is_no_engineer_is_told_so(here: Office) -> None:
    """Nothing is opened, nobody called."""
    sent = here.handle(declares(a.BEN))
    assert [row.notice.what for row in sent] == ["not_yours"]  # type: ignore[union-attr]
    assert incidents(here) == []


def test_what_nobody_works_on_any_more_is_taken_up_again(here: Office) -> None:
    """A ticket that was answered: its people are called, and it is the incident."""
    with here.store.unit_of_work() as uow:
        ticket = uow.tickets.open(a.THREAD, a.ANA, ROBOT, a.ASKED)
    sent = here.handle(declares(a.MEI))
    assert [card.ticket for card in posted(sent)] == [ticket.id]
    assert incidents(here) == ["Tape robot"]


def test_what_is_restricted_becomes_no_incident(here: Office) -> None:
    """Its words would be told to others."""
    restrict: Change = lambda uow: uow.tickets.save(  # noqa: E731 - a change is a function
        replace(uow.tickets.open(a.THREAD, a.ANA, ROBOT, a.ASKED), restricted_to="l2-network")
    )
    here.apply(restrict)
    here.handle(declares(a.MEI))
    assert incidents(here) == []

"""What an engineer's modal shows and checks: only to who may act, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.ids import TicketId
from bot.desk.tickets import Resolve
from bot.desk.tiers import Tier
from bot.service.views.looking import EngineersLooks
from tests import builders as a
from tests.service.tickets.test_presses import escalated

if TYPE_CHECKING:
    from tests.service.conftest import Office


def test_who_may_not_act_is_shown_nothing(office: Office) -> None:
    """Neither the reasons nor other tickets: a forged press learns nothing."""
    at, looks = escalated(office), EngineersLooks(office.desk)
    number = office.escalation().id
    told = looks.about(at(a.TOM), number)
    assert told is not None
    assert told.ticket == office.ticket().id
    assert told.reasons == office.escalation().reasons
    assert looks.about(at(a.ANA), number) is None
    assert looks.originals(at(a.ANA), number, "") == ()


@pytest.mark.parametrize(
    ("person", "says"),
    [(a.ANA, "not in the group"), (a.TOM, None), (a.MEI, None)],
)
def test_a_hand_over_is_checked_before_it_is_sent(
    office: Office, person: str, says: str | None
) -> None:
    """To a member of the group, and to nobody else."""
    escalated(office)
    why = EngineersLooks(office.desk).against_hand_over(office.escalation().id, person)  # type: ignore[arg-type] - a plain name of the tests
    assert (why is None) if says is None else (why is not None and says in why)


@pytest.mark.parametrize(("number", "says"), [(9999, "no ticket"), (0, "this ticket itself")])
def test_a_duplicate_is_checked_before_it_is_sent(office: Office, number: int, says: str) -> None:
    """Of a ticket that there is, and not of itself."""
    escalated(office)
    original = TicketId(number or office.ticket().id)
    why = EngineersLooks(office.desk).against_duplicate(office.escalation().id, original)
    assert why is not None
    assert says in why


@pytest.mark.parametrize(("right", "labels"), [(Tier.L3, ["L3"]), (Tier.L2, []), (None, [])])
def test_a_corrected_tier_is_kept_as_a_label(
    office: Office, right: Tier | None, labels: list[str]
) -> None:
    """What was right from the start teaches nothing new."""
    at = escalated(office)
    number = office.escalation().id
    office.handle(Resolve(at(a.TOM), number, "Dust.", "Cleaned.", right_tier=right))
    with office.desk.unit_of_work() as uow:
        assert [each.label for each in uow.feedback.labels()] == labels

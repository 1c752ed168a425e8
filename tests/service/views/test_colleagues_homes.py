"""An open Home shows what colleagues do: soon, not too often, and only for those who look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Spot
from bot.desk.ids import EscalationId, Ts
from bot.desk.incidents import NameIncident, UpdateEveryone
from bot.desk.promises import Priority
from bot.desk.tickets import (
    AcknowledgeForNow,
    AskRequester,
    BackToQueue,
    HandOver,
    PassOn,
    Resolve,
    SetPriority,
    SnoozeFor,
    Take,
)
from bot.desk.views import HomeView, OpenHome
from bot.store.views.homes import AT_MOST_EVERY, OPEN_LATELY
from bot.worker import HomeKeeper
from tests import builders as a
from tests.service.views.test_homes import call, home_spot

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.commands import Command
    from tests.service.conftest import Office

MEI = Spot(a.TEAM, a.L2_CHANNEL, Ts("5.1"), a.MEI)
"""On the card, not on her own Home."""
ON_AGAIN = AT_MOST_EVERY + timedelta(seconds=1)

ACTS: dict[str, tuple[bool, Callable[[EscalationId], Command]]] = {
    "takes it": (False, lambda number: Take(MEI, number)),
    "has seen it": (False, lambda number: AcknowledgeForNow(MEI, number)),
    "lets it rest": (True, lambda number: SnoozeFor(MEI, number, "hour")),
    "gives it up": (True, lambda number: BackToQueue(MEI, number)),
    "hands it over": (True, lambda number: HandOver(MEI, number, a.TOM)),
    "passes it on": (True, lambda number: PassOn(MEI, number, "Ruled out the client")),
    "resolves it": (True, lambda number: Resolve(MEI, number, "A disk", "Emptied it")),
    "sets its priority": (False, lambda number: SetPriority(MEI, number, Priority.P1)),
    "asks its requester": (True, lambda number: AskRequester(MEI, number, "Which one?")),
    "declares an incident": (False, lambda number: NameIncident(MEI, number, "The VPN is down")),
}


def looks(office: Office, user: str = a.TOM) -> HomeKeeper:
    """Somebody opens their Home, and it is published."""
    office.handle(OpenHome(home_spot(user)))  # type: ignore[arg-type]
    keeper = HomeKeeper(office.store, office.desk)
    assert published(office, keeper) == [user]
    return keeper


def published(office: Office, keeper: HomeKeeper) -> list[str]:
    """Let the keeper do what there is to do; gives whose Homes went out."""
    while keeper.step():
        pass
    sent = office.apply(lambda _: None)
    return [row.notice.user for row in sent if isinstance(row.notice, HomeView)]


@pytest.mark.parametrize("what", ACTS)
def test_what_a_colleague_does_shows_on_an_open_home(office: Office, what: str) -> None:
    """Once, a little later; nothing more is published while nothing more happens."""
    taken, act = ACTS[what]
    number = EscalationId(call(office, 1))
    if taken:
        office.handle(Take(MEI, number))
    keeper = looks(office)
    office.clock.turn(ON_AGAIN.total_seconds())
    office.handle(act(number))
    assert published(office, keeper) == [a.TOM]
    office.clock.turn(ON_AGAIN.total_seconds())
    assert published(office, keeper) == []


def test_news_of_an_incident_shows_on_every_engineers_home(office: Office) -> None:
    """Whatever their group; on no requester's, who is told in their thread."""
    number = EscalationId(call(office, 1))
    office.handle(NameIncident(MEI, number, "The VPN is down"))
    looks(office, a.ANA)
    keeper = looks(office, a.JONAS)
    office.clock.turn(ON_AGAIN.total_seconds())
    office.handle(UpdateEveryone(MEI, number, "We are on it."))
    assert published(office, keeper) == [a.JONAS]


def test_a_new_call_shows_and_another_groups_does_not(office: Office) -> None:
    """Jonas is in L3, Tom in L2."""
    looks(office, a.JONAS)
    keeper = looks(office)
    office.clock.turn(ON_AGAIN.total_seconds())
    call(office, 1)
    assert published(office, keeper) == [a.TOM]


def test_at_most_once_in_half_a_minute_whatever_happens(office: Office) -> None:
    """What came meanwhile is shown together; it is not forgotten, nor looked for until then."""
    keeper = looks(office)
    assert keeper.next_due() is None
    then = office.clock() + AT_MOST_EVERY
    for number in range(3):
        call(office, number)
        assert published(office, keeper) == []
        assert datetime.fromisoformat(keeper.next_due() or "") == then
    office.clock.turn(ON_AGAIN.total_seconds())
    assert published(office, keeper) == [a.TOM]
    assert keeper.next_due() is None
    call(office, 4)
    assert published(office, keeper) == []


def test_whoever_looked_long_ago_is_left_alone(office: Office) -> None:
    """Slack tells of it when they open their Home again."""
    keeper = looks(office)
    office.clock.turn((OPEN_LATELY + ON_AGAIN).total_seconds())
    call(office, 1)
    assert published(office, keeper) == []


def test_nothing_piles_up_while_slack_takes_no_homes(office: Office) -> None:
    """One that waits is enough; whoever opens theirs meanwhile is served all the same."""
    looks(office, a.MEI)
    keeper = looks(office)
    office.clock.turn(ON_AGAIN.total_seconds())
    call(office, 1)
    assert keeper.step()
    assert not keeper.step()
    (waiting,) = office.handle(OpenHome(home_spot(a.MEI)))
    assert isinstance(waiting.notice, HomeView)
    assert published(office, keeper) == [a.MEI]


def test_a_clock_that_was_set_back_holds_nothing_up(office: Office) -> None:
    """A Home that was built in the future is built again."""
    keeper = looks(office)
    office.clock.jump(-3_600)
    call(office, 1)
    assert published(office, keeper) == [a.TOM]

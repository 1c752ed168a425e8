"""What was done about a page elsewhere: no more is done here than may be, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.beyond import ActedBeyond, Deed, Target, Targets
from bot.desk.deciding import Action
from bot.desk.tickets import (
    Card,
    EscalationState,
    PassOn,
    Progress,
    Refusal,
    Resolution,
    Settled,
    Take,
    ThreadNote,
    TicketState,
)
from bot.desk.tiers import Tier
from bot.service.handling import plan
from bot.store.unit_of_work import Store
from tests import builders as a
from tests.service.conftest import Office, kinds, the

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.ids import UserId
    from bot.store.outbox import OutboxRow
    from tests.fakes import TurnableClock

EVERYTHING = frozenset(Deed)


@pytest.fixture
def office(store: Store, clock: TurnableClock) -> Office:
    """A desk with two pagers; Ana's ticket is with L2, and one of them was paged."""
    path: Path = store.path
    targets = Targets((Target("pager"), Target("other")))
    opened = Office(Store(path, clock, targets=targets), clock)
    opened.triager.decision = replace(a.triage(Action.ESCALATE, Tier.L2), tier=Tier.L2)
    opened.handle(a.message("VPN fails"))
    page(opened)
    return opened


def page(office: Office) -> str:
    """Page for the latest escalation; gives the page's name."""
    latest = office.escalation()
    with office.store.unit_of_work() as uow:
        uow.beyond.page(latest, ("pager",))
        return uow.beyond.pages_of(latest.ticket)[-1].key


def key(office: Office) -> str:
    """The name of the page that was raised."""
    with office.store.look() as uow:
        row = uow.outbox._db.execute("SELECT key FROM pages ORDER BY raised_at")
        return str(row.fetchone()["key"])


def tell(  # noqa: PLR0917 - each part of what is told
    office: Office,
    deed: Deed = Deed.TAKE,
    user: UserId | None = a.MEI,
    may: frozenset[Deed] = EVERYTHING,
    target: str = "pager",
    page: str | None = None,
) -> list[OutboxRow]:
    """Let a system say what somebody did there; gives what is sent in Slack."""
    name = "Mei there" if user else "A Stranger"
    told = ActedBeyond("hook", target, page or key(office), deed, may, user, name)
    return office.apply(plan(told, office.desk))


def trail(office: Office) -> list[tuple[str | None, str, str]]:
    """Who did what, by the audit trail."""
    with office.store.look() as uow:
        rows = uow.outbox._db.execute("SELECT actor, what, details FROM audit ORDER BY id")
        return [tuple(row) for row in rows.fetchall()]


def test_a_member_of_the_group_takes_it_by_acknowledging_there(office: Office) -> None:
    """And settles it by resolving there; each is told and written down as theirs."""
    assert the(tell(office), Progress).notice.by == a.MEI
    assert office.escalation().assignee == a.MEI
    settled = the(tell(office, Deed.SETTLE), Settled).notice
    assert (settled.by, settled.fix) == (a.MEI, "Resolved in pager.")
    assert office.ticket().resolution is Resolution.L2
    assert (a.MEI, "acknowledged beyond Slack", "pager: Mei there") in trail(office)
    assert (a.MEI, "resolved beyond Slack", "pager: Mei there") in trail(office)


@pytest.mark.parametrize("deed", [Deed.TAKE, Deed.SETTLE])
@pytest.mark.parametrize("user", [a.ANA, a.BEN])
def test_who_may_not_press_may_not_by_another_way(office: Office, deed: Deed, user: UserId) -> None:
    """They are told so directly, and nothing is changed."""
    sent = tell(office, deed, user)
    refused = the(sent, Refusal)
    assert (refused.notice.why, refused.to.channel) == ("not_in_group", user)
    assert kinds(sent) == ["refusal"]
    assert (user, "refused beyond Slack", "pager: Mei there") in trail(office)
    assert office.escalation().state is EscalationState.PENDING


def test_whom_nobody_here_knows_takes_it_for_the_group(office: Office) -> None:
    """It calls nobody any more, and is still to be had."""
    sent = tell(office, user=None)
    assert the(sent, Progress).notice.by is None
    assert "A Stranger" in the(sent, ThreadNote).notice.text
    taken = office.escalation()
    assert (taken.state, taken.assignee) == (EscalationState.ACKNOWLEDGED, None)
    office.handle(Take(a.spot(a.MEI), taken.id))
    assert office.escalation().assignee == a.MEI


def test_whom_nobody_here_knows_settles_nothing(office: Office) -> None:
    """The engineers are told that it was resolved there."""
    note = the(tell(office, Deed.SETTLE, None), ThreadNote).notice
    assert "Resolved in pager by A Stranger. Nothing was changed here" in note.text
    assert office.ticket().state is TicketState.ESCALATED


@pytest.mark.parametrize(
    ("deed", "may"),
    [
        (Deed.SETTLE, frozenset({Deed.TAKE})),
        (Deed.TAKE, frozenset({Deed.SETTLE})),
        (Deed.TAKE, frozenset()),
        (Deed.SETTLE, frozenset()),
    ],
)
@pytest.mark.parametrize("user", [a.MEI, None])
def test_a_hook_does_no_more_than_it_may(
    office: Office, deed: Deed, may: frozenset[Deed], user: UserId | None
) -> None:
    """Whoever it was there."""
    sent = tell(office, deed, user, may)
    assert kinds(sent) == ["thread_note"]
    assert office.escalation().state is EscalationState.PENDING
    assert trail(office)[-1][1] == "refused beyond Slack"


@pytest.mark.parametrize("named", [{"target": "other"}, {"page": "frontline-T-1001-guessed"}])
@pytest.mark.parametrize("deed", Deed)
def test_a_hook_speaks_of_the_pages_of_its_own_target_alone(
    office: Office, named: dict[str, str], deed: Deed
) -> None:
    """A page of another, or none at all, moves nothing and tells nobody."""
    before = trail(office)
    assert tell(office, deed, **named) == []  # type: ignore[arg-type]
    assert trail(office) == before


def test_an_echo_of_what_was_done_here_is_passed_over(office: Office) -> None:
    """Systems tell us as news what they heard from us, by a name of their own."""
    office.handle(Take(a.spot(a.MEI), office.escalation().id))
    assert tell(office, user=None) == []
    office.handle(PassOn(a.spot(a.MEI), office.escalation().id, "the core switch"))
    assert tell(office, Deed.SETTLE, None) == [], "its page ended as it was passed on"
    assert tell(office, Deed.SETTLE) == []
    assert office.escalation().tier is Tier.L3


def test_what_is_told_twice_is_done_once(office: Office) -> None:
    """Also by another event of the same."""
    tell(office)
    assert tell(office) == []
    assert [what for _, what, _ in trail(office)].count("taken") == 1


def test_who_was_first_has_it(office: Office) -> None:
    """The other is told who did."""
    office.handle(Take(a.spot(a.TOM), office.escalation().id))
    sent = tell(office)
    assert the(sent, Refusal).notice.why == "already_taken"
    assert isinstance(the(sent, Card).notice, Card)
    assert office.escalation().assignee == a.TOM

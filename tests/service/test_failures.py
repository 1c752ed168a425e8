"""When handling fails, and when a notice cannot be delivered: somebody is told, somehow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Answer, Place, Solved
from bot.desk.deciding import Action
from bot.desk.ids import Ts
from bot.desk.oncall import Groups
from bot.desk.tickets import (
    Apology,
    Card,
    Handoff,
    Passed,
    Refusal,
    Resolve,
    Seen,
    Take,
    ThreadNote,
    TicketState,
)
from bot.desk.tiers import Tier
from bot.service.undeliverable import find_another_way
from tests import builders as a
from tests.service.conftest import kinds, the

if TYPE_CHECKING:
    from bot.desk.notices import Notice
    from bot.store.outbox import OutboxRow
    from tests.service.conftest import Office

ESCALATE = a.triage(Action.ESCALATE, Tier.L2)


def test_a_question_that_failed_ends_in_an_apology_and_an_escalation(office: Office) -> None:
    """The requester knows, a person has it, and the reason is on the card."""
    sent = office.fail(a.message(), "Slack hiccup")
    assert kinds(sent) == ["apology", "card", "handoff"]
    assert the(sent, Apology).thread_ts == a.ASKED
    assert "Slack hiccup" in the(sent, Card).notice.reasons[0]
    assert office.ticket().state is TicketState.ESCALATED


def test_a_follow_up_that_failed_escalates_its_ticket(office: Office) -> None:
    """What was written is on record."""
    office.handle(a.message())
    assert kinds(office.fail(a.follow_up("still broken"))) == ["apology", "card", "handoff"]
    assert office.said()[-1] == "still broken"


def test_a_failure_on_an_escalated_ticket_calls_nobody_twice(office: Office) -> None:
    """Somebody has it already."""
    office.triager.decision = ESCALATE
    office.handle(a.message())
    assert kinds(office.fail(a.follow_up("more"))) == ["apology"]


def test_a_failure_on_a_settled_ticket_takes_it_up_again(office: Office) -> None:
    """Better once too often than never."""
    office.handle(a.message())
    office.handle(Solved(a.spot(a.ANA), office.ticket().id))
    assert kinds(office.fail(a.follow_up("broken again"))) == ["apology", "card", "handoff"]
    assert office.ticket().reopened == 1


def test_without_any_resolver_group_the_requester_still_hears_of_it(office: Office) -> None:
    """Nobody configured whom to call; that is no reason for silence."""
    office.desk = replace(office.desk, groups=Groups(()))
    (apology,) = office.fail(a.message())
    assert apology.notice == Apology(office.ticket().id, nobody_reached=True)
    assert apology.thread_ts == a.ASKED


@pytest.mark.parametrize("command", [a.edited("x"), a.deleted()], ids=["edit", "deletion"])
def test_a_failed_edit_or_deletion_is_not_apologised_for(office: Office, command: object) -> None:
    """Nobody waits for an answer to it."""
    assert office.fail(command) == []


@pytest.mark.parametrize(
    "press", [Solved(a.spot(a.ANA), 1001), Take(a.spot(a.TOM), 7)], ids=["requester", "engineer"]
)
def test_a_failed_press_is_apologised_for_to_the_one_who_pressed(
    office: Office, press: Solved | Take
) -> None:
    """Privately, since nothing was changed."""
    row = the(office.fail(press), Apology)
    assert row.notice == Apology(None)
    assert row.to.only_for == press.at.user


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "C0RANDOM01", "mentioned": False},
        {"mentioned": False, "for_somebody_else": True},
        {"mentioned": False, "ts": Ts("9.0"), "thread_ts": a.ASKED},
    ],
    ids=["in a channel that is not ours", "for somebody else", "talk in a thread"],
)
def test_what_was_none_of_our_business_stays_so_when_it_fails(
    office: Office, changes: dict[str, object]
) -> None:
    """Nobody is apologised to for a conversation with others."""
    assert office.fail(a.message(**changes)) == []
    assert office.find_ticket() is None


def test_a_failure_in_a_direct_message_is_never_silent(office: Office) -> None:
    """It was addressed."""
    assert office.fail(a.message(mentioned=False, place=Place.DIRECT, channel=a.DIRECT))


def test_a_failure_under_a_card_opens_no_ticket_for_the_engineer(office: Office) -> None:
    """Their talk is not a request."""
    office.triager.decision = ESCALATE
    card = the(office.handle(a.message()), Card)
    under = {"channel": a.L2_CHANNEL, "thread_ts": Ts(f"1772453000.{card.id:06d}"), "user": a.TOM}
    talk = a.follow_up("@frontline what now", mentioned=True, **under)
    assert "card" not in kinds(office.fail(talk))
    assert office.find_ticket(talk.thread) is None


def undeliverable(office: Office, row: OutboxRow) -> list[OutboxRow]:
    """Let a notice fail for good."""
    return office.apply(lambda uow: find_another_way(uow, row.notice, row.to, row.ticket))


def test_an_answer_that_cannot_be_posted_goes_to_the_requester_directly(office: Office) -> None:
    """Where the app is not in the channel any more."""
    answer = the(office.handle(a.message()), Answer)
    (again,) = undeliverable(office, answer)
    assert (again.channel, again.thread_ts, again.notice) == (a.ANA, None, answer.notice)
    assert undeliverable(office, again) == []


def test_a_card_that_cannot_be_posted_goes_to_somebody_on_call_directly(office: Office) -> None:
    """With its handoff, and the reason why; from then on it is the card."""
    office.triager.decision = ESCALATE
    card = the(office.handle(a.message()), Card)
    direct, handoff = undeliverable(office, card)
    assert isinstance(direct.notice, Card)
    assert isinstance(handoff.notice, Handoff)
    assert direct.channel == a.TOM
    assert a.L2_CHANNEL in direct.notice.note
    assert office.escalation().card == direct.id
    taken = office.handle(Take(a.spot(a.TOM, a.TOM, "9.0"), office.escalation().id))
    assert the(taken, Card).to.edits == direct.id


def test_where_nobody_can_be_reached_the_requester_is_told(office: Office) -> None:
    """In so many words; it is the last resort."""
    office.triager.decision = ESCALATE
    office.directory.l2 = ()
    card = the(office.handle(a.message()), Card)
    (apology,) = undeliverable(office, card)
    assert apology.notice == Apology(office.ticket().id, nobody_reached=True)
    assert apology.thread_ts == a.ASKED


def test_a_direct_card_that_fails_too_ends_in_the_apology(office: Office) -> None:
    """And not in a circle."""
    office.triager.decision = ESCALATE
    office.directory.l2 = (a.TOM,)
    direct, _ = undeliverable(office, the(office.handle(a.message()), Card))
    assert kinds(undeliverable(office, direct)) == ["apology"]


def test_a_settled_escalation_can_lose_its_card_without_harm(office: Office) -> None:
    """Another way is found although nobody has to act any more."""
    office.triager.decision = ESCALATE
    card = the(office.handle(a.message()), Card)
    office.handle(Resolve(a.spot(a.TOM), office.escalation().id, "Dust.", "Cleaned."))
    undeliverable(office, card)
    assert office.escalation().settlement is not None


@pytest.mark.parametrize(
    "notice",
    [
        ThreadNote(1001, "wrote", a.ANA, "more"),
        Seen(1001),
        Refusal("unknown", 1001),
        Handoff(1001, (), (), ()),
    ],
    ids=lambda notice: notice.kind,
)
def test_what_is_of_use_only_where_it_belongs_is_not_sent_elsewhere(
    office: Office, notice: Notice
) -> None:
    """A note without its thread would puzzle its reader."""
    office.handle(a.message())
    to = Destination(a.L2_CHANNEL)
    assert office.apply(lambda uow: find_another_way(uow, notice, to, office_ticket)) == []


office_ticket = 1001


def test_an_edit_that_fails_is_let_go(office: Office) -> None:
    """The message itself stands where it stood."""
    passed = Passed(1001, Tier.L2, "needs_person")
    office.handle(a.message())
    to = Destination(a.IT_HELP, edits=1)
    assert office.apply(lambda uow: find_another_way(uow, passed, to, 1001)) == []


def test_what_one_person_alone_was_to_read_goes_to_them_directly(office: Office) -> None:
    """Nobody who acted is left without a reply, also where Frontline is not in the channel."""
    passed = Passed(1001, Tier.L2, "needs_person")
    office.handle(a.message())
    to = Destination(a.IT_HELP, only_for=a.ANA)
    (row,) = office.apply(lambda uow: find_another_way(uow, passed, to, 1001))
    assert row.channel == a.ANA


def test_a_notice_of_no_ticket_has_no_other_way(office: Office) -> None:
    """There is nobody to write to."""
    apology = Apology(None)
    gone = Destination("C0GONE0001")
    assert office.apply(lambda uow: find_another_way(uow, apology, gone, None)) == []
    assert office.apply(lambda uow: find_another_way(uow, replace(apology), gone, 77)) == []

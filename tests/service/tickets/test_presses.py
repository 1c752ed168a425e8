"""Buttons: what each does, who may press it, and what a late press is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Answer, CallPerson, Choose, Clarify, NotHelpful, Solved, Thanked
from bot.desk.deciding import Action
from bot.desk.ids import EscalationId, TicketId
from bot.desk.tickets import (
    Card,
    EscalationState,
    Handoff,
    NotFixed,
    Passed,
    PassOn,
    Progress,
    Refusal,
    Resolution,
    Resolve,
    Settled,
    Take,
    ThreadNote,
    TicketState,
)
from bot.desk.tiers import Tier
from tests import builders as a
from tests.service.conftest import kinds, place_of, the

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.addresses import Spot
    from bot.desk.ids import UserId
    from tests.service.conftest import Office

ESCALATE = a.triage(Action.ESCALATE, Tier.L2)


def answered(office: Office) -> Callable[[UserId], Spot]:
    """Let Ana ask and be answered; gives the place of a press under the answer."""
    answer = the(office.handle(a.message()), Answer)
    channel, ts = place_of(answer)
    return lambda user: a.spot(user, channel, str(ts), thread_ts=a.ASKED)


def escalated(office: Office, tier: Tier = Tier.L2) -> Callable[[UserId], Spot]:
    """Let Ana ask what needs a person; gives the place of a press on the card."""
    office.triager.decision = replace(ESCALATE, tier=tier)
    card = the(office.handle(a.message("VPN fails")), Card)
    channel, ts = place_of(card)
    return lambda user: a.spot(user, channel, str(ts))


def refusal_to(office_sent: list, user: UserId) -> Refusal:
    """Give the refusal that one person alone was shown."""
    row = the(office_sent, Refusal)
    assert row.to.only_for == user
    assert isinstance(row.notice, Refusal)
    return row.notice


def test_that_solved_it_settles_the_ticket_and_replaces_the_buttons(office: Office) -> None:
    """Thanks are posted, and the answer says what its requester said."""
    at = answered(office)
    sent = office.handle(Solved(at(a.ANA), office.ticket().id))
    edited = the(sent, Answer)
    assert isinstance(edited.notice, Answer)
    assert (edited.notice.outcome, edited.edit_ts) == ("solved", at(a.ANA).ts)
    the(sent, Thanked)
    assert office.ticket().resolution is Resolution.ARTICLE


def test_not_what_i_need_brings_the_next_article_if_one_is_close(office: Office) -> None:
    """The first is remembered as tried, and is not looked for again."""
    at = answered(office)
    office.triager.next_up = a.candidate(a.MFA)
    sent = office.handle(NotHelpful(at(a.ANA), office.ticket().id, a.VPN))
    old, new = (row.notice for row in sent)
    assert isinstance(old, Answer)
    assert isinstance(new, Answer)
    assert (old.outcome, new.extract.article) == ("not_helpful", a.MFA)
    assert office.triager.excluded[-1] == (a.VPN,)
    assert office.ticket().articles_shown == (a.VPN, a.MFA)
    assert office.ticket().articles_failed == (a.VPN,)


def test_not_what_i_need_brings_a_person_where_no_article_is_left(office: Office) -> None:
    """With the articles that were tried."""
    at = answered(office)
    sent = office.handle(NotHelpful(at(a.ANA), office.ticket().id, a.VPN))
    assert kinds(sent) == ["answer", "passed", "card", "handoff"]
    passed, handoff = the(sent, Passed).notice, the(sent, Handoff).notice
    assert isinstance(passed, Passed)
    assert isinstance(handoff, Handoff)
    assert passed.why == "not_solved"
    assert handoff.failed == (a.VPN,)


def test_none_of_these_brings_a_person_without_another_search(office: Office) -> None:
    """Three articles were enough."""
    office.triager.decision = a.triage(Action.CLARIFY)
    channel, ts = place_of(the(office.handle(a.message()), Clarify))
    office.triager.next_up = a.candidate("wifi-office")
    office.triager.known.add("wifi-office")
    sent = office.handle(NotHelpful(a.spot(a.ANA, channel, str(ts)), office.ticket().id, None))
    assert kinds(sent) == ["clarify", "passed", "card", "handoff"]


def test_choosing_an_article_shows_it(office: Office) -> None:
    """And the question says which was chosen."""
    office.triager.decision = a.triage(Action.CLARIFY)
    channel, ts = place_of(the(office.handle(a.message()), Clarify))
    sent = office.handle(Choose(a.spot(a.ANA, channel, str(ts)), office.ticket().id, a.MFA))
    clarify, answer = (row.notice for row in sent)
    assert isinstance(clarify, Clarify)
    assert isinstance(answer, Answer)
    assert (clarify.outcome, clarify.chosen, answer.extract.article) == ("chosen", a.MFA, a.MFA)


def test_choosing_an_article_that_is_gone_is_told_so(office: Office) -> None:
    """The question stays open for another choice."""
    office.triager.decision = a.triage(Action.CLARIFY)
    channel, ts = place_of(the(office.handle(a.message()), Clarify))
    at = a.spot(a.ANA, channel, str(ts))
    sent = office.handle(Choose(at, office.ticket().id, "lost-article"))
    assert kinds(sent) == ["refusal"]
    assert kinds(office.handle(Choose(at, office.ticket().id, a.VPN))) == ["clarify", "answer"]


def test_talk_to_a_person_calls_one(office: Office) -> None:
    """No question asked."""
    at = answered(office)
    sent = office.handle(CallPerson(at(a.ANA), office.ticket().id))
    assert kinds(sent) == ["answer", "passed", "card", "handoff"]
    assert office.escalation().tier is Tier.L2


@pytest.mark.parametrize("press", ["not helpful", "choose"])
def test_a_double_click_counts_once(office: Office, press: str) -> None:
    """The second press finds the question answered; no article is skipped or shown twice."""
    office.triager.decision = a.triage(Action.CLARIFY if press == "choose" else Action.ANSWER)
    office.triager.next_up = a.candidate(a.MFA)
    (asked,) = office.handle(a.message())
    channel, ts = place_of(asked)
    at, number = a.spot(a.ANA, channel, str(ts)), office.ticket().id
    command = Choose(at, number, a.VPN) if press == "choose" else NotHelpful(at, number, a.VPN)
    office.handle(command)
    before = office.ticket()
    sent = office.handle(command)
    assert refusal_to(sent, a.ANA).why == "already_settled"
    assert office.ticket() == before
    assert kinds(sent) == [asked.notice.kind, "refusal"]


@pytest.mark.parametrize(
    "press",
    [
        lambda at, number: Solved(at, number),
        lambda at, number: NotHelpful(at, number, a.VPN),
        lambda at, number: Choose(at, number, a.MFA),
        lambda at, number: CallPerson(at, number),
        lambda at, number: NotFixed(at, number),
    ],
    ids=["solved", "not helpful", "choose", "call person", "not fixed"],
)
def test_only_the_requester_decides_about_a_ticket(
    office: Office, press: Callable[[Spot, TicketId], Solved]
) -> None:
    """A colleague's press is refused privately, and nothing changes."""
    at = answered(office)
    before = office.ticket()
    sent = office.handle(press(at(a.BEN), before.id))
    assert kinds(sent) == ["refusal"]
    assert refusal_to(sent, a.BEN).why == "not_requester"
    assert office.ticket() == before


@pytest.mark.parametrize(
    "press",
    [
        lambda at, number: Solved(at, number),
        lambda at, number: NotHelpful(at, number, a.VPN),
        lambda at, number: Choose(at, number, a.MFA),
        lambda at, number: CallPerson(at, number),
        lambda at, number: NotFixed(at, number),
    ],
    ids=["solved", "not helpful", "choose", "call person", "not fixed"],
)
def test_a_press_on_a_ticket_that_nobody_knows_is_told_so(
    office: Office, press: Callable[[Spot, TicketId], Solved]
) -> None:
    """After a restored backup, say."""
    sent = office.handle(press(a.spot(a.ANA), TicketId(9999)))
    assert refusal_to(sent, a.ANA).why == "unknown"


@pytest.mark.parametrize(
    "press",
    [
        lambda at, number: NotHelpful(at, number, a.VPN),
        lambda at, number: Choose(at, number, a.MFA),
        lambda at, number: CallPerson(at, number),
        lambda at, number: Solved(at, number),
    ],
    ids=["not helpful", "choose", "call person", "solved"],
)
def test_a_late_press_is_told_that_it_is_settled(
    office: Office, press: Callable[[Spot, TicketId], Solved]
) -> None:
    """The message is shown as it stands, and the ticket stays settled."""
    at = answered(office)
    office.handle(Solved(at(a.ANA), office.ticket().id))
    sent = office.handle(press(at(a.ANA), office.ticket().id))
    assert kinds(sent) == ["answer", "refusal"]
    assert the(sent, Answer).notice.outcome == "solved"
    assert refusal_to(sent, a.ANA).why == "already_settled"
    assert office.ticket().resolution is Resolution.ARTICLE


def test_taking_an_escalation_names_the_assignee_to_all(office: Office) -> None:
    """On the card and in the requester's thread."""
    at = escalated(office)
    sent = office.handle(Take(at(a.TOM), office.escalation().id))
    card = the(sent, Card)
    assert isinstance(card.notice, Card)
    assert (card.notice.state, card.notice.assignee) == (EscalationState.ACKNOWLEDGED, a.TOM)
    assert card.edit_ts == at(a.TOM).ts
    assert the(sent, Progress).notice == Progress(office.ticket().id, "taken", Tier.L2, a.TOM)
    assert the(sent, Progress).thread_ts == a.ASKED


def test_of_two_who_take_it_the_second_is_told_who_has_it(office: Office) -> None:
    """The card is shown as it stands."""
    at = escalated(office)
    office.handle(Take(at(a.TOM), office.escalation().id))
    sent = office.handle(Take(at(a.MEI), office.escalation().id))
    assert kinds(sent) == ["card", "refusal"]
    assert refusal_to(sent, a.MEI) == Refusal("already_taken", office.ticket().id, a.TOM)
    assert office.escalation().assignee == a.TOM


def engineer_presses(at: Spot, number: EscalationId) -> list[Take | PassOn | Resolve]:
    """Give each press of an engineer."""
    return [Take(at, number), PassOn(at, number, "Deep."), Resolve(at, number, "Dust.", "Gone.")]


@pytest.mark.parametrize("which", [0, 1, 2], ids=["take", "pass on", "resolve"])
def test_only_the_group_acts_on_an_escalation(office: Office, which: int) -> None:
    """Whoever sees the channel sees the buttons; buttons are not proof."""
    at = escalated(office)
    sent = office.handle(engineer_presses(at(a.BEN), office.escalation().id)[which])
    assert kinds(sent) == ["refusal"]
    assert refusal_to(sent, a.BEN).why == "not_in_group"
    assert office.escalation().state is EscalationState.PENDING


@pytest.mark.parametrize("which", [0, 1, 2], ids=["take", "pass on", "resolve"])
def test_a_late_press_on_a_card_shows_how_it_stands(office: Office, which: int) -> None:
    """Nothing is done twice."""
    at = escalated(office)
    number = office.escalation().id
    office.handle(Resolve(at(a.TOM), number, "Dust.", "Cleaned."))
    sent = office.handle(engineer_presses(at(a.MEI), number)[which])
    assert kinds(sent) == ["card", "refusal"]
    assert refusal_to(sent, a.MEI).why == "already_settled"
    assert the(sent, Card).notice.fix == "Cleaned."


@pytest.mark.parametrize("which", [0, 1, 2], ids=["take", "pass on", "resolve"])
def test_a_press_on_an_escalation_that_nobody_knows_is_told_so(office: Office, which: int) -> None:
    """Instead of failing."""
    sent = office.handle(engineer_presses(a.spot(a.TOM), EscalationId(99))[which])
    assert refusal_to(sent, a.TOM).why == "unknown"


def test_an_l3_engineer_may_take_an_l2_escalation_but_not_the_other_way_round(
    office: Office,
) -> None:
    """A higher tier may always help."""
    at = escalated(office)
    assert the(office.handle(Take(at(a.JONAS), office.escalation().id)), Progress)


def test_an_l2_engineer_may_not_take_an_l3_escalation(office: Office) -> None:
    """It is with L3 for a reason."""
    at = escalated(office, Tier.L3)
    sent = office.handle(Take(at(a.TOM), office.escalation().id))
    assert refusal_to(sent, a.TOM).why == "not_in_group"


def test_passing_on_closes_the_old_card_and_opens_one_for_l3(office: Office) -> None:
    """Findings go along; the requester reads that it moved up."""
    at = escalated(office)
    first = office.escalation()
    office.handle(Take(at(a.TOM), first.id))
    sent = office.handle(PassOn(at(a.TOM), first.id, "Not the network."))
    old, new = (row.notice for row in sent if isinstance(row.notice, Card))
    assert (old.state, new.tier, new.state) == (
        EscalationState.ESCALATED,
        Tier.L3,
        EscalationState.PENDING,
    )
    handoff = the(sent, Handoff).notice
    assert isinstance(handoff, Handoff)
    assert (handoff.findings, handoff.found_by) == ("Not the network.", a.TOM)
    assert the(sent, Progress).notice.what == "moved_up"
    assert office.escalation().tier is Tier.L3
    assert office.ticket().state is TicketState.ESCALATED


def test_there_is_no_tier_above_l3(office: Office) -> None:
    """A press that should not exist does nothing."""
    at = escalated(office, Tier.L3)
    sent = office.handle(PassOn(at(a.JONAS), office.escalation().id, "Higher!"))
    assert refusal_to(sent, a.JONAS).why == "nothing_to_do"
    assert office.escalation().state is EscalationState.PENDING


@pytest.mark.parametrize(
    ("tier", "engineer", "how"),
    [(Tier.L2, a.TOM, Resolution.L2), (Tier.L3, a.JONAS, Resolution.L3)],
)
def test_resolving_tells_the_requester_what_fixed_it_and_the_cause_only_where_that_was_marked(
    office: Office, tier: Tier, engineer: UserId, how: Resolution
) -> None:
    """And the record says which tier did."""
    at = escalated(office, tier)
    told = engineer == a.JONAS
    press = Resolve(at(engineer), office.escalation().id, "Dust.", "Cleaned.", cause_told=told)
    sent = office.handle(press)
    settled = the(sent, Settled)
    assert isinstance(settled.notice, Settled)
    assert (settled.notice.cause, settled.notice.fix) == ("Dust." if told else "", "Cleaned.")
    assert the(sent, Card).notice.cause == "Dust."
    assert (settled.channel, settled.thread_ts) == (a.IT_HELP, a.ASKED)
    assert the(sent, Card).notice.fix == "Cleaned."
    assert office.ticket().resolution is how


def test_not_fixed_after_all_calls_the_same_group_again(office: Office) -> None:
    """With what was believed to have fixed it."""
    at = escalated(office)
    settled = the(
        office.handle(Resolve(at(a.TOM), office.escalation().id, "Dust.", "Cleaned.")), Settled
    )
    channel, ts = place_of(settled)
    press = NotFixed(a.spot(a.ANA, channel, str(ts)), office.ticket().id)
    sent = office.handle(press)
    assert the(sent, Settled).notice.outcome == "not_fixed"
    assert the(sent, ThreadNote).notice.what == "not_fixed"
    assert "Cleaned." in the(sent, Handoff).notice.findings
    assert the(sent, Progress).notice.what == "reopened"
    assert (office.ticket().reopened, office.ticket().state) == (1, TicketState.ESCALATED)
    assert refusal_to(office.handle(press), a.ANA).why == "nothing_to_do"
    assert office.ticket().reopened == 1


def test_an_article_that_did_not_solve_it_after_all_calls_l2(office: Office) -> None:
    """Nobody had it before, so the first people are called."""
    at = answered(office)
    channel, ts = place_of(the(office.handle(Solved(at(a.ANA), office.ticket().id)), Thanked))
    sent = office.handle(NotFixed(a.spot(a.ANA, channel, str(ts)), office.ticket().id))
    assert the(sent, Thanked).notice.outcome == "not_fixed"
    assert the(sent, Card).notice.tier is Tier.L2


def test_solved_while_people_are_called_ends_their_escalation(office: Office) -> None:
    """They are told that nobody is needed any more."""
    at = escalated(office)
    office.handle(Take(at(a.TOM), office.escalation().id))
    sent = office.handle(Solved(a.spot(a.ANA), office.ticket().id))
    assert the(sent, Card).notice.state is EscalationState.RESOLVED
    assert the(sent, ThreadNote).notice.what == "solved"
    assert office.escalation().settlement is None
    assert office.ticket().is_settled


def test_what_people_had_in_hand_is_not_counted_as_settled_by_an_article(office: Office) -> None:
    """Deflection is what an article settled, with no person involved."""
    escalated(office)
    office.handle(Solved(a.spot(a.ANA), office.ticket().id))
    assert office.ticket().resolution is Resolution.WITHDRAWN

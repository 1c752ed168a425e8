"""What engineers do from an escalation's thread, and what the requester sees of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Solved
from bot.desk.deciding import Action
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.promises import Priority, Promise
from bot.desk.tickets import (
    AskRequester,
    Card,
    Confirm,
    EscalationState,
    File,
    Handoff,
    HandOver,
    Linked,
    MarkDuplicate,
    Mute,
    NotFixed,
    PassOn,
    Progress,
    Rate,
    Refusal,
    Relayed,
    Remark,
    ReplyToRequester,
    Resolution,
    Resolve,
    Return,
    SendOn,
    SetPriority,
    Settled,
    Take,
    ThreadNote,
    TicketState,
    WrongCall,
)
from bot.desk.tiers import Tier
from tests import builders as a
from tests.service.conftest import Office, kinds, place_of, the

if TYPE_CHECKING:
    from bot.desk.ids import UserId
    from bot.desk.notices import Notice
    from bot.desk.tickets import Escalation
    from bot.store.outbox import OutboxRow

AT_TOM = a.spot(a.TOM, a.L2_CHANNEL, "5.1")
AT_JONAS = a.spot(a.JONAS, a.L3_CHANNEL, "6.1")
BENS = Ts("1772452801.000900")
BENS_THREAD = Thread(a.TEAM, a.IT_HELP, BENS)
LATER = "The badge printer jams whenever a visitor signs in"


def notice(sent: list[OutboxRow], kind: type[Notice]) -> Notice:
    """Give the one notice of a kind."""
    return the(sent, kind).notice


def refusal(sent: list[OutboxRow]) -> Refusal:
    """Give the refusal, told to one person alone."""
    row = the(sent, Refusal)
    assert row.to.only_for is not None
    assert isinstance(row.notice, Refusal)
    return row.notice


def escalate(office: Office, text: str = LATER, tier: Tier = Tier.L2, **changes: object) -> Card:
    """Let somebody ask what needs a person; gives the card."""
    office.triager.decision = a.triage(Action.ESCALATE, tier)
    card = notice(office.handle(a.message(text, **changes)), Card)
    assert isinstance(card, Card)
    return card


def take(office: Office, by: UserId = a.TOM) -> Escalation:
    """Let somebody take Ana's escalation."""
    channel = a.L2_CHANNEL if office.escalation().tier is Tier.L2 else a.L3_CHANNEL
    office.handle(Take(a.spot(by, channel, "5.1"), office.escalation().id))
    return office.escalation()


def resolve(office: Office, **changes: object) -> list[OutboxRow]:
    """Let Tom resolve Ana's escalation."""
    known = {"cause": "A worn roller", "fix": "Replaced the roller", **changes}
    return office.handle(Resolve(AT_TOM, office.escalation().id, **known))  # type: ignore[arg-type]


def to_l3(office: Office) -> Escalation:
    """Let Tom pass Ana's escalation on, and Jonas take it."""
    escalate(office)
    take(office)
    office.handle(PassOn(AT_TOM, office.escalation().id, "Not the cable."))
    return take(office, a.JONAS)


def test_a_question_to_the_requester_makes_the_ticket_wait_and_the_clocks_stand(
    office: Office,
) -> None:
    """It stands in their thread, on record, and on the card; their word ends the wait."""
    escalate(office)
    escalation = take(office)
    sent = office.handle(AskRequester(AT_TOM, escalation.id, "Which <floor>?"))
    asked = the(sent, Relayed)
    assert (asked.channel, asked.thread_ts) == (a.IT_HELP, a.ASKED)
    assert isinstance(asked.notice, Relayed)
    assert (asked.notice.what, asked.notice.by, asked.notice.text) == (
        "asks", a.TOM, "Which <floor>?",
    )  # fmt: skip
    note = notice(sent, ThreadNote)
    assert isinstance(note, ThreadNote)
    assert note.what == "asked"
    assert office.said()[-1] == "Which <floor>?"
    assert office.ticket().waiting_since == office.clock.now
    card = notice(sent, Card)
    assert isinstance(card, Card)
    assert card.waiting_since == office.clock.now
    ticket = office.ticket().id
    with office.store.unit_of_work() as uow:
        standing = {timer.promise for timer, _ in uow.timers.paused(ticket)}
    assert Promise.RESOLVE in standing

    office.clock.turn(3_600)
    sent = office.handle(a.follow_up("The third"))
    assert office.ticket().waiting_since is None
    assert notice(sent, Card).waiting_since is None
    with office.store.unit_of_work() as uow:
        assert uow.timers.paused(ticket) == ()


def test_asking_twice_does_not_set_the_wait_back(office: Office) -> None:
    """The requester has waited to answer since the first question."""
    escalate(office)
    escalation = take(office)
    office.handle(AskRequester(AT_TOM, escalation.id, "Which floor?"))
    since = office.ticket().waiting_since
    office.clock.turn(60)
    office.handle(AskRequester(AT_TOM, escalation.id, "And which room?"))
    assert office.ticket().waiting_since == since


def test_a_reply_reaches_the_requester_and_nobody_waits(office: Office) -> None:
    """A reply is no question."""
    escalate(office)
    sent = office.handle(ReplyToRequester(AT_TOM, take(office).id, "We ordered a part."))
    assert kinds(sent) == ["relayed", "thread_note"]
    assert office.ticket().waiting_since is None


def test_a_message_in_the_thread_is_sent_on_in_its_authors_name(office: Office) -> None:
    """Mei presses, Tom wrote; files go along as links."""
    channel, ts = place_of(_card_row(office))
    at = a.spot(a.MEI, channel, "9.9", thread_ts=Ts(ts or ""))
    sent = office.handle(SendOn(at, a.TOM, "Try tray two.", (File("tray", "https://f.example/t"),)))
    relayed = notice(sent, Relayed)
    assert isinstance(relayed, Relayed)
    assert (relayed.by, relayed.what) == (a.TOM, "writes")
    assert "https://f.example/t" in relayed.text


def _card_row(office: Office) -> OutboxRow:
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    return the(office.handle(a.message(LATER)), Card)


@pytest.mark.parametrize(
    ("who", "author", "why"),
    [(a.BEN, a.TOM, "not_in_group"), (a.MEI, None, "nothing_to_send")],
)
def test_not_everything_can_be_sent_on_nor_by_everybody(
    office: Office, who: UserId, author: UserId | None, why: str
) -> None:
    """The bot's own messages stay, and so do others' hands."""
    channel, ts = place_of(_card_row(office))
    at = a.spot(who, channel, "9.9", thread_ts=Ts(ts or ""))
    sent = office.handle(SendOn(at, author, "Anything"))
    assert kinds(sent) == ["refusal"]
    assert refusal(sent).why == why


def test_a_message_outside_an_escalations_thread_is_sent_to_nobody(office: Office) -> None:
    """The shortcut is offered everywhere; it works in one place."""
    at = a.spot(a.TOM, "C0RANDOM01", "9.9")
    sent = office.handle(SendOn(at, a.TOM, "Lunch?"))
    assert kinds(sent) == ["refusal"]
    assert refusal(sent).why == "not_their_thread"


def test_l3_returns_it_to_the_group_and_the_engineer_who_had_it(office: Office) -> None:
    """With the reason in the handoff, pending, and meant for Tom."""
    theirs = to_l3(office)
    sent = office.handle(Return(AT_JONAS, theirs.id, "A worn roller, no defect."))
    back = office.escalation()
    assert (back.tier, back.state, back.assignee) == (Tier.L2, EscalationState.PENDING, a.TOM)
    cards = [row.notice for row in sent if isinstance(row.notice, Card)]
    assert [card.state for card in cards] == [EscalationState.RETURNED, EscalationState.PENDING]
    handoff = notice(sent, Handoff)
    assert isinstance(handoff, Handoff)
    assert (handoff.findings, handoff.found_by) == ("A worn roller, no defect.", a.JONAS)
    assert notice(sent, Progress).what == "returned"
    assert office.ticket().state is TicketState.ESCALATED


def test_what_came_straight_to_l3_is_returned_to_l2s_own_group(office: Office) -> None:
    """Nobody had it before."""
    escalate(office, tier=Tier.L3)
    theirs = take(office, a.JONAS)
    office.handle(Return(AT_JONAS, theirs.id, "Yours."))
    assert (office.escalation().group, office.escalation().assignee) == ("l2", None)


def test_what_nobody_took_cannot_be_returned_and_l2_has_nowhere_to_return_to(
    office: Office,
) -> None:
    """Both are said in private, and nothing moves."""
    escalate(office, tier=Tier.L3)
    before = office.escalation()
    assert refusal(office.handle(Return(AT_JONAS, before.id, "No."))).why == "take_first"
    assert office.escalation() == before


def test_handing_over_keeps_the_state(office: Office) -> None:
    """Taken stays taken, pending stays pending; the requester hears of the first."""
    escalate(office)
    pending = office.handle(HandOver(AT_TOM, office.escalation().id, a.MEI))
    assert office.escalation().state is EscalationState.PENDING
    assert office.escalation().assignee == a.MEI
    assert "progress" not in kinds(pending)
    take(office, a.MEI)
    moved = office.handle(HandOver(AT_TOM, office.escalation().id, a.TOM))
    assert office.escalation().state is EscalationState.ACKNOWLEDGED
    assert office.escalation().assignee == a.TOM
    assert notice(moved, Progress).what == "handed_over"


@pytest.mark.parametrize(("to", "why"), [(a.BEN, "not_a_member"), (a.TOM, "nothing_to_do")])
def test_it_is_handed_over_to_another_member_only(office: Office, to: UserId, why: str) -> None:
    """Not to a stranger, not to oneself."""
    escalate(office)
    before = take(office)
    assert refusal(office.handle(HandOver(AT_TOM, before.id, to))).why == why
    assert office.escalation() == before


def test_a_priority_changes_the_deadlines_on_the_card(office: Office) -> None:
    """They count from when the people were called; what was kept stays kept."""
    first = escalate(office)
    escalation = take(office)
    sent = office.handle(SetPriority(AT_TOM, escalation.id, Priority.P1))
    card = notice(sent, Card)
    assert isinstance(card, Card)
    assert card.priority is Priority.P1
    assert dict(card.due)[Promise.RESOLVE] < dict(first.due)[Promise.RESOLVE]
    ticket = office.ticket().id
    with office.store.unit_of_work() as uow:
        running = {timer.promise for timer in uow.timers.of(ticket)}
    assert Promise.ACKNOWLEDGE not in running
    assert Promise.RESOLVE in running
    again = office.handle(SetPriority(AT_TOM, escalation.id, Priority.P1))
    assert refusal(again).why == "nothing_to_do"


def test_muting_is_shown_and_taken_back_by_the_same_entry(office: Office) -> None:
    """The flag is on the ticket; reminders look at it."""
    escalate(office)
    sent = office.handle(Mute(AT_TOM, office.escalation().id))
    assert office.ticket().muted
    assert notice(sent, Card).muted
    office.handle(Mute(AT_TOM, office.escalation().id))
    assert not office.ticket().muted


def test_a_wrong_call_becomes_a_label_before_the_end_and_after_it(office: Office) -> None:
    """One label for each engineer; the later word counts."""
    escalate(office)
    escalation = take(office)
    office.handle(WrongCall(AT_TOM, escalation.id, "L3"))
    resolve(office)
    sent = office.handle(WrongCall(AT_TOM, escalation.id, "L1", a.VPN))
    assert kinds(sent) == ["thread_note"]
    with office.store.unit_of_work() as uow:
        (label,) = uow.feedback.labels()
    assert (label.ticket, label.text, label.label, label.article, label.by) == (
        office.ticket().id, LATER, "L1", a.VPN, a.TOM,
    )  # fmt: skip
    stranger = a.spot(a.BEN, a.L2_CHANNEL, "5.1")
    assert refusal(office.handle(WrongCall(stranger, escalation.id, "L1"))).why == "not_in_group"


def test_everything_written_down_at_the_end_is_kept_and_shown(office: Office) -> None:
    """Cause, fix, prevention, right tier, and what the article should say."""
    escalate(office)
    take(office)
    sent = resolve(
        office, prevention="Clean it", right_tier=Tier.L1, article_wanted=True,
        article_words="How to clean it",
    )  # fmt: skip
    settled = office.escalation().settlement
    assert settled is not None
    assert (settled.prevention, settled.right_tier, settled.article_wanted) == (
        "Clean it", Tier.L1, True,
    )  # fmt: skip
    card = notice(sent, Card)
    assert isinstance(card, Card)
    assert (card.prevention, card.article_words) == ("Clean it", "How to clean it")


def test_the_requester_confirms_and_rates_in_one_click_with_a_remark(office: Office) -> None:
    """Closed as confirmed; the stars may be corrected; a remark goes with them."""
    escalate(office)
    take(office)
    row = the(resolve(office), Settled)
    channel, ts = place_of(row)
    at = a.spot(a.ANA, channel, ts or "", thread_ts=a.ASKED)
    ticket = office.ticket().id
    assert refusal(office.handle(Rate(replace(at, user=a.BEN), ticket, 1))).why == "not_requester"

    shown = notice(office.handle(Confirm(at, ticket)), Settled)
    assert shown.outcome == "fixed"
    assert office.ticket().state is TicketState.CLOSED
    assert office.ticket().confirmed
    assert refusal(office.handle(Confirm(at, ticket))).why == "nothing_to_do"

    assert refusal(office.handle(Remark(at, ticket, "Hm"))).why == "unknown"
    assert notice(office.handle(Rate(at, ticket, 4)), Settled).stars == 4
    shown = notice(office.handle(Remark(at, ticket, "Quick!")), Settled)
    assert (shown.stars, shown.remark) == (4, "Quick!")
    with office.store.unit_of_work() as uow:
        rating = uow.feedback.rating(ticket)
    assert rating is not None
    assert (rating.stars, rating.remark, rating.by) == (4, "Quick!", a.ANA)


def test_what_is_not_fixed_goes_to_who_had_it_if_still_on_call(office: Office) -> None:
    """Else to the group, whoever is in it now."""
    escalate(office)
    take(office)
    resolve(office)
    at = a.spot(a.ANA, a.IT_HELP, "7.7")
    card = notice(office.handle(NotFixed(at, office.ticket().id)), Card)
    assert isinstance(card, Card)
    assert (card.assignee, card.state) == (a.TOM, EscalationState.PENDING)

    take(office)
    resolve(office)
    office.directory.l2 = (a.MEI,)
    office.handle(NotFixed(at, office.ticket().id))
    assert office.escalation().assignee is None
    assert office.ticket().reopened == 2


def test_an_edit_of_the_question_is_followed_on_the_card(office: Office) -> None:
    """The card quotes what the question says now."""
    escalate(office)
    card = notice(office.handle(a.edited("It jams on Mondays")), Card)
    assert isinstance(card, Card)
    assert card.question == office.ticket().question == "It jams on Mondays"


def two(office: Office) -> tuple[Escalation, Escalation]:
    """Let Ana and Ben ask much the same; gives both escalations."""
    escalate(office)
    escalate(office, "Badges jam in the printer", user=a.BEN, ts=BENS)
    bens = office.find_ticket(BENS_THREAD)
    assert bens is not None
    with office.store.unit_of_work() as uow:
        second = uow.escalations.latest_for(bens.id)
    assert second is not None
    return office.escalation(), second


def test_the_requester_of_a_duplicate_hears_its_end_once(office: Office) -> None:
    """Linked, told what fixed the original, and free to say that theirs is not fixed."""
    anas, bens = two(office)
    sent = office.handle(MarkDuplicate(AT_TOM, bens.id, anas.ticket))
    assert the(sent, Linked).thread_ts == BENS
    linked = office.ticket(BENS_THREAD)
    assert (linked.state, linked.resolution) == (TicketState.RESOLVED, Resolution.DUPLICATE)
    assert linked.duplicate_of == anas.ticket

    written = office.handle(a.message("Now on floor two", user=a.BEN, ts=Ts("8.8"), thread_ts=BENS))
    passed = notice(written, ThreadNote)
    assert isinstance(passed, ThreadNote)
    assert (passed.ticket, passed.other) == (anas.ticket, bens.ticket)

    told = [row for row in resolve(office) if isinstance(row.notice, Settled)]
    assert {row.thread_ts for row in told} == {a.ASKED, BENS}
    office.handle(NotFixed(a.spot(a.ANA), anas.ticket))
    again = [row for row in resolve(office) if isinstance(row.notice, Settled)]
    assert {row.thread_ts for row in again} == {a.ASKED}

    office.handle(NotFixed(a.spot(a.BEN), bens.ticket))
    assert office.ticket(BENS_THREAD).state is TicketState.ESCALATED
    assert office.ticket(BENS_THREAD).duplicate_of is None


def test_a_duplicate_of_what_was_settled_is_told_at_once(office: Office) -> None:
    """With what fixed it."""
    anas, bens = two(office)
    resolve(office)
    settled = notice(office.handle(MarkDuplicate(AT_TOM, bens.id, anas.ticket)), Settled)
    assert isinstance(settled, Settled)
    assert (settled.original, settled.fix) == (anas.ticket, "Replaced the roller")


def test_followers_hear_when_the_original_needs_nobody_any_more(office: Office) -> None:
    """Ana solved hers; Ben is asked about his."""
    anas, bens = two(office)
    office.handle(MarkDuplicate(AT_TOM, bens.id, anas.ticket))
    sent = office.handle(Solved(a.spot(a.ANA), anas.ticket))
    told = the(sent, Settled)
    assert (told.thread_ts, told.notice.by) == (BENS, None)


def test_what_leads_nowhere_is_no_original(office: Office) -> None:
    """Not itself, not in a circle, not a number without a ticket, not what nobody works on."""
    anas, bens = two(office)
    for original, why in (
        (bens.ticket, "nothing_to_do"), (TicketId(9_999), "no_such_ticket"),
    ):  # fmt: skip
        assert refusal(office.handle(MarkDuplicate(AT_TOM, bens.id, original))).why == why
    office.handle(MarkDuplicate(AT_TOM, bens.id, anas.ticket))
    circle = office.handle(MarkDuplicate(AT_TOM, anas.id, bens.ticket))
    assert refusal(circle).why == "nothing_to_do"

    office.triager.decision = a.triage(Action.ANSWER)
    office.handle(a.message("And this?", user=a.BEN, ts=Ts("1772452900.000001")))
    answered = office.ticket(Thread(a.TEAM, a.IT_HELP, Ts("1772452900.000001")))
    sent = office.handle(MarkDuplicate(AT_TOM, anas.id, answered.id))
    assert refusal(sent).why == "nobodys"


def test_the_handoff_shows_what_fixed_the_same_before_and_who_has_the_same_now(
    office: Office,
) -> None:
    """Good matches only: another subject is left out."""
    escalate(office)
    take(office)
    resolve(office)
    escalate(office, "Payroll export loses decimals", user=a.BEN, ts=BENS)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    text = "Badge printer jams again whenever visitors sign in"
    third, fourth = Ts("1772452902.000001"), Ts("1772452903.000001")
    sent = office.handle(a.message(text, user=a.MEI, ts=third, files=(
        File("photo.png", "https://files.example/p"),
    )))  # fmt: skip
    handoff = notice(sent, Handoff)
    assert isinstance(handoff, Handoff)
    assert [(s.ticket, s.fix) for s in handoff.similar] == [
        (office.ticket().id, "Replaced the roller")
    ]
    assert handoff.alike == ()
    assert [(f.name, f.url) for f in handoff.files] == [("photo.png", "https://files.example/p")]
    sent = office.handle(a.message(text, user=a.JONAS, ts=fourth))
    handoff = notice(sent, Handoff)
    assert [each.question for each in handoff.alike] == [text]


@pytest.mark.parametrize("who", [a.ANA, a.BEN])
def test_no_press_of_the_thread_is_open_to_people_outside_the_group(
    office: Office, who: UserId
) -> None:
    """Buttons are not proof: each is refused in private, and nothing changes."""
    escalate(office)
    before, ticket = take(office), office.ticket()
    at = a.spot(who, a.L2_CHANNEL, "5.1")
    for press in (
        AskRequester(at, before.id, "?"),
        ReplyToRequester(at, before.id, "!"),
        Return(at, before.id, "No."),
        HandOver(at, before.id, a.MEI),
        SetPriority(at, before.id, Priority.P1),
        MarkDuplicate(at, before.id, TicketId(1)),
        WrongCall(at, before.id, "L1"),
        Mute(at, before.id),
    ):
        sent = office.handle(press)
        assert kinds(sent) == ["refusal"]
        assert refusal(sent).why == "not_in_group"
    assert (office.escalation(), office.ticket()) == (before, ticket)


def test_presses_after_the_end_are_refused_and_show_how_it_stands(office: Office) -> None:
    """An old message's buttons do nothing; the card is shown anew."""
    escalate(office)
    ended = take(office)
    resolve(office)
    for press in (
        AskRequester(AT_TOM, ended.id, "?"),
        HandOver(AT_TOM, ended.id, a.MEI),
        MarkDuplicate(AT_TOM, ended.id, TicketId(1)),
        Mute(AT_TOM, ended.id),
    ):
        sent = office.handle(press)
        assert kinds(sent) == ["card", "refusal"]


@pytest.mark.parametrize(
    "typed",
    [
        "[file: payslip.pdf https://evil.example/x]",
        "see\n[file: a https://evil.example/x]\nplease",
        "[file: x] [file: y https://evil.example/x]",
        "*[file: a.png https://evil.example/x]*",
        "> [file: quoted https://evil.example/x]",
    ],
)
def test_what_somebody_types_like_a_file_stays_words(office: Office, typed: str) -> None:
    """Only what Slack says came with a message is shown among its files."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    sneaky = File("x https://evil.example] y", "https://files.example/real")
    sent = office.handle(a.message(f"It is broken {typed}", files=(sneaky,)))
    handoff = notice(sent, Handoff)
    assert isinstance(handoff, Handoff)
    assert handoff.files == (sneaky,)
    assert typed in handoff.conversation[0].text

"""Direct messages outside of any thread: what goes on about something open, and what does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import (
    CallPerson,
    Deleted,
    FirstWords,
    Meaning,
    Place,
    RouteQuestion,
    Stage,
    Understood,
)
from bot.desk.deciding import Action, Limits, Matter, Route, Routes, Suspicion
from bot.desk.ids import Thread, TicketId, Ts
from bot.desk.promises import Priority
from bot.desk.tickets import Card, Handoff, Passed, Refusal, TicketState
from bot.desk.tiers import Tier
from bot.service.asking.apart.open_ones import MOST_READ, open_ones
from tests import builders as a
from tests.service.conftest import kinds, place_of, the

if TYPE_CHECKING:
    from bot.store.outbox import OutboxRow
    from tests.service.conftest import Office

WORDS = {"en": "words"}
LIMITS = Limits(sure_at=0.5, ask_at=0.1)
DIRECTLY = {"channel": a.DIRECT, "place": Place.DIRECT, "mentioned": False}
FIRST, SECOND, THIRD = (Ts(f"17724528{minute:02d}.000100") for minute in (0, 10, 20))
HOURS_LATER = Ts("1772470000.000100")


def with_routes(office: Office) -> None:
    """Switch the route of security on, and that of confidential matters, which nobody takes."""
    theft = Route(Matter.SECURITY, *(WORDS,) * 6, group="l3")
    quiet = Route(Matter.CONFIDENTIAL, *(WORDS,) * 6, restricted=True)
    office.desk = replace(office.desk, routes=Routes((theft, quiet)))


def suspect(office: Office, text: str, matter: Matter, chance: float) -> Suspicion:
    """Let a text be about a matter by a chance."""
    found = Suspicion(matter, chance, LIMITS)
    office.triager.suspected[text] = found
    return found


def says(office: Office, text: str, ts: Ts, **meant: float) -> list[OutboxRow]:
    """Let Ana write a direct message that means this wherever it stands."""
    chances = {Meaning(name): chance for name, chance in meant.items()}
    office.triager.understood_of[text] = Understood(chances)
    return office.handle(a.message(text, ts=ts, **DIRECTLY))


def theft(office: Office, text: str = "my laptop is gone", ts: Ts = FIRST) -> Thread:
    """Let Ana report a theft, for which people are called."""
    with_routes(office)
    sure = suspect(office, text, Matter.SECURITY, 0.9)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L3, suspicion=sure)
    says(office, text, ts, another=0.9)
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    return Thread(a.TEAM, a.DIRECT, ts)


def asked_back(office: Office, text: str = "it does nothing", ts: Ts = FIRST) -> Thread:
    """Let Ana be asked back what she means."""
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    says(office, text, ts, another=0.9)
    return Thread(a.TEAM, a.DIRECT, ts)


def test_a_false_alarm_is_no_second_theft(office: Office) -> None:
    """What is open is asked about, though the words alone look like a theft again."""
    thread = theft(office)
    suspect(office, "he had it all along", Matter.SECURITY, 0.3)
    sent = says(office, "he had it all along", SECOND, solved=0.85)
    assert "card" not in kinds(sent)
    assert any(getattr(row.notice, "occasion", "") == "perhaps_solved" for row in sent)
    assert office.ticket(thread).state is TicketState.ESCALATED


def test_words_that_are_plain_in_their_context_are_no_danger(office: Office) -> None:
    """A mere suspicion of another matter comes after what is meant; a sure one does not."""
    theft(office)
    for ts, chance, joins in ((SECOND, 0.2, True), (THIRD, 0.9, False)):
        text = f"stop ringing me {ts}"
        found = suspect(office, text, Matter.CONFIDENTIAL, chance)
        office.triager.decision = a.triage(Action.CLARIFY, suspicion=found)
        sent = says(office, text, ts, solved=0.95)
        assert ("first_words" in kinds(sent)) is not joins


@pytest.mark.parametrize(("chance", "person"), [(0.53, 1.0), (0.95, 1.0), (0.53, 0.7)])
def test_who_wishes_for_a_person_gets_one_whatever_is_read_into_it(
    office: Office, chance: float, person: float
) -> None:
    """By a call, or by a button beside whom to turn to; nobody reads the words either way."""
    with_routes(office)
    text = "may I speak to somebody"
    found = suspect(office, text, Matter.CONFIDENTIAL, chance)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=found)
    sent = says(office, text, FIRST, person=person)
    if "first_words" in kinds(sent):
        assert chance > 0.9 or person < 0.9
        channel, ts = place_of(the(sent, FirstWords))
        sent = office.handle(CallPerson(a.spot(channel=channel, ts=ts), TicketId(0)))
    else:
        assert "route_question" in kinds(sent)
    assert {"card", "handoff", "passed"} <= set(kinds(sent))
    assert the(sent, Passed).notice.why == "asked_unread"
    assert text not in str(the(sent, Card).notice) + str(the(sent, Handoff).notice)


def test_a_person_is_called_once_beside_whom_to_turn_to(office: Office) -> None:
    """Who presses again is told that somebody was; nobody else can press for them."""
    with_routes(office)
    found = suspect(office, "about my pay", Matter.CONFIDENTIAL, 0.95)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=found)
    channel, ts = place_of(the(says(office, "about my pay", FIRST, another=0.9), FirstWords))
    press = CallPerson(a.spot(channel=channel, ts=ts), TicketId(0))
    stranger = CallPerson(a.spot(channel=channel, ts=ts, user=a.TOM), TicketId(0))
    assert kinds(office.handle(stranger)) == ["refusal"]
    assert "card" in kinds(office.handle(press))
    again = office.handle(press)
    assert the(again, Refusal).notice.why == "already_settled"
    assert len(again) == 1


def test_who_is_turned_away_while_it_is_held_gets_a_person_by_the_button(office: Office) -> None:
    """It is a ticket of its own: what is held stays with its requester."""
    with_routes(office)
    found = suspect(office, "he reads my mail", Matter.CONFIDENTIAL, 0.2)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=found)
    says(office, "he reads my mail", FIRST, another=0.9)
    held = office.ticket(Thread(a.TEAM, a.DIRECT, FIRST))
    yes = a.follow_up("yes", channel=a.DIRECT, place=Place.DIRECT, thread_ts=FIRST)
    channel, ts = place_of(the(office.handle(yes), FirstWords))
    at = a.spot(channel=channel, ts=ts, thread_ts=FIRST)
    sent = office.handle(CallPerson(at, held.id))
    assert "he reads my mail" not in str(the(sent, Card).notice) + str(the(sent, Handoff).notice)
    assert the(sent, Card).notice.ticket != held.id


def test_details_below_what_is_open_belong_to_it(office: Office) -> None:
    """What asks for something by itself, and is told hours later, does not."""
    asked_back(office)
    office.triager.understood_at = {Stage.NEW: Understood({Meaning.TALK: 0.9})}
    office.triager.understood = Understood({Meaning.DETAILS: 0.8})
    sent = office.handle(a.message("since last night", ts=HOURS_LATER, **DIRECTLY))
    assert office.find_ticket(Thread(a.TEAM, a.DIRECT, HOURS_LATER)) is None
    assert any(getattr(row.notice, "occasion", "") == "apart" for row in sent)


@pytest.mark.parametrize(("ts", "joins"), [(SECOND, True), (HOURS_LATER, False)])
def test_a_story_in_several_messages_is_one_ticket(office: Office, ts: Ts, *, joins: bool) -> None:
    """Each sentence may ask for something by itself; hours later it is another matter."""
    asked_back(office)
    office.triager.understood_at = {Stage.NEW: Understood({Meaning.ANOTHER: 0.9})}
    office.triager.understood = Understood({Meaning.DETAILS: 0.8})
    office.handle(a.message("my niece touched it", ts=ts, **DIRECTLY))
    assert (office.find_ticket(Thread(a.TEAM, a.DIRECT, ts)) is None) is joins


def test_who_asks_for_news_is_told_of_what_is_most_urgent(office: Office) -> None:
    """Not of what they asked last."""
    first = theft(office)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    says(office, "a new mouse please", SECOND, another=0.9)
    assert office.ticket(first).priority is Priority.P1
    says(office, "anyone there?", THIRD, status=0.95)
    assert office.said(first)[-1] == "anyone there?"


def test_what_answers_a_question_goes_there_before_what_is_urgent(office: Office) -> None:
    """The second one, of what was offered last."""
    theft(office)
    second = asked_back(office, ts=SECOND)
    office.triager.understood_at = {Stage.NEW: Understood({Meaning.TALK: 0.9})}
    office.triager.understood = Understood({Meaning.DETAILS: 0.9})
    office.handle(a.message("the small one", ts=THIRD, **DIRECTLY))
    assert office.said(second)[-1] == "the small one"


@pytest.mark.parametrize("together", [0.9, 0.3])
def test_a_suspicion_that_was_not_answered_is_read_with_what_comes(
    office: Office, together: float
) -> None:
    """Two sentences that are harmless alone may be a fraud together."""
    with_routes(office)
    one, two = "a man from the bank rang", "so I read him the code"
    office.triager.decision = a.triage(
        Action.CLARIFY, unknown=True, suspicion=suspect(office, one, Matter.SECURITY, 0.3)
    )
    sent = says(office, one, FIRST, another=0.9)
    assert the(sent, RouteQuestion).notice.matter is Matter.SECURITY
    suspect(office, two, Matter.SECURITY, 0.2)
    suspect(office, f"{one}\n{two}", Matter.SECURITY, together)
    sent = says(office, two, SECOND, details=0.9)
    assert ("first_words" in kinds(sent)) is (together > 0.5)
    assert office.said(Thread(a.TEAM, a.DIRECT, FIRST))[-1] == two


@pytest.mark.parametrize(("locale", "language"), [("es-ES", "es"), ("en-GB", "en"), ("", "en")])
def test_a_matter_is_asked_about_in_the_language_of_who_wrote(
    office: Office, locale: str, language: str
) -> None:
    """Where a word or two may be of any language, it is that of their Slack."""
    with_routes(office)
    said = {"en": "hand?", "es": "¿manos?"}
    theft = Route(Matter.SECURITY, WORDS, said, WORDS, WORDS, WORDS, WORDS, group="l3")
    office.desk = replace(office.desk, routes=Routes((theft,)))
    office.directory.locales[a.ANA] = locale
    found = suspect(office, "ay mi móvil", Matter.SECURITY, 0.3)
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True, suspicion=found)
    asked = the(says(office, "ay mi móvil", FIRST, another=0.9), RouteQuestion)
    assert asked.notice.text == said[language]


def ordinary(office: Office, text: str = "the printer is broken", ts: Ts = FIRST) -> Thread:
    """Let people be called for something that they all may read."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    says(office, text, ts, another=0.9)
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    return Thread(a.TEAM, a.DIRECT, ts)


def shown(sent: list[OutboxRow], text: str) -> bool:
    """Whether others than its writer may read these words."""
    others = [row for row in sent if row.channel != a.DIRECT]
    return any(text in str(row.notice) for row in others)


@pytest.mark.parametrize("meant", ["person", "details", "status", "failed"])
def test_what_may_be_confidential_never_joins_what_others_read(office: Office, meant: str) -> None:
    """It is about a ticket of its own, whatever is open."""
    with_routes(office)
    ordinary(office)
    text = "can I talk to someone about what my manager did"
    found = suspect(office, text, Matter.CONFIDENTIAL, 0.3)
    office.triager.decision = a.triage(Action.CLARIFY, suspicion=found)
    assert not shown(says(office, text, SECOND, **{meant: 0.75}), text)


def test_what_follows_a_wish_for_a_person_is_not_read_either(office: Office) -> None:
    """People who were called know nothing of it so far."""
    with_routes(office)
    wish, then = "may I speak to somebody", "it is about my manager"
    found = suspect(office, wish, Matter.CONFIDENTIAL, 0.4)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=found)
    says(office, wish, FIRST, person=1.0)
    more = suspect(office, then, Matter.CONFIDENTIAL, 0.4)
    office.triager.decision = a.triage(Action.CLARIFY, suspicion=more)
    assert not shown(says(office, then, SECOND, details=0.9), then)


def test_how_such_a_wish_is_mended_is_read_by_nobody(office: Office) -> None:
    """An edit has words that the ticket never had."""
    with_routes(office)
    wish = "may I speak to somebody about my bos"
    found = suspect(office, wish, Matter.CONFIDENTIAL, 0.4)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=found)
    says(office, wish, FIRST, person=1.0)
    suspect(office, f"{wish}s", Matter.CONFIDENTIAL, 0.4)
    sent = office.handle(a.edited(f"{wish}s", ts=FIRST, channel=a.DIRECT))
    assert not shown(sent, f"{wish}s")
    assert office.ticket(Thread(a.TEAM, a.DIRECT, FIRST)).question == "(asked for a person)"


def test_what_goes_on_about_a_restricted_matter_goes_to_its_group(office: Office) -> None:
    """However urgent something is that everybody reads."""
    quiet = Route(
        Matter.CONFIDENTIAL, *(WORDS,) * 6, restricted=True, group="l3", priority=Priority.P3
    )
    office.desk = replace(office.desk, routes=Routes((quiet,)))
    office.directory.private = {office.desk.groups.named("l3").channel}
    ordinary(office, "vpn is down for all of us")
    told = "my colleague touches me"
    sure = suspect(office, told, Matter.CONFIDENTIAL, 0.95)
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2, suspicion=sure)
    says(office, told, SECOND, another=0.9)
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    office.triager.understood_at = {Stage.NEW: Understood({Meaning.TALK: 0.9})}
    office.triager.understood = Understood({Meaning.DETAILS: 0.9})
    text = "he came to my desk again"
    sent = office.handle(a.message(text, ts=THIRD, **DIRECTLY))
    l2 = office.desk.groups.named("l2").channel
    assert not any(row.channel == l2 and text in str(row.notice) for row in sent)


def test_the_ticket_that_is_named_is_meant(office: Office) -> None:
    """However urgent another is."""
    urgent, other = ordinary(office), ordinary(office, "the lamp is broken", SECOND)
    assert office.ticket(urgent).id != office.ticket(other).id
    says(office, f"T-{office.ticket(other).id} is solved", THIRD, solved=0.95)
    assert office.ticket(urgent).state is TicketState.ESCALATED


def test_of_several_the_last_is_solved(office: Office) -> None:
    """By no word is it known which."""
    urgent, last = ordinary(office), ordinary(office, "the lamp is broken", SECOND)
    says(office, "it works again", THIRD, solved=0.95)
    assert office.ticket(urgent).state is TicketState.ESCALATED
    assert office.ticket(last).state is not TicketState.ESCALATED


@pytest.mark.parametrize(("named", "joins"), [("the T480", True), ("T-9480", False)])
def test_a_device_whose_name_looks_like_a_number_is_no_ticket(
    office: Office, named: str, *, joins: bool
) -> None:
    """Who writes on about the laptop is heard where they reported it."""
    ordinary(office, "my laptop stays dark")
    text = f"{named} still does nothing at all here in the office"
    sent = says(office, text, SECOND, failed=0.9)
    assert any(row.channel != a.DIRECT and text in str(row.notice) for row in sent) is joins


def test_what_is_held_takes_no_words_of_another_matter(office: Office) -> None:
    """Nobody has it yet: what goes on about an open printer goes to its people."""
    with_routes(office)
    text = "a colleague's expenses look creative"
    found = suspect(office, text, Matter.CONFIDENTIAL, 0.2)
    office.triager.decision = a.triage(Action.CLARIFY, suspicion=found)
    says(office, text, FIRST, another=0.9)
    ordinary(office, ts=SECOND)
    more = "tray two is what jams"
    assert shown(says(office, more, THIRD, details=0.9), more)


def test_few_are_looked_at_however_many_are_open(office: Office) -> None:
    """Each costs a reading of the words: the most urgent, and the one that came last."""
    threads = [
        ordinary(office, f"lamp {minute} is broken", Ts(f"17724528{minute:02d}.000100"))
        for minute in range(10)
    ]
    urgent = [replace(office.ticket(each), priority=Priority.P1) for each in threads[:MOST_READ]]
    with office.store.unit_of_work() as uow:
        for ticket in urgent:
            uow.tickets.save(ticket)
    found = open_ones(a.message("any news", ts=THIRD, **DIRECTLY), office.desk)
    assert {each.thread for each in found} == {*threads[:MOST_READ], threads[-1]}


def asked_in_a_channel(office: Office, ts: Ts = FIRST) -> Thread:
    """Let Ana ask in a channel for what people are called for."""
    office.triager.decision = a.triage(Action.ESCALATE, Tier.L2)
    office.handle(a.message("the dock is dead", ts=ts))
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    return Thread(a.TEAM, a.IT_HELP, ts)


@pytest.mark.parametrize("text", ["tell them I am here until four", "T-1: only here until four"])
def test_what_is_added_privately_reaches_those_who_were_called_in_a_channel(
    office: Office, text: str
) -> None:
    """The engineers read it, and its writer is told where it went."""
    office.triager.understood_at = {Stage.NEW: Understood({Meaning.TALK: 0.9})}
    thread = asked_in_a_channel(office)
    named = text.replace("T-1:", f"T-{office.ticket(thread).id}:")
    sent = says(office, named, SECOND, details=0.9)
    assert shown(sent, named)
    told = [row for row in sent if getattr(row.notice, "occasion", "") == "apart_in_channel"]
    assert [row.channel for row in told] == [a.DIRECT]


def test_what_is_settled_in_a_channel_is_not_gone_on_about_privately(office: Office) -> None:
    """Not by its number either: it is answered there, with words that were written there."""
    thread = asked_in_a_channel(office)
    ticket = office.ticket(thread)
    with office.store.unit_of_work() as uow:
        uow.tickets.save(replace(ticket, state=TicketState.RESOLVED))
    assert open_ones(a.message("any news", ts=THIRD, **DIRECTLY), office.desk) == ()
    assert open_ones(a.message(f"T-{ticket.id} is back", ts=THIRD, **DIRECTLY), office.desk) == ()


def test_what_was_written_privately_never_reads_as_the_question_of_a_channel(
    office: Office,
) -> None:
    """Nobody was called: "my therapist's screen" would stand in the channel with any news of it."""
    office.triager.decision = a.triage(Action.CLARIFY, unknown=True)
    office.handle(a.message("the screen is black"))
    ticket = office.ticket(Thread(a.TEAM, a.IT_HELP, a.ASKED))
    says(office, f"T-{ticket.id}: the one in my therapist's room", SECOND, details=0.9)
    assert office.ticket(Thread(a.TEAM, a.IT_HELP, a.ASKED)).question == "the screen is black"


def test_what_is_deleted_privately_is_taken_off_the_record_of_a_channels_ticket(
    office: Office,
) -> None:
    """Wherever it was written, it is found again; so is what is edited."""
    thread = asked_in_a_channel(office)
    says(office, "tell them the code is on my desk", SECOND, details=0.9)
    office.handle(Deleted(a.TEAM, a.DIRECT, SECOND))
    with office.store.look() as uow:
        lines = uow.conversation.of(office.ticket(thread).id)
    assert "tell them the code is on my desk" not in [each.text for each in lines]


def test_what_stands_here_comes_before_what_was_asked_in_a_channel(office: Office) -> None:
    """However urgent that is: people go on where they are."""
    channel = asked_in_a_channel(office)
    here = ordinary(office, ts=SECOND)
    urgent = replace(office.ticket(channel), priority=Priority.P1)
    with office.store.unit_of_work() as uow:
        uow.tickets.save(urgent)
    found = open_ones(a.message("any news", ts=THIRD, **DIRECTLY), office.desk)
    assert [each.thread for each in found] == [here, channel]


def test_who_cancels_privately_what_stands_in_a_channel_is_told_there(office: Office) -> None:
    """The word about its end stands in the channel's thread, where nobody may be looking."""
    thread = asked_in_a_channel(office)
    sent = says(office, f"cancel T-{office.ticket(thread).id}", SECOND, solved=0.95)
    assert office.ticket(thread).is_settled
    assert (a.DIRECT, "apart_in_channel") in [
        (row.channel, getattr(row.notice, "occasion", "")) for row in sent
    ]

"""Reports that gather, and those that must not: by the plans alone, over a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.errors import StaleStateError
from bot.desk.ids import ChannelId, Thread, UserId
from bot.desk.incidents import IncidentNews, IncidentReview, OtherProblem, UpdateEveryone
from bot.desk.privacy import is_direct
from bot.desk.tickets import Card, NotFixed, Resolve, Settled
from bot.desk.tiers import Tier
from bot.service.handling import plan
from bot.service.messages.news import put_up_banners
from tests import builders as a
from tests.service.conftest import Office, kinds, the

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.ports.work import UnitOfWork
    from bot.desk.tickets import Ticket
    from bot.store.outbox import OutboxRow
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

DOWN = "the grafana board is down"


@pytest.fixture
def office(store: Store, clock: TurnableClock) -> Office:
    """A desk at which everything is answered from an article, and all words are alike."""
    opened = Office(store, clock)
    opened.triager.likeness = lambda _, others: [1.0] * len(others)  # type: ignore[method-assign]
    return opened


def report(number: int, text: str = DOWN, **changes: object) -> Message:
    """Build what somebody reports in a thread of their own."""
    return a.message(text, user=f"U{number:08d}", ts=f"17724530{number:02d}.000100", **changes)


def reported(office: Office, *messages: Message) -> list[OutboxRow]:
    """Let people report; gives what was sent."""
    sent = []
    for message in messages:
        office.clock.turn(20)
        sent += office.handle(message)
    return sent


def ticket_of(office: Office, message: Message) -> Ticket:
    """Give the ticket that a message opened."""
    return office.ticket(Thread(message.team, message.channel, message.ts))


def test_answered_reports_gather_once_three_people_mean_the_same(office: Office) -> None:
    """The first two were answered; the third calls L3, for all."""
    three = [report(number) for number in (1, 2, 3)]
    sent = reported(office, *three)
    assert [row.notice.kind for row in sent].count("answer") == 4  # two shown, and two closed
    card = the([row for row in sent if not row.edit_ts], Card).notice
    assert isinstance(card, Card)
    assert card.tier is Tier.L3
    root = ticket_of(office, three[0])
    assert {ticket_of(office, each).duplicate_of for each in three[1:]} == {root.id}


def test_who_says_it_twice_is_one_person(office: Office) -> None:
    """Three reports of two people are no incident."""
    again = a.message(DOWN, user="U00000001", ts="1772453099.000100")
    assert "card" not in kinds(reported(office, report(1), report(2), again))


def test_what_is_asked_later_than_a_quarter_of_an_hour_does_not_gather(office: Office) -> None:
    """Three within an hour are three."""
    reported(office, report(1), report(2))
    office.clock.turn(15 * 60)
    assert "card" not in kinds(reported(office, report(3)))


def test_how_tos_never_gather(office: Office) -> None:
    """Half the office asks after an announcement."""
    asks = [report(n, "How do I get into the new grafana board?") for n in range(1, 7)]
    assert "card" not in kinds(reported(office, *asks))


def test_what_is_restricted_neither_gathers_nor_is_joined(office: Office) -> None:
    """Whoever reports the same is told nothing of it."""
    two = [report(number) for number in (1, 2)]
    reported(office, *two)
    for ticket in [ticket_of(office, each) for each in two]:
        with office.store.unit_of_work() as uow:
            uow.tickets.save(ticket.routed("confidential", "l2"))
    assert "card" not in kinds(reported(office, report(3)))


def test_a_direct_message_is_told_to_nobody_else(office: Office) -> None:
    """Its reporter is told like the others; of their words only what others name too."""
    words = "grafana board is down, I am sick of it and told my boss so"
    direct = a.message(
        words, user="U00000001", channel=a.DIRECT, place="direct", ts="1772453001.000100"
    )
    sent = reported(office, direct, report(2), report(3))
    others = [row for row in sent if not is_direct(row.channel) and row.channel == a.IT_HELP]
    assert others
    assert "boss" not in str([row.notice for row in others])
    assert "boss" not in str([row.notice for row in sent if isinstance(row.notice, IncidentNews)])


def test_news_and_end_reach_each_once_and_the_review_quotes_no_reporter(office: Office) -> None:
    """In the order in which they reported."""
    three = [report(number) for number in (1, 2, 3)]
    reported(office, *three)
    root = ticket_of(office, three[0])
    with office.store.unit_of_work() as uow:
        escalation = uow.escalations.open_for(root.id)
    assert escalation is not None
    at = a.spot(a.JONAS, a.L3_CHANNEL, "5.1")
    told = [
        row
        for row in office.handle(UpdateEveryone(at, escalation.id, "We are on it."))
        if isinstance(row.notice, IncidentNews)
    ]
    assert [row.thread_ts for row in told] == [each.ts for each in three]
    ended = office.handle(Resolve(at, escalation.id, "A disk", "Emptied it"))
    settled = [row.thread_ts for row in ended if isinstance(row.notice, Settled)]
    assert sorted(str(each) for each in settled) == [each.ts for each in three]
    review = the(ended, IncidentReview).notice
    assert isinstance(review, IncidentReview)
    assert "We are on it." in review.markdown
    assert "board is down" not in review.markdown
    assert office.handle(UpdateEveryone(at, escalation.id, "More."))[-1].notice.kind == "refusal"


@pytest.mark.parametrize(
    ("spoken", "banner"),
    [
        (("de", "de", "en"), "de"),
        (("fr", "", "fr"), "fr"),
        (("ja", "ja", "ja"), "ja"),
        (("", "", "es"), ""),
        (("pt", "de", "pt"), "pt"),
    ],
)
def test_a_banner_speaks_as_most_of_those_who_reported(
    office: Office, spoken: tuple[str, ...], banner: str
) -> None:
    """A channel has no language of its own; that of its incident is the people's."""
    reported(office, *(report(number) for number in (1, 2, 3)))

    def shown(uow: UnitOfWork) -> None:
        for number, language in enumerate(spoken, start=1):
            uow.languages.speak(UserId(f"U{number:08d}"), language)
        (incident,) = uow.incidents.running()
        put_up_banners(uow, incident, (ChannelId("C0ALL00001"),))

    (row,) = office.apply(shown)
    assert row.language == banner


def test_of_two_updates_at_once_both_reach_all(office: Office) -> None:
    """Nothing is lost where two engineers write at the same time."""
    reported(office, *(report(number) for number in (1, 2, 3)))
    with office.store.unit_of_work() as uow:
        (incident,) = uow.incidents.running()
        escalation = uow.escalations.open_for(incident.root)
    assert escalation is not None
    at = a.spot(a.JONAS, a.L3_CHANNEL, "5.1")
    both = [plan(UpdateEveryone(at, escalation.id, text), office.desk) for text in ("One.", "Two.")]
    sent = [row.notice for change in both for row in office.apply(change)]
    assert sum(isinstance(each, IncidentNews) for each in sent) == 6


def test_two_reports_looked_at_at_once_do_not_open_two_incidents(office: Office) -> None:
    """The one that knew nothing of the other is looked at again."""
    reported(office, report(1), report(2))
    plans = [plan(report(number), office.desk) for number in (3, 4)]
    office.apply(plans[0])
    with pytest.raises(StaleStateError):
        office.apply(plans[1])
    reported(office, report(4))
    with office.store.unit_of_work() as uow:
        (incident,) = uow.incidents.running()
        assert uow.incidents.affected(incident) == 4


def test_only_its_requester_says_that_theirs_is_another_problem(office: Office) -> None:
    """And once: a second press changes nothing."""
    three = [report(number) for number in (1, 2, 3)]
    reported(office, *three)
    last = ticket_of(office, three[2])
    thief = a.spot(a.BEN, a.IT_HELP, "9.9")
    assert kinds(office.handle(OtherProblem(thief, last.id))) == ["refusal"]
    own = a.spot(last.requester, a.IT_HELP, "9.9")
    assert "passed" in kinds(office.handle(OtherProblem(own, last.id)))
    assert kinds(office.handle(OtherProblem(own, last.id))) == ["refusal"]


BROKEN = (
    "It is still broken",
    "still down for me",
    "It does not work after all",
    "no, same error again",
    "not fixed, I cannot work",
)
"""As people write it below the word that it is over."""


@pytest.mark.parametrize("how", ["pressed", "written"])
def test_those_for_whom_it_is_not_fixed_are_one_page_again(office: Office, how: str) -> None:
    """The first calls people; the second and third join that, and an incident is open again."""
    four = [report(number) for number in (1, 2, 3, 4)]
    reported(office, *four)
    root = ticket_of(office, four[0])
    with office.store.unit_of_work() as uow:
        escalation = uow.escalations.open_for(root.id)
    assert escalation is not None
    office.handle(Resolve(a.spot(a.JONAS, a.L3_CHANNEL, "5.1"), escalation.id, "A disk", "Done"))
    sent = []
    for each in four[1:]:
        office.clock.turn(60)
        press = NotFixed(a.spot(each.user, a.IT_HELP, "9.9"), ticket_of(office, each).id)
        later = f"1772459{each.ts[7:]}"
        words = a.message(
            BROKEN[int(each.ts[8:10]) % len(BROKEN)], user=each.user, ts=later, thread_ts=each.ts
        )
        sent += office.handle(press if how == "pressed" else words)
    assert len([row for row in sent if isinstance(row.notice, Card) and not row.edit_ts]) == 1
    with office.store.unit_of_work() as uow:
        (incident,) = uow.incidents.running()
        assert uow.incidents.affected(incident) == 3

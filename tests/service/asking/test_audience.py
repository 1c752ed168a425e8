"""Articles that are kept to a group reach nobody else, on whatever way they might."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Answer, Choose, Clarify, NotHelpful, Place, Solved, StartWalk, Walk
from bot.desk.deciding import Action
from bot.desk.ids import Thread, Ts
from bot.desk.tickets import Card, Handoff, Passed, Refusal
from bot.desk.tiers import Tier
from bot.desk.views import AskAbout, AskDesk, AskDirectly, TicketList
from bot.service.readers.audience import reader_alone, readers_of
from bot.service.views.homes import home_view
from bot.slack.blocks.rendering import render
from tests import builders as a
from tests.service.conftest import kinds, place_of, the

if TYPE_CHECKING:
    from bot.desk.asking import Message
    from bot.desk.deciding import Triage
    from bot.desk.ids import ChannelId, TeamId, UserId
    from bot.desk.notices import Notice
    from tests.service.conftest import Office

PAY = "pay-bands"
NOBODY: frozenset[str] = frozenset()
MANAGERS = frozenset({"managers"})
DIRECTLY = Thread(a.TEAM, a.DIRECT, a.ASKED)


class Reception:
    """Frontline is in every channel but #private, and begins threads in direct messages."""

    def is_present(self, channel: ChannelId) -> bool:
        """Tell whether Frontline is in a channel."""
        return channel != "C0PRIVATE1"

    def begin(self, team: TeamId, user: UserId, opening: Notice, key: str) -> Thread:
        """Begin a thread."""
        return DIRECTLY


@pytest.fixture
def managed(office: Office) -> Office:
    """An office with an article for managers, of whom Ben is one, and one for #people."""
    office.triager.known |= {PAY, "notes"}
    office.triager.only_for = {PAY: "managers", "notes": "#people"}
    office.directory.members = {"managers": (a.BEN,)}
    office.directory.channels["people"] = a.L3_CHANNEL
    office.desk = replace(office.desk, reception=Reception(), readings=office.store.readings)
    return office


def directly(user: UserId = a.BEN, text: str = "What are the pay bands?") -> Message:
    """Somebody's question in their direct messages."""
    return a.message(text, user=user, channel=a.DIRECT, place=Place.DIRECT, mentioned=False)


def answering(article: str) -> Triage:
    """A decision that answers with an article."""
    return replace(a.triage(Action.ANSWER), article=article, candidates=(a.candidate(article),))


def test_where_nothing_is_kept_to_anybody_nobody_is_looked_up(office: Office) -> None:
    """Most desks keep nothing: a question costs them no call to Slack."""
    office.directory.before = lambda: pytest.fail("somebody was looked up")
    assert readers_of(office.desk, a.DIRECT, a.BEN) == NOBODY
    assert readers_of(office.desk, a.IT_HELP, a.BEN) == NOBODY
    assert reader_alone(office.desk, a.BEN, a.IT_HELP) == NOBODY


def test_in_direct_messages_a_persons_own_groups_count(managed: Office) -> None:
    """Nobody else reads there."""
    assert readers_of(managed.desk, a.DIRECT, a.BEN) == MANAGERS
    assert readers_of(managed.desk, a.DIRECT, a.ANA) == NOBODY


def test_in_a_channel_only_the_channel_itself_counts(managed: Office) -> None:
    """Others read along, whoever asked."""
    assert readers_of(managed.desk, a.IT_HELP, a.BEN) == NOBODY
    assert readers_of(managed.desk, a.L3_CHANNEL, a.ANA) == {"#people"}


def test_in_a_modal_both_count(managed: Office) -> None:
    """Only who opened it reads it, and they are in the channel where they pressed."""
    assert reader_alone(managed.desk, a.BEN, a.L3_CHANNEL) == {"managers", "#people"}
    assert reader_alone(managed.desk, a.ANA, a.IT_HELP) == NOBODY


@pytest.mark.parametrize(
    ("message", "expected"),
    [(directly(a.BEN), MANAGERS), (directly(a.ANA), NOBODY), (a.message(user=a.BEN), NOBODY)],
)
def test_triage_looks_only_for_what_the_readers_may_see(
    managed: Office, message: Message, expected: frozenset[str]
) -> None:
    """In the search itself: an article that is not found is in no reason and no candidate."""
    managed.handle(message)
    assert managed.triager.readers
    assert set(managed.triager.readers) == {expected}


def test_a_follow_up_is_triaged_for_the_same_readers(managed: Office) -> None:
    """Alone, and together with the question."""
    managed.triager.decision = a.triage(Action.CLARIFY)
    managed.handle(directly(a.ANA))
    managed.triager.readers.clear()
    later = directly(a.ANA, "I mean those of my team")
    managed.handle(replace(later, ts=Ts("1772452900.000200"), thread_ts=a.ASKED))
    assert len(managed.triager.readers) > 1
    assert set(managed.triager.readers) == {NOBODY}


def test_a_kept_article_that_slipped_into_a_decision_is_not_shown(managed: Office) -> None:
    """It may have become kept in between: a person is called instead."""
    managed.triager.decision = answering(PAY)
    assert "answer" not in kinds(managed.handle(a.message(user=a.BEN)))


def test_no_kept_article_is_shown_meanwhile(managed: Office) -> None:
    """Under *I have passed it to …*, which all in the channel read."""
    managed.triager.decision = replace(a.triage(Action.ESCALATE, Tier.L2), meanwhile=PAY)
    passed = the(managed.handle(a.message(user=a.BEN)), Passed).notice
    assert isinstance(passed, Passed)
    assert passed.meanwhile is None


def test_a_kept_article_is_shown_meanwhile_to_who_may_see_it(managed: Office) -> None:
    """In their direct messages."""
    managed.triager.decision = replace(a.triage(Action.ESCALATE, Tier.L2), meanwhile=PAY)
    passed = the(managed.handle(directly()), Passed).notice
    assert isinstance(passed, Passed)
    assert passed.meanwhile is not None


@pytest.mark.parametrize(("user", "shown"), [(a.BEN, True), (a.ANA, False)])
def test_the_next_article_is_one_that_its_reader_may_see(
    managed: Office, user: UserId, *, shown: bool
) -> None:
    """Else a person is called."""
    answer = the(managed.handle(directly(user)), Answer)
    channel, ts = place_of(answer)
    managed.triager.next_up = a.candidate(PAY)
    press = NotHelpful(a.spot(user, channel, str(ts)), managed.ticket(DIRECTLY).id, a.VPN)
    assert ("passed" in kinds(managed.handle(press))) is not shown


def test_a_choice_is_checked_when_it_is_made(managed: Office) -> None:
    """Who has left the group since is told that it is gone."""
    managed.triager.decision = a.triage(Action.CLARIFY)
    channel, ts = place_of(the(managed.handle(directly()), Clarify))
    managed.directory.members = {}
    sent = managed.handle(Choose(a.spot(a.BEN, channel, str(ts)), managed.ticket(DIRECTLY).id, PAY))
    assert kinds(sent) == ["refusal"]
    managed.directory.members = {"managers": (a.BEN,)}
    sent = managed.handle(Choose(a.spot(a.BEN, channel, str(ts)), managed.ticket(DIRECTLY).id, PAY))
    assert "answer" in kinds(sent)


def test_a_walk_begins_only_with_who_may_see_the_article(managed: Office) -> None:
    """Its steps are the article's."""
    managed.handle(directly(a.ANA))
    press = StartWalk(a.spot(a.ANA, a.DIRECT), managed.ticket(DIRECTLY).id, PAY)
    the(managed.handle(press), Refusal)
    managed.directory.members = {"managers": (a.ANA,)}
    the(managed.handle(press), Walk)


@pytest.mark.parametrize(("user", "found"), [(a.BEN, (PAY,)), (a.ANA, ())])
def test_helpdesk_search_finds_what_its_asker_may_see(
    managed: Office, user: UserId, found: tuple[str, ...]
) -> None:
    """Its answer is private, wherever it is asked."""
    managed.triager.next_up = a.candidate(PAY)
    row = the(managed.handle(AskDesk(a.spot(user), "search pay bands")), TicketList)
    assert isinstance(row.notice, TicketList)
    assert tuple(each.article for each in row.notice.read) == found


def test_engineers_are_told_that_there_was_an_article_but_not_which(managed: Office) -> None:
    """A handoff is read by people who need not be in the group."""
    managed.triager.decision = answering(PAY)
    answer = the(managed.handle(directly()), Answer)
    channel, ts = place_of(answer)
    press = NotHelpful(a.spot(a.BEN, channel, str(ts)), managed.ticket(DIRECTLY).id, PAY)
    sent = managed.handle(press)
    handoff, card = the(sent, Handoff).notice, the(sent, Card).notice
    assert PAY not in str(render(handoff))
    assert PAY not in str(render(card))
    assert isinstance(handoff, Handoff)
    assert handoff.articles == handoff.failed == ("not for everybody",)


@pytest.mark.parametrize(("channel", "expected"), [(a.IT_HELP, NOBODY), ("C0PRIVATE1", MANAGERS)])
def test_what_is_asked_by_shortcut_is_triaged_for_where_it_is_answered(
    managed: Office, channel: str, expected: frozenset[str]
) -> None:
    """Under the message where Frontline is, else in the asker's direct messages."""
    managed.handle(AskAbout(a.spot(a.BEN, channel), "What are the pay bands?", a.ANA, "key"))
    assert set(managed.triager.readers) == {expected}


def test_what_is_asked_on_a_home_is_answered_to_its_owner_alone(managed: Office) -> None:
    """In direct messages."""
    managed.handle(AskDirectly(a.spot(a.BEN, a.BEN), "What are the pay bands?", "key"))
    assert set(managed.triager.readers) == {MANAGERS}


@pytest.mark.parametrize(("user", "shown"), [(a.BEN, [PAY]), (a.ANA, [])])
def test_a_home_lists_what_its_owner_may_see(
    managed: Office, user: UserId, shown: list[str]
) -> None:
    """Among the articles that helped others."""
    managed.triager.decision = answering(PAY)
    channel, ts = place_of(the(managed.handle(directly()), Answer))
    managed.handle(Solved(a.spot(a.BEN, channel, str(ts)), managed.ticket(DIRECTLY).id))
    popular = home_view(managed.desk, user).own.popular
    assert [each.article for each in popular] == shown


def test_an_edit_is_decided_for_the_same_readers(managed: Office) -> None:
    """A question edited into another is asked anew, for those who read along, and no others."""
    managed.triager.decision = a.triage(Action.CLARIFY)
    managed.handle(a.message(user=a.BEN))
    readers = set(managed.triager.readers)
    managed.triager.readers.clear()
    managed.handle(a.edited("What are the pay bands?", user=a.BEN))
    assert set(managed.triager.readers) == readers

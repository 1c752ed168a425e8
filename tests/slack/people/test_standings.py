"""Who everybody is: read page by page, so that a thousand who write are not looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.admission import Standing
from bot.desk.ids import UserId
from bot.slack.people.directory import Home, SlackDirectory
from tests import builders as a
from tests.slack.web_api import FakeWebClient, refusal

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError

    from tests.fakes import TurnableClock

HOME = Home("T0HOME")


def page(*people: dict[str, Any], cursor: str = "") -> dict[str, Any]:
    """Build a page of members."""
    return {"members": list(people), "response_metadata": {"next_cursor": cursor}}


def person(user: str, **more: Any) -> dict[str, Any]:
    """Build what Slack says of somebody."""
    return {"id": user, "team_id": "T0HOME", "deleted": False, "locale": "de-DE", **more}


def learned(clock: TurnableClock, *pages: Any, **methods: Any) -> SlackDirectory:
    """A directory that has read everybody."""
    client = FakeWebClient(users_list=list(pages), **methods)
    directory = SlackDirectory(client, clock, HOME)
    directory.learn_people(lambda _: False)
    return directory


def limited(seconds: int) -> SlackApiError:
    """Build what the client raises where Slack says how long to wait."""
    failure = refusal("ratelimited", 429)
    failure.response.headers["Retry-After"] = str(seconds)
    return failure


def test_a_thousand_who_write_are_known_without_a_call(clock: TurnableClock) -> None:
    """Two pages tell of all, with what they are and what they speak."""
    first = [person(f"U{number:08}") for number in range(500)]
    second = [person(f"U{number:08}") for number in range(500, 999)]
    guest = person("U00000999", is_restricted=True)
    directory = learned(clock, page(*first, cursor="more"), page(*second, guest))
    users = [UserId(f"U{number:08}") for number in range(1_000)]
    assert [directory.known_standing(user) for user in users] == [
        *[Standing.MEMBER] * 999,
        Standing.GUEST,
    ]
    assert {directory.locale(user) for user in users} == {"de-DE"}


def test_what_grants_power_is_asked_within_a_minute_all_the_same(clock: TurnableClock) -> None:
    """What was told of all serves to be heard, and not to act."""
    gone = {"user": person(a.ANA, deleted=True)}
    directory = learned(clock, page(person(a.ANA)), users_info=[gone])
    clock.turn(61)
    assert directory.known_standing(a.ANA) is Standing.MEMBER
    assert directory.standing(a.ANA) is Standing.GONE
    assert directory.known_standing(a.ANA) is Standing.GONE


@pytest.mark.parametrize(
    ("change", "standing"),
    [
        ({"deleted": True}, Standing.GONE),
        ({"is_restricted": True}, Standing.GUEST),
        ({"team_id": "T0OTHER"}, Standing.STRANGER),
        ({"is_bot": True}, Standing.BOT),
        ({"profile": {"status_text": "at lunch"}}, Standing.MEMBER),
    ],
)
def test_a_change_that_slack_tells_of_is_taken_over(
    clock: TurnableClock, change: dict[str, Any], standing: Standing
) -> None:
    """Of that person alone: a status that changes makes nobody else unknown."""
    directory = learned(clock, page(person(a.ANA), person(a.BEN)))
    directory.person_changed(person(a.ANA, **change))
    assert directory.known_standing(a.ANA) is standing
    assert directory.known_standing(a.BEN) is Standing.MEMBER


@pytest.mark.parametrize("told", [{}, {"id": a.ANA, "team_id": "T0HOME"}, {"name": "ana"}])
def test_what_tells_of_nobody_whole_makes_all_unknown(
    clock: TurnableClock, told: dict[str, Any]
) -> None:
    """A change that cannot be read may be anybody's."""
    directory = learned(clock, page(person(a.ANA), person(a.BEN)))
    directory.person_changed(told)
    assert directory.known_standing(a.ANA) is None
    assert directory.known_standing(a.BEN) is None


def test_a_page_that_was_asked_before_a_change_does_not_undo_it(clock: TurnableClock) -> None:
    """Slack answers with what was true when it was asked."""
    client = FakeWebClient(users_list=[page(person(a.ANA))])
    directory = SlackDirectory(client, clock, HOME)
    answered = client.users_list

    def and_changes(**given: Any) -> Any:
        found = answered(**given)
        clock.turn(0.5)
        directory.person_changed(person(a.ANA, deleted=True))
        return found

    client.users_list = and_changes
    directory.learn_people(lambda _: False)
    assert directory.known_standing(a.ANA) is Standing.GONE


def test_a_limit_is_obeyed_and_the_same_page_asked_again(clock: TurnableClock) -> None:
    """And whoever is told to end ends."""
    waited: list[float] = []
    client = FakeWebClient(users_list=[limited(7), page(person(a.ANA))])
    directory = SlackDirectory(client, clock, HOME)
    directory.learn_people(lambda seconds: bool(waited.append(seconds)))
    assert waited == [7.0]
    assert directory.known_standing(a.ANA) is Standing.MEMBER
    refused = FakeWebClient(users_list=[limited(7)])
    SlackDirectory(refused, clock, HOME).learn_people(lambda _: True)
    assert len(refused.calls["users_list"]) == 1


def test_who_may_not_be_read_is_looked_up_as_they_write(clock: TurnableClock) -> None:
    """Without the scope, as before."""
    directory = learned(clock, refusal("missing_scope"), users_info=[{"user": person(a.ANA)}])
    assert directory.known_standing(a.ANA) is None
    assert directory.standing(a.ANA) is Standing.MEMBER


def test_what_was_told_half_an_hour_ago_is_not_relied_on(clock: TurnableClock) -> None:
    """An event may be lost."""
    directory = learned(clock, page(person(a.ANA)))
    clock.turn(1_801)
    assert directory.known_standing(a.ANA) is None

"""Who is who and who is on call: remembered for minutes, and never without a fallback."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import pytest

from bot.desk.admission import Standing
from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.desk.oncall import ResolverGroup
from bot.desk.tiers import Tier
from bot.slack.people.cached import Cached
from bot.slack.people.directory import Home, SlackDirectory, standing_of
from tests import builders as a
from tests.slack.web_api import FakeWebClient, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes import TurnableClock

GROUP = ResolverGroup("l2", Tier.L2, "l2-support", "l2-oncall", fallback=(a.MEI,))
USERGROUPS = {"usergroups": [{"id": "S0L2", "handle": "l2-oncall"}]}
MEMBERS = {"users": [a.TOM]}


def channels(*names: str, cursor: str = "") -> dict[str, Any]:
    """Build a page of channels."""
    listed = [{"id": f"C0{name.upper():0<8}", "name": name} for name in names]
    return {"channels": listed, "response_metadata": {"next_cursor": cursor}}


def test_the_members_of_the_user_group_are_on_call(clock: TurnableClock) -> None:
    """They are mentioned as a group."""
    client = FakeWebClient(usergroups_list=[USERGROUPS], usergroups_users_list=[MEMBERS])
    on_call = SlackDirectory(client, clock).on_call(GROUP)
    assert (on_call.members, on_call.usergroup_id, on_call.note) == ((a.TOM,), "S0L2", "")


def test_membership_is_asked_once_in_five_minutes(clock: TurnableClock) -> None:
    """Slack allows these calls some twenty times a minute."""
    client = FakeWebClient(usergroups_list=[USERGROUPS], usergroups_users_list=[MEMBERS])
    directory = SlackDirectory(client, clock)
    for _ in range(10):
        directory.on_call(GROUP)
        clock.turn(30)
    assert len(client.calls["usergroups_users_list"]) == 1
    clock.turn(1)
    directory.on_call(GROUP)
    assert len(client.calls["usergroups_users_list"]) == 2


@pytest.mark.parametrize(
    "failure",
    [refusal("plan_upgrade_required"), refusal("missing_scope"), refusal("ratelimited", 429),
     URLError("down")],
)  # fmt: skip
def test_without_user_groups_the_configured_people_are_called(
    clock: TurnableClock, failure: Exception
) -> None:
    """On a free plan, without the scope, or while Slack is down; and it is said."""
    on_call = SlackDirectory(FakeWebClient(usergroups_list=[failure]), clock).on_call(GROUP)
    assert on_call.members == (a.MEI,)
    assert on_call.usergroup_id is None
    assert on_call.note


def test_while_slack_fails_the_last_known_members_are_called(clock: TurnableClock) -> None:
    """They are likelier right than the fallback of the installation day."""
    client = FakeWebClient(
        usergroups_list=[USERGROUPS, refusal("internal_error")], usergroups_users_list=[MEMBERS]
    )
    directory = SlackDirectory(client, clock)
    directory.on_call(GROUP)
    clock.turn(600)
    assert directory.on_call(GROUP).members == (a.TOM,)


@pytest.mark.parametrize("listed", [{"usergroups": []}, USERGROUPS])
def test_a_missing_or_empty_group_is_said_to_be_so(
    clock: TurnableClock, listed: dict[str, Any]
) -> None:
    """Somebody has to fill it; meanwhile the fallback is called."""
    client = FakeWebClient(usergroups_list=[listed], usergroups_users_list=[{"users": []}])
    on_call = SlackDirectory(client, clock).on_call(GROUP)
    assert on_call.members == (a.MEI,)
    assert "@l2-oncall does not exist or is empty" in on_call.note


def test_a_group_without_a_user_group_is_its_fallback(clock: TurnableClock) -> None:
    """Slack is not asked at all."""
    group = ResolverGroup("l2", Tier.L2, "l2-support", fallback=(a.MEI,))
    assert SlackDirectory(FakeWebClient(), clock).on_call(group).members == (a.MEI,)


def test_members_and_fallback_may_act_and_nobody_else(clock: TurnableClock) -> None:
    """Authority is checked at the press."""
    client = FakeWebClient(usergroups_list=[USERGROUPS], usergroups_users_list=[MEMBERS])
    directory = SlackDirectory(client, clock)
    assert [directory.may_act(user, [GROUP]) for user in (a.TOM, a.MEI, a.ANA)] == [
        True,
        True,
        False,
    ]
    assert not directory.may_act(a.TOM, [])


def test_a_channel_is_found_by_name_over_all_pages(clock: TurnableClock) -> None:
    """With or without its hash."""
    client = FakeWebClient(conversations_list=[channels("a", cursor="next"), channels("it-help")])
    directory = SlackDirectory(client, clock)
    assert directory.channel_id("it-help") == directory.channel_id("#it-help") == "C0IT-HELP0"
    assert [call["cursor"] for call in client.calls["conversations_list"]] == [None, "next"]


@pytest.mark.parametrize("known_id", [a.IT_HELP, a.DIRECT, a.ANA, "G0PRIVATE1"])
def test_an_id_is_taken_as_it_is(clock: TurnableClock, known_id: str) -> None:
    """Slack is not asked."""
    assert SlackDirectory(FakeWebClient(), clock).channel_id(known_id) == known_id


def test_a_new_channel_is_found_without_asking_at_every_message(clock: TurnableClock) -> None:
    """A name that is not there is looked for again after half a minute, not at once."""
    client = FakeWebClient(conversations_list=[channels("it-help"), channels("it-help", "new")])
    directory = SlackDirectory(client, clock)
    assert directory.channel_id("new") is None
    assert directory.channel_id("new") is None
    assert len(client.calls["conversations_list"]) == 1
    clock.turn(31)
    assert directory.channel_id("new") is not None
    assert directory.channel_id("it-help") is not None
    assert len(client.calls["conversations_list"]) == 2


def test_while_slack_fails_channels_are_remembered(clock: TurnableClock) -> None:
    """Known channels stay reachable; unknown ones are none."""
    client = FakeWebClient(conversations_list=[channels("it-help"), refusal("fatal_error", 500)])
    directory = SlackDirectory(client, clock)
    directory.channel_id("it-help")
    clock.turn(600)
    assert directory.channel_id("it-help") is not None
    assert directory.channel_id("other") is None


def test_a_link_to_a_message_is_put_together_without_a_call(clock: TurnableClock) -> None:
    """Whoever is called does not wait for it; direct messages have none that others could open."""
    home = Home("T1", address="https://larkfield.example/")
    directory = SlackDirectory(FakeWebClient(), clock, home)
    link = f"https://larkfield.example/archives/{a.IT_HELP}/p{a.ASKED.replace('.', '')}"
    assert directory.permalink(a.IT_HELP, a.ASKED) == link
    assert directory.permalink(a.DIRECT, a.ASKED) is None
    assert SlackDirectory(FakeWebClient(), clock).permalink(a.IT_HELP, a.ASKED) is None


def test_a_person_is_told_to_be_in_the_groups_that_list_them(clock: TurnableClock) -> None:
    """Of those asked for; a group that does not exist has no members."""
    client = FakeWebClient(usergroups_list=[USERGROUPS], usergroups_users_list=[MEMBERS])
    directory = SlackDirectory(client, clock)
    asked = frozenset({"l2-oncall", "no-such-group"})
    assert directory.groups_of(a.TOM, asked) == {"l2-oncall"}
    assert directory.groups_of(a.ANA, asked) == frozenset()
    assert directory.groups_of(a.TOM, frozenset()) == frozenset()


@pytest.mark.parametrize("failure", [refusal("missing_scope"), URLError("down")])
@pytest.mark.parametrize("fails", ["usergroups_list", "usergroups_users_list"])
def test_where_membership_cannot_be_read_nobody_is_a_member(
    clock: TurnableClock, failure: Exception, fails: str
) -> None:
    """What is kept to a group stays hidden, even from those who were in it a moment ago."""
    answers: dict[str, Any] = {"usergroups_list": [USERGROUPS], "usergroups_users_list": [MEMBERS]}
    answers[fails] = [answers[fails][0], failure]
    directory = SlackDirectory(FakeWebClient(**answers), clock)
    assert directory.groups_of(a.TOM, frozenset({"l2-oncall"})) == {"l2-oncall"}
    clock.turn(301)
    assert directory.groups_of(a.TOM, frozenset({"l2-oncall"})) == frozenset()


def test_a_look_up_that_hangs_delays_nobody_who_knows_enough(clock: TurnableClock) -> None:
    """While one reads the channels anew, the last known serve the others."""
    directory = SlackDirectory(FakeWebClient(conversations_list=[channels("it-help")]), clock)
    assert directory.channel_id("it-help")
    clock.turn(1_000)
    asked, answered = threading.Event(), threading.Event()

    def hang(**_: Any) -> dict[str, Any]:
        asked.set()
        assert answered.wait(20)
        raise URLError("gone")

    directory._client = SimpleNamespace(conversations_list=hang)
    slow = threading.Thread(target=directory.channel_id, args=("it-help",))
    slow.start()
    assert asked.wait(20)
    try:
        assert directory.channel_id("it-help")
        assert directory.channel_id("C0OTHER001")
    finally:
        answered.set()
        slow.join()


def test_what_grants_is_asked_again_after_a_minute(clock: TurnableClock) -> None:
    """Who left the group may act no longer, though calls still go by what was read before."""
    client = FakeWebClient(
        usergroups_list=[USERGROUPS, USERGROUPS],
        usergroups_users_list=[{"users": [a.TOM]}, {"users": [a.BEN]}],
    )
    directory = SlackDirectory(client, clock)
    assert directory.may_act(a.TOM, [GROUP])
    clock.turn(61)
    assert not directory.may_act(a.TOM, [GROUP])


def test_what_was_known_before_grants_nothing(clock: TurnableClock) -> None:
    """While Slack fails, those of the configuration may act, and nobody by an old list."""
    client = FakeWebClient(
        usergroups_list=[USERGROUPS, refusal("internal_error"), refusal("internal_error")],
        usergroups_users_list=[MEMBERS],
    )
    directory = SlackDirectory(client, clock)
    assert directory.may_act(a.TOM, [GROUP])
    clock.turn(61)
    assert not directory.may_act(a.TOM, [GROUP])
    assert directory.may_act(a.MEI, [GROUP])


def test_slacks_word_that_people_changed_ends_rights_at_once(clock: TurnableClock) -> None:
    """Nothing that was remembered is relied on after it."""
    client = FakeWebClient(
        usergroups_list=[USERGROUPS, USERGROUPS],
        usergroups_users_list=[{"users": [a.TOM]}, {"users": [a.BEN]}],
    )
    directory = SlackDirectory(client, clock)
    assert directory.may_act(a.TOM, [GROUP])
    directory.forget()
    assert not directory.may_act(a.TOM, [GROUP])


@pytest.mark.parametrize(
    ("user", "standing"),
    [
        ({"team_id": "T0HOME"}, Standing.MEMBER),
        ({"team_id": "T0OTHER"}, Standing.STRANGER),
        ({"team_id": "T0HOME", "is_stranger": True}, Standing.STRANGER),
        ({"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0ORG"}}, Standing.MEMBER),
        ({"team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0X"}}, Standing.STRANGER),
        ({"team_id": "T0HOME", "is_restricted": True}, Standing.GUEST),
        ({"team_id": "T0HOME", "is_ultra_restricted": True}, Standing.GUEST),
        ({"team_id": "T0HOME", "deleted": True}, Standing.GONE),
        ({"team_id": "T0HOME", "is_bot": True}, Standing.BOT),
        ({}, Standing.MEMBER),
    ],
)
def test_standing_is_read_from_slacks_own_words(user: dict[str, Any], standing: Standing) -> None:
    """By the workspace, by the organisation around it, and by what the account is."""
    assert standing_of(user, Home("T0HOME", "E0ORG")) is standing


def test_whoever_slack_does_not_tell_of_is_not_refused_for_that(clock: TurnableClock) -> None:
    """Without the scope, or while Slack is down, nobody is left without a reply."""
    directory = SlackDirectory(FakeWebClient(users_info=[refusal("missing_scope")]), clock)
    assert directory.standing(a.ANA) is Standing.UNKNOWN


def test_what_stands_in_for_an_unreadable_group_is_called_by_its_name(
    clock: TurnableClock,
) -> None:
    """The fallback was never known to be on call."""
    failing = FakeWebClient(usergroups_list=[refusal("internal_error")])
    assert "the fallback of the configuration" in SlackDirectory(failing, clock).on_call(GROUP).note
    client = FakeWebClient(
        usergroups_list=[USERGROUPS, refusal("internal_error")], usergroups_users_list=[MEMBERS]
    )
    directory = SlackDirectory(client, clock)
    directory.on_call(GROUP)
    clock.turn(600)
    assert "the last known" in directory.on_call(GROUP).note


def test_an_unreadable_group_is_asked_about_ever_more_rarely(clock: TurnableClock) -> None:
    """Not at each look: 200 looks within 200 seconds ask Slack a few times."""
    client = FakeWebClient(usergroups_list=[refusal("plan_upgrade_required")])
    directory = SlackDirectory(client, clock)
    for _ in range(200):
        directory.on_call(GROUP)
        clock.turn(1)
    assert 2 <= len(client.calls["usergroups_list"]) <= 7


def test_channels_that_were_learned_at_the_start_are_known_while_slack_refuses_us(
    clock: TurnableClock,
) -> None:
    """Else a question in a configured channel would be taken for nobody's business, and lost."""
    client = FakeWebClient(conversations_list=[channels("it-help"), refusal("token_revoked")])
    directory = SlackDirectory(client, clock)
    directory.learn_channels()
    clock.turn(3_600)
    assert directory.channel_id("it-help") == "C0IT-HELP0"


def test_the_start_waits_for_the_channels_unless_the_app_may_not_read_them(
    clock: TurnableClock,
) -> None:
    """What is refused as a whole passes; a right that is missing does not."""
    SlackDirectory(
        FakeWebClient(conversations_list=[refusal("missing_scope")]), clock
    ).learn_channels()
    with pytest.raises(RetryableDeliveryError):
        SlackDirectory(
            FakeWebClient(conversations_list=[refusal("token_revoked")]), clock
        ).learn_channels()


class Slow:
    """A look-up that takes until somebody says what it found."""

    def __init__(self) -> None:
        """Nothing is found yet."""
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.finds: object = "found"
        self.count = 0

    def __call__(self) -> str:
        """Look."""
        self.count += 1
        self.begun.set()
        assert self.may_end.wait(10)
        if isinstance(self.finds, Exception):
            raise self.finds
        return str(self.finds)


class Counting(Cached[str]):
    """Tells that somebody came; whoever came is counted before the look-up can end."""

    def __init__(self, clock: TurnableClock) -> None:
        """Nobody came."""
        super().__init__(clock)
        self.entered = threading.Semaphore(0)

    def fresh(self, seconds: float) -> str | None:
        """As it is, and somebody came."""
        self.entered.release()
        return super().fresh(seconds)


def _beside(call: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    found: list[object] = []

    def run() -> None:
        try:
            found.append(call())
        except DeliveryError as failure:
            found.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, found


@pytest.mark.parametrize("finds", ["found", DeliveryError("no scope")])
def test_all_who_need_it_wait_for_one_look_up_and_share_what_came_of_it(
    clock: TurnableClock, finds: object
) -> None:
    """Its failure too: ten who wait for a right do not wait for ten calls that time out."""
    cached, look = Counting(clock), Slow()
    look.finds = finds
    first = _beside(lambda: cached.read(60, look, waiting=True))
    others = [_beside(lambda: cached.read(60, look, waiting=True)) for _ in range(9)]
    for _ in range(10):
        assert cached.entered.acquire(timeout=10)
    look.may_end.set()
    for thread, found in (first, *others):
        thread.join(10)
        assert found == [finds]
    assert look.count == 1


def test_what_was_asked_before_people_changed_grants_nothing(clock: TurnableClock) -> None:
    """Somebody was removed while Slack answered: whoever asks from then on has it asked again."""
    cached: Cached[str] = Cached(clock)
    before = Slow()
    before.finds = "with Mei"
    thread, found = _beside(lambda: cached.read(60, before, waiting=True))
    assert before.begun.wait(10)
    cached.age_now()
    assert cached.read(60, lambda: "without Mei", waiting=True) == "without Mei"
    before.may_end.set()
    thread.join(10)
    assert found == ["with Mei"]  # whoever had asked before
    assert cached.read(60, lambda: "asked again", waiting=True) == "without Mei"


def test_a_standing_that_was_asked_before_people_changed_is_asked_again(
    clock: TurnableClock,
) -> None:
    """A person deactivated while Slack answered is no member for another minute."""
    client = FakeWebClient(users_info=[{"user": {}}, {"user": {"deleted": True}}])
    directory = SlackDirectory(client, clock)
    answered = client.users_info

    def and_changes(**given: Any) -> Any:
        found = answered(**given)
        directory.forget()
        return found

    client.users_info = and_changes
    assert directory.standing(a.ANA) is Standing.MEMBER
    assert directory.standing(a.ANA) is Standing.GONE

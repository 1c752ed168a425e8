"""When Slack refuses Frontline itself: everything waits, is said aloud, and arrives in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.desk.addresses import Destination
from bot.desk.asking import Courtesy
from bot.desk.ids import ChannelId, TicketId
from bot.desk.promises import Priority
from bot.desk.tickets import Seen
from bot.slack.gateway import SlackPostman
from bot.worker import AlarmTeller, OutboxRelay
from bot.worker.pacing import Pacer
from bot.worker.pauses import LONGEST_PAUSE_S
from tests import builders as a
from tests.slack.web_api import answer, refusal

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError
    from slack_sdk.web import SlackResponse

    from bot.desk.notices import Notice
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

pytestmark = pytest.mark.rare

ABOUT_US = [
    "invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed",
    "team_access_not_granted", "org_login_required", "ekm_access_denied", "team_added_to_org",
]  # fmt: skip
OUTAGES = [timedelta(minutes=1), timedelta(hours=1), timedelta(days=2)]
WORD = Courtesy("settled")


@dataclass
class Slack:
    """A Web API that refuses everything, or one method, for as long as it is told to."""

    refuses: SlackApiError | None = None
    method: str | None = None
    scopes: str = "chat:write"
    posted: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def _call(self, method: str, data: dict[str, Any]) -> SlackResponse:
        self.calls.append(method)
        if self.refuses is not None and self.method in (None, method):
            raise self.refuses
        response = answer({"ok": True, **data})
        response.headers["x-oauth-scopes"] = self.scopes
        return response

    def auth_test(self) -> SlackResponse:
        """Sign in."""
        return self._call("auth_test", {})

    def chat_postMessage(self, **given: Any) -> SlackResponse:  # noqa: N802 - as the SDK has it
        """Post."""
        ts = f"9.{len(self.calls):06d}"
        response = self._call("chat_postMessage", {"channel": given["channel"], "ts": ts})
        self.posted.append({**given, "ts": ts})
        return response

    def reactions_add(self, **given: Any) -> SlackResponse:
        """Mark."""
        return self._call("reactions_add", {})

    def conversations_history(self, **given: Any) -> SlackResponse:
        """Find what was posted."""
        found = [message for message in self.posted if message["channel"] == given["channel"]]
        return self._call("conversations_history", {"messages": found})


@dataclass
class Desk:
    """A relay over the real postman, its alarms, and a clock that is turned."""

    store: Store
    clock: TurnableClock
    slack: Slack = field(default_factory=Slack)
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Wire them."""
        postman = SlackPostman(self.slack, lambda name: ChannelId(name))  # type: ignore[arg-type]
        self.relay = OutboxRelay(self.store, postman, Pacer(burst=1_000))
        self.alarms = AlarmTeller(self.store, (self,))

    def tell(self, says: str) -> None:
        """Hear an alarm."""
        self.heard.append(says)

    def put(self, ticket: int, notice: Notice = WORD, **to: Any) -> int:
        """Hand a notice over, each ticket to a channel of its own."""
        with self.store.unit_of_work() as uow:
            there = Destination(f"C0{ticket:08}", **to)
            return uow.outbox.put(notice, there, TicketId(ticket))

    def work(self) -> None:
        """Take steps until there is nothing to do now."""
        while self.relay.step() or self.alarms.step():
            pass

    def let_pass(self, span: timedelta) -> None:
        """Let time pass as the threads do: from one due time to the next."""
        end = self.clock() + span
        while self.clock() < end:
            while self.relay.step():
                pass
            due = self.relay.next_due()
            now = self.clock()
            wait = 10.0 if due is None else (_moment(due) - now).total_seconds()
            left = (end - now).total_seconds()
            self.clock.turn(min(max(wait, 0.05), left, LONGEST_PAUSE_S))
        self.work()

    @property
    def order(self) -> list[int]:
        """Give the keys of what was posted, as they came."""
        return [message["metadata"]["event_payload"]["id"] for message in self.slack.posted]


def _moment(text: str) -> Any:
    from datetime import datetime  # noqa: PLC0415 - read where it is used

    return datetime.fromisoformat(text)


@pytest.fixture
def desk(store: Store, clock: TurnableClock) -> Desk:
    """A desk that Slack takes everything from."""
    return Desk(store, clock)


@pytest.mark.parametrize("outage", OUTAGES, ids=str)
@pytest.mark.parametrize("code", ABOUT_US)
def test_what_slack_refuses_us_for_any_time_arrives_in_order(
    desk: Desk, code: str, outage: timedelta
) -> None:
    """A minute, an hour, two days: nothing is set aside, and within a minute all is sent."""
    wanted = [desk.put(2001)]
    desk.slack.refuses = refusal(code)
    desk.work()
    wanted += [desk.put(number, Courtesy(word)) for number, word in TALK]
    desk.let_pass(outage)
    assert desk.slack.posted == []
    desk.slack.refuses = None
    desk.let_pass(timedelta(seconds=LONGEST_PAUSE_S))
    assert desk.order == wanted
    assert desk.store.letters.set_aside() == ()
    assert desk.store.stops.now() == ()
    assert desk.slack.calls.count("chat_postMessage") == len(wanted) + 1


TALK = [(2001, "vague"), (2002, "empty"), (2001, "settled"), (2003, "vague"), (2002, "settled")]


def test_the_admin_hears_of_it_once_by_another_way(desk: Desk) -> None:
    """What is wrong, and what to do; the doctor shows it for as long as it lasts."""
    desk.slack.refuses = refusal("token_revoked")
    desk.put(2001)
    desk.let_pass(timedelta(hours=1))
    (alarm,) = desk.heard
    assert "Nothing goes out to Slack" in alarm
    assert "token_revoked" in alarm
    assert "install the app again" in alarm
    (stop,) = desk.store.stops.now()
    assert (stop.scope, stop.waiting) == ("all", 1)


@pytest.mark.parametrize(
    "failure", [refusal("invalid_auth"), refusal("internal_error"), refusal("", 502)], ids=str
)
def test_a_case_of_the_first_priority_is_heard_within_a_minute(
    desk: Desk, failure: SlackApiError
) -> None:
    """Whether Slack refuses us or is away: the webhook names the ticket, and none of its words."""
    desk.slack.refuses = failure
    desk.put(2001, a.card(2001, priority=Priority.P1, question="Our secret plant is on fire"))
    desk.put(2002, a.card(2002, priority=Priority.P3))
    for _ in range(12):
        desk.work()
        desk.clock.turn(5)
    about = [alarm for alarm in desk.heard if "T-2001, P1" in alarm]
    assert len(about) == 1
    assert "Call somebody by another way" in about[0]
    assert "secret plant" not in " ".join(desk.heard)
    assert not any("T-2002" in alarm for alarm in desk.heard)


def test_a_missing_scope_stops_what_needs_it_alone(desk: Desk) -> None:
    """A mark waits for `reactions:write`; what is said goes on, on the same ticket too."""
    desk.slack.method = "reactions_add"
    desk.slack.refuses = refusal("missing_scope")
    desk.slack.refuses.response.data["needed"] = "reactions:write"
    desk.put(2001, Seen(TicketId(2001)), thread_ts=a.ASKED)
    said = desk.put(2001)
    desk.let_pass(timedelta(hours=1))
    assert desk.order == [said]
    assert desk.slack.calls.count("reactions_add") == 1
    assert "reactions:write" in desk.heard[0]
    desk.put(2002, Seen(TicketId(2002)), thread_ts=a.ASKED)
    desk.slack.refuses = None
    desk.let_pass(timedelta(hours=1))
    assert desk.slack.calls.count("reactions_add") == 1, "signing in is not enough"
    desk.slack.scopes = "chat:write,reactions:write"
    desk.let_pass(timedelta(seconds=LONGEST_PAUSE_S))
    assert desk.slack.calls.count("reactions_add") == 3
    assert desk.store.letters.set_aside() == ()


def test_after_a_start_what_was_held_is_tried_anew(desk: Desk) -> None:
    """The admin has put the new token into the environment."""
    desk.slack.method = "reactions_add"
    desk.slack.refuses = refusal("missing_scope")
    desk.put(2001, Seen(TicketId(2001)), thread_ts=a.ASKED)
    desk.work()
    again = Desk(desk.store, desk.clock)
    again.store.outbox.recover()
    again.store.stops.forget()
    again.work()
    assert again.slack.calls == ["reactions_add"]
    assert again.store.stops.now() == ()


@pytest.mark.parametrize(
    ("failure", "outage"),
    [
        (refusal("internal_error", 500), timedelta(hours=6)),
        (refusal("", 502), timedelta(hours=6)),
        (refusal("ratelimited", 429), timedelta(hours=1)),
        (refusal("service_unavailable", 503), timedelta(hours=6)),
    ],
    ids=["500", "502", "429", "503"],
)
def test_hours_of_failures_delay_and_lose_nothing(
    desk: Desk, failure: SlackApiError, outage: timedelta
) -> None:
    """All arrive once, in order within each ticket, soon after it ended."""
    wanted = {number: [desk.put(number), desk.put(number)] for number in (2001, 2002)}
    desk.slack.refuses = failure
    desk.let_pass(outage)
    desk.slack.refuses = None
    desk.let_pass(timedelta(minutes=3))
    assert sorted(desk.order) == sorted(key for keys in wanted.values() for key in keys)
    for first, second in wanted.values():
        assert desk.order.index(first) < desk.order.index(second)
    assert desk.store.letters.set_aside() == ()


def test_an_obeyed_wish_to_wait_costs_no_try(desk: Desk) -> None:
    """A hundred times in a row: the next pause is as short as the first."""
    desk.slack.refuses = refusal("ratelimited", 429)
    desk.slack.refuses.response.headers["Retry-After"] = "30"
    desk.put(2001)
    desk.let_pass(timedelta(minutes=50))
    (letter,) = desk.store.letters.waiting()
    assert letter.attempts == 0
    assert desk.slack.calls.count("chat_postMessage") == pytest.approx(100, abs=2)


def test_what_waited_for_hours_says_since_when(desk: Desk) -> None:
    """An answer from this morning is not read as one of now."""
    desk.slack.refuses = refusal("invalid_auth")
    desk.put(2001)
    desk.let_pass(timedelta(hours=3))
    desk.slack.refuses = None
    desk.put(2002)
    desk.let_pass(timedelta(minutes=1))
    late, fresh = desk.slack.posted
    assert f"<!date^{int(a.NOON.timestamp())}^" in late["text"]
    assert "answered late" in str(late["blocks"][0])
    assert "late" not in fresh["text"]


def test_a_clock_that_is_set_back_during_a_stop_makes_nobody_mute(desk: Desk) -> None:
    """An hour back: Slack is asked within a minute all the same."""
    desk.slack.refuses = refusal("invalid_auth")
    desk.put(2001)
    desk.work()
    desk.clock.turn(-3_600)
    desk.slack.refuses = None
    desk.put(2002)
    desk.let_pass(timedelta(seconds=LONGEST_PAUSE_S))
    assert desk.store.stops.now() == ()
    assert 2 in desk.order


def test_a_look_that_breaks_is_not_the_last(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store was full just then; the next look finds the mend."""
    desk.slack.refuses = refusal("invalid_auth")
    desk.put(2001)
    desk.work()
    desk.slack.refuses = None
    desk.clock.turn(6)

    def full(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(desk.store.stops, "resume", full)
        with pytest.raises(OSError, match="disk full"):
            desk.relay.step()
    desk.let_pass(timedelta(seconds=LONGEST_PAUSE_S))
    assert desk.order == [1]

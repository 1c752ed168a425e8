"""Faults on demand, and that they are the same for the same seed."""

from __future__ import annotations

import http.client
import time
import urllib.error
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.errors import PlaygroundError
from bot.playground.faults.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from bot.playground import Person, Playground

IT_HELP = "C0ITHELP01"


def said(ana: Person) -> list[str]:
    """What #it-help shows."""
    return [message["text"] for message in ana.sees("it-help")]


def test_a_rate_limit_has_a_retry_after(client: WebClient, playground: Playground) -> None:
    """429 for one method, once; another method is not touched."""
    playground.control("fault", kind="rate_limit", method="chat.postMessage", retry_after=7)
    assert client.auth_test()["ok"]
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=IT_HELP, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "7"
    assert caught.value.response["error"] == "ratelimited"
    assert client.chat_postMessage(channel=IT_HELP, text="x")["ok"]


def test_a_server_error_happens_as_often_as_asked(
    client: WebClient, playground: Playground
) -> None:
    """500 twice, then all is well."""
    playground.control("fault", kind="server_error", times=2)
    for _ in range(2):
        with pytest.raises((SlackApiError, urllib.error.HTTPError)):
            client.auth_test()
    assert client.auth_test()["ok"]


def test_any_error_code_can_be_answered(client: WebClient, playground: Playground) -> None:
    """A chosen code, before anything happens."""
    playground.control("fault", kind="error", code="fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        client.chat_postMessage(channel=IT_HELP, text="x")


def test_a_slow_answer_waits_on_the_clock(
    client: WebClient, playground: Playground, in_background: Callable[..., Future[Any]]
) -> None:
    """Held back until the clock has moved on."""
    playground.control("fault", kind="slow", seconds=600, method="auth.test")
    answer = in_background(client.auth_test)
    while not playground.record():
        time.sleep(0.005)
    assert not answer.done()
    playground.advance(601)
    assert answer.result(timeout=5)["ok"]


def test_a_dropped_connection_breaks_in_the_middle_of_the_answer(
    client: WebClient, playground: Playground, ana: Person
) -> None:
    """The effect took place; half of the answer arrived."""
    playground.control("fault", kind="drop")
    with pytest.raises((http.client.IncompleteRead, SlackApiError)):
        client.chat_postMessage(channel=IT_HELP, text="half")
    assert said(ana) == ["half"]


def test_a_lost_answer_leaves_its_effect(playground: Playground, ana: Person) -> None:
    """The connection breaks before the first byte."""
    client = WebClient(token=playground.bot_token, base_url=playground.api_url, retry_handlers=[])
    playground.control("fault", kind="lost_answer")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        client.chat_postMessage(channel=IT_HELP, text="lost")
    assert said(ana) == ["lost"]
    assert client.auth_test()["ok"]


def test_the_default_client_posts_twice_when_an_answer_is_lost(
    client: WebClient, playground: Playground, ana: Person
) -> None:
    """slack_sdk tries a broken connection again by itself: what an app has to reckon with."""
    playground.control("fault", kind="lost_answer")
    assert client.chat_postMessage(channel=IT_HELP, text="twice")["ok"]
    assert said(ana) == ["twice", "twice"]


def test_events_are_duplicated(
    raw_app: Callable[[], Any], ana: Person, playground: Playground
) -> None:
    """Under one id or under several."""
    app = raw_app()
    playground.control("fault", kind="duplicate_event", copies=3)
    playground.control("fault", kind="duplicate_event", copies=2, new_id=True)
    ana.say("it-help", "a")
    ana.say("it-help", "b")
    got = [app.take() for _ in range(5)]
    assert [p["event"]["text"] for p in got] == ["a", "a", "a", "b", "b"]
    assert len({p["event_id"] for p in got[:3]}) == 1
    assert len({p["event_id"] for p in got[3:]}) == 2


def test_events_arrive_out_of_order(
    raw_app: Callable[[], Any], ana: Person, playground: Playground
) -> None:
    """One is held back while the next goes ahead."""
    app = raw_app()
    playground.control("fault", kind="delay_event", seconds=30, event_type="message")
    ana.say("it-help", "first")
    ana.say("it-help", "second")
    assert app.take()["event"]["text"] == "second"
    ana.wait_for(lambda: playground.control("connections")["in_flight"] == 1)
    playground.advance(31)
    assert app.take()["event"]["text"] == "first"


def test_a_mute_socket_stays_open_and_delivers_nothing(
    raw_app: Callable[[], Any], ana: Person, playground: Playground
) -> None:
    """A connection that opens afterwards delivers again, after the retry."""
    app = raw_app()
    playground.control("mute")
    ana.say("it-help", "x")
    with pytest.raises(TimeoutError):
        app.receive(timeout=0.1)
    assert len(playground.control("connections")["connections"]) == 1
    app.close()
    assert raw_app().take()["event"]["text"] == "x"


def test_an_event_can_be_delivered_at_will(
    raw_app: Callable[[], Any], playground: Playground
) -> None:
    """Any event, under any id, any number of times; a sent one again."""
    app = raw_app()
    event = {"type": "message", "subtype": "bot_message", "bot_id": "B0OTHER001",
             "channel": IT_HELP, "channel_type": "channel", "text": "beep", "ts": "1.000001",
             "event_ts": "1.000001"}  # fmt: skip
    playground.control("deliver", event=event, event_id="Ev0SAME0001", times=2)
    assert [app.take()["event_id"] for _ in range(2)] == ["Ev0SAME0001"] * 2
    playground.control("redeliver", event_id="Ev0SAME0001")
    assert app.take()["event"]["text"] == "beep"


def test_an_unknown_fault_is_refused(playground: Playground) -> None:
    """The answer lists what there is."""
    with pytest.raises(PlaygroundError, match="rate_limit"):
        playground.control("fault", kind="earthquake")
    with pytest.raises(PlaygroundError, match="cannot have that"):
        playground.control("fault", kind="slow", colour="red")
    with pytest.raises(PlaygroundError, match="no operation"):
        playground.control("explode")
    playground.control("fault", kind="slow")
    playground.control("clear_faults")
    assert playground.control("faults")["faults"] == []


def test_chance_is_the_same_for_the_same_seed() -> None:
    """Which of a hundred calls fail follows from the seed."""

    def failing(seed: int) -> list[int]:
        faults = Faults(seed)
        faults.add(kind="server_error", times=100, probability=0.3)
        return [n for n in range(100) if faults.for_request("chat.postMessage")]

    assert failing(4) == failing(4) != failing(5)
    assert 15 < len(failing(4)) < 45


def test_rate_limits_can_be_enforced(client: WebClient, playground: Playground) -> None:
    """A burst of five posts and then one a second; twenty lists a minute; off by default."""
    for n in range(8):
        client.chat_postMessage(channel=IT_HELP, text=str(n))
    playground.control("limits")
    for n in range(5):
        client.chat_postMessage(channel=IT_HELP, text=str(n))
    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        client.chat_postMessage(channel=IT_HELP, text="too fast")
    assert caught.value.response.headers["retry-after"] == "1"
    playground.advance(1)
    assert client.chat_postMessage(channel=IT_HELP, text="again")["ok"]
    for _ in range(20):
        client.usergroups_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        client.usergroups_list()
    playground.advance(61)
    assert client.usergroups_list()["ok"]


def test_somebody_can_lose_their_name(ana: Person, client: WebClient) -> None:
    """A user without a name is still a user."""
    ana.control("person", user=ana.id, real_name="", name="")
    assert client.users_info(user=ana.id)["user"]["profile"]["real_name"] == ""
    ana.say("it-help", "who am I?")
    assert said(ana) == ["who am I?"]

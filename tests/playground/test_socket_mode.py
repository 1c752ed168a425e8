"""Socket Mode: connections, acknowledgements, redelivery and goodbyes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from bot.playground.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground import Person, Playground

BOT = "U0FRONT001"


def test_a_connection_is_greeted(raw_app: Callable[[], Any]) -> None:
    """Hello with the number of connections and the app."""
    first, second = raw_app(), raw_app()
    assert (first.hello["type"], first.hello["num_connections"]) == ("hello", 1)
    assert second.hello["num_connections"] == 2
    assert second.hello["connection_info"]["app_id"] == "A0FRONT001"


def test_a_ticket_is_needed(playground: Playground) -> None:
    """An address that was not handed out, or is too old, is refused."""
    address = playground.url.replace("http", "ws") + "/link/?ticket=guess"
    with pytest.raises((ConnectionClosed, InvalidStatus)), connect(address) as socket:
        socket.recv()
    client = WebClient(base_url=playground.api_url)
    late = client.apps_connections_open(app_token=playground.app_token)["url"]
    playground.advance(31)
    with pytest.raises((ConnectionClosed, InvalidStatus)), connect(late) as socket:
        socket.recv()


def test_an_event_goes_to_one_of_several_connections(
    raw_app: Callable[[], Any], ana: Person, playground: Playground
) -> None:
    """Twenty events over two connections: each once, both used."""
    apps = [raw_app(), raw_app()]
    for n in range(20):
        ana.say("it-help", str(n))

    def sent() -> list[dict[str, Any]]:
        return [entry for entry in playground.record() if entry["kind"] == "envelope"]

    ana.wait_for(lambda: len(sent()) >= 20)
    assert len(sent()) == 20
    used = {entry["connection"] for entry in sent()}
    assert len(used) == 2
    assert len(apps) == 2


def test_an_event_that_is_not_acknowledged_comes_again(
    raw_app: Callable[[], Any], ana: Person, playground: Playground
) -> None:
    """After 3 s at once, after a minute, after five; then it is given up."""
    app = raw_app()
    ana.say("it-help", "x")
    envelopes = [app.receive()]
    for wait in (3, 3 + 60, 3 + 300):
        # Turned in two steps: the time to acknowledge, then the time until the retry.
        playground.advance(3.1)
        playground.advance(max(0.0, wait - 3) + 0.1)
        envelopes.append(app.receive())
    assert [e["retry_attempt"] for e in envelopes] == [0, 1, 2, 3]
    assert [e["retry_reason"] for e in envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({e["envelope_id"] for e in envelopes}) == 4
    assert len({e["payload"]["event_id"] for e in envelopes}) == 1
    playground.advance(4)
    playground.control("settle")
    assert playground.record()[-1]["kind"] == "given_up"


def test_an_acknowledged_event_does_not_come_again(
    raw_app: Callable[[], Any], ana: Person, playground: Playground
) -> None:
    """Nothing more after the acknowledgement."""
    app = raw_app()
    ana.say("it-help", "x")
    app.take()
    playground.control("settle")
    playground.advance(400)
    ana.say("it-help", "y")
    assert app.take()["event"]["text"] == "y"


def test_an_event_without_a_listener_waits_for_one(raw_app: Callable[[], Any], ana: Person) -> None:
    """What is said while the app is away arrives when it is back."""
    ana.say("it-help", "anybody?")
    app = raw_app()
    envelope = app.receive()
    app.ack(envelope)
    assert envelope["payload"]["event"]["text"] == "anybody?"
    assert envelope["retry_attempt"] >= 1


def test_a_connection_lost_before_the_acknowledgement_loses_nothing(
    raw_app: Callable[[], Any], ana: Person
) -> None:
    """The next connection gets the event at once."""
    first = raw_app()
    ana.say("it-help", "x")
    event_id = first.receive()["payload"]["event_id"]
    first.close()
    second = raw_app()
    assert second.take()["event_id"] == event_id


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_a_bolt_app_follows_a_disconnect(
    reason: str, app: App, connect: Callable[[App], Any], ana: Person, playground: Playground
) -> None:
    """The real client opens a new connection and goes on answering."""
    seen: list[str] = []
    app.event("message")(lambda event: seen.append(event["text"]))
    connect(app)
    before = set(playground.control("connections")["connections"])
    playground.control("disconnect", reason=reason)
    ana.wait_for(lambda: set(playground.control("connections")["connections"]) - before)
    ana.say("it-help", "still there?")
    assert ana.wait_for(lambda: seen) == ["still there?"]


def test_garbage_on_the_socket_is_noted_and_ignored(
    raw_app: Callable[[], Any], ana: Person, playground: Playground
) -> None:
    """Text that is no JSON, JSON that is no acknowledgement, bytes."""
    app = raw_app()
    for rubbish in ("}{", "[1, 2]", "null", '{"envelope_id": ["x"]}', b"\x00\xff", ""):
        app.socket.send(rubbish)
    app.socket.send(json.dumps({"envelope_id": "unknown"}))
    ana.say("it-help", "x")
    assert app.take()["event"]["text"] == "x"
    kinds = [entry["kind"] for entry in playground.record()]
    assert kinds.count("garbage") == 6


def test_two_bots_with_one_token_share_the_events(
    playground: Playground, client: WebClient, connect: Callable[[App], Any], ana: Person
) -> None:
    """As with Slack: each event goes to one of them, none to both, none is lost."""
    seen: list[tuple[str, str]] = []

    def listens_as(name: str) -> App:
        app = App(client=client)
        app.event("message")(lambda event: seen.append((name, event["text"])))
        return app

    for name in ("one", "two"):
        connect(listens_as(name))
    texts = [f"message {number}" for number in range(12)]
    for text in texts:
        ana.say("it-help", text)
    ana.wait_for(lambda: len(seen) >= len(texts))
    assert sorted(text for _, text in seen) == sorted(texts)
    assert {name for name, _ in seen} == {"one", "two"}
    assert playground.control("settle")["ok"]


def test_an_eleventh_connection_is_sent_away(raw_app: Callable[[], Any]) -> None:
    """Ten connections an app."""
    for _ in range(10):
        assert raw_app().hello["type"] == "hello"
    assert raw_app().hello["reason"] == "too_many_websockets"


def test_pressing_without_an_app_says_so(ana: Person, client: WebClient) -> None:
    """A person is told in plain words."""
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ts = client.chat_postMessage(
        channel="C0ITHELP01", text="x", blocks=[{"type": "actions", "elements": [button]}]
    )["ts"]
    with pytest.raises(Refused, match="Frontline is not connected"):
        ana.press("it-help", ts, "go")


def test_an_app_that_does_not_answer_a_press_in_time_is_blamed(
    raw_app: Callable[[], Any], ana: Person, client: WebClient, playground: Playground,
    in_background: Callable[..., Any],
) -> None:  # fmt: skip
    """Three seconds, and no second try."""
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ts = client.chat_postMessage(
        channel="C0ITHELP01", text="x", blocks=[{"type": "actions", "elements": [button]}]
    )["ts"]
    app = raw_app()
    pressed = in_background(ana.press, "it-help", ts, "go")
    while app.receive()["type"] != "interactive":
        pass
    playground.advance(3.1)
    with pytest.raises(Refused, match="did not respond in time"):
        pressed.result()

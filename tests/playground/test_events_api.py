"""The Events API over HTTP, with an unmodified Bolt app that checks signatures."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import Ack, App, BoltRequest

from bot.playground.errors import PlaygroundError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from slack_sdk import WebClient

    from bot.playground import Person, Playground

IT_HELP = "C0ITHELP01"


class Receiver:
    """A Bolt app behind a plain HTTP server; `status` overrides what it answers."""

    def __init__(self, app: App) -> None:
        """Serve in the background."""
        self.requests: list[dict[str, str]] = []
        self.status: int | None = None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {k.lower(): v for k, v in self.headers.items()}
                receiver.requests.append(headers)
                if receiver.status is not None:
                    self.send_response(receiver.status)
                    self.end_headers()
                    return
                told = app.dispatch(BoltRequest(body=body, headers=headers))
                self.send_response(told.status)
                for name, value in told.first_headers().items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write((told.body or "").encode())

            def log_message(self, *args: Any) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def http_app(playground: Playground, client: WebClient) -> App:
    """A Bolt app that verifies signatures with the seed's secret."""
    return App(
        client=client, signing_secret=playground.signing_secret, process_before_response=True
    )


@pytest.fixture
def receiver(http_app: App) -> Iterator[Receiver]:
    """Its HTTP server."""
    made = Receiver(http_app)
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_the_address_is_verified_and_then_gets_signed_events(
    playground: Playground, http_app: App, receiver: Receiver, ana: Person
) -> None:
    """url_verification, then a message that Bolt accepts."""
    seen: list[str] = []
    http_app.event("message")(lambda event: seen.append(event["text"]))
    playground.control("http", url=receiver.url)
    ana.say("it-help", "over HTTP: ü")
    assert ana.wait_for(lambda: seen) == ["over HTTP: ü"]
    headers = receiver.requests[-1]
    assert headers["x-slack-signature"].startswith("v0=")
    assert "x-slack-retry-num" not in headers


def test_an_address_that_does_not_know_the_challenge_is_refused(
    playground: Playground, receiver: Receiver
) -> None:
    """A wrong secret on either side shows at once."""
    receiver.status = 200
    with pytest.raises(PlaygroundError, match="challenge"):
        playground.control("http", url=receiver.url)
    with pytest.raises(PlaygroundError, match="cannot be reached"):
        playground.control("http", url="http://127.0.0.1:9/nobody")


def test_a_failed_delivery_is_tried_again_at_once_after_a_minute_and_after_five(
    playground: Playground, receiver: Receiver, ana: Person, http_app: App
) -> None:
    """With the retry headers, on the turned clock."""
    seen: list[str] = []
    http_app.event("message")(lambda event: seen.append(event["text"]))
    playground.control("http", url=receiver.url)
    receiver.requests.clear()
    receiver.status = 500
    ana.say("it-help", "again")
    for tries, wait in ((2, 61), (3, 301)):
        ana.wait_for(lambda: _failures(playground) == tries)  # noqa: B023
        receiver.status = 500 if tries == 2 else None
        playground.advance(wait)
    ana.wait_for(lambda: len(receiver.requests) == 4)
    assert [r.get("x-slack-retry-num") for r in receiver.requests] == [None, "1", "2", "3"]
    assert {r.get("x-slack-retry-reason") for r in receiver.requests[1:]} == {"http_error"}
    assert ana.wait_for(lambda: seen) == ["again"]


def _failures(playground: Playground) -> int:
    """How many events were answered with an error so far."""
    answers = [entry for entry in playground.record() if entry["kind"] == "http_ack"]
    return sum(answer["status"] == 500 for answer in answers)


def test_interactions_go_over_http_too(
    playground: Playground, http_app: App, receiver: Receiver, ana: Person, client: WebClient
) -> None:
    """A press, a modal with an error on a field, a slash command."""
    plain = {"type": "plain_text", "text": "X"}
    field = {"type": "input", "block_id": "b", "label": plain,
             "element": {"type": "plain_text_input", "action_id": "t"}}  # fmt: skip
    view = {"type": "modal", "callback_id": "f", "title": plain, "submit": plain,
            "blocks": [field]}  # fmt: skip

    @http_app.action("go")
    def go(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    http_app.view("f")(lambda ack: ack(response_action="errors", errors={"b": "No."}))
    http_app.command("/helpdesk")(lambda ack, command: ack(f"hi {command['user_name']}"))
    playground.control("http", url=receiver.url)
    button = {"type": "button", "action_id": "go", "text": plain}
    blocks = [{"type": "actions", "elements": [button]}]
    http_app.event("message")(lambda: None)
    ts = client.chat_postMessage(channel=IT_HELP, text="x", blocks=blocks)["ts"]
    ana.press("it-help", ts, "go")
    assert ana.submit({"b": "text"}) == {"b": "No."}
    ana.command("it-help", "/helpdesk")
    assert ana.ephemerals()[0]["text"] == "hi ana"


def test_a_failing_app_is_blamed_in_plain_words(
    playground: Playground, receiver: Receiver, ana: Person, client: WebClient,
    in_background: Callable[..., Future[Any]],
) -> None:  # fmt: skip
    """A press that is answered with an error."""
    playground.control("http", url=receiver.url)
    receiver.status = 500
    plain = {"type": "plain_text", "text": "X"}
    button = {"type": "button", "action_id": "go", "text": plain}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = client.chat_postMessage(channel=IT_HELP, text="x", blocks=blocks)["ts"]
    with pytest.raises(Refused, match="did not respond"):
        ana.press("it-help", ts, "go")

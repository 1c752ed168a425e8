"""Calls to the Web API go over connections that are kept, and fail as they did before."""

from __future__ import annotations

import ssl
import threading
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from slack_sdk.errors import SlackApiError

from bot.desk.errors import RetryableDeliveryError, UncertainDeliveryError
from bot.slack.app import web_client
from bot.slack.errors import translated
from bot.slack.sending import connections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk import WebClient

OK = b'{"ok": true, "said": "\xc3\xa4"}'


DRIP_S = 0.02
"""Between two bytes, of which there are some thirty."""


class Server(ThreadingHTTPServer):
    """Says when it has closed a connection."""

    daemon_threads = True

    def __init__(self, *given: Any) -> None:
        """Count for itself: connections to an earlier test's server may be closed only now."""
        super().__init__(*given)
        self.closed = threading.Semaphore(0)

    def shutdown_request(self, request: Any) -> None:
        """Close it, and say so."""
        super().shutdown_request(request)
        self.closed.release()

    def handle_error(self, *_: object) -> None:
        """Say nothing: whoever gave up is gone."""


class Answering(BaseHTTPRequestHandler):
    """Answers as the path says, over connections that stay open."""

    protocol_version = "HTTP/1.1"
    opened: ClassVar[list[object]] = []
    asked: ClassVar[list[tuple[str, str]]] = []
    going_on: ClassVar[threading.Event] = threading.Event()
    closed: ClassVar[threading.Semaphore]
    """Goes up with each connection that this test's server has closed."""

    def setup(self) -> None:
        """Count the connection."""
        super().setup()
        self.opened.append(self)

    def do_POST(self) -> None:
        """Answer."""
        said = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        self.asked.append((self.path, said))
        way = self.path.rpartition("/")[2]
        if way == "a.hangs":
            self.going_on.wait(5)
        status = {"a.limit": 429, "a.failure": 503}.get(way, 200)
        body = OK if status == 200 else b'{"ok": false, "error": "ratelimited"}'
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body) + 10 * (way == "a.cut")))
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        for part in [body[at : at + 1] for at in range(len(body))] if way == "a.drips" else [body]:
            self.wfile.write(part)
            if way == "a.drips":
                self.going_on.wait(DRIP_S)
        # Without a word of it: as a load balancer closes what was idle for long.
        self.close_connection = way in {"a.cut", "a.closes"}

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebClient]:
    """A client of a server that counts connections."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    Answering.opened.clear()
    Answering.asked.clear()
    Answering.going_on.clear()
    server = Server(("127.0.0.1", 0), Answering)
    Answering.closed = server.closed
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield web_client("xoxb-1", f"http://127.0.0.1:{server.server_port}/api/")
    Answering.going_on.set()
    server.shutdown()
    server.server_close()


def test_many_calls_one_after_the_other_take_one_connection(client: WebClient) -> None:
    """As those of Bolt's listeners do, which get copies of the client."""
    for each in (client, deepcopy(client), client):
        assert each.api_call("a.call", json={"text": "ü"})["said"] == "ä"
        assert each.api_call("a.call", params={"text": "ü"})["ok"]
    assert len(Answering.opened) == 1
    assert Answering.asked[:2] == [
        ("/api/a.call", '{"text": "\\u00fc"}'),
        ("/api/a.call", "text=%C3%BC"),
    ]


def test_calls_side_by_side_wait_for_no_connection(client: WebClient) -> None:
    """One that hangs holds up nobody."""
    slow = threading.Thread(target=lambda: client.api_call("a.hangs", json={}))
    slow.start()
    assert client.api_call("a.call", json={})["ok"]
    assert slow.is_alive()
    Answering.going_on.set()
    slow.join(5)
    assert len(Answering.opened) == 2


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(client: WebClient) -> None:
    """Nothing is lost and nothing uncertain by it."""
    for _ in range(3):
        assert client.api_call("a.closes", json={})["ok"]
        assert Answering.closed.acquire(timeout=10)
    assert len(Answering.opened) == 3
    assert len(Answering.asked) == 3


def test_who_asks_to_wait_says_how_long(client: WebClient) -> None:
    """Slack's refusals are read as before, with their headers."""
    with pytest.raises(RetryableDeliveryError) as told, translated("asking"):
        client.api_call("a.limit", json={})
    assert told.value.retry_after == 7
    with pytest.raises(SlackApiError):
        client.api_call("a.failure", json={})


def test_what_was_cut_off_is_uncertain_and_not_sent_again(client: WebClient) -> None:
    """It was perhaps done: it is looked for first."""
    with pytest.raises(UncertainDeliveryError), translated("posting"):
        client.api_call("a.cut", json={})
    assert len(Answering.asked) == 1


def test_who_does_not_answer_is_given_up(client: WebClient) -> None:
    """In the time that a call may take; nothing answers at a port that is closed."""
    client.timeout = 0.05  # type: ignore[assignment] - seconds
    with pytest.raises(UncertainDeliveryError, match="TimeoutError"), translated("posting"):
        client.api_call("a.hangs", json={})
    nobody = web_client("xoxb-1", "http://127.0.0.1:1/api/")
    with pytest.raises(UncertainDeliveryError, match="URLError"), translated("posting"):
        nobody.api_call("a.call", json={})


def test_an_answer_that_drips_is_given_up_in_the_time_of_a_call(client: WebClient) -> None:
    """Each byte comes in time, and the answer does not: whoever waits is held by no call longer."""
    client.timeout = 0.1  # type: ignore[assignment] - seconds
    with pytest.raises(UncertainDeliveryError, match="TimeoutError"), translated("posting"):
        client.api_call("a.drips", json={})
    assert client.api_call("a.call", json={})["ok"]
    assert len(Answering.opened) == 2, "nothing is read of what is left of it"


def test_certificates_are_read_once_for_all_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading those of the system takes ten times as long as encoding a message."""
    read = []
    real = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: read.append(1) or real())
    client = web_client("xoxb-1", "https://127.0.0.1:1/api/")
    for each in (client, deepcopy(client)):
        with pytest.raises(UncertainDeliveryError), translated("posting"):
            each.api_call("a.call", json={})
    assert len(read) == 1
    assert client.ssl is not None
    assert client.ssl.verify_mode is ssl.CERT_REQUIRED


def test_through_a_proxy_slack_sdk_calls_by_itself(
    client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knows how, and whoever has one has it near."""
    client.proxy = client.base_url
    monkeypatch.setattr(connections.PoolManager, "request", lambda *_, **__: pytest.fail("direct"))
    client.api_call("a.call", json={})
    assert Answering.asked[0][0].endswith("/api/a.call")

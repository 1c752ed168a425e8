"""A running workspace, people who sit at it, and an unmodified Bolt app."""

from __future__ import annotations

import contextlib
import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.sync.client import connect as connect_websocket

from bot.playground import Person, Playground

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.sync.client import ClientConnection

ANA, TOM, MEI, JONAS = "U0ANA00001", "U0TOM00001", "U0MEI00001", "U0JONAS001"
BOT = "U0FRONT001"
IT_HELP, GENERAL = "C0ITHELP01", "C0GENERAL1"


@pytest.fixture
def playground() -> Iterator[Playground]:
    """A workspace in memory, the same random choices each time."""
    with Playground(random_seed=1) as running:
        yield running


@pytest.fixture
def client(playground: Playground) -> WebClient:
    """The app's Web API client."""
    return WebClient(token=playground.bot_token, base_url=playground.api_url)


@pytest.fixture
def person(playground: Playground) -> Iterator[Callable[[str], Person]]:
    """Seats people at the page."""
    seated: list[Person] = []

    def seat(user_id: str) -> Person:
        seated.append(Person(playground.url, user_id))
        return seated[-1]

    yield seat
    for one in seated:
        one.close()


@pytest.fixture
def ana(person: Callable[[str], Person]) -> Person:
    """An employee."""
    return person(ANA)


@pytest.fixture
def app(playground: Playground, client: WebClient) -> App:
    """A Bolt app as Frontline uses it: tokens verified, processed before the response."""
    return App(client=client, process_before_response=True, token_verification_enabled=True)


@pytest.fixture
def connect(playground: Playground) -> Iterator[Callable[[App], SocketModeHandler]]:
    """Connects apps over Socket Mode."""
    handlers: list[Any] = []

    def open_connection(app: App) -> SocketModeHandler:
        handler = SocketModeHandler(app, playground.app_token)
        handlers.append(handler)
        handler.connect()
        return handler

    yield open_connection
    # Closed from the server's side first, and with something to read: left to itself, the client
    # waits three seconds on its socket and one on its queue.
    for handler in handlers:
        handler.client.auto_reconnect_enabled = False
        handler.client.closed = True
        handler.client.message_queue.put(None)
    playground.control("drop")
    for handler in handlers:
        # The client does not expect its socket to go away while it closes it.
        with contextlib.suppress(AttributeError):
            handler.close()


class RawApp:
    """An app that is only a Socket Mode connection: it sees envelopes and acknowledges at will."""

    def __init__(self, client: WebClient, app_token: str) -> None:
        """With what it needs to connect."""
        self._client, self._app_token = client, app_token
        self.socket: ClientConnection | None = None
        self.hello: dict[str, Any] = {}

    def open(self) -> RawApp:
        """Connect and take the greeting."""
        address = self._client.apps_connections_open(app_token=self._app_token)["url"]
        self._leave = contextlib.ExitStack()
        self.socket = self._leave.enter_context(
            connect_websocket(address, max_size=None, max_queue=None)
        )
        self.hello = self.receive()
        return self

    def receive(self, timeout: float = 5) -> dict[str, Any]:
        """The next message, whatever it is."""
        assert self.socket is not None
        message: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout))
        return message

    def ack(self, envelope: dict[str, Any], payload: Any = None) -> None:
        """Acknowledge an envelope, with an answer if there is one."""
        assert self.socket is not None
        answer = {"envelope_id": envelope["envelope_id"]}
        if payload is not None:
            answer["payload"] = payload
        self.socket.send(json.dumps(answer))

    def take(self, timeout: float = 5) -> dict[str, Any]:
        """The payload of the next envelope, acknowledged."""
        envelope = self.receive(timeout)
        self.ack(envelope)
        payload: dict[str, Any] = envelope["payload"]
        return payload

    def event(self, kind: str) -> dict[str, Any]:
        """The next event of a type; earlier ones are acknowledged and passed over."""
        while True:
            payload = self.take()
            if payload.get("event", {}).get("type") == kind:
                event: dict[str, Any] = payload["event"]
                return event

    def close(self) -> None:
        """Go away."""
        if self.socket is not None:
            self._leave.close()


@pytest.fixture
def raw_app(playground: Playground, client: WebClient) -> Iterator[Callable[[], RawApp]]:
    """Opens bare Socket Mode connections."""
    opened: list[RawApp] = []

    def open_one() -> RawApp:
        opened.append(RawApp(client, playground.app_token).open())
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def in_background() -> Iterator[Callable[..., Future[Any]]]:
    """Runs a call beside the test: somebody presses while the test plays the app."""
    with ThreadPoolExecutor() as pool:
        yield pool.submit

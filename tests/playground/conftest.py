"""A running workspace, people who sit at it, and an unmodified Bolt app."""

from __future__ import annotations

import contextlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground import Person, Playground, Seed
from bot.playground.state.seed import CommandSeed, ShortcutSeed
from tests.playground.bare_app import RawApp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ANA, TOM, MEI, JONAS = "U0ANA00001", "U0TOM00001", "U0MEI00001", "U0JONAS001"
BOT = "U0FRONT001"
IT_HELP, GENERAL = "C0ITHELP01", "C0GENERAL1"


def sample_seed() -> Seed:
    """The sample organisation with an app that has one command and a shortcut of each type."""
    return replace(
        Seed.larkfield(),
        commands=(CommandSeed("/helpdesk", "Your requests", "mine | help"),),
        shortcuts=(
            ShortcutSeed("ask_frontline", "Ask Frontline about this", "message"),
            ShortcutSeed("new_request", "New support request", "global"),
        ),
    )


@pytest.fixture
def playground() -> Iterator[Playground]:
    """A workspace in memory, the same random choices each time."""
    with Playground(sample_seed(), random_seed=1) as running:
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

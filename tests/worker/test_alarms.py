"""Alarms by other ways than Slack: told once, told again until somebody could hear it."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from bot.bootstrap import alarm_ways
from bot.desk.errors import ConfigurationError, FrontlineError
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from bot.worker import AlarmTeller, Webhook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock


class Way:
    """Hears an alarm, or fails so many times first."""

    def __init__(self, failures: int = 0) -> None:
        """Be ready."""
        self.failures = failures
        self.heard: list[str] = []

    def tell(self, says: str) -> None:
        """Hear it, or fail."""
        if self.failures:
            self.failures -= 1
            raise FrontlineError("The pager is off.")
        self.heard.append(says)


def sound(store: Store, key: str, says: str) -> None:
    """Sound an alarm."""
    with store.unit_of_work() as uow:
        uow.alarms.sound(key, says)


def test_the_same_alarm_is_told_once(store: Store) -> None:
    """However often it is sounded."""
    way = Way()
    teller = AlarmTeller(store, (way,))
    for _ in range(3):
        sound(store, "fire", "It burns.")
        teller.step()
    assert way.heard == ["It burns."]


def test_an_alarm_that_could_not_be_told_is_told_again(store: Store, clock: TurnableClock) -> None:
    """Until somebody could hear it; also after a start, since it is written down."""
    way = Way(failures=2)
    sound(store, "fire", "It burns.")
    for _ in range(3):
        AlarmTeller(store, (way,)).step()
        clock.turn(60)
    assert way.heard == ["It burns."]
    assert not AlarmTeller(store, (way,)).step()


def test_one_way_that_fails_does_not_silence_another(store: Store) -> None:
    """Whoever can be told is told, once."""
    good = Way()
    sound(store, "fire", "It burns.")
    teller = AlarmTeller(store, (Way(failures=9), good))
    teller.step()
    assert not teller.step()
    assert good.heard == ["It burns."]


@contextmanager
def listener(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Stand at the other end of a webhook."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/secret-path", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_webhook_gets_the_text_as_json() -> None:
    """As chat and paging services understand it."""
    with listener() as (url, got):
        Webhook(url).tell("It burns.")
    assert got == [{"text": "Frontline: It burns."}]


def test_a_webhook_that_fails_names_its_host_and_not_its_secret() -> None:
    """Refused, or gone."""
    with (
        listener(status=500) as (url, _),
        pytest.raises(FrontlineError, match=r"127\.0\.0\.1 answered 500") as refused,
    ):
        Webhook(url).tell("It burns.")
    with pytest.raises(FrontlineError, match="cannot be reached") as gone:
        Webhook(url).tell("It burns.")
    assert "secret-path" not in f"{refused.value} {gone.value}"


def test_the_address_for_alarms_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Named in the file, kept out of it; what is missing or wrong is said at the start."""
    file = FileSettings.model_validate({"desk": {"alarm_webhook_env": "DESK_ALARM"}})
    settings = Settings(file, Secrets())
    monkeypatch.delenv("DESK_ALARM", raising=False)
    with pytest.raises(ConfigurationError, match="DESK_ALARM, which is not set"):
        alarm_ways(settings)
    monkeypatch.setenv("DESK_ALARM", "ftp://example.org")
    with pytest.raises(ConfigurationError, match="https://"):
        alarm_ways(settings)
    monkeypatch.setenv("DESK_ALARM", "https://example.org/hook")
    assert len(alarm_ways(settings)) == 1
    assert alarm_ways(Settings(FileSettings(), Secrets())) == ()

"""Alarms by other ways than Slack: told once, told again until somebody could hear it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.beyond.building import alarm_ways
from bot.desk.errors import ConfigurationError, FrontlineError
from bot.service.context import utc_now
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from bot.worker import AlarmTeller
from tests.beyond.receiving import Reply, receiver

if TYPE_CHECKING:
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


def told_by_webhook(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Tell an alarm as the configuration's address has it."""
    monkeypatch.setenv("DESK_ALARM", url)
    (way,) = alarm_ways(with_address(), utc_now, {})
    way.tell("It burns.")


def with_address() -> Settings:
    """Settings that name the variable with the address for alarms."""
    file = FileSettings.model_validate({"desk": {"alarm_webhook_env": "DESK_ALARM"}})
    return Settings(file, Secrets())


def test_a_webhook_gets_the_text_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """As chat and paging services understand it."""
    with receiver() as at:
        told_by_webhook(monkeypatch, at.url)
    assert [each.body for each in at.got] == [{"text": "Frontline: It burns."}]


def test_a_webhook_that_fails_names_its_host_and_not_its_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Refused, or gone."""
    with (
        receiver() as at,
        pytest.raises(FrontlineError, match=r"127\.0\.0\.1 answered 500") as refused,
    ):
        at.usually = Reply(500)
        told_by_webhook(monkeypatch, at.url)
    with pytest.raises(FrontlineError, match="cannot be reached") as gone:
        told_by_webhook(monkeypatch, at.url)
    assert "secret-path" not in f"{refused.value} {gone.value}"


def test_the_address_for_alarms_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Named in the file, kept out of it; what is missing or wrong is said at the start."""
    settings = with_address()
    monkeypatch.delenv("DESK_ALARM", raising=False)
    with pytest.raises(ConfigurationError, match="DESK_ALARM, which is not set"):
        alarm_ways(settings, utc_now, {})
    monkeypatch.setenv("DESK_ALARM", "ftp://example.org")
    with pytest.raises(ConfigurationError, match="https://"):
        alarm_ways(settings, utc_now, {})
    monkeypatch.setenv("DESK_ALARM", "https://example.org/hook")
    assert len(alarm_ways(settings, utc_now, {})) == 1
    assert alarm_ways(Settings(FileSettings(), Secrets()), utc_now, {}) == ()

"""A configuration that cannot be begun with: the former one is begun with again."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot.bootstrap.renewing import Renewal
from bot.desk.errors import ConfigurationError, FrontlineError
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store


def settings(**said: Any) -> Settings:
    """Give a configuration that says this."""
    return Settings(FileSettings.model_validate(said), Secrets())


class Bots:
    """Begins bots that note what was done with them."""

    def __init__(self, store: Store) -> None:
        """Begin with none; `fails` names the configurations that cannot be begun with."""
        self.store = store
        self.done: list[str] = []
        self.fails: set[str] = set()
        self.breaks: set[str] = set()

    def begin(self, given: Settings, triager: Any) -> Any:
        """Begin one, unless it fails."""
        name = given.file.classifier.model.name
        self.done.append(f"{name}{' kept' if triager else ''}")
        if name in self.fails:
            raise FrontlineError(f"{name} cannot be begun with.")
        if name in self.breaks:
            raise OSError(name)
        return SimpleNamespace(
            stop=lambda: self.done.append("stopped"), triager="what decides", store=self.store
        )


def renewal(bots: Bots, *loaded: Any) -> Renewal:
    """Give a running bot whose file says these, one after the other."""
    given = iter(loaded)

    def load() -> Settings:
        found = next(given)
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[no-any-return]

    first = settings(classifier={"model": "first"})
    return Renewal(first, load, bots.begin, threading.Event())


def test_what_decides_is_kept_unless_its_sections_change(store: Store) -> None:
    """And without any change nothing is stopped."""
    bots = Bots(store)
    running = renewal(
        bots,
        settings(classifier={"model": "first"}),
        settings(classifier={"model": "first"}, desk={"admins": ["U1"]}),
        settings(classifier={"model": "second"}, desk={"admins": ["U1"]}),
    )
    for _ in range(3):
        running.renew()
    assert bots.done == ["first", "stopped", "first kept", "stopped", "second"]


def test_what_cannot_be_begun_with_lets_the_former_go_on_and_alarms(store: Store) -> None:
    """A bad file stops nothing; one that fails at the start is taken back."""
    bots = Bots(store)
    bots.fails = {"second"}
    running = renewal(
        bots, ConfigurationError("frontline.toml:3: no."), settings(classifier={"model": "second"})
    )
    running.renew()
    assert bots.done == ["first"]
    alarm = store.alarms.next()
    assert alarm is not None
    assert alarm.says.endswith("the former one goes on: frontline.toml:3: no.")
    store.alarms.heard(alarm)
    running.renew()
    assert bots.done == ["first", "stopped", "second", "first kept"]
    again = store.alarms.next()
    assert again is not None
    assert "second cannot be begun with" in again.says


def test_what_nobody_expected_lets_the_former_go_on_too(store: Store) -> None:
    """No process is left without a bot, and nobody reads a traceback."""
    bots = Bots(store)
    running = renewal(bots, settings(classifier={"model": "second"}))
    bots.breaks = {"second"}
    running.renew()
    assert bots.done == ["first", "stopped", "second", "first kept"]
    alarm = store.alarms.next()
    assert alarm is not None
    assert alarm.says.endswith("unexpected OSError; the log has more")


def test_where_neither_can_be_begun_with_the_process_ends(store: Store) -> None:
    """With the line that says why."""
    bots = Bots(store)
    running = renewal(bots, settings(classifier={"model": "second"}))
    bots.fails = {"first", "second"}
    running.want()
    assert running._stopping.wait(10)
    running.stop()
    with pytest.raises(FrontlineError, match="first cannot be begun with"):
        raise running.trouble or AssertionError

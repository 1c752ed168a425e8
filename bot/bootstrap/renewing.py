"""Reading the configuration anew while the bot runs: checked first, and taken up as a whole.

What is in hand is finished, the parts are built anew around the same database, and the line is
opened again; Slack keeps what comes meanwhile. Where the new one is bad, the old one goes on.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog

from bot.beyond.building import alarm_ways, build_couriers, build_hooks
from bot.bootstrap.failures import as_told
from bot.desk.errors import FrontlineError
from bot.service.context import utc_now
from bot.store.codec import stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap.running import Application
    from bot.service.deciding.triaging import Triager
    from bot.settings.settings import Settings

    Begin = Callable[[Settings, Triager | None], Application]

log = structlog.get_logger(__name__)

DECIDES = ("knowledge", "classifier", "routes", "learning", "sources")
"""Sections that what decides is built from; without a change in them it is kept."""


class Renewal:
    """The running bot, which can be told to read its configuration anew."""

    def __init__(
        self,
        settings: Settings,
        load: Callable[[], Settings],
        begin: Begin,
        stopping: threading.Event,
    ) -> None:
        """Start the bot; `load` reads the configuration, `begin` builds a bot from it.

        `stopping` is set when the process is to end, by whoever; and here, where neither the new
        configuration nor the old one can be begun with.
        """
        self._settings = settings
        self._load = load
        self._begin = begin
        self._stopping = stopping
        self._wanted = threading.Event()
        self.application = begin(settings, None)
        self.trouble: FrontlineError | None = None
        """Why no bot runs any more."""
        self._thread = threading.Thread(target=self._loop, name="renewing", daemon=True)
        self._thread.start()

    def want(self) -> None:
        """Read it anew as soon as that can be; may be called by a signal."""
        self._wanted.set()

    def stop(self) -> None:
        """Stop the bot, and what renews it."""
        self._stopping.set()
        self._wanted.set()
        self._thread.join()
        if self.trouble is None:
            self.application.stop()

    def _loop(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            if self._stopping.is_set():
                return
            try:
                self.renew()
            except Exception as failure:  # noqa: BLE001 - no process without a bot
                self.trouble = as_told(failure)
                self._stopping.set()
                return

    def renew(self) -> None:
        """Take up the configuration as it is now, or say why not.

        Raises:
            FrontlineError: the new one could not be begun with, nor the old one again.
        """
        try:
            new = self._load()
            check(new)
        except FrontlineError as failure:
            self._refused(str(failure))
            return
        old = self._settings
        changed = changes(old, new)
        # A desk stays where it is for as long as somebody works on it.
        new.db, new.server = old.db, old.server
        if "database" in changed:
            log.warning("needs_a_restart", what="database")
            changed.remove("database")
        if not changed:
            log.info("configuration_read", changed="nothing")
            return
        triager = None if set(changed) & set(DECIDES) else self.application.triager
        self.application.stop()
        try:
            self.application = self._begin(new, triager)
        except Exception as failure:
            if self._stopping.is_set():
                raise
            self.application = self._begin(old, self.application.triager)
            self._refused(str(as_told(failure)))
            return
        self._settings = new
        log.info("configuration_read", changed=", ".join(changed))

    def _refused(self, why: str) -> None:
        """Say it in the log and by the alarm."""
        says = f"The configuration was not taken up, and the former one goes on: {why}"
        log.error("configuration_refused", why=why)
        with self.application.store.unit_of_work() as uow:
            uow.alarms.sound(f"configuration:{stamp(utc_now())}", says)


def check(settings: Settings) -> None:
    """Build what can be built of a configuration without anybody else.

    Raises:
        FrontlineError: something in it cannot be.
    """
    couriers = build_couriers(settings, utc_now)
    build_hooks(settings)
    alarm_ways(settings, utc_now, couriers)
    _ = settings.groups, settings.routes, settings.limits, settings.assets, settings.live_sources


def changes(old: Settings, new: Settings) -> list[str]:
    """Name the sections that are not the same."""
    return [
        name
        for name in type(new.file).model_fields
        if getattr(old.file, name) != getattr(new.file, name)
    ]

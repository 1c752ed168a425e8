"""The house: who is installed, whose desk is served, and the one address for all of them."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import FrontlineError
from bot.desk.workspaces import Serving
from bot.service.context import utc_now
from bot.settings.loading import CONFIG_FILE, load_file
from bot.slack.installing import (
    INSTALL_PATH,
    REDIRECT_PATH,
    AppCredentials,
    Installing,
    is_refused,
    welcome,
)
from bot.slack.lines import Doors, Entrance, SlackRequests
from bot.slack.lines.http import PATH
from bot.slack.lines.shared import AT_ONCE
from bot.store.database import migrate, server_of
from bot.store.installed import Installations, States
from bot.web import Asgi, Check, Health, Paths, Together, WebServer
from bot.web.health import LIVES, READY
from bot.web.metrics import METRICS
from bot.workspaces.desks import ServedDesk
from bot.workspaces.folders import begin_folder, root_of
from bot.workspaces.tending import Tending
from bot.workspaces.threads import say_whose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.bootstrap import Application, Waiting
    from bot.desk.ports.time import Clock
    from bot.desk.workspaces import HomeId, Installation
    from bot.settings.settings import Settings
    from bot.settings.tokens import AppSecrets

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 5.0
"""So often it is looked whether somebody was taken out, or a token is to be replaced."""
COMPARE_EVERY_S = 60.0


class House:
    """Serves the desk of every workspace that is installed."""

    def __init__(
        self,
        settings: Settings,
        secrets: AppSecrets,
        begin: Callable[[Installation, Entrance, Waiting], Application],
        http: str,
        *,
        measured: tuple[Together, str] | None = None,
    ) -> None:
        """Listen at `http`; `begin` starts a desk by its folder, its token and its entrance.

        `measured` has the figures that desks hand in, and where they are read.

        Raises:
            FrontlineError: the database cannot be opened, or its tokens have another key.
        """
        migrate(settings.db)
        self._settings = settings
        self._clock: Clock = utc_now
        self._compared_at = -math.inf
        if (server := server_of(settings.db)) is not None:
            self._clock = server.clock
            self._compare_clocks()
        self._allowed = frozenset(settings.file.workspaces.allow)
        self._begin = begin
        self._app = AppCredentials(
            secrets.client_id, secrets.client_secret, settings.secrets.slack_api_url
        )
        self.installations = Installations(settings.db, self._clock, secrets.tokens_key)
        self._installed = frozenset(each.home for each in self._now() if each.is_installed)
        self._desks: dict[HomeId, ServedDesk] = {}
        self._leaving: list[tuple[HomeId, str]] = []
        self._began_with: dict[HomeId, str] = {}
        self._wants_reading = False
        self._tending = Tending(self.installations, self._app, settings, self._clock)
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="house", daemon=True)
        doors = Doors(self.is_installed, self.left, lambda: self._server.is_up)
        self._doors = doors
        self._requests = SlackRequests(
            doors.let_in, secrets.signing_secret, self._clock, lambda: None, at_once=AT_ONCE
        )
        installing = Installing(
            self._app,
            States(settings.db, self._clock),
            self.installed,
            self.may_install,
            self._clock,
        )
        health = Health(
            {
                "database": self._look,
                "workspaces_served": self._served,
                "outbox_waits_since": self._waits,
            }
        )
        paths: dict[str, Asgi] = {
            PATH: self._requests,
            INSTALL_PATH: installing,
            REDIRECT_PATH: installing,
            "/hooks/": doors.hooks,
            LIVES: health,
            READY: health,
        }
        self._server = WebServer(Paths(paths), http)
        self._measures: WebServer | None = None
        self._figures = measured[0] if measured is not None else None
        if measured is not None:
            figures, at = measured
            figures.stand = self.stand
            self._measures = WebServer(Paths({METRICS: figures}), at)

    # --- who is installed

    def may_install(self, home: str, organisation: str | None) -> bool:
        """Tell whether somebody listed a workspace, or its organisation."""
        return home in self._allowed or organisation in self._allowed

    def is_installed(self, home: HomeId) -> bool:
        """Tell whether the app is installed there; perhaps a replica has it from a moment ago."""
        return home in self._installed or self.installations.has(home)

    def installed(self, installation: Installation) -> None:
        """Keep an installation, and begin its desk."""
        self.installations.save(installation)
        self._installed |= {installation.home}
        self._wake.set()

    def left(self, home: HomeId, how: str) -> None:
        """Hear from Slack that an installation ended; `how` is empty where it did not."""
        if how:
            self._leaving.append((home, how))
            self._wake.set()

    def read_again(self) -> None:
        """Take up who may install, and each configuration that is another one; soon."""
        self._wants_reading = True
        self._wake.set()

    # --- running

    @property
    def port(self) -> int:
        """The port at which it is reached."""
        return self._server.port

    def start(self) -> None:
        """Begin to listen, then to serve.

        Raises:
            ConfigurationError: the address is taken.
        """
        say_whose()
        self._server.start()
        if self._measures is not None:
            self._measures.start()
        self._thread.start()

    def stop(self) -> None:
        """Take in nothing more, finish what is under way, and end every desk."""
        self._ending.set()
        self._wake.set()
        self._server.stop()
        self._requests.finish()
        self._thread.join()
        for desk in self._desks.values():
            desk.end()
        for desk in self._desks.values():
            desk.join()
        self._tending.stop()
        if self._measures is not None:
            self._measures.stop()

    def stand(self) -> dict[str, int]:
        """Count the installations by how their desks stand; those that ended are not counted."""
        counted = dict.fromkeys((each.value for each in Serving), 0)
        for each in self._now():
            counted[each.stands.value] += each.is_installed
        return counted

    def desk(self, home: HomeId) -> ServedDesk | None:
        """Give the desk of a workspace, where one is kept running."""
        return self._desks.get(home)

    def step(self) -> None:
        """Bring what runs in line with what is installed."""
        self._compare_clocks()
        self._let_leave()
        if self._wants_reading:
            self._wants_reading = False
            self._read_again()
        gone = self._tending.gone(tuple(each for each in self._now() if each.is_installed))
        if gone is not None:
            self._end(gone.home, "token refused for a day")
        known = self._now()
        self._installed = frozenset(each.home for each in known if each.is_installed)
        for installation in known:
            if installation.is_installed:
                self._keep_running(self._tending.with_fresh_token(installation))
        for home, desk in list(self._desks.items()):
            if home not in self._installed and not desk.is_ending:
                desk.end()
            if desk.is_over:
                del self._desks[home]
        for installation in known:
            if installation.stands is not Serving.SERVED and self._serves(installation.home):
                # A replica that stopped has written that it did; here it is served.
                self._stands(installation.home, Serving.SERVED, "")
        self._tending.keep_to_retention(
            tuple(each for each in known if not each.is_installed and each.home not in self._desks)
        )

    def _compare_clocks(self) -> None:
        """See now and then what the server's clock shows, by which all replicas go."""
        server, now = server_of(self._settings.db), time.monotonic()
        if server is not None and now - self._compared_at >= COMPARE_EVERY_S:
            server.compare_clocks()
            self._compared_at = now

    def _serves(self, home: HomeId) -> bool:
        desk = self._desks.get(home)
        return desk is not None and not desk.is_ending and desk.application is not None

    def _keep_running(self, installation: Installation) -> None:
        desk = self._desks.get(installation.home)
        if desk is None:
            desk = ServedDesk(installation, self._open, self._stands, self._begun)
            self._desks[installation.home] = desk
            desk.start()
        elif desk.installation.installed_at != installation.installed_at:
            desk.renew(installation)
        elif desk.installation.token != installation.token:
            desk.take_token(installation)

    def _open(self, installation: Installation, waiting: Waiting) -> Application:
        root = begin_folder(self._settings, installation.home, installation.installer)
        self._began_with[installation.home] = (root / CONFIG_FILE).read_text(encoding="utf-8")
        entrance = Entrance(self._doors, installation.home)
        return self._begin(installation, entrance, waiting)

    def _stands(self, home: HomeId, stands: Serving, says: str) -> None:
        try:
            self.installations.stand(home, stands, says)
        except Exception as failure:  # noqa: BLE001 - it is not served any less for that
            log.warning("not_noted", home=home, stands=stands, why=type(failure).__name__)
        if self._figures is not None and stands is not Serving.SERVED:
            self._figures.drop(home)

    def _begun(self, installation: Installation, application: Application) -> None:
        if installation.welcomed_at is None and application.client is not None:
            # Written down first: rather not at all than at each start.
            self.installations.welcomed(installation.home)
            welcome(application.client, installation.installer)
        application.look_ahead()

    def _read_again(self) -> None:
        """Begin anew each desk whose configuration changed; one that cannot be read goes on."""
        if self._settings.config is not None:
            with _said():
                self._allowed = frozenset(load_file(self._settings.config).workspaces.allow)
        for home, desk in self._desks.items():
            config = root_of(self._settings, home) / CONFIG_FILE
            with _said():
                load_file(config)
                if config.read_text(encoding="utf-8") != self._began_with.get(home):
                    log.info("configuration_taken_up", home=home)
                    desk.renew(desk.installation)

    def _let_leave(self) -> None:
        while self._leaving:
            home, how = self._leaving.pop(0)
            token = next((each.token for each in self._now() if each.home == home), "")
            if token and is_refused(token, self._app.api_url) is False:
                # Told late, of an installation before this one; or of a token that was replaced.
                log.info("still_installed", home=home, how=how)
            else:
                self._end(home, f"{how}, as Slack told")

    def _end(self, home: HomeId, how: str) -> None:
        if self.installations.end(home, how):
            log.warning("uninstalled", home=home, how=how, says="nothing is sent any more")

    def _now(self) -> tuple[Installation, ...]:
        return self.installations.all()

    def _loop(self) -> None:
        while not self._ending.is_set():
            self._wake.clear()
            try:
                self.step()
            except FrontlineError as failure:
                log.warning("house_failed", why=str(failure))
            except Exception as failure:
                log.exception("house_failed", exc_info=failure)
            self._wake.wait(LOOK_EVERY_S)

    # --- health

    def _look(self) -> Check:
        self._now()
        return Check(good=True)

    def _served(self) -> Check:
        """Count, and decide nothing: one that is broken is no reason to take away the others."""
        served = [each for each in self._desks.values() if each.application is not None]
        return Check(good=True, says=len(served))

    def _waits(self) -> Check:
        """Tell since when anything waits for Slack, of any of them; and decide nothing by it."""
        served = [each.application for each in tuple(self._desks.values())]
        waiting = [_waits_since(each) for each in served if each is not None]
        return Check(good=True, says=min((since for since in waiting if since), default=None))


def _waits_since(desk: Application) -> str | None:
    """Give when the oldest row came that waits; None where its database cannot be read."""
    with suppress(sqlite3.Error, FrontlineError):
        return desk.store.letters.waits_since()
    return None


@contextmanager
def _said() -> Iterator[None]:
    """Say what is wrong with a configuration; what served goes on serving."""
    try:
        yield
    except FrontlineError as failure:
        log.warning("configuration_refused", says=str(failure))

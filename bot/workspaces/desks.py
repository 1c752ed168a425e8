"""One workspace's desk in a thread of its own: begun, tried again, stopped; others go on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

import structlog
from structlog.contextvars import bind_contextvars

from bot.bootstrap import Waiting
from bot.bootstrap.failures import in_words
from bot.desk.workspaces import Serving
from bot.workspaces.threads import WORKSPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap import Application
    from bot.desk.workspaces import HomeId, Installation

log = structlog.get_logger(__name__)

AGAIN_S = 60.0
STOP_WITHIN_S = 30.0


class After(Protocol):
    """What is done once a desk is served."""

    def __call__(self, installation: Installation, application: Application) -> None:
        """Do it; what it raises is noted, and the desk goes on."""


class ServedDesk:
    """Keeps one workspace's desk running until it is told to end."""

    def __init__(
        self,
        installation: Installation,
        begin: Callable[[Installation, Waiting], Application],
        told: Callable[[HomeId, Serving, str], None],
        after: After,
    ) -> None:
        """Prepare: `begin` builds and starts the desk, `told` hears how it stands."""
        self.installation = installation
        self.application: Application | None = None
        self._begin = begin
        self._told = told
        self._after = after
        self._ending = threading.Event()
        self._again = threading.Event()
        self._waiting = Waiting()
        name = f"workspace {installation.home}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin, without anybody waiting for it."""
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended, and its folder is free."""
        return self._ending.is_set() and not self._thread.is_alive()

    @property
    def is_ending(self) -> bool:
        """Whether it was told to end."""
        return self._ending.is_set()

    def renew(self, installation: Installation) -> None:
        """Begin anew: the app was installed again."""
        self.installation = installation
        self._again.set()
        self._waiting.stopping.set()

    def take_token(self, installation: Installation) -> None:
        """Go on with another token of the same installation."""
        self.installation = installation
        application = self.application
        if application is not None and application.client is not None:
            application.client.token = installation.token

    def end(self) -> None:
        """Stop, without waiting for it."""
        self._ending.set()
        self._again.set()
        self._waiting.stopping.set()

    def join(self) -> None:
        """Wait until it has stopped."""
        self._thread.join(STOP_WITHIN_S)

    def _run(self) -> None:
        home = self.installation.home
        bind_contextvars(**{WORKSPACE: home})
        while not self._ending.is_set():
            trouble = self._serve_once()
            if self._ending.is_set():
                break
            if trouble:
                log.error("desk_broken", home=home, why=trouble)
                self._told(home, Serving.BROKEN, trouble)
                self._again.wait(AGAIN_S)
            self._again.clear()
        self._told(home, Serving.STOPPED, "")

    def _serve_once(self) -> str:
        """Serve until something ends it; gives why it could not, or cannot any longer."""
        home = self.installation.home
        self._waiting = waiting = Waiting(
            threading.Event(), lambda line: self._told(home, Serving.WAITING, line)
        )
        if self._ending.is_set():
            return ""
        self._told(home, Serving.STARTING, "")
        try:
            self.application = application = self._begin(self.installation, waiting)
        except Exception as failure:  # noqa: BLE001 - the other desks go on
            return "" if waiting.stopping.is_set() else in_words(failure)
        self._told(home, Serving.SERVED, "")
        log.info("desk_served", home=home)
        try:
            self._after(self.installation, application)
        except Exception as failure:  # noqa: BLE001 - it is served all the same
            log.warning("not_welcomed", home=home, why=in_words(failure))
        waiting.stopping.wait()
        self.application = None
        try:
            application.stop()
        except Exception as failure:  # noqa: BLE001 - it begins again, or ends
            return in_words(failure)
        return application.holding.why_lost or ""

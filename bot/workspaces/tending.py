"""What installations need while nobody looks: other tokens in time, and an end to what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import FrontlineError
from bot.slack.installing import is_due, is_refused, rotate
from bot.store.database import migrate
from bot.store.keeping.retention import Retention
from bot.worker import RetentionKeeper
from bot.workspaces.folders import settings_in

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ports.time import Clock
    from bot.desk.workspaces import HomeId, Installation
    from bot.settings.settings import Settings
    from bot.slack.installing import AppCredentials
    from bot.store.installed import Installations

log = structlog.get_logger(__name__)

AGAIN = timedelta(minutes=1)
ASK_EVERY = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)


class Tending:
    """Looks after tokens, and after the data of workspaces that uninstalled the app."""

    def __init__(
        self, installations: Installations, app: AppCredentials, house: Settings, clock: Clock
    ) -> None:
        """Work on these installations of a house, by its clock."""
        self._clock = clock
        self._installations = installations
        self._app = app
        self._house = house
        self._tried: dict[HomeId, datetime] = {}
        self._asked: dict[HomeId, datetime] = {}
        self._refused: dict[HomeId, datetime] = {}
        self._keepers: dict[HomeId, RetentionKeeper | None] = {}

    def with_fresh_token(self, installation: Installation) -> Installation:
        """Give an installation whose token serves for a while yet, where Slack gives one."""
        now = self._clock()
        if not is_due(installation, now) or not self._may_try(installation.home, now):
            return installation
        try:
            with self._installations.turn_of(installation.home) as current:
                # Meanwhile a replica may have done it, and what the old one was got with is spent.
                if current is None or not is_due(current, now):
                    return current or installation
                return self._rotated(current)
        except FrontlineError as failure:
            log.warning("token_not_rotated", home=installation.home, why=str(failure))
            return installation

    def _rotated(self, installation: Installation) -> Installation:
        token, refresh_token, until = rotate(installation, self._app, self._clock)
        self._installations.rotated(installation.home, token, refresh_token, until)
        log.info("token_rotated", home=installation.home, until=until.isoformat())
        return replace(installation, token=token, refresh_token=refresh_token, expires_at=until)

    def gone(self, installed: tuple[Installation, ...]) -> Installation | None:
        """Give one whose token Slack has refused for so long that it is over.

        Nobody told us of its end, or told it too early to be believed. One is asked about at a
        time, each within an hour: the others wait for it.
        """
        now = self._clock()
        for each in installed:
            self._asked.setdefault(each.home, now)
        due = [each for each in installed if now - self._asked[each.home] >= ASK_EVERY]
        if not due:
            return None
        one = min(due, key=lambda each: self._asked[each.home])
        self._asked[one.home] = now
        if is_refused(one.token, self._app.api_url) is not True:
            self._refused.pop(one.home, None)
            return None
        return one if now - self._refused.setdefault(one.home, now) >= GIVEN_UP_AFTER else None

    def _may_try(self, home: HomeId, now: datetime) -> bool:
        """Tell whether it is time to ask for a token again."""
        tried = self._tried.get(home)
        if tried is not None and timedelta(0) <= now - tried < AGAIN:
            return False
        self._tried[home] = now
        return True

    def keep_to_retention(self, ended: tuple[Installation, ...]) -> None:
        """Let go in time of what is kept of those who are no longer served."""
        homes = {each.home for each in ended}
        for home in [each for each in self._keepers if each not in homes]:
            _stop(self._keepers.pop(home))
        for installation in ended:
            if installation.home not in self._keepers:
                self._keepers[installation.home] = self._begun(installation.home)

    def _begun(self, home: HomeId) -> RetentionKeeper | None:
        """Begin to let go of what is kept; None where nothing is, or it cannot be read."""
        try:
            settings = settings_in(self._house, home)
            if settings.server is None and not settings.db.exists():
                return None
            migrate(settings.db)
        except FrontlineError as failure:
            log.warning("retention_not_kept", home=home, why=str(failure))
            return None
        retention = Retention(settings.db, self._clock, settings.keeping)
        keeper = RetentionKeeper(retention, self._clock)
        keeper.start()
        return keeper

    def stop(self) -> None:
        """End what runs here."""
        for keeper in self._keepers.values():
            _stop(keeper)


def _stop(keeper: RetentionKeeper | None) -> None:
    if keeper is not None:
        keeper.stop()

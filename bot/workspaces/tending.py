"""What installations need while nobody looks: other tokens in time, and an end to what is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.desk.errors import FrontlineError
from bot.desk.workspaces import Serving
from bot.service.context import utc_now
from bot.slack.installing import is_due, is_refused, rotate
from bot.store.database import migrate
from bot.store.keeping.retention import Retention
from bot.worker import RetentionKeeper
from bot.workspaces.folders import settings_in

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.workspaces import HomeId, Installation
    from bot.settings.settings import Settings
    from bot.slack.installing import AppCredentials
    from bot.store.installed import Installations

log = structlog.get_logger(__name__)

AGAIN_S = 60.0
GIVEN_UP_AFTER = timedelta(days=1)


class Tending:
    """Looks after tokens, and after the data of workspaces that uninstalled the app."""

    def __init__(self, installations: Installations, app: AppCredentials, house: Settings) -> None:
        """Work on these installations of a house."""
        self._installations = installations
        self._app = app
        self._house = house
        self._tried: dict[HomeId, datetime] = {}
        self._keepers: dict[HomeId, RetentionKeeper] = {}

    def with_fresh_token(self, installation: Installation) -> Installation:
        """Give an installation whose token serves for a while yet, where Slack gives one."""
        now = utc_now()
        if not is_due(installation, now) or not self._is_due(installation.home, now):
            return installation
        try:
            token, refresh_token, until = rotate(installation, self._app)
            self._installations.rotated(installation.home, token, refresh_token, until)
        except FrontlineError as failure:
            log.warning("token_not_rotated", home=installation.home, why=str(failure))
            return installation
        log.info("token_rotated", home=installation.home, until=until.isoformat())
        return replace(installation, token=token, refresh_token=refresh_token, expires_at=until)

    def is_gone(self, installation: Installation) -> bool:
        """Tell whether Slack has refused an installation's token for so long that it is over.

        Nobody told us of its end: it came while nobody listened.
        """
        since, now = installation.stands_since, utc_now()
        if installation.stands is not Serving.WAITING or since is None:
            return False
        if now - since < GIVEN_UP_AFTER or not self._is_due(installation.home, now):
            return False
        return is_refused(installation.token, self._app.api_url) is True

    def _is_due(self, home: HomeId, now: datetime) -> bool:
        """Tell whether it is time to ask Slack about an installation again."""
        tried = self._tried.get(home)
        if tried is not None and 0 <= (now - tried).total_seconds() < AGAIN_S:
            return False
        self._tried[home] = now
        return True

    def keep_to_retention(self, ended: tuple[Installation, ...]) -> None:
        """Let go in time of what is kept of those who are no longer served."""
        homes = {each.home for each in ended}
        for home in [each for each in self._keepers if each not in homes]:
            self._keepers.pop(home).stop()
        for installation in ended:
            if installation.home not in self._keepers:
                self._begin(installation.home)

    def _begin(self, home: HomeId) -> None:
        try:
            settings = settings_in(self._house, home)
            if settings.server is None and not settings.db.exists():
                return
            migrate(settings.db)
        except FrontlineError as failure:
            log.warning("retention_not_kept", home=home, why=str(failure))
            return
        keeper = RetentionKeeper(Retention(settings.db, utc_now, settings.keeping), utc_now)
        keeper.start()
        self._keepers[home] = keeper

    def stop(self) -> None:
        """End what runs here."""
        for keeper in self._keepers.values():
            keeper.stop()

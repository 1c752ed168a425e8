"""An installation: one workspace, or one organisation, whose desk this process serves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.ids import UserId

HomeId = NewType("HomeId", str)
"""Slack's id of the workspace (`T…`), or of the organisation that installed for all (`E…`)."""


class Serving(StrEnum):
    """How the desk of an installation stands."""

    STARTING = "starting"
    SERVED = "served"
    WAITING = "waiting"
    """Slack does not let it in yet: it is tried again."""
    BROKEN = "broken"
    """Its configuration, model or database: it is tried again."""
    STOPPED = "stopped"


@dataclass(frozen=True)
class Installation:
    """What Slack gave when the app was installed, and what became of it."""

    home: HomeId
    name: str
    token: str = field(repr=False)
    bot_user: UserId
    installer: UserId
    installed_at: datetime
    refresh_token: str | None = field(default=None, repr=False)
    """What another token is got with, where tokens are rotated."""
    expires_at: datetime | None = None
    """Until when the token serves; for good, where they are not."""
    ended_at: datetime | None = None
    """When it was uninstalled, or taken out by the operator."""
    ended_why: str = ""
    welcomed_at: datetime | None = None
    """When the installer was told how to go on."""
    stands: Serving = Serving.STOPPED
    says: str = ""
    stands_since: datetime | None = None

    @property
    def is_installed(self) -> bool:
        """Whether the app is there now."""
        return self.ended_at is None

    @property
    def is_organisation(self) -> bool:
        """Whether an organisation installed it for all of its workspaces."""
        return self.home.startswith("E")

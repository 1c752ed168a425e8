"""What frontline.toml may say of what leaves Slack: targets, pages of a group, hooks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.desk.beyond import SUBSCRIBED, Deed, Happening, Target
from bot.desk.promises import PageAt, PageRule, Priority

Person = Annotated[str, Field(pattern=r"^[UW][A-Z0-9]+$")]
PAGERS = frozenset({"pagerduty", "opsgenie"})
PLACES = {
    "pagerduty": "https://events.pagerduty.com/v2/enqueue",
    "opsgenie": "https://api.opsgenie.com",
}
TargetName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
NOT_SUBSCRIBED = "a pager is told of pages and alarms alone; leave events out"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class PageSettings(_Strict):
    """At which step of the ladder a group pages which targets."""

    at: PageAt = PageAt.CALL_LEAD
    to: tuple[str, ...] = Field(min_length=1)
    priorities: tuple[Priority, ...] = tuple(Priority)

    def rule(self) -> PageRule:
        """Give it as the domain knows it."""
        return PageRule(self.at, self.to, frozenset(self.priorities))


class TargetSettings(_Strict):
    """A system outside Slack that is told."""

    kind: Literal["json", "pagerduty", "opsgenie", "email", "chat"]
    url: str | None = Field(default=None, repr=False)
    url_env: str | None = None
    secret_env: str | None = None
    authorization_env: str | None = None
    events: tuple[Happening, ...] = ()
    groups: tuple[str, ...] = ()
    priorities: tuple[Priority, ...] = tuple(Priority)
    restricted: bool = False
    direct: bool = False
    internal: tuple[str, ...] = ()
    """Hosts, addresses and networks inside that it may be at."""
    host: str | None = None
    port: int = Field(default=587, ge=1, le=65_535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str | None = None
    sender: str | None = None
    to: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> TargetSettings:
        mail = {"host": self.host, "sender": self.sender, "to": self.to}
        if self.kind == "email":
            if missing := [name for name, value in mail.items() if not value]:
                raise ValueError(f"an email target needs {', '.join(missing)}")
            if self.user is not None and self.secret_env is None:
                raise ValueError("user needs secret_env, the variable with its password")
            if self.user is not None and self.security == "none":
                raise ValueError("a password is not sent in clear; choose tls or starttls")
        elif any(mail.values()) or self.user is not None:
            raise ValueError("host, sender, to and user belong to a target of kind email")
        elif self.url is not None and self.url_env is not None:
            raise ValueError("give url or url_env, not both")
        elif self.url is None and self.url_env is None and self.kind not in PLACES:
            raise ValueError("a target needs url, or url_env with the variable that holds it")
        if self.kind in PAGERS and self.secret_env is None:
            raise ValueError("a pager needs secret_env, the variable that holds its key")
        if self.kind in PAGERS and self.events:
            raise ValueError(NOT_SUBSCRIBED)
        if wrong := [each.value for each in self.events if each not in SUBSCRIBED]:
            raise ValueError(f"{wrong[0]} is sent unasked; leave it out of events")
        return self

    def target(self, name: str) -> Target:
        """Give it as the domain knows it."""
        return Target(
            name,
            frozenset(self.events),
            frozenset(self.groups),
            frozenset(self.priorities),
            self.restricted,
            self.direct,
        )


class HookSettings(_Strict):
    """Where a system outside Slack says that somebody acknowledged or resolved a page."""

    kind: Literal["pagerduty", "json"]
    target: str
    secret_env: str
    may: tuple[Deed, ...] = (Deed.TAKE,)
    people: dict[str, Person] = {}
    """Whom the other system's ids or names mean in Slack."""


ADDRESS = r"^[^\s:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$"
"""A host and a port to listen at."""


class ReceiverSettings(_Strict):
    """The receiver of hooks; off unless it has an address."""

    listen: str | None = Field(default=None, pattern=ADDRESS)

"""One call of a Web API method: who calls, and with which arguments."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.errors import SlackError

if TYPE_CHECKING:
    from bot.playground.site import Site
    from bot.playground.state.timeline import Message
    from bot.playground.state.workspace import Channel, User

_TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True)
class Call:
    """The arguments of a call, read the way Slack reads them from a form or from JSON."""

    site: Site
    method: str
    arguments: Mapping[str, Any]
    scopes: frozenset[str] = frozenset()

    def in_a_workspace(self) -> None:
        """Refuse an organisation's token that does not say in which of its workspaces to act."""
        team = self.site.workspace.team
        if team.enterprise_id and self.text("team_id") != team.id:
            raise SlackError("missing_argument" if not self.text("team_id") else "team_not_found")

    # --- arguments

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.arguments.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def required(self, name: str, error: str | None = None) -> str:
        """An argument that must be there; raises SlackError."""
        value = self.text(name)
        if not value:
            if error is not None:
                raise SlackError(error)
            raise SlackError("invalid_arguments", f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """An argument as a truth value."""
        value = self.arguments.get(name)
        if value is None:
            return default
        return value if isinstance(value, bool) else str(value).lower() in _TRUE

    def number(self, name: str, default: int, largest: int) -> int:
        """A whole number between 1 and `largest`; raises SlackError("invalid_limit")."""
        raw = self.arguments.get(name)
        if raw in (None, ""):
            return default
        try:
            value = int(str(raw))
        except ValueError as error:
            raise SlackError("invalid_limit") from error
        if value < 1:
            raise SlackError("invalid_limit")
        return min(value, largest)

    def json(self, name: str, kind: type, error: str) -> Any:
        """An argument that is JSON, given as such or as text; None if absent."""
        value = self.arguments.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as failure:
                raise SlackError(error) from failure
        if not isinstance(value, kind):
            raise SlackError(error)
        return value

    # --- what arguments refer to

    @property
    def bot_id(self) -> str:
        """The bot user that calls."""
        return self.site.workspace.bot.user_id

    def need(self, scope: str) -> None:
        """Refuse the call unless the token has a scope."""
        if scope not in self.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def channel(self, name: str = "channel", *, by_name: bool = False) -> Channel:
        """The channel that an argument names; a private one only for its members."""
        wanted = self.required(name)
        workspace = self.site.workspace
        found = workspace.channel(wanted) if by_name else workspace.channels.get(wanted)
        if found is None or (found.is_private and self.bot_id not in found.members):
            raise SlackError("channel_not_found")
        return found

    def joined_channel(self, name: str = "channel") -> Channel:
        """The same, if the bot is a member of it."""
        channel = self.channel(name)
        if self.bot_id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def message(
        self, channel: Channel, name: str = "ts", error: str = "message_not_found"
    ) -> Message:
        """The message of a channel that an argument names."""
        found = self.site.workspace.find_message(channel, self.required(name))
        if found is None or found.get("subtype") == "tombstone":
            raise SlackError(error)
        return found

    def user(self, name: str = "user") -> User:
        """The user that an argument names."""
        found = self.site.workspace.users.get(self.required(name))
        if found is None:
            raise SlackError("user_not_found")
        return found


Handler = Callable[[Call], dict[str, Any]]


@dataclass(frozen=True)
class Method:
    """A Web API method: what it needs and what it does."""

    name: str
    handler: Handler
    scopes: tuple[str, ...] = ()
    caller: str = "bot"


@dataclass
class Methods:
    """The methods of one family, registered by a decorator."""

    known: dict[str, Method] = field(default_factory=dict)

    def add(self, name: str, *scopes: str, caller: str = "bot") -> Callable[[Handler], Handler]:
        """Register a method that needs one of the scopes (none: any token of the kind)."""

        def register(handler: Handler) -> Handler:
            self.known[name] = Method(name, handler, scopes, caller)
            return handler

        return register

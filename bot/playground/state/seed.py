"""What a workspace starts with: people, channels, user groups and the installed app."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeVar

from bot.playground.errors import BadSeed

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "emoji:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "metadata.message:read",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "usergroups:write",
    "users:read",
    "users.profile:read",
    "users:read.email",
)

T = TypeVar("T")


@dataclass(frozen=True)
class TeamSeed:
    """The workspace itself."""

    id: str
    name: str
    domain: str
    enterprise_id: str = ""
    """Of the organisation that installed the app for all its workspaces; usually of none."""
    enterprise_name: str = ""


@dataclass(frozen=True)
class PersonSeed:
    """Somebody who can sit at the page."""

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Europe/London"
    avatar_color: str = "#5b6b7b"
    role: str = "employee"
    email: str = ""
    is_bot: bool = False
    team: str = ""
    """Of another organisation: its workspace's id."""
    is_guest: bool = False
    is_deleted: bool = False
    locale: str = "en-US"


@dataclass(frozen=True)
class BotSeed:
    """The app under test: its bot user, its tokens and what it may do."""

    user_id: str
    bot_id: str
    app_id: str
    name: str
    real_name: str
    bot_token: str
    app_token: str
    signing_secret: str
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    avatar_color: str = "#2f6f4f"


@dataclass(frozen=True)
class ChannelSeed:
    """A channel that exists from the start; the bot is a member if its user id is listed."""

    id: str
    name: str
    members: tuple[str, ...]
    topic: str = ""
    purpose: str = ""
    is_private: bool = False


@dataclass(frozen=True)
class GroupSeed:
    """A user group."""

    id: str
    handle: str
    name: str
    users: tuple[str, ...]


@dataclass(frozen=True)
class GuideStep:
    """A question that the guided start offers, and where to look next."""

    text: str
    channel: str
    hint: str


@dataclass(frozen=True)
class CommandSeed:
    """A slash command of the app."""

    command: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True)
class ShortcutSeed:
    """A global or message shortcut of the app."""

    callback_id: str
    name: str
    type: str = "message"
    description: str = ""


@dataclass(frozen=True)
class Seed:
    """All of it."""

    team: TeamSeed
    bot: BotSeed
    people: tuple[PersonSeed, ...]
    channels: tuple[ChannelSeed, ...]
    usergroups: tuple[GroupSeed, ...] = ()
    guide: tuple[GuideStep, ...] = ()
    commands: tuple[CommandSeed, ...] = ()
    shortcuts: tuple[ShortcutSeed, ...] = ()

    @classmethod
    def from_json(cls, raw: dict[str, Any], *, source: str = "seed") -> Seed:
        """Read a seed from its JSON form; raises BadSeed that names the entry."""

        def many(name: str, kind: type[T]) -> tuple[T, ...]:
            entries = raw.get(name, [])
            if not isinstance(entries, list):
                raise BadSeed(f"{source}: `{name}` must be a list")
            return tuple(
                _build(kind, entry, f"{source}: {name}[{n}]") for n, entry in enumerate(entries)
            )

        return cls(
            team=_build(TeamSeed, raw.get("team"), f"{source}: team"),
            bot=_build(BotSeed, raw.get("bot"), f"{source}: bot"),
            people=many("people", PersonSeed),
            channels=many("channels", ChannelSeed),
            usergroups=many("usergroups", GroupSeed),
            guide=many("guide", GuideStep),
            commands=many("commands", CommandSeed),
            shortcuts=many("shortcuts", ShortcutSeed),
        )

    @classmethod
    def load(cls, path: Path) -> Seed:
        """Read a seed file; raises BadSeed that names the file and the entry."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadSeed(f"{path}: {error}") from error
        if not isinstance(raw, dict):
            raise BadSeed(f"{path}: must hold one JSON object")
        return cls.from_json(raw, source=str(path))

    @classmethod
    def larkfield(cls) -> Seed:
        """The sample organisation that comes with the package."""
        text = resources.files(__package__).joinpath("larkfield.json").read_text(encoding="utf-8")
        return cls.from_json(json.loads(text), source="larkfield.json")


def _build(kind: type[T], raw: Any, where: str) -> T:
    """One entry as its dataclass; lists become tuples."""
    if not isinstance(raw, dict):
        raise BadSeed(f"{where} must be an object")
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(raw) - known)
    if unknown:
        raise BadSeed(f"{where}: unknown key `{unknown[0]}`")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise BadSeed(f"{where}: {str(error).split('__init__() ')[-1]}") from error

"""Where in Slack something was done, and where something goes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.ids import HOME, ChannelId, TeamId, Ts, UserId


@dataclass(frozen=True)
class Spot:
    """The message under which somebody pressed, and who it was."""

    team: TeamId
    channel: ChannelId
    ts: Ts
    user: UserId
    thread_ts: Ts | None = None


def home_of(user: UserId) -> Destination:
    """Give somebody's Home as a destination."""
    return Destination(f"{HOME}{user}")


@dataclass(frozen=True)
class Destination:
    """Where a notice goes.

    `channel` is an id, or a channel's name as the configuration has it. A notice stands in
    `thread_ts`, or in the thread under another notice (`under`); `edits` replaces an earlier
    notice instead of posting, `only_for` shows it to one person alone.
    """

    channel: str
    thread_ts: Ts | None = None
    under: int | None = None
    edits: int | None = None
    only_for: UserId | None = None

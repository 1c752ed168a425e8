"""What people are told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.addresses import Destination
    from bot.desk.ids import ChannelId, TeamId, TicketId, Ts, UserId


class Once(Protocol):
    """Who was told what, so that they are told once."""

    def first_secret(self, ticket: TicketId, user: UserId) -> bool:
        """Tell whether somebody is told for the first time on this ticket of a secret."""

    def first_slowing(self, user: UserId) -> bool:
        """Tell whether somebody is told for the first time within the hour that they wait."""

    def first_hearing(self, to: Destination, came: datetime, now: datetime) -> bool:
        """Tell whether a conversation has no sign yet that covers what came then."""

    def nobody_waits(self) -> None:
        """Forget what signs were given."""

    def first_refusal(self, user: UserId) -> bool:
        """Tell whether somebody is turned away for the first time."""

    def whispered(self, channel: ChannelId, ts: Ts, user: UserId) -> None:
        """Remember for a day that a message was answered where its writer alone reads."""

    def was_whispered(self, channel: ChannelId, ts: Ts, user: UserId) -> bool:
        """Tell whether somebody's message was answered so."""

    def passed_over(self, channel: ChannelId, ts: Ts, user: UserId) -> None:
        """Remember for a day that somebody's message in a channel was met with silence."""

    def was_passed_over(self, channel: ChannelId, ts: Ts) -> UserId | None:
        """Give the writer of a message that was met with silence; None where it was not."""

    def not_passed_over(self, channel: ChannelId, ts: Ts) -> None:
        """Forget it: somebody else has answered."""

    def picture_alone(self, channel: ChannelId, ts: Ts, user: UserId, *, silent: bool) -> None:
        """Remember for a day that somebody sent a picture and no word; whether with silence."""

    def pictures_of(
        self, channel: ChannelId, user: UserId, ts: Ts | None, since: Ts
    ) -> tuple[Ts, ...]:
        """Give the pictures that somebody sent alone: the one at `ts`, or all since then."""

    def told_of_picture(self, channel: ChannelId, ts: Ts) -> None:
        """Forget a picture: its sender has told of it."""

    def taken_back(self, team: TeamId, channel: ChannelId, ts: Ts) -> None:
        """Remember for a while that a message was deleted which has not come yet."""

    def overtaken(self, team: TeamId, channel: ChannelId, ts: Ts) -> None:
        """Remember for a while that an edit was handled in its message's place."""

    def was_overtaken(self, team: TeamId, channel: ChannelId, ts: Ts) -> bool:
        """Tell whether a message was deleted, or its edit handled, before it came."""

    def was_taken_back(self, team: TeamId, channel: ChannelId, ts: Ts) -> bool:
        """Tell whether a message was deleted before it came."""

"""Who speaks: a person, an app that may ask by the configuration, or nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bot.slack.parsing.shapes import Payload

SLACK_ITSELF = frozenset({"USLACKBOT"})
"""Slack's own notices: nobody said them, and nobody waits for an answer."""


def is_from(message: Payload, bots: AbstractSet[str]) -> bool:
    """Whether an app posted it whose posts are requests."""
    return str(message.get("bot_id") or "") in bots


def speaker_of(message: Payload, bots: AbstractSet[str] = frozenset()) -> UserId | None:
    """Tell who said something; None where nobody did who can be answered."""
    user = str(message.get("user") or "")
    if user in SLACK_ITSELF:
        return None
    if message.get("bot_id"):
        return UserId(user or str(message["bot_id"])) if is_from(message, bots) else None
    return UserId(user) if user else None

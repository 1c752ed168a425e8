"""What `frontline doctor` says of channels: whether they are there, and the bot is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.slack.errors import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_sdk import WebClient

    from bot.settings.settings import Settings
    from bot.slack.people.directory import SlackDirectory


def place_findings(
    settings: Settings, client: WebClient, directory: SlackDirectory
) -> Iterator[tuple[str, bool | None, str]]:
    """Look every configured channel up, and ask whether the bot is a member."""
    canary = settings.file.desk.canary_channel
    groups = (group.channel for group in settings.groups.groups)
    banners = settings.file.incidents.banner
    for name in sorted({*settings.modes, *groups, *banners, *([canary] if canary else [])}):
        found = directory.channel_id(name)
        if found is None:
            yield (
                f"channel {name}",
                False,
                "not found; correct its name, or create it and invite the app.",
            )
            continue
        try:
            with translated(f"looking at the channel {name}"):
                told = client.conversations_info(channel=found).get("channel") or {}
        except (DeliveryError, RetryableDeliveryError) as failure:
            yield f"channel {name}", False, str(failure)
            continue
        if told.get("is_archived"):
            yield f"channel {name}", False, f"{found} is archived; choose another."
        elif not told.get("is_member"):
            yield (
                f"channel {name}",
                False,
                f"found as {found}, but the bot is not in it; write /invite @Frontline there.",
            )
        else:
            yield f"channel {name}", True, f"found as {found}; the bot is in it."

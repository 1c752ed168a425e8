"""Installing an app from its manifest."""

from __future__ import annotations

from typing import Any

from bot.playground.seed import CommandSeed, ShortcutSeed
from bot.playground.site import Installation


def installation_from(manifest: dict[str, Any]) -> Installation:
    """What a Slack app manifest asks for."""
    features = manifest.get("features") or {}
    oauth = manifest.get("oauth_config") or {}
    subscriptions = (manifest.get("settings") or {}).get("event_subscriptions") or {}
    return Installation(
        scopes=frozenset((oauth.get("scopes") or {}).get("bot") or ()),
        commands=tuple(
            CommandSeed(entry["command"], entry.get("description", ""), entry.get("usage_hint", ""))
            for entry in features.get("slash_commands") or ()
        ),
        shortcuts=tuple(
            ShortcutSeed(
                entry["callback_id"],
                entry["name"],
                entry.get("type", "message"),
                entry.get("description", ""),
            )
            for entry in features.get("shortcuts") or ()
        ),
        events=frozenset(subscriptions.get("bot_events") or ()),
    )

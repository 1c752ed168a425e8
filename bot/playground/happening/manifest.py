"""Installing an app from its manifest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.playground.errors import BadSeed
from bot.playground.site import Installation
from bot.playground.state.seed import CommandSeed, ShortcutSeed

if TYPE_CHECKING:
    from pathlib import Path


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest file; raises BadSeed that names it."""
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSeed(f"{path}: {error}") from error
    if not isinstance(manifest, dict):
        raise BadSeed(f"{path}: must hold one JSON object")
    return manifest


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

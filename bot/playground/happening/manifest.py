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
    """What a Slack app manifest asks for; raises BadSeed that names the entry."""
    features = _object(manifest, "features", "")
    scopes = _object(_object(manifest, "oauth_config", ""), "scopes", "oauth_config.")
    subscriptions = _object(_object(manifest, "settings", ""), "event_subscriptions", "settings.")
    surfaces = [name for name in ("agent_view", "assistant_view") if name in features]
    if len(surfaces) > 1:
        raise BadSeed("manifest: features has both `agent_view` and `assistant_view`; Slack takes "
                      "one of them")  # fmt: skip
    for name in surfaces:
        _prompts(features[name], f"features.{name}")
    return Installation(
        scopes=frozenset(_words(scopes, "bot", "oauth_config.scopes.")),
        commands=tuple(
            CommandSeed(
                _text(entry, "command", where),
                entry.get("description", ""),
                entry.get("usage_hint", ""),
            )
            for entry, where in _entries(features, "slash_commands")
        ),
        shortcuts=tuple(
            ShortcutSeed(
                _text(entry, "callback_id", where),
                _text(entry, "name", where),
                entry.get("type", "message"),
                entry.get("description", ""),
            )
            for entry, where in _entries(features, "shortcuts")
        ),
        events=frozenset(_words(subscriptions, "bot_events", "settings.event_subscriptions.")),
        surface=surfaces[0].removesuffix("_view") if surfaces else "",
    )


def _object(holder: dict[str, Any], name: str, where: str) -> dict[str, Any]:
    value = holder.get(name) or {}
    if not isinstance(value, dict):
        raise BadSeed(f"manifest: {where}{name} must be an object")
    return value


def _entries(features: dict[str, Any], name: str) -> list[tuple[dict[str, Any], str]]:
    """The entries of a list, each with where it stands."""
    entries = features.get(name) or []
    if not isinstance(entries, list):
        raise BadSeed(f"manifest: features.{name} must be a list")
    placed = [(entry, f"features.{name}[{n}]") for n, entry in enumerate(entries)]
    for entry, where in placed:
        if not isinstance(entry, dict):
            raise BadSeed(f"manifest: {where} must be an object")
    return placed


def _text(entry: dict[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadSeed(f"manifest: {where} has no `{key}`; every entry needs one")
    return value


def _words(holder: dict[str, Any], name: str, where: str) -> list[str]:
    words = holder.get(name) or []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadSeed(f"manifest: {where}{name} must be a list of words")
    return words


def _prompts(view: Any, where: str) -> None:
    """The prompts that an agent's or assistant's view offers from the start."""
    if not isinstance(view, dict):
        raise BadSeed(f"manifest: {where} must be an object")
    for n, prompt in enumerate(view.get("suggested_prompts") or ()):
        here = f"{where}.suggested_prompts[{n}]"
        if not isinstance(prompt, dict):
            raise BadSeed(f"manifest: {here} must be an object")
        for key in ("title", "message"):
            _text(prompt, key, here)

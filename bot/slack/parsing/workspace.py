"""Which workspace a payload belongs to: the one that Frontline is installed in.

Slack names others as well: the workspace of a stranger who pressed, none at all in an
organisation. One installation has one workspace, whatever a payload calls it: so a thread has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.slack.parsing.shapes import Payload


def at_home(payload: Payload, home: str | None = None) -> Payload:
    """Give a payload with its workspace filled in; `home` where it is known, goes before all."""
    team = home or _named(payload)
    if not team or not isinstance(payload.get("type", ""), str):
        return payload
    if payload.get("type") == "event_callback" or "command" in payload:
        return payload if payload.get("team_id") == team else {**payload, "team_id": team}
    if "user" not in payload:
        return payload
    known = payload.get("team")
    if isinstance(known, dict):
        return payload if known.get("id") == team else {**payload, "team": {**known, "id": team}}
    return {**payload, "team": {"id": team}} if known is None else payload


def _named(payload: Payload) -> str | None:
    if payload.get("type") == "event_callback":
        granted = payload.get("authorizations")
        first = granted[0] if isinstance(granted, list) and granted else None
        candidates = [payload.get("team_id"), _of(first, "team_id"), _of(first, "enterprise_id")]
    else:
        candidates = [
            _of(payload.get("view"), "app_installed_team_id"),
            _of(payload.get("team"), "id"),
            payload.get("team_id"),
            _of(payload.get("user"), "team_id"),
            _of(payload.get("enterprise"), "id"),
        ]
    return next((each for each in candidates if isinstance(each, str) and each), None)


def _of(part: Any, key: str) -> Any:
    return part.get(key) if isinstance(part, dict) else None

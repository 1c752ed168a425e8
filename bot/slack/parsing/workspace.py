"""Which workspace a payload belongs to: one that Frontline is installed in.

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


def is_home(text: str) -> bool:
    """Tell whether this may be the id of a workspace or an organisation: folders are named so."""
    return text[:1] in {"T", "E"} and text.isascii() and text.isalnum() and text.isupper()


def installed_in(payload: Payload) -> tuple[str, ...]:
    """Name the installation that a payload is for, as Slack does; the likelier first.

    Where one process serves several: `authorizations` says for whom an event is, whichever
    workspace it happened in; `view.app_installed_team_id` says it of a modal, where `team` is the
    presser's; `team` says it of a button, which may be pressed by somebody of another workspace.
    An organisation that installed for all its workspaces is told by its own id. What names one is
    for no other: were that one not installed here, nobody else gets what is theirs.
    """
    granted = payload.get("authorizations")
    if isinstance(granted, list) and granted:
        return _named_by(granted[0], _of(granted[0], "team_id"), _of(granted[0], "enterprise_id"))
    organisation = _of(payload.get("enterprise"), "id") or payload.get("enterprise_id")
    shown_by = _of(payload.get("view"), "app_installed_team_id")
    named = shown_by or _of(payload.get("team"), "id") or payload.get("team_id")
    if shown_by:
        return _ids(shown_by, organisation if _is_for_all(payload) else None)
    return _named_by(payload, named, organisation)


def _named_by(part: Any, team: Any, organisation: Any) -> tuple[str, ...]:
    return _ids(organisation) if _is_for_all(part) else _ids(team or organisation)


def _is_for_all(part: Any) -> bool:
    # A slash command says it in words.
    return _of(part, "is_enterprise_install") in (True, "true")


def _ids(*named: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in named if isinstance(each, str) and is_home(each)))

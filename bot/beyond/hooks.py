"""What other systems tell us: who they are, and what they say that somebody did. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from bot.beyond.signing import HEADER, is_pagerdutys, is_signed
from bot.desk.beyond import ActedBeyond, Deed
from bot.desk.learning import link_of, parse_problem_name
from bot.desk.ports.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk.ids import UserId

KIND = "frontline_hook"
"""The `type` of what a hook stored; Slack has no such type."""

PAGERDUTY_HEADER = "X-PagerDuty-Signature"
OLDEST_EVENT_S = 24 * 3_600
"""PagerDuty signs no time, and tells again for hours: the same event is known by its id."""

LONGEST_ID = 200
LONGEST_PLACE = 500
"""An issue's address."""
DEEDS = {
    "incident.acknowledged": Deed.TAKE,
    "incident.resolved": Deed.SETTLE,
    "acknowledged": Deed.TAKE,
    "resolved": Deed.SETTLE,
    "closed": Deed.CLOSE,
    "linked": Deed.LINK,
}


class NotUnderstoodError(ValueError):
    """It is signed, and yet not of the form that was agreed on."""


@dataclass(frozen=True)
class Hook:
    """Where one system tells us: how it signs, whose pages it may speak of, what it may do."""

    name: str
    kind: Literal["pagerduty", "json"]
    target: str
    secret: bytes
    may: frozenset[Deed]
    people: Mapping[str, UserId]

    def is_from(self, body: bytes, headers: Mapping[str, str], now: float) -> bool:
        """Tell whether the system itself sent these bytes, and not long ago."""
        if self.kind == "pagerduty":
            return is_pagerdutys(self.secret, body, headers.get(PAGERDUTY_HEADER.lower(), ""))
        return is_signed(self.secret, body, headers.get(HEADER.lower(), ""), now)


def read(hook: Hook, body: bytes, now: float) -> Delivery | None:
    """Read what was said, as it is stored; None where it is nothing that we act on.

    Raises:
        NotUnderstoodError: it is not of the form that was agreed on.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as failure:
        raise NotUnderstoodError("no JSON") from failure
    if not isinstance(said, dict):
        raise NotUnderstoodError("no JSON object")
    return _pagerdutys(hook, said, now) if hook.kind == "pagerduty" else _generic(hook, said)


def _pagerdutys(hook: Hook, said: dict[str, Any], now: float) -> Delivery | None:
    event = said.get("event")
    if not isinstance(event, dict):
        raise NotUnderstoodError("no event")
    deed = DEEDS.get(str(event.get("event_type")))
    if deed is None:
        return None
    data, agent = event.get("data"), event.get("agent")
    key = data.get("incident_key") if isinstance(data, dict) else None
    at = _moment(event.get("occurred_at"))
    if not isinstance(key, str) or at is None:
        raise NotUnderstoodError("no incident_key, or no occurred_at")
    if abs(now - at) > OLDEST_EVENT_S:
        raise NotUnderstoodError("too old")
    who = agent if isinstance(agent, dict) else {}
    return _delivery(hook, event.get("id"), key, deed, who.get("id"), who.get("summary"))


def _generic(hook: Hook, said: dict[str, Any]) -> Delivery | None:
    deed = DEEDS.get(str(said.get("what")))
    if deed is None:
        return None
    if deed is Deed.LINK:
        return _linked(hook, said)
    names = ("problem", "link") if deed is Deed.CLOSE else ("page",)
    key = next((said[name] for name in names if isinstance(said.get(name), str)), None)
    if not isinstance(key, str):
        raise NotUnderstoodError(f"no {' or '.join(names)}")
    return _delivery(hook, said.get("id"), key, deed, said.get("by"), said.get("by"))


def _linked(hook: Hook, said: dict[str, Any]) -> Delivery:
    """Read which problem an issue is about, and where that is; both have to be right."""
    problem, link = said.get("problem"), said.get("link")
    if not isinstance(problem, str) or parse_problem_name(problem) is None:
        raise NotUnderstoodError("no problem, such as P-12")
    address = link_of(link) if isinstance(link, str) else None
    if address is None:
        raise NotUnderstoodError("no link that begins with https:// or http://")
    stored = _delivery(hook, said.get("id"), problem, Deed.LINK, said.get("by"), said.get("by"))
    return replace(stored, payload={**stored.payload, "link": address})


def _delivery(  # noqa: PLR0913, PLR0917 - the fields of what is stored
    hook: Hook, event: Any, page: str, deed: Deed, by: Any, name: Any
) -> Delivery:
    longest = LONGEST_PLACE if deed is Deed.CLOSE else LONGEST_ID
    if not isinstance(event, str) or not 0 < len(event) <= LONGEST_ID or len(page) > longest:
        raise NotUnderstoodError("no id")
    payload = {
        "type": KIND,
        "hook": hook.name,
        "page": page,
        "deed": deed.value,
        "by": by[:LONGEST_ID] if isinstance(by, str) else None,
        "name": name[:LONGEST_ID] if isinstance(name, str) else "",
    }
    return Delivery(f"hook:{hook.name}:{event}", payload, None)


def _moment(given: Any) -> float | None:
    try:
        at = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        return None
    return at.timestamp() if at.tzinfo is not None else None


def understood(payload: Mapping[str, Any], hooks: Mapping[str, Hook]) -> ActedBeyond | None:
    """Read what was stored; by the configuration of now, which may grant less than it did."""
    hook = hooks.get(str(payload.get("hook")))
    if hook is None:
        return None
    by = payload.get("by")
    return ActedBeyond(
        hook.name,
        hook.target,
        str(payload["page"]),
        Deed(payload["deed"]),
        hook.may,
        hook.people.get(by) if isinstance(by, str) else None,
        str(payload.get("name") or ""),
        str(payload.get("link") or ""),
    )

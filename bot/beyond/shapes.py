"""What each kind of target understands: the same news as JSON of its own form. Pure."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.desk.beyond import Happening
from bot.desk.ids import ticket_name

if TYPE_CHECKING:
    from bot.desk.beyond import About, AboutProblem, Outgoing

VERSION = 1
SOURCE = "Frontline"
SEVERITIES = {"P1": "critical", "P2": "error", "P3": "warning", "P4": "info"}
LONGEST_SUMMARY = 1_024
LONGEST_MESSAGE = 130

CALLS_ALL = re.compile(r"@(?=(?:channel|here|everyone|all|team|room)\b)", re.IGNORECASE)
UNCALLED = "@\u200b"
"""Chat services call all of a channel by such words, whoever wrote them."""

ACTIONS = {
    Happening.PAGE: "trigger",
    Happening.ALARM: "trigger",
    Happening.TEST: "trigger",
    Happening.PAGE_TAKEN: "acknowledge",
    Happening.PAGE_ENDED: "resolve",
}
"""What pagers understand; of the rest they are told nothing."""


def generic(outgoing: Outgoing) -> dict[str, Any]:
    """Give the form of docs/reference/events.schema.json."""
    told: dict[str, Any] = {
        "version": VERSION,
        "id": outgoing.key,
        "type": outgoing.what.value,
        "at": _time(outgoing.at),
        "says": outgoing.says,
    }
    if outgoing.about is not None:
        told["ticket"] = _ticket(outgoing.about)
    if outgoing.problem is not None:
        told["problem"] = _problem(outgoing.problem)
    if outgoing.page is not None:
        told["page"] = outgoing.page
    return told


def _ticket(about: About) -> dict[str, Any]:
    if about.kept_back and about.requester is None:
        return {"id": about.name, "priority": about.priority, "kept_back": True}
    told = {name: value for name, value in asdict(about).items() if name != "name"}
    if about.author is None:
        # Only an event of a message has one.
        del told["author"], told["comment"]
    if about.opened_at is not None:
        told["opened_at"] = _time(about.opened_at)
    return {"id": about.name, **told}


def _problem(about: AboutProblem) -> dict[str, Any]:
    return {
        "id": about.name,
        "kind": about.sort,
        "state": about.state,
        "title": about.title,
        "link": about.link,
        "times": about.times,
        "people": about.people,
        "first": _time(about.first),
        "last": _time(about.last),
        "tickets": [ticket_name(each) for each in about.tickets],
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def chat(outgoing: Outgoing) -> dict[str, Any]:
    """Give `{"text": …}`, which chat services understand; nobody is called by a quotation."""
    text = outgoing.says.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": f"Frontline: {CALLS_ALL.sub(UNCALLED, text)}"}


def pagerduty(outgoing: Outgoing, routing_key: str) -> dict[str, Any] | None:
    """Give an event of PagerDuty's Events API v2; None where it has no word for it."""
    action = ACTIONS.get(outgoing.what)
    if action is None:
        return None
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": action,
        "dedup_key": outgoing.page or outgoing.key,
    }
    if action != "trigger":
        return event
    about = outgoing.about
    details = {k: v for k, v in (_ticket(about) if about else {}).items() if v not in {None, ""}}
    event["client"] = SOURCE
    event["payload"] = {
        "summary": outgoing.says[:LONGEST_SUMMARY],
        "source": SOURCE,
        "severity": _severity(outgoing),
        "timestamp": _time(outgoing.at),
        "class": outgoing.what.value,
        "custom_details": details,
        **({"group": about.group} if about and about.group else {}),
    }
    return event


def _severity(outgoing: Outgoing) -> str:
    if outgoing.what is Happening.TEST:
        return "info"
    priority = outgoing.about.priority if outgoing.about else None
    return SEVERITIES.get(priority or "", "critical")


def opsgenie(outgoing: Outgoing) -> tuple[str, dict[str, Any]] | None:
    """Give the path and the body of a call of Opsgenie's Alert API; None where it has none."""
    action = ACTIONS.get(outgoing.what)
    if action is None:
        return None
    alias = outgoing.page or outgoing.key
    if action != "trigger":
        verb = "acknowledge" if action == "acknowledge" else "close"
        body = {"source": SOURCE, "note": outgoing.says}
        return f"/v2/alerts/{quote(alias, safe='')}/{verb}?identifierType=alias", body
    about = outgoing.about
    test = outgoing.what is Happening.TEST
    priority = "P5" if test else (about.priority if about and about.priority else "P1")
    told = _ticket(about) if about else {}
    return "/v2/alerts", {
        "message": outgoing.says[:LONGEST_MESSAGE],
        "alias": alias,
        "description": outgoing.says,
        "priority": priority,
        "source": SOURCE,
        "tags": ["frontline"],
        "details": {k: str(v) for k, v in told.items() if v not in {None, ""}},
    }

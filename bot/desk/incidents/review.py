"""The review of an incident, as Markdown: when what happened, why, and what would prevent it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.desk.incidents.incident import Happened, Incident, Update
    from bot.desk.tickets import Settlement

WORDS = {
    "opened": "first reported",
    "escalated": "people were called",
    "taken": "taken",
    "returned": "returned",
    "handed over": "handed over",
    "priority": "priority",
    "incident": "incident",
    "owner": "owner",
    "resolved": "resolved",
    "reopened": "reopened",
}
"""The lines of the audit trail that a timeline has; no word of a reporter is in them."""

SILENT = frozenset({"opened", "escalated", "resolved", "reopened", "taken"})
"""Those of which the details are left out: they quote, or stand below."""

AN_HOUR = 60
MARKS = re.compile(r"([\\`*_\[\]#|<>])")


def review_of(
    incident: Incident,
    timeline: Sequence[Happened],
    updates: Sequence[Update],
    affected: int,
    settled: Settlement | None,
) -> str:
    """Write the review; of what reporters said nothing is in it, theirs may be direct messages."""
    end = incident.ended_at
    until = f"{_at(end)} ({_span(incident.opened_at, end)})" if end else "now: it goes on"
    facts = [
        f"- **From** {_at(incident.opened_at)} **to** {until}",
        f"- **People who reported it:** {affected}",
        f"- **Owner:** {_who(incident.owner) if incident.owner else 'nobody'}",
        f"- **Worked on in:** T-{incident.root}",
    ]
    lines = [
        *((each.at, f"{_who(each.who)}: {_told(each)}") for each in timeline if _counts(each)),
        *((each.at, f"{_who(each.by)} told everyone: {_inline(each.text)}") for each in updates),
    ]
    return "\n".join([
        f"# {incident.name}: {_inline(incident.title)}",
        "",
        *facts,
        "",
        "## Timeline",
        "",
        *(f"- {_at(at)} {text}" for at, text in sorted(lines, key=lambda each: each[0])),
        *_part("What it was", settled.cause if settled else ""),
        *_part("What fixed it", settled.fix if settled else ""),
        *_part("What would prevent it", settled.prevention if settled else ""),
        "",
    ])  # fmt: skip


def _counts(line: Happened) -> bool:
    return line.what in WORDS


def _told(line: Happened) -> str:
    word = WORDS[line.what]
    return word if line.what in SILENT or not line.details else f"{word}: {_inline(line.details)}"


def _part(title: str, text: str) -> Iterable[str]:
    told = "\n".join(f"> {_escaped(line)}" for line in text.splitlines())
    return ("", f"## {title}", "", told or "Nothing was written down.")


def _inline(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return MARKS.sub(r"\\\1", text)


def _who(user: str | None) -> str:
    return f"<@{user}>" if user else "Frontline"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _span(start: datetime, end: datetime) -> str:
    minutes = max(0, round((end - start).total_seconds() / 60))
    return (
        f"{minutes} min" if minutes < AN_HOUR else f"{minutes // AN_HOUR} h {minutes % AN_HOUR} min"
    )

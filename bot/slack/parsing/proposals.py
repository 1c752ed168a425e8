"""A proposal of `/oncall` in a button's value and back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast, get_args, get_type_hints

from bot.desk.ids import UserId
from bot.desk.oncall import Override, Proposal


def dump_proposal(proposal: Proposal) -> str:
    """Write a proposal as a button's value."""
    return json.dumps(
        {
            "group": proposal.group,
            "what": proposal.what,
            "overrides": [
                [each.start.isoformat(), each.end.isoformat(), each.member, each.replaces, each.id]
                for each in proposal.overrides
            ],
        },
        separators=(",", ":"),
    )


def load_proposal(value: str) -> Proposal:
    """Read a proposal back.

    Raises:
        ValueError: the value was not written by `dump_proposal`.
    """
    read: dict[str, Any] = json.loads(value)
    what = read["what"]
    if what not in get_args(get_type_hints(Proposal)["what"]):
        raise ValueError(f"{what!r} is no change of who is on call")
    return Proposal(
        str(read["group"]),
        cast("Any", what),
        tuple(_override(str(read["group"]), each) for each in read["overrides"]),
    )


def _override(group: str, written: list[Any]) -> Override:
    start, end, member, replaces, number = written
    return Override(
        group=group,
        start=datetime.fromisoformat(start),
        end=datetime.fromisoformat(end),
        member=UserId(str(member)),
        replaces=UserId(str(replaces)) if replaces else None,
        id=int(number),
    )

"""The rule of `bot.desk.tickets.seeing` as SQL: every query that shows tickets has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.database import marks_for

if TYPE_CHECKING:
    from bot.desk.tickets import Viewer

FOR_ALL = "restricted_to IS NULL"
"""What anybody may see; goes behind the name of the tickets table and a full stop."""


def visible_to(viewer: Viewer, tickets: str) -> tuple[str, list[str]]:
    """Give the condition on the tickets table, by its name in the query, and its values."""
    if viewer.sees_restricted:
        return "1", []
    groups = sorted(viewer.groups)
    marks = marks_for(groups)
    condition = f"({tickets}.{FOR_ALL} OR {tickets}.requester = ?"
    kept = f" OR {tickets}.restricted_to IN ({marks}))" if groups else ")"
    return condition + kept, [str(viewer.user or ""), *groups]

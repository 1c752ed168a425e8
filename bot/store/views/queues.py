"""The lists of an engineer's Home as conditions on escalations, each answered by an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.desk.views import Listing, Show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.desk.views import Sought

OPEN = "e.state IN ('pending', 'acknowledged')"
"""As in the indexes."""

STANDING = {
    Show.TO_TAKE: "e.state = 'pending'",
    Show.TAKEN: "e.state = 'acknowledged'",
    Show.WAITING: (
        "e.state = 'acknowledged' AND EXISTS (SELECT 1 FROM tickets AS t "
        "WHERE t.id = e.ticket AND t.waiting_since IS NOT NULL)"
    ),
}


def conditions(sought: Sought) -> Iterator[tuple[str, list[Any]]]:
    """Give the conditions that together make a list; what they find does not overlap."""
    chosen, values = chosen_of(sought)
    engineer = sought.engineer
    if sought.listing is Listing.MINE:
        yield f"e.assignee = ? AND {OPEN} AND e.snoozed_until IS NULL{chosen}", [engineer, *values]
    elif sought.listing is Listing.RESTING:
        resting = f"e.snoozed_by = ? AND e.snoozed_by IS NOT NULL AND {OPEN}{chosen}"
        yield resting, [engineer, *values]
    else:
        # What nobody has, unless it was asked for what others have.
        show = sought.choices.show or Show.TO_TAKE
        theirs = "e.assignee IS NULL" if show is Show.TO_TAKE else "e.assignee IS NOT ?"
        whose = [] if show is Show.TO_TAKE else [engineer]
        for group in sought.groups:
            condition = f"e.group_name = ? AND {OPEN} AND {STANDING[show]} AND {theirs}{chosen}"
            yield condition, [group, *whose, *values]


def chosen_of(sought: Sought) -> tuple[str, list[Any]]:
    """Give what was chosen, to stand behind another condition."""
    choices, parts, values = sought.choices, [], list[Any]()
    if choices.group is not None:
        parts.append("e.group_name = ?")
        values.append(choices.group)
    if choices.priority is not None:
        parts.append("e.urgency = ?")
        values.append(choices.priority.rank)
    if choices.show is not None:
        parts.append(STANDING[choices.show])
    return "".join(f" AND {part}" for part in parts), values

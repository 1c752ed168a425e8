"""Who may see a ticket: the one rule, which store and use cases ask wherever one is shown.

A ticket that is kept to a group is shown to its requester and to that group, and to nobody else:
not to other engineers, not to admins, not in an export. Its number tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.desk.ids import UserId

NOBODY = ""
"""Stands for the group of a ticket that only its requester may see, as yet."""

LOOKED = "looked at"
"""The line of the audit trail for somebody who looked at a restricted ticket."""


class Guarded(Protocol):
    """A ticket, whole or on a line."""

    @property
    def requester(self) -> UserId:
        """Whose it is."""

    @property
    def restricted_to(self) -> str | None:
        """The one group that may see it; None where all may."""


@dataclass(frozen=True)
class Viewer:
    """Who looks, and which groups they belong to; without a user, a machine or a crowd.

    `sees_restricted` is for who runs the machine and asks for it outright; that is written down.
    """

    user: UserId | None = None
    groups: frozenset[str] = frozenset()
    sees_restricted: bool = False


ANYBODY = Viewer()
"""Stands for readers of whom nothing is known: a channel, an export, a report."""


def may_see(viewer: Viewer, ticket: Guarded) -> bool:
    """Tell whether somebody may see a ticket, where all others may be seen."""
    if ticket.restricted_to is None or viewer.sees_restricted:
        return True
    return ticket.requester == viewer.user or ticket.restricted_to in viewer.groups


def is_look(viewer: Viewer, ticket: Guarded) -> bool:
    """Tell whether it is written down that somebody sees a ticket: it is restricted, not theirs."""
    return ticket.restricted_to is not None and ticket.requester != viewer.user

"""Tickets taken together under a head that is kept: gaps, recurring problems, wishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.ids import TicketId
from bot.desk.learning import GAP_EFFORT, matched
from bot.store.codec import moment
from bot.store.database import marks_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlite_utils import Database

AT_ONCE = 500


@dataclass(frozen=True)
class Kept:
    """Where the heads of one sort are kept, and where their tickets."""

    heads: str
    members: str
    head: str
    """The column of `members` that names the head."""
    only: str = "true"
    """Which heads of the table are of this sort, as SQL."""

    @property
    def own(self) -> str:
        """Which rows of `members` are of this sort, as SQL."""
        return f"{self.head} IN (SELECT id FROM {self.heads} WHERE {self.only})"


def take_together(
    db: Database,
    kept: Kept,
    clusters: Sequence[Sequence[TicketId]],
    make: Callable[[int], int],
) -> list[int]:
    """Write which tickets belong together; what was decided of a head stays with most of them.

    What no longer counts, as it was settled or is long ago, leaves a head that is open, and an
    open head that nothing is left of is gone. Gives the head of each cluster; `make` makes one
    for the cluster at a place, where there is none yet.
    """
    rows = db.execute(f"SELECT ticket, {kept.head} FROM {kept.members} WHERE {kept.own}")
    known = {TicketId(ticket): int(head) for ticket, head in rows.fetchall()}
    heads = []
    for place, found in enumerate(matched(clusters, known)):
        head = found if found is not None else make(place)
        heads.append(head)
        for ticket in clusters[place]:
            if known.get(ticket) == head:
                continue
            db.execute(f"DELETE FROM {kept.members} WHERE ticket = ? AND {kept.own}", [ticket])
            db.execute(
                f"INSERT INTO {kept.members} (ticket, {kept.head}) VALUES (?, ?)", [ticket, head]
            )
    here = {ticket for members in clusters for ticket in members}
    for ticket in known.keys() - here:
        db.execute(
            f"DELETE FROM {kept.members} WHERE ticket = ? AND {kept.own} AND {kept.head} IN "
            f"(SELECT id FROM {kept.heads} WHERE state = 'open')",
            [ticket],
        )
    db.execute(
        f"DELETE FROM {kept.heads} WHERE state = 'open' AND {kept.only} "
        f"AND id NOT IN (SELECT {kept.head} FROM {kept.members})"
    )
    return heads


def had(db: Database, numbers: Sequence[int]) -> dict[int, tuple[str, str, timedelta]]:
    """Tell who had tickets in hand: the last group, its tier, and for how long in all."""
    found: dict[int, tuple[str, str, timedelta]] = {}
    for some in pages(numbers):
        for row in db.execute(
            "SELECT ticket, group_name, tier, opened_at, updated_at, settled_by "
            f"FROM escalations WHERE ticket IN ({marks_for(some)}) ORDER BY id",
            some,
        ):
            _, _, before = found.get(row["ticket"], ("", "", timedelta(0)))
            spent = moment(row["updated_at"]) - moment(row["opened_at"])
            counted = min(spent, GAP_EFFORT) if row["settled_by"] else timedelta(0)
            found[row["ticket"]] = row["group_name"], row["tier"], before + counted
    return found


def pages(numbers: Sequence[int]) -> Iterable[list[int]]:
    """Give numbers, as many at once as one query takes."""
    for first in range(0, len(numbers), AT_ONCE):
        yield list(numbers[first : first + AT_ONCE])

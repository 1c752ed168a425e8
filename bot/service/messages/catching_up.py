"""Back after being away: since when to read, what of it is new, and what has gone meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.promises import AWAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from bot.desk.ids import Ts
    from bot.desk.ports.delivery import Delivery
    from bot.desk.ports.history import Found, KnownThread

FURTHEST = timedelta(days=7)
"""What was asked longer ago than that is no longer answered: its asker has found another way."""

OVERLAP = timedelta(minutes=10)
"""Read once more: Slack tries an event again for six minutes, so that what was written before the
last event that was heard may still have been on its way, and then given up. It is handled once."""

SETTLING = timedelta(seconds=20)
"""What was written so shortly ago may still be on its way."""

WHOLE = 1_500
"""A thread of so many messages may be longer than what is read of one."""


@dataclass(frozen=True)
class Reading:
    """Since when to read; everywhere, or only where somebody is most likely to have written."""

    since: datetime
    everywhere: bool
    beyond_reach: bool = False
    """Whether Frontline was away for longer than it reads back."""


def what_to_read(heard_until: datetime, now: datetime) -> Reading:
    """Decide what to read after it was all heard until then."""
    since = max(heard_until - OVERLAP, now - FURTHEST)
    return Reading(since, now - heard_until >= AWAY, since > heard_until)


def new_in(found: Iterable[Found]) -> Iterator[Delivery]:
    """Give what people wrote, oldest first; what is known already, the inbox will say."""
    for each in found:
        if each.by_person and not each.deleted:
            yield each.delivery


def threads_with_news(found: Iterable[Found], since: datetime) -> Iterator[Found]:
    """Give the messages under which somebody wrote since then."""
    for each in found:
        if each.last_reply_at is not None and each.last_reply_at >= since:
            yield each


def changed_in(
    known: KnownThread, found: Sequence[Found], since: datetime
) -> tuple[list[Delivery], list[Ts]]:
    """Give the edits that were made in a known thread since then, and what has gone from it."""
    if len(found) >= WHOLE:
        # It may not have been read to its end: nothing is known to be gone.
        return [], []
    stands: set[Ts] = set()
    edits = []
    for each in found:
        if each.deleted:
            continue
        stands.add(each.ts)
        edited = each.edited_at is not None and each.edited_at >= since
        if each.edit is not None and edited and each.ts in known.said:
            edits.append(each.edit)
    return edits, sorted(known.said - stands)


def proves_deaf(found: Iterable[Found], heard_at: datetime, now: datetime) -> datetime | None:
    """Give when something was written that should have been heard since, and was not."""
    missed = [each.posted_at for each in found if heard_at < each.posted_at < now - SETTLING]
    return min(missed, default=None)

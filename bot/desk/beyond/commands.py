"""What a system outside Slack says that somebody did there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.desk.ids import UserId


class Deed(StrEnum):
    """What can be done about a page elsewhere."""

    TAKE = "take"
    SETTLE = "settle"


@dataclass(frozen=True)
class ActedBeyond:
    """A page was acknowledged or resolved elsewhere.

    `hook` says by which way it was told, `target` whose pages that way may speak of, and `may`
    what it may do. `user` is the person in Slack, where the configuration knows them; `name` is
    what the other system calls whoever did it.
    """

    hook: str
    target: str
    page: str
    deed: Deed
    may: frozenset[Deed]
    user: UserId | None = None
    name: str = ""

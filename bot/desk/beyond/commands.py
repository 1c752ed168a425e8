"""What a system outside Slack says that somebody did there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.desk.ids import UserId


class Deed(StrEnum):
    """What can be done elsewhere about a page; or, to link and close, a recurring problem."""

    TAKE = "take"
    SETTLE = "settle"
    CLOSE = "close"
    LINK = "link"


@dataclass(frozen=True)
class ActedBeyond:
    """A page was acknowledged or resolved elsewhere, an issue about a problem opened or closed.

    `hook` says by which way it was told, `target` whose pages that way may speak of, and `may`
    what it may do. `page` is a page's name; of a problem its number, or the issue's address.
    `user` is the person in Slack, where the configuration knows them; `name` is
    what the other system calls whoever did it. `link` is the address of the issue that was opened.
    """

    hook: str
    target: str
    page: str
    deed: Deed
    may: frozenset[Deed]
    user: UserId | None = None
    name: str = ""
    link: str = ""

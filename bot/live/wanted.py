"""What is configured of a live source, as its readers take it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.errors import FrontlineError
from bot.reaching import Reach

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

EVERYBODY = "*"
"""In a list of groups: whoever may see the source may see this."""


class TroubleError(FrontlineError):
    """A source could not be brought in, or not whole; what is known of it stays.

    `wish` is for how many seconds it asked to be left alone; `status` what it answered.
    """

    def __init__(self, says: str, *, wish: float | None = None, status: int = 0) -> None:
        """Say what happened and what to do."""
        super().__init__(says)
        self.wish = wish
        self.status = status


@dataclass(frozen=True)
class LiveSource:
    """A place outside that articles are brought from."""

    name: str
    kind: str
    every: timedelta = timedelta(hours=1)
    url: str = ""
    path: Path | None = None
    """A folder, or file, of this machine."""
    branch: str = ""
    within: str = ""
    """The folder of a repository, or where the paths of a site begin, that is wanted."""
    spaces: tuple[str, ...] = ()
    locale: str = ""
    user: str = ""
    token: str = field(default="", repr=False)
    token_env: str = ""
    """The variable that holds the token."""
    hosts: tuple[str, ...] = ()
    """Further hosts that a sitemap may name pages of."""
    link: str = ""
    visible_to: frozenset[str] = frozenset()
    """Who may see what is not restricted at the source; everybody if there are none."""
    audiences: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Groups and segments of the source, each with the groups of Slack that are the same people."""
    filing: str = ""
    """Tells how its articles are filed from another way to do it."""
    reach: Reach = field(default_factory=Reach, repr=False)

    @property
    def shape(self) -> str:
        """Name what of this changes what the base holds, though the source says the same."""
        said: list[object] = [self.link, sorted(self.visible_to), self.within]
        said += [[name, sorted(groups)] for name, groups in sorted(self.audiences.items())]
        said += [self.filing] if self.filing else []
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

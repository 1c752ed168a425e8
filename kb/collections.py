"""What is said of a whole collection: where its articles are read, and who may see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from kb.errors import SourceError
from kb.spans import LINK

if TYPE_CHECKING:
    from collections.abc import Collection as Many

_PLACE = re.compile(r"\{(\w+)\}")
_PLACES = {"id", "title", "anchor"}


@dataclass(frozen=True)
class Collection:
    """A collection's link template and its viewers; by default no links, and anyone."""

    name: str
    link: str = ""
    """For example `https://help.example/{id}`; `{anchor}` where the heading goes elsewhere."""
    visible_to: frozenset[str] = frozenset()
    """Groups whose members may see it; everybody if there are none."""

    def __post_init__(self) -> None:
        """Refuse a template that could not be filled."""
        unknown = set(_PLACE.findall(self.link)) - _PLACES
        if unknown or (self.link and not re.match(r"https?://", self.link)):
            raise SourceError(
                f"{self.link}: is no link template; give an http(s) address with "
                "{id}, {title} or {anchor} in it"
            )

    def shown_to(self, groups: Many[str] | None) -> bool:
        """Whether a member of these groups may see it; None asks for nobody in particular."""
        return groups is None or not self.visible_to or bool(self.visible_to & set(groups))

    def url(self, article: str, title: str, own: str | None, heading: str) -> str | None:
        """The address of an article's heading; `own` is what the article itself says."""
        if own and own.startswith("/"):
            own = urljoin(self.link, own) if self.link else None
        if not own and not self.link:
            return None
        # A question of an FAQ in one file is `page#question`.
        page, _, question = article.partition("#")
        anchor = anchor_of(heading) or question
        values = {"id": quote(page, safe="/"), "title": quote(title), "anchor": quote(anchor)}
        address = own or _PLACE.sub(lambda place: values[place[1]], self.link)
        if not anchor or "#" in address or (not own and "{anchor}" in self.link):
            return address
        return f"{address}#{anchor}"


def anchor_of(heading: str) -> str:
    """A heading as GitHub, Docusaurus and Hugo name it in a link; the innermost of a path."""
    last = heading.rsplit(" › ", 1)[-1]  # noqa: RUF001 (a breadcrumb)
    plain = LINK.sub(r"\1", last).lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain).strip())

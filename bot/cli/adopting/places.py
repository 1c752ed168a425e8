"""Where articles are brought from by the clock: as it is asked for, and as it is written."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.settings.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

KINDS = ("git", "sitemap", "zendesk", "confluence")
WITH_TOKEN = ("zendesk", "confluence")
FOLDER = "folder"
_NO_NAME = re.compile(r"[^a-z0-9_-]+")
_LONGEST_NAME = 40
_TOKEN = {"zendesk": "ZENDESK_TOKEN", "confluence": "CONFLUENCE_TOKEN"}
_ADDRESS = {
    "git": "Address of the repository, or its folder on this machine",
    "sitemap": "Address of the sitemap, as https://help.example/sitemap.xml",
    "zendesk": "Address of the help centre, as https://desk.zendesk.com",
    "confluence": "Address of the wiki, as https://desk.atlassian.net/wiki",
}


def named(places: Iterable[Place]) -> tuple[Place, ...]:
    """Give each a name of its own: that of the repository, or the first of the host."""
    taken: set[str] = set()
    found = []
    for place in places:
        plain = _name_of(place)
        name = next(
            each
            for each in (plain, *(f"{plain}-{number}" for number in range(2, 999)))
            if each not in taken
        )
        taken.add(name)
        found.append(replace(place, name=name))
    return tuple(found)


def _name_of(place: Place) -> str:
    address = place.address.rstrip("/")
    last = address.replace(":", "/").rsplit("/", 1)[-1].removesuffix(".git")
    word = last if place.kind == "git" else (urlsplit(address).hostname or "").split(".")[0]
    plain = _NO_NAME.sub("-", word.lower()).strip("-_")[: _LONGEST_NAME - 4].strip("-_")
    return plain or place.kind


def asked(ask: Callable[[str, str], str]) -> tuple[str, Place | None]:
    """Ask where the articles are: a folder or file, or a place that they are brought from."""
    kinds = ", ".join((FOLDER, *KINDS))
    said = ask(f"Where are your articles ({kinds})", FOLDER).strip()
    kind = said.lower()
    if kind not in KINDS:
        # A path is an answer, too.
        return said if kind != FOLDER else ask("Folder or file with your articles", "docs"), None
    place = Place(kind, ask(_ADDRESS[kind], "").strip())
    if kind == "confluence":
        spaces = ask("Keys of its spaces, as IT, HR", "IT")
        place = replace(place, spaces=split_names([spaces]))
    if kind in WITH_TOKEN:
        user = ask("Mail address of who signs in (nothing: the token is an OAuth token)", "")
        token = ask("Environment variable that holds the token", _TOKEN[kind])
        place = replace(place, user=user.strip(), token_env=token.strip())
    return "", place


def split_names(given: Sequence[str]) -> tuple[str, ...]:
    """Give the names of a list with commas."""
    return tuple(name for one in given for each in one.split(",") if (name := each.strip()))

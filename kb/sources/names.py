"""What the name and place of a file say: its id, its title, and the tool that it is written for."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.sources.fields import slug
from kb.sources.markup.known import Known

if TYPE_CHECKING:
    from pathlib import Path

FOLDER_PAGES = ("index", "_index", "readme", "home", "summary")
"""Pages of their folder; where a folder has several, the first of these is."""
_ENDINGS = re.compile(
    r"(?:\.(?:html|htm|md|markdown|mdx|mdown|mkd|mkdn|mdwn|qmd|rmd|rst|adoc|asciidoc|erb|liquid|njk|j2|jinja2?|tmpl)){1,4}$",
    re.IGNORECASE,
)
_NOTION = re.compile(r"\s{1,3}[0-9a-f]{32}$")
"""Notion puts a page's number behind its title."""
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-(?=.)")
_FIRST_HEADING = re.compile(r"^# +(\S[^\n]*)$", re.MULTILINE)
ALIKE = 3
"""Files of one folder from which on a first heading they share is no title of any."""
_BEGINNING = 4_096
_SEEN_OF_FOLDERS = 256

_TOOLS = {
    "_config.yml": Known(liquid=True), "_config.yaml": Known(liquid=True),
    ".eleventy.js": Known(liquid=True), "eleventy.config.js": Known(liquid=True),
    ".gitbook.yaml": Known(liquid=True), ".obsidian": Known(comments=True),
    "docusaurus.config.js": Known(components=True),
    "docusaurus.config.ts": Known(components=True),
}  # fmt: skip
"""What stands at the top of a folder that is written for a tool."""


def stem_of(file: Path) -> str:
    """A file's name without its endings, Jekyll's date and Notion's number."""
    stem = _ENDINGS.sub("", file.name) or file.stem
    return _DATE.sub("", _NOTION.sub("", stem))


def title_from_name(file: Path) -> str:
    """The title that the name of a file, or of its folder, makes."""
    stem = stem_of(file)
    if stem.lower() in FOLDER_PAGES:
        stem = _NOTION.sub("", file.parent.name)
    words = re.sub(r"[-_]+", " ", stem).strip() if " " not in stem else stem.strip()
    return words[:1].upper() + words[1:] if re.search(r"[A-Z]", words) else words.capitalize()


def id_from_path(file: Path, root: Path) -> str:
    """The path below the source without its ending: unique, and what site generators link to."""
    if not root.is_dir():
        return slug(_ENDINGS.sub("", file.name))
    folders = file.relative_to(root).parent.parts
    name = _ENDINGS.sub("", file.name)
    names = _names(file.parent)
    undated = _DATE.sub("", name)
    # Minutes of many days are not one article.
    own = undated if names[undated.lower()] <= 1 else name
    if folders and own.lower() == next((each for each in FOLDER_PAGES if names[each]), ""):
        return "/".join(map(slug, folders))
    return "/".join(map(slug, (*folders, own)))


@lru_cache(_SEEN_OF_FOLDERS)
def _names(folder: Path) -> Counter[str]:
    """How many files of a folder have each name, without its endings and date."""
    files = (_ENDINGS.sub("", each.name) for each in folder.iterdir() if _ENDINGS.search(each.name))
    return Counter(_DATE.sub("", each).lower() for each in files)


def known_of(file: Path, root: Path) -> Known:
    """What the tool is known to use that a folder, or one around it, is written for."""
    place = file.parent
    known = Known()
    while True:
        known |= _known_at(place)
        if place in {root, root.parent} or place == place.parent or (place / ".git").exists():
            return known
        place = place.parent


@lru_cache(_SEEN_OF_FOLDERS)
def _known_at(folder: Path) -> Known:
    known = Known()
    for name, means in _TOOLS.items():
        if (folder / name).exists():
            known |= means
    return known


def is_shared(heading: str, file: Path) -> bool:
    """Whether notes beside this one begin with the same heading, so that it names none of them."""
    return _first_headings(file.parent).get(heading.casefold(), 0) >= ALIKE


@lru_cache(_SEEN_OF_FOLDERS)
def _first_headings(folder: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for file in folder.iterdir():
        if not _ENDINGS.search(file.name) or not file.is_file():
            continue
        try:
            with file.open(encoding="utf-8", errors="replace") as opened:
                found = _FIRST_HEADING.search(opened.read(_BEGINNING))
        except OSError:
            continue
        if found:
            heading = found[1].strip("# ").casefold()
            counts[heading] = counts.get(heading, 0) + 1
    return counts

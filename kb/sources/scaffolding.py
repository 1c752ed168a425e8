"""What is no article though it is Markdown: snippets, macros, and lists of tags."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from kb.sources.fields import TITLE_NAMES
from kb.spans import LINK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PARTS = {
    "snippets": "a snippet", "includes": "a part of other pages", "partials": "a snippet",
    "macros": "a macro", "shortcodes": "a macro", "components": "a part of other pages",
    "fragments": "a snippet", "reuse": "a snippet",
}  # fmt: skip
_TAGS = {"tags", "tag", "categories", "category", "taxonomy", "topics"}
_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)
_TAG_LIST = re.compile(
    r"(?:#[^\n]{0,200}+\n\s{0,9}+)?+"
    r"(?:\[TAGS?(?:/[\w-]{1,40}+)?\]|<!--\s{0,9}+material/tags(?:[^>-]|-(?!->)){0,200}+-->)"
)
_WORD = re.compile(r"\w+")
FEWEST_WORDS = 15
"""Of its own, beside links, that a page of tags has to have to say something."""


def why_scaffold(file: Path, root: Path, fields: Mapping[str, Any], body: str) -> str:
    """What a file is that other pages are made from; empty if it is an article."""
    inside = file.relative_to(root).parts[:-1] if root.is_dir() else ()
    is_titled = any(fields.get(name) for name in TITLE_NAMES) or _HEADING.search(body)
    for folder in reversed(inside):
        what = _PARTS.get(folder.lower().lstrip("_"))
        if what and not is_titled:
            return f"{what}: it stands in {folder}/ and has no title"
    if _TAG_LIST.fullmatch(body.strip()):
        return "a page of tags"
    names = {file.stem.lower().lstrip("_"), *(folder.lower().lstrip("_") for folder in inside[-1:])}
    links = len(LINK.findall(body))
    if names & _TAGS and links > 1 and len(_WORD.findall(LINK.sub("", body))) < FEWEST_WORDS:
        return "a page of tags"
    return ""

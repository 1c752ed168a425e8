"""Which files of a folder are read; what is not is named with the reason."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from kb.errors import ArticleError
from kb.sources.kinds import kind_of
from kb.sources.outcomes import PassedOver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Found = Path | ArticleError | PassedOver

_OF_THE_REPOSITORY = {
    "LICENSE", "LICENCE", "CONTRIBUTING", "CHANGELOG", "CODE_OF_CONDUCT", "SECURITY", "AGENTS",
    "CLAUDE", "CODEOWNERS", "MAINTAINERS", "PULL_REQUEST_TEMPLATE", "ISSUE_TEMPLATE",
}  # fmt: skip
"""In capitals and at the top, it is about the repository; `it/security.md` is about security."""
_LISTS = {"SUMMARY", "_SUMMARY", "_SIDEBAR", "_NAVBAR", "_FOOTER", "_COVERPAGE", "_HEADER"}
_FOLDERS = {
    "node_modules": "what others brought", "__pycache__": "what others brought",
    "bower_components": "what others brought", "site-packages": "what others brought",
    "_includes": "parts of pages", "_partials": "parts of pages", "_snippets": "parts of pages",
    "_layouts": "what pages are made from", "_templates": "what pages are made from",
    "archetypes": "what pages are made from", "_sass": "what pages are made from",
    "_site": "what was made of pages that are here",
    "_build": "what was made of pages that are here",
}  # fmt: skip
_SCAFFOLDS = {"_includes", "_partials", "_snippets", "_layouts", "_templates", "archetypes"}
HIDDEN = "hidden"
ENDINGS_NAMED = 12
_ADVICE = {
    ".doc": "save it as DOCX", ".odt": "save it as DOCX", ".rtf": "save it as DOCX",
    ".xlsx": "save it as CSV", ".xls": "save it as CSV", ".zip": "unpack it",
    ".pptx": "save it as PDF", ".txt": "rename it to .md if it is an article",
}  # fmt: skip


def walk(folder: Path) -> Iterator[Found]:
    """Every file of a folder that has a reader, in the order of names; and what has none."""
    inside = folder.resolve()
    unread: Counter[str] = Counter()
    hidden: list[str] = []
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        below: list[Path] = []
        try:
            entries = _entries(here)
        except OSError as error:
            yield ArticleError(here, None, f"cannot be read: {error.strerror or error}")
            continue
        for entry in entries:
            path = here / entry.name
            if entry.name.startswith("."):
                hidden.append(path.relative_to(folder).as_posix() + "/" * _is_folder(entry))
            elif entry.is_symlink() and not _leads_inside(path, inside):
                yield PassedOver(path, "a link to another folder, out of this one, or to nothing")
            elif _is_folder(entry):
                why = _why_no_folder(entry)
                if why:
                    yield PassedOver(path, f"{why}, {_size(path)}", scaffold=_scaffold(entry))
                else:
                    below.append(path)
            elif not _is_file(entry):
                yield PassedOver(path, "no file: a pipe, a socket or a device")
            elif kind_of(path) is None:
                unread[path.suffix.lower() or entry.name] += 1
            else:
                yield PassedOver(path, why) if (why := _why_no_article(path, folder)) else path
        waiting += reversed(below)
    if hidden:
        yield PassedOver(folder, f"{HIDDEN}: {', '.join(sorted(hidden))}")
    if unread:
        yield PassedOver(folder, _unread(unread))


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted(found, key=lambda each: each.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it ends; what cannot be looked at is said by its reader."""
    try:
        return entry.is_file()
    except OSError:
        return True


def _leads_inside(path: Path, inside: Path) -> bool:
    """Whether a link leads to a file of the folder; a folder is read where it stands."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return target.is_relative_to(inside) and not target.is_dir()


def _why_no_folder(entry: os.DirEntry[str]) -> str:
    return _FOLDERS.get(entry.name.lower(), "")


def _scaffold(entry: os.DirEntry[str]) -> bool:
    return entry.name.lower() in _SCAFFOLDS


def _why_no_article(path: Path, folder: Path) -> str:
    stem = path.name.partition(".")[0]
    if stem in _LISTS or stem.upper() in _LISTS - {"SUMMARY"}:
        return "a list of pages"
    if path.parent == folder and (stem in _OF_THE_REPOSITORY or stem == "404"):
        return "about the repository or site, not an article"
    if stem.startswith("_") and stem != "_index":
        return "a part of other pages: its name begins with _"
    return ""


def _size(folder: Path) -> str:
    count = sum(len(files) for *_, files in os.walk(folder))
    return f"{count} file{'s' * (count != 1)}"


def _unread(unread: Counter[str]) -> str:
    named = [
        f"{ending} ({count}{f': {_ADVICE[ending]}' if ending in _ADVICE else ''})"
        for ending, count in unread.most_common(ENDINGS_NAMED)
    ]
    others = sum(unread.values()) - sum(n for _, n in unread.most_common(ENDINGS_NAMED))
    more = f", and {others} more" if others else ""
    return f"no reader for {', '.join(named)}{more}"

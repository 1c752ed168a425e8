"""Copies outside the database: exports that are rewritten, backups that can only be named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.settings.settings import Settings

SHORTEST = 12
BLOCK = 1 << 20


def exports_without(database: Path, person: str, words: frozenset[str]) -> Iterator[str]:
    """Take their lines out of what was exported; says what was done with each file."""
    from pathlib import Path

    from bot.store.database import transaction

    with transaction(database) as db:
        noted = [str(row[0]) for row in db.execute("SELECT path FROM exports ORDER BY path")]
    for path in map(Path, noted):
        if not path.exists():
            yield f"{path}: exported once and not there any more; look where it went"
            continue
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not _is_theirs(line, person, words)]
        if len(kept) < len(lines):
            beside = path.with_name(f".{path.name}.part")
            beside.write_text("".join(kept), encoding="utf-8")
            beside.replace(path)
        yield f"{path}: {len(lines) - len(kept)} of {len(lines)} lines erased"


def _is_theirs(line: str, person: str, words: frozenset[str]) -> bool:
    if person in line:
        return True
    try:
        text = json.loads(line).get("text")
    except (ValueError, AttributeError):
        return False
    return text in words or _scrubbed_in(text, words)


def _scrubbed_in(text: object, words: frozenset[str]) -> bool:
    from bot.cli.exporting import scrubbed

    return isinstance(text, str) and any(scrubbed(each) == text for each in words)


def files_with(settings: Settings, person: str, words: frozenset[str]) -> Iterator[str]:
    """Name backups, and files that are trained from, that still hold their id or words."""
    own = {settings.db.name + end for end in ("", "-wal", "-shm", "-journal")}
    folders = {settings.db.absolute().parent, *(p.absolute() for p in settings.backups)}
    files = {file for folder in folders for file in _files(folder)}
    for source in settings.file.knowledge.questions:
        files |= {file for file in _files(source.absolute()) if file.suffix == ".jsonl"}
    marks = [person.encode(), *(w.encode() for w in words if len(w) >= SHORTEST)]
    for file in sorted(files):
        if file.name not in own and _holds(file, marks):
            yield f"{file} holds their id or words; erase it, or it brings them back"


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [file for file in place.rglob("*") if file.is_file()] if place.is_dir() else []


def _holds(file: Path, marks: list[bytes]) -> bool:
    longest = max(map(len, marks))
    before = b""
    with file.open("rb") as stream:
        while block := stream.read(BLOCK):
            seen = before + block
            if any(mark in seen for mark in marks):
                return True
            before = seen[-longest:]
    return False

"""Which files have not been touched since they were last read, so that none is read in vain."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, str]
"""An article's collection and id."""

_READERS = (
    Path(__file__).parent,
    *(Path(__file__).parents[1] / name for name in ("articles.py", "collections.py", "spans.py")),
)


class FilesRead:
    """What was read of each file, and how the file was when it was."""

    def __init__(self, collection: str, before: bytes | None = None) -> None:
        """Take up what an earlier sync noted; `before` is what `noted` gave then."""
        self._collection = collection
        self._before: dict[str, list[Any]] = json.loads(before) if before else {}
        self._stamps: dict[str, str] = {}
        self._now: dict[str, dict[Key, str]] = {}

    def untouched(self, file: Path, source: Path) -> Mapping[Key, str] | None:
        """The articles of a file with their hashes, if it is as it was; None if it must be read."""
        place = self._place(file, source)
        stamp = _stamp(file)
        if stamp is None:
            return None
        self._stamps[place] = stamp
        noted = self._before.get(place)
        return self.before(file, source) if noted is not None and noted[0] == stamp else None

    def before(self, file: Path, source: Path) -> Mapping[Key, str]:
        """The articles that a file gave when it was last read without a fault."""
        rows = self._before.get(self._place(file, source), [""])[1:]
        return {(collection, name): digest for collection, name, digest in rows}

    def read(self, file: Path, source: Path, articles: Mapping[Key, str]) -> None:
        """Note what a file without a fault has given."""
        self._now[self._place(file, source)] = dict(articles)

    def noted(self) -> bytes:
        """What the next sync needs to know; files of other sources stay noted."""
        notes = dict(self._before)
        for place, articles in self._now.items():
            if place in self._stamps:
                rows = [[*key, digest] for key, digest in articles.items()]
                notes[place] = [self._stamps[place], *rows]
        return json.dumps(notes, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _place(self, file: Path, source: Path) -> str:
        return f"{self._collection}\n{source}\n{file}"


@cache
def readers() -> str:
    """Names the code that reads: another one may read the same file differently."""
    digest = hashlib.sha256()
    for place in _READERS:
        for file in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _stamp(file: Path) -> str | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"

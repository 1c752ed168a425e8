"""Which files have not been touched since they were last read, so that none is read in vain."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from functools import cache, cached_property
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.sources.outcomes import PassedOver

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Key = tuple[str, str]
"""An article's collection and id."""

ARTICLE, PASSED = 3, 2
"""Numbers of values by which a note of an article and one of what was passed over differ."""

_READERS = (
    Path(__file__).parent,
    *(
        Path(__file__).parents[1] / name
        for name in ("articles.py", "collections.py", "filing.py", "spans.py")
    ),
)


class FilesRead:
    """What was read of each file, and how the file was when it was."""

    def __init__(self, collection: str, before: bytes | None = None, filing: str = "") -> None:
        """Take up what an earlier sync noted; `before` is what `noted` gave then.

        Under another `filing` every file is read again.
        """
        self._filing = filing[:16]
        self._collection = collection
        self._before: dict[str, list[Any]] = json.loads(before) if before else {}
        self._stamps: dict[str, str] = {}
        self._now: dict[str, list[Any]] = {}

    def untouched(self, file: Path, source: Path) -> Mapping[Key, str] | None:
        """The articles of a file with their hashes, if it is as it was; None if it must be read."""
        place = self._place(file, source)
        found = _stamp(file)
        if found is None:
            return None
        stamp = f"{self._filing}{found}"
        self._stamps[place] = stamp
        noted = self._before.get(place)
        return self.before(file, source) if noted is not None and noted[0] == stamp else None

    def before(self, place: Path, source: Path) -> Mapping[Key, str]:
        """The articles that a file, or all files of a folder, gave when they were last read."""
        own = self._place(place, source)
        rows = self._rows(own) or [row for each in self._below(own) for row in self._rows(each)]
        return {(collection, name): digest for collection, name, digest in rows}

    def _below(self, place: str) -> Iterator[str]:
        begin = f"{place}/"
        found = islice(self._ordered, bisect_left(self._ordered, begin), None)
        return takewhile(lambda each: each.startswith(begin), found)

    @cached_property
    def _ordered(self) -> list[str]:
        return sorted(self._before)

    def given_by(self, source: Path) -> set[Key]:
        """Every article that the files of a source have ever been noted to give."""
        begin = self._place(Path(), source).removesuffix(".")
        return {
            (row[0], row[1])
            for each in self._before
            if each.startswith(begin)
            for row in self._rows(each)
        }

    def passed_over(self, file: Path, source: Path) -> PassedOver | None:
        """Why nothing was read of a file that is as it was."""
        rows = self._before.get(self._place(file, source), [""])[1:]
        return next((PassedOver(file, *row) for row in rows if len(row) == PASSED), None)

    def scaffolds(self) -> list[PassedOver]:
        """Every file noted as what pages are made from, and as no article."""
        return [
            PassedOver(Path(place.rsplit("\n", 1)[-1]), *row)
            for place, rows in self._before.items()
            for row in rows[1:]
            if len(row) == PASSED and row[1]
        ]

    def read(
        self,
        file: Path,
        source: Path,
        articles: Mapping[Key, str],
        passed: PassedOver | None = None,
        *,
        whole: bool = True,
    ) -> None:
        """Note what a file has given; one that was not read `whole` is read again next time."""
        place = self._place(file, source)
        rows: list[list[Any]] = [[*key, digest] for key, digest in articles.items()]
        if passed is not None:
            rows.append([passed.why, passed.scaffold])
        if not whole:
            known = {tuple(row[:2]) for row in rows}
            rows += [row for row in self._rows(place) if tuple(row[:2]) not in known]
        self._now[place] = [self._stamps.get(place, "") if whole else "", *rows]

    def noted(self) -> bytes:
        """What the next sync needs to know; files of other sources stay noted."""
        read_now = {_source_of(place) for place in self._now}
        kept = {
            place: rows
            for place, rows in self._before.items()
            if self._rows(place) or _source_of(place) not in read_now
        }
        notes = {**kept, **self._now}
        return json.dumps(notes, ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _rows(self, place: str) -> list[Any]:
        return [row for row in self._before.get(place, [""])[1:] if len(row) == ARTICLE]

    def _place(self, file: Path, source: Path) -> str:
        return f"{self._collection}\n{source}\n{file}"


def _source_of(place: str) -> str:
    """The collection and the source of a place; those of one source are read together."""
    return place.rsplit("\n", 1)[0]


@cache
def readers() -> str:
    """Names the code that reads: another one may read the same file differently."""
    digest = hashlib.sha256()
    for place in _READERS:
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _stamp(file: Path) -> str | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return (
        f"{readers()[:16]} {found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"
    )

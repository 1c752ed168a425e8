"""The files of a large base: a folder beside the database that is mapped, not loaded.

It holds the unit vectors in cells, the columns of the units, and the postings of the words, all of
one moment. It is written whole under another name and then renamed, so a reader never sees half
of one, and never changed. What was written since is recognised by the keys of its units, which
are larger than all in the folder, and is kept beside it in memory until `fold` makes a new one.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.errors import IndexUnavailableError
from kb.index.arrays import mapped
from kb.index.cells import Cells
from kb.index.cutting import Older, write
from kb.index.postings import Postings, by_number, collect
from kb.index.units import Progress, Units, unheard

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.index.store import Store

FOLD_FROM = 0.05
"""Share of the units that came or went from which a new folder is worth its while."""

LEFT_OVER_SECONDS = 86_400
"""What is older was left by a writer that was killed, or by a model that is used no more."""

MARKED = 64
"""Of so many of its last units a folder knows what they say: see `Folder.is_of`."""

TRIES = 3

_FORMAT = 2
"""Part of the name, so that files of another make are never opened."""

_PART = "part-"
_NAME = re.compile(r"-(\d+)-(\d+)\.index$")


class NotEmbeddedError(Exception):
    """Another process stored something that this model has not embedded yet."""


@dataclass(frozen=True)
class Mapped:
    """The files of a folder, mapped."""

    last: int
    """The largest key of a unit when they were made."""
    units: Units
    articles: NDArray[np.int64]
    """The keys of their articles, rising: the documents of the postings."""
    cells: Cells
    postings: Postings


@dataclass(frozen=True)
class Folder:
    """One that is whole; see `newest`."""

    path: Path
    last: int
    """The largest key of a unit when it was made."""

    def units(self) -> Units:
        """The columns of its units."""
        names = ("pks", "articles", "kinds")
        return Units(*(mapped(self.path / f"units-{name}.npy") for name in names))

    def mapped(self) -> Mapped:
        """Map everything in it."""
        articles = mapped(self.path / "articles.npy")
        cells, postings = Cells.mapped(self.path), Postings.mapped(self.path)
        return Mapped(self.last, self.units(), articles, cells, postings)

    def is_of(self, store: Store) -> bool:
        """Whether it is of this database's own past.

        One that was put back from a copy and written since has other units under the same keys.
        """
        keys, marks = (mapped(self.path / f"marks-{name}.npy") for name in ("keys", "hashes"))
        known = dict(zip(keys.tolist(), marks.tolist(), strict=True))
        return all(known[key] == mark for key, mark in store.unit_marks(keys.tolist()).items())


def newest(store: Store, model: str) -> Folder | None:
    """The newest folder that was made of this database with this model; None if there is none."""
    generation, written = int(store.generation()), store.last_unit()
    found = []
    for path in _place(store).glob(f"{_stem(store, model)}-*.index"):
        numbers = _NAME.search(path.name)
        # A database that was put back from a copy may be older than the folder.
        if numbers and int(numbers[1]) <= generation and int(numbers[2]) <= written:
            found.append((int(numbers[1]), Folder(path, int(numbers[2]))))
    for _, folder in sorted(found, key=lambda pair: -pair[0]):
        with suppress(OSError, ValueError, EOFError):
            if folder.is_of(store):
                return folder
    return None


def opened(store: Store, model: str, progress: Progress = unheard) -> Mapped:
    """The newest folder, mapped; made first where there is none that can be read.

    Inside the caller's reading transaction; raises NotEmbeddedError like `fold`.
    """
    for _ in range(TRIES):
        folder = newest(store, model) or fold(store, model, progress)
        try:
            return folder.mapped()
        except FileNotFoundError:
            continue  # another process has put a newer one in its place
        except (ValueError, EOFError):
            shutil.rmtree(folder.path, ignore_errors=True)  # cut short when the power went
    raise IndexUnavailableError(f"{_place(store)}: changes all the time; try again in a moment")


def fold(store: Store, model: str, progress: Progress = unheard) -> Folder:
    """Make a folder of the database as it is now, out of the last one if there is one.

    Inside the caller's reading transaction. `progress` hears of units, and of how many. Raises
    NotEmbeddedError where some unit has no vector: no later search would look for it again.
    """
    older = newest(store, model)
    units, articles = store.units(model), store.article_keys()
    if not len(units.pks):
        raise IndexUnavailableError(f"{store.path}: nothing to index; sync some articles first")
    if len(units.pks) < store.unit_count():
        raise NotEmbeddedError
    last = store.last_unit()
    path = _place(store) / f"{_stem(store, model)}-{store.generation()}-{last}.index"
    try:
        with _written(path) as part:
            before = Older(Cells.mapped(older.path), older.units().pks) if older else None
            write(part, units.pks, partial(store.vectors, model), before, progress)
            for name in ("pks", "articles", "kinds"):
                np.save(part / f"units-{name}.npy", getattr(units, name))
            np.save(part / "articles.npy", articles)
            marks = store.unit_marks(np.sort(units.pks)[-MARKED:].tolist())
            np.save(part / "marks-keys.npy", np.array(list(marks), np.int64))
            np.save(part / "marks-hashes.npy", np.array(list(marks.values())))
            terms, found = collect(store.database.conn, articles, kind=np.float16)
            by_number(terms, found).save(part)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = "free some space" if full else "check the folder and its permissions"
        raise IndexUnavailableError(f"{path}: {error.strerror}; {remedy}") from error
    own = f"{_stem(store, model)}-"
    for other in _place(store).iterdir():
        # A process that has it mapped keeps it until it looks again.
        outdated = other.suffix == ".index" and other.name.startswith(own)
        if other != path and (outdated or _is_left_over(other)):
            shutil.rmtree(other, ignore_errors=True)
    return Folder(path, last)


class _written:  # noqa: N801 (reads as the context manager that it is)
    """A folder that takes its name when everything in it is written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Path:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._part = Path(tempfile.mkdtemp(prefix=_PART, dir=self._path.parent))
        return self._part

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            for file in self._part.iterdir():
                _settled(file)
            # Of the same name, but not this database's own; or made by another process just now.
            shutil.rmtree(self._path, ignore_errors=True)
            self._part.replace(self._path)
            _settled(self._path.parent)
        shutil.rmtree(self._part, ignore_errors=True)


def _settled(path: Path) -> None:
    """Wait until it is on the disk: a name that outlives its content would be taken for whole."""
    opened_file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened_file)
    finally:
        os.close(opened_file)


def _is_left_over(path: Path) -> bool:
    """Whether nobody has written to it for long."""
    if path.suffix != ".index" and not path.name.startswith(_PART):
        return False
    with suppress(FileNotFoundError):  # renamed by its writer just now
        return time.time() - path.stat().st_mtime > LEFT_OVER_SECONDS
    return False


def _place(store: Store) -> Path:
    return store.path.with_name(store.path.name + "-kb")


def _stem(store: Store, model: str) -> str:
    return re.sub(r"[^\w.-]", "-", f"{model}-{store.state('identity')}-v{_FORMAT}")

"""The files of a large base: a folder beside the database that is mapped, not loaded.

It holds the unit vectors in cells, the columns of the units, and the postings of the words, all of
one moment. It is written whole under another name and then renamed, so a reader never sees half
of one, and never changed. What was written since is recognised by the keys of its units, which
are larger than all in the folder, and is kept beside it in memory until `fold` makes a new one.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.errors import IndexUnavailableError
from kb.index.cells import Cells
from kb.index.cutting import Older, Progress, write
from kb.index.postings import Postings, by_number, collect
from kb.index.units import Units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.index.store import Store

FOLD_FROM = 0.05
"""Share of the units from which what came since is worth a new folder."""

LEFT_OVER_SECONDS = 86_400
"""A part that is older was left by a writer that was killed."""

_FORMAT = 2
"""Part of the name, so that files of another make are never opened."""

_PART = "part-"
_NAME = re.compile(r"-(\d+)-(\d+)\.index$")


@dataclass(frozen=True)
class Folder:
    """One that is whole; see `newest`."""

    path: Path
    last: int
    """The largest key of a unit when it was made."""

    def units(self) -> Units:
        """The columns of its units."""
        names = ("pks", "articles", "kinds")
        return Units(*(_array(self.path / f"units-{name}.npy") for name in names))

    def articles(self) -> NDArray[np.int64]:
        """The keys of its articles, rising: the documents of its postings."""
        return _array(self.path / "articles.npy")

    def cells(self) -> Cells:
        """The vectors of its units."""
        return Cells.mapped(self.path)

    def postings(self) -> Postings:
        """The words of its articles."""
        return Postings.mapped(self.path)


def newest(store: Store, model: str) -> Folder | None:
    """The newest folder that was made of this database with this model; None if there is none."""
    generation, written = int(store.generation()), store.last_unit()
    found = []
    for path in _place(store).glob(f"{_stem(store, model)}-*.index"):
        numbers = _NAME.search(path.name)
        # A database that was put back from a copy may be older than the folder.
        if numbers and int(numbers[1]) <= generation and int(numbers[2]) <= written:
            found.append((int(numbers[1]), Folder(path, int(numbers[2]))))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def fold(store: Store, model: str, progress: Progress = lambda *_: None) -> Folder:
    """Make a folder of the database as it is now, out of the last one if there is one.

    Inside the caller's reading transaction. `progress` hears of units, and of how many.
    """
    older = newest(store, model)
    units, articles = store.units(model), store.article_keys()
    if not len(units.pks):
        raise IndexUnavailableError(f"{store.path}: nothing to index; sync some articles first")
    last = store.last_unit()
    path = _place(store) / f"{_stem(store, model)}-{store.generation()}-{last}.index"
    try:
        with _written(path) as part:
            before = Older(older.cells(), older.units().pks) if older is not None else None
            write(part, units.pks, partial(store.vectors, model), before, progress)
            for name in ("pks", "articles", "kinds"):
                np.save(part / f"units-{name}.npy", getattr(units, name))
            np.save(part / "articles.npy", articles)
            terms, found = collect(store.database.conn, articles, kind=np.float16)
            by_number(terms, found).save(part)
    except OSError as error:
        raise IndexUnavailableError(f"{path}: {error.strerror}; free some space") from error
    for other in _place(store).iterdir():
        # A process that has it mapped keeps it until it looks again.
        if other != path and (other.suffix == ".index" or _is_left_over(other)):
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
        if kind is None and not self._path.exists():
            self._part.replace(self._path)
        shutil.rmtree(self._part, ignore_errors=True)


def _is_left_over(part: Path) -> bool:
    """Whether its writer was killed long ago."""
    return part.name.startswith(_PART) and time.time() - part.stat().st_mtime > LEFT_OVER_SECONDS


def _place(store: Store) -> Path:
    return store.path.with_name(store.path.name + "-kb")


def _stem(store: Store, model: str) -> str:
    return re.sub(r"[^\w.-]", "-", f"{model}-{store.state('identity')}-v{_FORMAT}")


def _array(file: Path) -> NDArray[Any]:
    # A plain array over the mapped file: indexing numpy's own memmap costs ten times as much.
    array: NDArray[Any] = np.asarray(np.load(file, mmap_mode="r"))
    return array

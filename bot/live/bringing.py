"""Bringing a live source in: from its place into the copy, from there into the knowledge base."""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.live import folders, helpcentres, repositories, sitemaps, wikis
from bot.live.copies import Copy, folder_of
from bot.live.wanted import LiveSource, TroubleError
from kb.errors import SourceError
from kb.sources.unchanged import readers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from kb.index.syncing import SyncReport
    from kb.searching.base import KnowledgeBase

FEWEST_GONE = 5
"""So many articles may go at once without a question, and up to half of all."""


@dataclass(frozen=True)
class Part:
    """What one audience may see of a source: a folder, and the collection that it becomes."""

    folder: Path
    collection: str
    visible_to: frozenset[str]


@dataclass(frozen=True)
class Brought:
    """What lies ready: the parts, what they hold, and what went wrong or was left out."""

    parts: tuple[Part, ...]
    fingerprint: str
    trouble: TroubleError | None = None
    notes: str = ""


@dataclass(frozen=True)
class Told:
    """What a sync did."""

    articles: int
    changed: int
    named: tuple[str, ...] = ()
    """What was not read, or passed over, each in a line."""


def bring(source: LiveSource, folder: Path, pause: Callable[[float], object]) -> Brought:
    """Bring a source into its folder; what can be had is kept, whatever else goes wrong.

    `pause` waits where a site wants to be asked slowly.
    """
    if source.token_env and not source.token:
        return Brought((), "", TroubleError(f"{source.token_env} is not set in the environment."))
    if source.kind in PLACES:
        try:
            path, found = PLACES[source.kind](source, folder)
        except TroubleError as failure:
            return Brought((), "", failure)
        part = Part(path, source.name, source.visible_to)
        return Brought((part,), _fingerprint(source, found))
    copy = Copy(folder / "copy")
    trouble: TroubleError | None = None
    notes = ""
    try:
        notes = READERS[source.kind](source, copy, pause)
    except TroubleError as failure:
        trouble = failure
    copy.save()
    parts = tuple(
        Part(path, _collection(source, groups), _viewers(source, groups))
        for groups, path in copy.audiences().items()
    )
    return Brought(parts, _fingerprint(source, copy.fingerprint + notes), trouble, notes)


PLACES: dict[str, Callable[[LiveSource, Path], tuple[Path, str]]] = {
    "folder": folders.bring,
    "git": repositories.bring,
}
"""Each gives a folder that is read where it stands, and what tells that it has changed."""

READERS: dict[str, Callable[[LiveSource, Copy, Callable[[float], object]], str]] = {
    "sitemap": sitemaps.bring,
    "zendesk": helpcentres.bring,
    "confluence": wikis.bring,
}
"""Each fills the copy, says what it left out, and raises TroubleError where it was not whole."""


def _collection(source: LiveSource, groups: tuple[str, ...]) -> str:
    return f"{source.name}.{folder_of(groups)}" if groups else source.name


def _viewers(source: LiveSource, groups: tuple[str, ...]) -> frozenset[str]:
    return frozenset(groups) or source.visible_to


def _fingerprint(source: LiveSource, found: str) -> str:
    # Other readers may read the same files differently.
    said = f"{source.shape} {readers()} {found}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def take_in(
    base: KnowledgeBase, source: LiveSource, parts: Collection[Part], *, confirmed: bool = False
) -> Told:
    """Bring the knowledge base to what the parts hold, collection by collection.

    What many may see is let go of before the few get it: no article is ever seen by more people
    than may see it.

    Raises:
        TroubleError: more than half of the articles would be gone, and nobody `confirmed` that.
    """
    ordered = sorted(parts, key=lambda part: (bool(part.visible_to), part.collection))
    before = _held(base, source)
    try:
        if before and not confirmed:
            _refuse_a_landslide(base, ordered, before, source)
        left = {part.collection for part in ordered}
        gone = [key for key in before if key[0] not in left]
        if gone:
            base.remove(gone)
        reports = [_synced(base, part, source) for part in ordered]
    except SourceError as failure:
        raise TroubleError(f"There is no article in what {source.name} gave.") from failure
    changed = sum(report.added + report.changed + report.removed for report in reports)
    named = [line for report in reports for line in (*report.problems, *report.passed_over)]
    return Told(len(_held(base, source)), changed + len(gone), tuple(named))


def _synced(
    base: KnowledgeBase, part: Part, source: LiveSource, *, dry_run: bool = False
) -> SyncReport:
    return base.sync(
        [part.folder],
        collection=part.collection,
        dry_run=dry_run,
        prune=True,
        link=source.link,
        visible_to=part.visible_to,
        own=True,
    )


def _held(base: KnowledgeBase, source: LiveSource) -> list[tuple[str, str]]:
    """What the base holds of a source, in whatever of its collections."""
    return [
        key
        for key in base.store.hashes()
        if key[0] == source.name or key[0].startswith(f"{source.name}.")
    ]


def _refuse_a_landslide(
    base: KnowledgeBase,
    parts: Collection[Part],
    before: Collection[tuple[str, str]],
    source: LiveSource,
) -> None:
    reports = [_synced(base, part, source, dry_run=True) for part in parts]
    left = {part.collection for part in parts}
    gone = sum(report.removed for report in reports) + sum(key[0] not in left for key in before)
    gone -= sum(report.added for report in reports)
    if gone >= FEWEST_GONE and gone * 2 > len(before):
        raise TroubleError(
            f"{gone} of {len(before)} articles would be gone, so none was removed; if that is "
            f"right, run `frontline kb sync --source {source.name} --prune`."
        )


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else brings the same source in just now."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(opened)

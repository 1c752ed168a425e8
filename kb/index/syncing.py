"""Bringing the index to what the sources say, in one transaction."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from kb.encoding.late import TokenEncoder
from kb.errors import SourceError
from kb.filing import Filing
from kb.index.learning import LearnReport, insert, learned, learned_units, sort_out
from kb.index.mapped import newest
from kb.index.store import Store, content_hash
from kb.index.units import Progress, Unit, unheard
from kb.passages import split
from kb.sources import read_source
from kb.sources.unchanged import FilesRead, Key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kb.articles import Article
    from kb.encoding.encoder import Encoder
    from kb.sources.outcomes import PassedOver

EMBED_BATCH = 256

AT_ONCE = 500
"""So many articles are written in one transaction, in about a second on a busy machine; there
50,000 would keep the desk from its own work for half a minute."""

LET_OTHERS_S = 0.12
"""Between two of them: whoever waits to write looks at least every tenth of a second."""

FILES_NOTED = "files-read", "2"
"""Under this name, and in this form, it is kept how the files were when they were read."""


@dataclass(frozen=True)
class SyncReport:
    """What a sync did, or would do when it was a dry run."""

    added: int
    changed: int
    unchanged: int
    removed: int
    problems: tuple[str, ...]
    passed_over: tuple[str, ...] = ()
    """What is no article, each with the reason."""
    away: tuple[str, ...] = ()
    """Sources of which nothing could be read; they are among the problems."""


@dataclass(frozen=True)
class _Plan:
    added: list[tuple[Article, str]]
    changed: list[tuple[Article, str]]
    unchanged: int
    removed: list[tuple[str, str]]
    problems: list[str]
    passed_over: list[str]
    away: list[str]


def sync(  # noqa: PLR0913 (the options of the façade)
    store: Store,
    encoder: Encoder,
    sources: Sequence[Path],
    *,
    collection: str,
    dry_run: bool = False,
    prune: bool = False,
    own: bool = False,
    filing: Filing | None = None,
    progress: Progress | None = None,
    reading: Progress = unheard,
) -> SyncReport:
    """Read the sources, embed what is new, and replace what changed; see `write`.

    An `own` collection is that of its sources alone: what they do not give is not in it, and
    nothing that they give is in another, whatever a file says. `filing` says where areas and
    owners come from.
    """
    filing = filing or Filing()
    before = store.model(*FILES_NOTED)
    files = FilesRead(collection, before, filing.mark)
    planner = _Planner(store, files, only=collection if own else None, filing=filing)
    plan = _plan(planner, sources, collection=collection, prune=prune, reading=reading)
    report = SyncReport(
        len(plan.added),
        len(plan.changed),
        plan.unchanged,
        len(plan.removed),
        tuple(plan.problems),
        tuple(plan.passed_over),
        tuple(plan.away),
    )
    if dry_run:
        return report
    write(store, encoder, plan.added + plan.changed, removed=plan.removed, progress=progress)
    # Last: whoever is killed before it reads the files once more.
    noted = files.noted()
    if noted != before:
        store.put_model(*FILES_NOTED, noted)
    return report


def write(
    store: Store,
    encoder: Encoder,
    articles: Sequence[tuple[Article, str]],
    *,
    removed: Sequence[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> None:
    """Embed articles, then store them with their sources and remove others.

    Up to AT_ONCE all at once; more in as many steps as it takes, each article whole. Whoever is
    ended amid them does the others the next time.
    """
    keys = [(article.collection, article.id) for article, _ in articles]
    known = learned(store, keys)
    writes = [
        (article, source, units(article, known.get(key, ())))
        for key, (article, source) in zip(keys, articles, strict=True)
    ]
    embed_units(store, encoder, (unit for *_, many in writes for unit in many), progress)
    if not writes and not removed:
        return
    small = not store.is_large()
    gone = [] if small else store.unit_hashes([*removed, *keys])
    steps = range(0, max(len(writes), len(removed)), AT_ONCE)
    for start in steps:
        is_last = start == steps[-1]
        with store.writing() as database:
            store.remove(database, removed[start : start + AT_ONCE])
            for article, source, many in writes[start : start + AT_ONCE]:
                store.put(database, article, source, many)
            # Last: until then the next steps need what was embedded for them.
            if is_last and not small:
                store.drop_vectors(database, encoder.name, gone)
        if not is_last:
            time.sleep(LET_OTHERS_S)
    if small:
        store.drop_unused_vectors()


def embed_stored(
    store: Store, encoder: Encoder, progress: Progress | None = None, *, everything: bool = False
) -> None:
    """Embed what is stored but not yet by this model, so that a changed model is never mixed.

    `everything` looks also at what is in the files of a large base.
    """
    folder = None if everything else newest(store, encoder.name)
    # What is in the files of a large base was embedded: asking again takes seconds.
    stale = store.unembedded(encoder.name, after=folder.last if folder else 0)
    known = learned(store)
    wanted = (units(one, known.get((one.collection, one.id), ())) for one in stale)
    embed_units(store, encoder, (unit for many in wanted for unit in many), progress)


def learn(
    store: Store,
    encoder: Encoder,
    pairs: Sequence[tuple[str, str]],
    *,
    collection: str | None = None,
    progress: Progress | None = None,
) -> LearnReport:
    """Keep new (question, article id) pairs, and index their articles by them, all or nothing."""
    fresh, report = sort_out(store, pairs, collection)
    if not fresh:
        return report
    before = learned(store, fresh)
    sources = store.sources()
    writes = []
    for key in fresh:
        article = store.article(key[1], key[0])
        if article is not None:
            many = units(article, [*before.get(key, ()), *fresh[key]])
            writes.append((article, sources[key], many))
    embed_units(store, encoder, (unit for *_, many in writes for unit in many), progress)
    with store.writing() as database:
        insert(database, fresh)
        for article, source, many in writes:
            store.put(database, article, source, many)
    return report


def units(article: Article, learned_texts: Sequence[str] = ()) -> list[Unit]:
    """What is embedded of an article: title, questions, and each passage with its context."""
    found = [Unit("title", "", article.title, article.title)]
    found += [Unit("question", "", question, question) for question in article.questions]
    found += learned_units(learned_texts)
    for passage in split(article.body):
        context = " - ".join(part for part in (article.title, passage.heading) if part)
        found.append(Unit("passage", passage.heading, passage.text, f"{context}\n{passage.text}"))
    return found


@dataclass
class _Given:
    """What one file gives in this sync."""

    articles: dict[Key, str]
    passed: PassedOver | None = None
    whole: bool = True


class _Planner:
    """Compares what the sources say with what is stored, file by file."""

    def __init__(
        self, store: Store, files: FilesRead, only: str | None = None, filing: Filing | None = None
    ) -> None:
        """Begin with nothing read; in `only` one collection, if so."""
        self._store = store
        self._filing = filing or Filing()
        self._only = only
        self._files = files
        self._known = store.hashes()
        self._seen: dict[Key, Path] = {}
        self._given: dict[Path, _Given] = {}
        self.plan = _Plan([], [], 0, [], [], [], [])
        self._unchanged = 0
        self._kept: set[Key] = set()
        """Articles of files that cannot be read now: they may be there again tomorrow."""

    def read(self, source: Path, collection: str, progress: Progress) -> None:
        """Take what a source says; files that nobody has touched are taken for read."""
        self._given = {}
        passes_over = partial(self._passes_over, source)
        for entry in read_source(
            source, collection=collection, passes_over=passes_over, progress=progress
        ):
            given = self._given.setdefault(entry.file, _Given({}))
            if entry.passed_over is not None:
                given.passed = entry.passed_over
                self.plan.passed_over.append(str(entry.passed_over))
            elif entry.article is None:
                self.plan.problems.append(str(entry.problem))
                given.whole = False
                self._kept.update(self._files.before(entry.file, source))
            else:
                self._take(entry.article, given, entry.file, source)
        for file, given in self._given.items():
            # One with a fault is read again, and named again.
            self._files.read(file, source, given.articles, given.passed, whole=given.whole)

    @property
    def is_of_all(self) -> bool:
        """Whether a collection is what all sources give together, and nothing else."""
        return self._only is not None

    def removed(self, source: Path, collection: str) -> list[Key]:
        """What the source gave this collection before, and does not any more."""
        there = self._seen.keys() | self._kept
        if self._only is not None:
            return [key for key in self._known if key[0] == self._only and key not in there]
        noted = self._files.given_by(source)
        return [
            key
            for key in self._store.hashes(str(source))
            if key not in there and (key[0] == collection or key in noted)
        ]

    def finished(self, removed: list[Key]) -> _Plan:
        """Give the whole plan."""
        return replace(self.plan, unchanged=self._unchanged, removed=removed)

    def _passes_over(self, source: Path, file: Path) -> bool:
        articles = self._files.untouched(file, source)
        self._given[file] = _Given({})
        if articles is None or any(
            self._known.get(key) != digest or key in self._seen for key, digest in articles.items()
        ):
            return False
        self._seen.update(dict.fromkeys(articles, file))
        passed = self._files.passed_over(file, source)
        self._given[file] = _Given(dict(articles), passed)
        if passed is not None:
            self.plan.passed_over.append(str(passed))
        self._unchanged += len(articles)
        return True

    def _take(self, article: Article, given: _Given, file: Path, source: Path) -> None:
        if self._only is not None:
            article = replace(article, collection=self._only)
        article = self._filing.filed(article, file, source)
        key = (article.collection, article.id)
        if key in self._seen:
            self.plan.problems.append(
                f"{file}: the id {article.id!r} is already taken by {self._seen[key]}; "
                "give one of them another id"
            )
            given.whole = False
            return
        self._seen[key] = file
        digest = content_hash(article)
        given.articles[key] = digest
        if key not in self._known:
            self.plan.added.append((article, str(source)))
        elif self._known[key] != digest:
            self.plan.changed.append((article, str(source)))
        else:
            self._unchanged += 1


def _plan(
    planner: _Planner,
    sources: Sequence[Path],
    *,
    collection: str,
    prune: bool,
    reading: Progress,
) -> _Plan:
    read = _read_all(planner, sources, collection, reading)
    if planner.is_of_all and len(read) < len(sources):
        # What is not there is kept: it may be of the source that cannot be read now.
        return planner.finished([])
    gone = list(
        dict.fromkeys(key for source in read for key in planner.removed(source, collection))
    )
    return planner.finished(gone if prune else [])


def _read_all(
    planner: _Planner, sources: Sequence[Path], collection: str, reading: Progress
) -> list[Path]:
    """Read each source; one of several that cannot be read is a problem, and stops no other."""
    read: list[Path] = []
    failed: list[SourceError] = []
    for source in sources:
        try:
            planner.read(source, collection, reading)
        except SourceError as failure:
            failed.append(failure)
        else:
            read.append(source)
    if failed and not read:
        raise SourceError("\n".join(map(str, failed)))
    planner.plan.problems.extend(map(str, failed))
    planner.plan.away.extend(str(source) for source in sources if source not in read)
    return read


def embed_units(
    store: Store, encoder: Encoder, wanted: Iterable[Unit], progress: Progress | None
) -> None:
    """Embed what this encoder has not embedded yet."""
    texts = {unit.hash: unit.embedded for unit in wanted}
    # Alike lengths in one batch: little padding, much faster.
    missing = sorted(store.missing_vectors(encoder.name, texts), key=lambda key: len(texts[key]))
    # Token vectors are ten times the size of the rest: a large base does without.
    small = store.unit_count() + len(missing) < store.approximate_from
    for start in range(0, len(missing), EMBED_BATCH):
        batch = missing[start : start + EMBED_BATCH]
        chosen = [texts[key] for key in batch]
        if isinstance(encoder, TokenEncoder) and small:
            vectors, tokens = encoder.encode_tokens(chosen)
            store.put_vectors(encoder.name, batch, vectors, tokens)
        else:
            store.put_vectors(encoder.name, batch, encoder.encode(chosen), None)
        if progress is not None:
            progress(min(start + EMBED_BATCH, len(missing)), len(missing))

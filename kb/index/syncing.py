"""Bringing the index to what the sources say, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.index.learning import LearnReport, insert, learned, learned_units, sort_out
from kb.index.mapped import newest
from kb.index.store import Store, content_hash
from kb.index.units import Unit
from kb.late import TokenEncoder
from kb.passages import split
from kb.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from kb.articles import Article
    from kb.encoder import Encoder

Progress = Callable[[int, int], None]
"""Called with (texts embedded so far, texts to embed)."""

EMBED_BATCH = 256


@dataclass(frozen=True)
class SyncReport:
    """What a sync did, or would do when it was a dry run."""

    added: int
    changed: int
    unchanged: int
    removed: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Plan:
    added: list[tuple[Article, str]]
    changed: list[tuple[Article, str]]
    unchanged: int
    removed: list[tuple[str, str]]
    problems: list[str]


def sync(  # noqa: PLR0913 (the options of the façade)
    store: Store,
    encoder: Encoder,
    sources: Sequence[Path],
    *,
    collection: str,
    dry_run: bool = False,
    prune: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Read the sources, embed what is new, and replace what changed, all or nothing."""
    plan = _plan(store, sources, collection=collection, prune=prune)
    report = SyncReport(
        len(plan.added), len(plan.changed), plan.unchanged, len(plan.removed), tuple(plan.problems)
    )
    if dry_run:
        return report
    write(store, encoder, plan.added + plan.changed, removed=plan.removed, progress=progress)
    return report


def write(
    store: Store,
    encoder: Encoder,
    articles: Sequence[tuple[Article, str]],
    *,
    removed: Sequence[tuple[str, str]] = (),
    progress: Progress | None = None,
) -> None:
    """Embed articles, then store them with their sources and remove others, all at once."""
    keys = [(article.collection, article.id) for article, _ in articles]
    known = learned(store, keys)
    writes = [
        (article, source, units(article, known.get(key, ())))
        for key, (article, source) in zip(keys, articles, strict=True)
    ]
    _embed(store, encoder, (unit for *_, many in writes for unit in many), progress)
    if not writes and not removed:
        return
    small = store.unit_count() < store.approximate_from
    with store.writing() as database:
        gone = [] if small else store.unit_hashes([*removed, *keys])
        store.remove(database, removed)
        for article, source, many in writes:
            store.put(database, article, source, many)
        if small:
            store.drop_unused_vectors(database)
        else:
            store.drop_vectors(database, encoder.name, gone)


def embed_stored(store: Store, encoder: Encoder, progress: Progress | None = None) -> None:
    """Embed what is stored but not yet by this model, so that a changed model is never mixed."""
    folder = newest(store, encoder.name)
    # What is in the files of a large base was embedded: asking again takes seconds.
    stale = store.unembedded(encoder.name, after=folder.last if folder else 0)
    known = learned(store)
    wanted = (units(one, known.get((one.collection, one.id), ())) for one in stale)
    _embed(store, encoder, (unit for many in wanted for unit in many), progress)


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
    _embed(store, encoder, (unit for *_, many in writes for unit in many), progress)
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


def _plan(store: Store, sources: Sequence[Path], *, collection: str, prune: bool) -> _Plan:
    known = store.hashes()
    plan = _Plan([], [], 0, [], [])
    seen: dict[tuple[str, str], Path] = {}
    unchanged = 0
    for source in sources:
        for reading in read_source(source, collection=collection):
            article = reading.article
            if article is None:
                plan.problems.append(str(reading.problem))
                continue
            key = (article.collection, article.id)
            if key in seen:
                plan.problems.append(
                    f"{reading.file}: the id {article.id!r} is already taken by {seen[key]}; "
                    "give one of them another id"
                )
                continue
            seen[key] = reading.file
            if key not in known:
                plan.added.append((article, str(source)))
            elif known[key] != content_hash(article):
                plan.changed.append((article, str(source)))
            else:
                unchanged += 1
        if prune:
            plan.removed.extend(key for key in store.hashes(str(source)) if key not in seen)
    return _Plan(plan.added, plan.changed, unchanged, plan.removed, plan.problems)


def _embed(
    store: Store, encoder: Encoder, wanted: Iterable[Unit], progress: Progress | None
) -> None:
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

"""The façade: sync articles, search them, read one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from kb.articles import DEFAULT_COLLECTION, Article
from kb.collections import Collection as AboutCollection
from kb.encoding.late import TokenEncoder, TokenVectors
from kb.errors import IndexUnavailableError
from kb.index.learning import LearnReport
from kb.index.learning import learned as learned_of
from kb.index.mapped import TRIES, NotEmbeddedError
from kb.index.store import APPROXIMATE_FROM, Store
from kb.index.syncing import FILES_NOTED, SyncReport, embed_stored, write
from kb.index.syncing import learn as learn_index
from kb.index.syncing import sync as sync_index
from kb.index.units import Progress, unheard
from kb.questions.hygiene import Query, clean
from kb.searching.opened import Opened
from kb.searching.ranking import Profile, profile
from kb.searching.relearning import Taught, relearn
from kb.searching.replacing import replace_with, replaced
from kb.searching.retrieval import Question, Ranked, Retriever, Scope
from kb.searching.scale import Scale
from kb.searching.snapshot import load
from kb.searching.turning import STATE as TURNED
from kb.searching.turning import turned
from kb.searching.turns import Turns
from kb.sources.unchanged import FilesRead

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kb.encoding.encoder import Encoder
    from kb.filing import Filing
    from kb.searching.snapshot import Snapshot
    from kb.shared.copy import Place
    from kb.sources.outcomes import PassedOver

__all__ = ["Explanation", "Hit", "KnowledgeBase", "LearnReport", "SyncReport", "Taught"]

_SCALE = "scale"

REMEMBERED = 256
"""Queries whose vectors are kept, 4 KB each as a rule, 36 KB where somebody pasted a page."""


@dataclass(frozen=True)
class Hit:
    """An article that may answer, with the passage that matched best."""

    article: str
    score: float
    """Calibrated: the probability that this article answers, 0 to 1."""
    passage: str
    title: str
    heading: str
    collection: str
    url: str | None = None
    """Where the passage's heading can be read; None where neither article nor collection says."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """What each part of the search said of the article, 0 to 1."""


@dataclass(frozen=True)
class Explanation:
    """What each part of the search said about an article, 0 to 1 each."""

    article: str
    score: float
    fused: float
    parts: dict[str, float]


class KnowledgeBase:
    """Articles in a database, and the search over them; usable from several threads."""

    def __init__(self, store: Store, encoder: Encoder, filing: Filing | None = None) -> None:
        """Search this store with this encoder; see `open`."""
        self._filing = filing
        self.store = store
        self.encoder = encoder
        self._token_encoder = encoder if isinstance(encoder, TokenEncoder) else None
        self._retriever: Retriever | None = None
        self._remembered: dict[Query, Question] = {}
        self._turns = Turns()
        self._opened = Opened(store)

    @classmethod
    def open(
        cls,
        db_path: Path,
        encoder: Encoder,
        *,
        approximate_from: int | None = None,
        filing: Filing | None = None,
        place: Place | None = None,
    ) -> KnowledgeBase:
        """Open the knowledge base in this database file, making its tables if need be.

        From `approximate_from` titles, questions and passages on, search is approximate; None
        leaves it at APPROXIMATE_FROM. `filing` says where areas and owners come from, `place`
        where several machines share one base.
        """
        # A search multiplies small matrices: there BLAS's own threads only wait for each other.
        threadpool_limits(1, user_api="blas")
        limit = APPROXIMATE_FROM if approximate_from is None else approximate_from
        return cls(Store(Path(db_path), approximate_from=limit, place=place), encoder, filing)

    def sync(  # noqa: PLR0913 (one for each option)
        self,
        sources: Sequence[Path],
        *,
        collection: str = DEFAULT_COLLECTION,
        dry_run: bool = False,
        prune: bool = False,
        link: str | None = None,
        visible_to: Collection[str] | None = None,
        own: bool = False,
        progress: Progress | None = None,
        reading: Progress = unheard,
    ) -> SyncReport:
        """Bring the index to what the sources say; unchanged text is not embedded again.

        `link` and `visible_to` hold for the collection from then on; None leaves them. An `own`
        collection is that of its sources alone, whatever their files say.
        """
        self.store.catch_up()
        before = self.store.collections().get(collection) or AboutCollection(collection)
        about = replace(
            before,
            link=before.link if link is None else link,
            visible_to=before.visible_to if visible_to is None else frozenset(visible_to),
        )
        if about != before and not dry_run:
            # First: articles that not everybody may see are never there for everybody.
            with self.store.writing() as database:
                self.store.put_collection(database, about)
        return sync_index(
            self.store,
            self.encoder,
            [Path(source) for source in sources],
            collection=collection,
            dry_run=dry_run,
            prune=prune,
            own=own,
            filing=self._filing,
            progress=progress,
            reading=reading,
        )

    def withdraw(self, article: str, collection: str = DEFAULT_COLLECTION) -> None:
        """Find an article no more; one whose file is still there comes back with the next sync."""
        self.remove([(collection, article)])

    def remove(self, keys: Sequence[tuple[str, str]]) -> None:
        """Let go of articles, by (collection, id); a sync of their source brings them back."""
        write(self.store, self.encoder, (), removed=keys)

    def put_in_place(
        self,
        article: str,
        of: str | None,
        collection: str = DEFAULT_COLLECTION,
        *,
        more: bool = False,
    ) -> None:
        """Let an article stand in for another, which is found no more while this one is there.

        `of` None lets be found again what it stood in for; with `more` it stands in for that still.
        """
        self.store.catch_up()
        for old, new in replaced(self.store, collection).items():
            if new == article and old != of and not more:
                replace_with(self.store, collection, old, None)
        if of is not None and of != article:
            replace_with(self.store, collection, of, article)
            # What people were known to ask for by the old one, they ask for by the new one.
            asked = learned_of(self.store, [(collection, of)]).get((collection, of), ())
            self.learn([(text, article) for text in asked], collection=collection)

    def learn(
        self,
        pairs: Sequence[tuple[str, str]],
        *,
        collection: str | None = None,
        progress: Progress | None = None,
    ) -> LearnReport:
        """Also find articles through questions that they are known to answer.

        `pairs` are (question, article id). They stay when their article changes and go with it.
        """
        self.store.catch_up()
        return learn_index(
            self.store, self.encoder, pairs, collection=collection, progress=progress
        )

    def relearn(self, taught: Taught, progress: Progress | None = None) -> None:
        """Bring what outcomes teach the search to this, all or nothing."""
        self.store.catch_up()
        relearn(self.store, self.encoder, taught, progress)

    def refresh(self, progress: Progress | None = None) -> None:
        """Embed what this encoder has not embedded yet: all there is, after a change of model."""
        embed_stored(self.store, self.encoder, progress)

    def catch_up(self) -> bool:
        """Take up what other machines wrote, and make ready to search it; tells whether any was."""
        is_new = self.store.catch_up()
        if is_new:
            self.prepare()
        return is_new

    def stale_count(self) -> int:
        """How many articles the next search has to embed first."""
        return len(self.store.unembedded(self.encoder.name))

    def prepare(self, progress: Progress = unheard) -> None:
        """Do now what the next search would have to do first after a change.

        Of a large base of which much has changed, the files are written anew; `progress` hears
        how many of its titles, questions and passages are in them, of how many.
        """
        # First: meanwhile other threads search what is there now.
        if self._current(progress).snapshot.outdated:
            while not self._folded(progress):
                self._turns.wait()

    def _folded(self, progress: Progress) -> bool:
        with self._turns.mine() as is_mine:
            if is_mine:
                self._load(progress, folding=True)
        return is_mine

    def search(
        self,
        query: str,
        *,
        collection: str | None = None,
        top: int = 5,
        viewer_groups: Collection[str] | None = None,
    ) -> list[Hit]:
        """The articles that most probably answer, best first; one hit an article.

        `viewer_groups` leaves out collections that none of these groups may see.
        """
        (hits,) = self.search_batch(
            [query], collection=collection, top=top, viewer_groups=viewer_groups
        )
        return hits

    def search_batch(
        self,
        queries: Sequence[str],
        *,
        collection: str | None = None,
        top: int = 5,
        viewer_groups: Collection[str] | None = None,
    ) -> list[list[Hit]]:
        """Search many queries at once; results in the same order."""
        retriever = self._current()
        scope = Scope(collection, None if viewer_groups is None else frozenset(viewer_groups))
        asked = self._encode([clean(query) for query in queries])
        return [
            self._hits(retriever, question, retriever.rank(question, scope, top), top)
            for question in asked
        ]

    def explain(
        self, query: str, *, collection: str | None = None, top: int = 5
    ) -> list[Explanation]:
        """What each part of the search contributed to the best articles."""
        return self.explain_batch([query], collection=collection, top=top)[0]

    def explain_batch(
        self, queries: Sequence[str], *, collection: str | None = None, top: int = 5
    ) -> list[list[Explanation]]:
        """The same for many queries at once; results in the same order."""
        retriever = self._current()
        asked = self._encode([clean(query) for query in queries])
        scope = Scope(collection)
        return [
            self._explained(retriever, retriever.rank(question, scope, top), top)
            for question in asked
        ]

    def _explained(self, retriever: Retriever, ranked: Ranked, top: int) -> list[Explanation]:
        positions = ranked.positions[:top].tolist()
        pks = retriever.snapshot.articles[positions].tolist()
        ids = self.store.article_ids(pks)
        return [
            Explanation(
                ids[pk], float(ranked.scores[row]), float(ranked.fused[row]), _parts(ranked, row)
            )
            for row, pk in enumerate(pks)
            if pk in ids
        ]

    def article(
        self,
        article_id: str,
        collection: str | None = None,
        *,
        viewer_groups: Collection[str] | None = None,
    ) -> Article | None:
        """The article with this id, or None; the first that these groups may see."""
        about = self._opened.collections()
        for found in self._opened.articles(article_id, collection):
            own = about.get(found.collection)
            if own is None or own.shown_to(viewer_groups):
                return found
        return None

    def audiences(self) -> frozenset[str]:
        """Every group that some collection is kept to."""
        return frozenset().union(*(one.visible_to for one in self._opened.collections().values()))

    def kept(self, article_ids: Collection[str]) -> frozenset[str]:
        """Which of these articles are, in some collection, not for everybody."""
        about = self._opened.collections()
        kept = [name for name, one in about.items() if one.visible_to]
        return frozenset(
            each for name in kept for each in article_ids if self._opened.articles(each, name)
        )

    def address(self, article: Article, heading: str = "") -> str | None:
        """Where an article, or one of its headings, can be read."""
        own = self._opened.collections().get(article.collection)
        about = own or AboutCollection(article.collection)
        return about.url(article.id, article.title, article.url, heading)

    def look_ahead(self) -> tuple[Article, ...]:
        """Read articles before anybody is shown one; gives those that were read."""
        return self._opened.take()

    def asked(self, most: int) -> list[str]:
        """Titles and sample questions of the first articles, at most so many."""
        found: list[str] = []
        for article in self.store.articles():
            found += [article.title, *article.questions]
            if len(found) >= most:
                break
        return found[:most]

    def scaffolds(self) -> list[PassedOver]:
        """What the last syncs found that pages are made from: no articles, and not searched."""
        return FilesRead("", self.store.model(*FILES_NOTED)).scaffolds()

    def count(self) -> int:
        """How many articles there are."""
        return self.store.count()

    @property
    def learned(self) -> bool:
        """Whether learned questions are searched as well."""
        return self._current().snapshot.recogniser is not None

    @property
    def profile(self) -> Profile:
        """How the parts are weighed, and what scores mean."""
        return self._current().profile

    def keep(self, profile: Profile) -> None:
        """Search by this profile from now on, as long as there are learned questions, or none."""
        self.store.set_state(profile_name(self.learned), profile.to_json())

    def search_state(self) -> dict[str, str]:
        """What was tuned and calibrated, to be kept by a base of the same articles."""
        names = (profile_name(self.learned), _SCALE, TURNED)
        return {name: kept for name in names if (kept := self.store.state(name))}

    @property
    def scale(self) -> Scale | None:
        """The base's own scale, if it was calibrated on itself with this encoder."""
        kept = self.store.state(_SCALE)
        scale = Scale.from_json(kept) if kept else None
        return scale if scale is not None and scale.encoder == self.encoder.name else None

    @property
    def calibrated(self) -> bool:
        """Whether scores mean what they say by the base's own scale."""
        return self._current().by_scale

    def measure_by(self, scale: Scale | None) -> None:
        """Let scores mean what this scale says, as long as nothing was learned or tuned."""
        if scale is not None or self.store.state(_SCALE):
            self.store.set_state(_SCALE, scale.to_json() if scale is not None else "")

    def close(self) -> None:
        """Close the database connections."""
        self.store.close()

    def _encode(self, queries: Sequence[Query]) -> list[Question]:
        """Embed what was not asked just before."""
        remembered = self._remembered
        new = list(dict.fromkeys(query for query in queries if query not in remembered))
        texts = [query.text for query in new]
        tokens: Sequence[TokenVectors | None] = [None] * len(texts)
        if self._token_encoder is not None:
            vectors, tokens = self._token_encoder.encode_tokens(texts)
        else:
            vectors = self.encoder.encode(texts)
        fresh = {
            query: Question(query, vector, token)
            for query, vector, token in zip(new, vectors, tokens, strict=True)
        }
        known = {**remembered, **fresh}
        # Replaced, not changed: other threads may be reading it.
        self._remembered = known if len(known) <= REMEMBERED else {}
        return [known[query] for query in queries]

    def _hits(
        self, retriever: Retriever, question: Question, ranked: Ranked, top: int
    ) -> list[Hit]:
        units = retriever.nearest_passages(ranked, top, question.vector)
        rows = retriever.snapshot.unit_rows(self.store, units)
        hits = []
        found = zip(units, ranked.scores.tolist(), strict=False)
        for place, (unit, score) in enumerate(found):
            row = rows.get(unit)
            if row is None:  # removed since the index was read
                continue
            own = retriever.snapshot.collection(row.collection)
            url = own.url(row.article, row.title, row.url, row.heading)
            hits.append(
                Hit(
                    row.article,
                    score,
                    row.text,
                    row.title,
                    row.heading,
                    row.collection,
                    url,
                    _parts(ranked, place),
                )
            )
        return hits

    def _current(self, progress: Progress = unheard) -> Retriever:
        while True:
            generation = self.store.generation()
            retriever = self._retriever
            if retriever is not None and retriever.snapshot.generation == generation:
                return retriever
            with self._turns.mine() as is_mine:
                # Another thread may have loaded it just now.
                if is_mine and self._retriever is retriever:
                    return self._load(progress)
            if is_mine:
                continue
            # Only one search reads a change; of what takes long the others do without.
            if retriever is not None and (retriever.snapshot.large or self._turns.takes_long()):
                return retriever
            self._turns.wait()

    def _load(self, progress: Progress, *, folding: bool = False) -> Retriever:
        snapshot = self._embedded(progress, folding=folding)
        default = profile(
            snapshot.asked_share, snapshot.learned_share, snapshot.passages_an_article
        )
        # What was tuned holds for a base with learned questions, or for one without.
        kept = self.store.state(profile_name(snapshot.recogniser is not None))
        tuned = Profile.from_json(kept) if kept else default
        scale = None if kept or snapshot.recogniser is not None else self.scale
        if scale is not None:
            tuned = replace(tuned, calibration=scale.curve())
        pairs = turned(self.store, snapshot.articles)
        self._retriever = Retriever(self.store, snapshot, tuned, scale is not None, pairs)
        return self._retriever

    def _embedded(self, progress: Progress, *, folding: bool) -> Snapshot:
        """The index, with all that is stored in it."""
        for number in range(TRIES):
            # Again, where it was not enough, without taking the files' word for what is embedded.
            embed_stored(self.store, self.encoder, self._turns.say_long, everything=number > 0)
            with suppress(NotEmbeddedError):  # stored by another process since
                return load(self.store, self.encoder.name, progress, folding=folding)
        raise IndexUnavailableError(
            f"{self.store.path}: another program goes on writing to it; try again in a moment"
        )


def _parts(ranked: Ranked, row: int) -> dict[str, float]:
    """What each part of the search said of the article in this place of the order."""
    place = ranked.order[row]
    return {
        part.name: float(getattr(ranked.parts, part.name)[place]) for part in fields(ranked.parts)
    }


def profile_name(learned: bool) -> str:  # noqa: FBT001 (one question, two names)
    """Under which name a profile is kept, for a base with learned questions, or without."""
    return "profile-learned" if learned else "profile"

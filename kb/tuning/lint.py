"""What is wrong with the articles, article by article."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.sources.fields import slug
from kb.tuning.heldout import CANDIDATES, Trial, counted, rivals, trials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kb.articles import Article
    from kb.encoding.encoder import Encoder
    from kb.index.units import Progress

SHORTEST_WORDS = 15
LONGEST_WORDS = 1_500
NEAR_DUPLICATE = 0.95
"""Cosine of two articles' whole texts above which they say the same."""

MOST_COMPARED = 5_000
"""Up to so many articles, each is compared with each by meaning: it embeds them whole, as long as a
first sync takes. In a larger base those are found that have the same text."""

AT_ONCE = 64

_LINK = re.compile(r"(?<!!)\[[^\[\]]*+\]\(\s*+<?([^()<>\s]++)>?[^()]*+\)")
_EXTERNAL = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#|\{)", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}\s++(.*)$", re.MULTILINE)


_EVERYWHERE = {"", "top"}
"""Places that every page has: its beginning."""


@dataclass(frozen=True)
class Finding:
    """One thing to look at in one article."""

    article: str
    collection: str
    kind: str
    message: str


def lint(
    articles: Sequence[Article], encoder: Encoder, progress: Progress | None = None
) -> list[Finding]:
    """Look at every article, then at each against the others; `progress` hears of the latter."""
    found = [finding for article in articles for finding in _length(article)]
    found += _links(articles)
    found += _same(articles, "title", lambda one: one.title.casefold())
    if len(articles) <= MOST_COMPARED:
        found += _near_duplicates(articles, encoder, progress)
    else:
        found += _same(articles, "text", lambda one: " ".join(one.body.split()))
    found += _questions(articles, encoder, progress)
    order = {(article.collection, article.id): place for place, article in enumerate(articles)}
    return sorted(found, key=lambda finding: order[finding.collection, finding.article])


def _finding(article: Article, kind: str, message: str) -> Finding:
    return Finding(article.id, article.collection, kind, message)


def _length(article: Article) -> Iterator[Finding]:
    words = len(article.body.split())
    if words < SHORTEST_WORDS:
        yield _finding(article, "short", f"has only {words} words; say what to do")
    elif words > LONGEST_WORDS:
        yield _finding(article, "long", f"has {words} words; split it by question")


def _links(articles: Sequence[Article]) -> Iterator[Finding]:
    known: dict[str, set[str]] = defaultdict(set)
    for article in articles:
        page = article.id.partition("#")[0]
        known[article.collection] |= {article.id, page, page.rsplit("/", 1)[-1]}
    for article in articles:
        anchors = {slug(heading.rstrip("# ")) for heading in _HEADING.findall(article.body)}
        for target in dict.fromkeys(_LINK.findall(article.body)):
            if target.startswith("#"):
                if slug(target[1:]) not in anchors | _EVERYWHERE:
                    yield _finding(article, "link", f"links to {target}, which is no heading here")
            elif not _EXTERNAL.match(target):
                path = target.split("#")[0].split("?")[0].rstrip("/")
                name = re.sub(r"\.(?:mdx?|markdown|rst|adoc|html?)$", "", path.rsplit("/", 1)[-1])
                if name and not {name, slug(name)} & known[article.collection]:
                    yield _finding(article, "link", f"links to {target}, which is no article here")


def _same(
    articles: Sequence[Article], what: str, of: Callable[[Article], str]
) -> Iterator[Finding]:
    first: dict[tuple[str, bytes], str] = {}
    for article in articles:
        digest = hashlib.sha256(of(article).encode("utf-8", "surrogatepass")).digest()
        before = first.setdefault((article.collection, digest), article.id)
        if before != article.id:
            yield _finding(article, "duplicate", f"has the same {what} as {before}")


def _near_duplicates(
    articles: Sequence[Article], encoder: Encoder, progress: Progress | None
) -> Iterator[Finding]:
    if not articles:
        return
    texts = [f"{article.title}\n{article.body}" for article in articles]
    batches = []
    for start in range(0, len(texts), AT_ONCE):
        batches.append(encoder.encode(texts[start : start + AT_ONCE]))
        if progress is not None:
            progress(min(start + AT_ONCE, len(texts)), len(texts))
    vectors = np.concatenate(batches)
    for position, article in enumerate(articles):
        alike = vectors[:position] @ vectors[position]
        for other in np.flatnonzero(alike > NEAR_DUPLICATE).tolist():
            if articles[other].collection == article.collection:
                share = f"{alike[other]:.2f}"
                yield _finding(
                    article, "duplicate", f"says nearly the same as {articles[other].id} ({share})"
                )


def _questions(
    articles: Sequence[Article], encoder: Encoder, progress: Progress | None
) -> Iterator[Finding]:
    lost: dict[tuple[str, str], list[Trial]] = defaultdict(list)
    asked = trials(rivals(articles), encoder)
    for trial in counted(asked, sum(len(one.questions) for one in articles), progress):
        if trial.rank != 0:
            lost[trial.collection, trial.article].append(trial)
    by_key = {(article.collection, article.id): article for article in articles}
    for key, many in lost.items():
        for trial in sorted(many, key=lambda one: -(CANDIDATES if one.rank is None else one.rank)):
            winner = trial.found[0].article if trial.found else "nothing"
            yield _finding(
                by_key[key],
                "question",
                f"loses its own question {trial.question!r} to {winner}; {_place(trial.rank)}",
            )


def _place(rank: int | None) -> str:
    return "it is not found" if rank is None else f"it is number {rank + 1}"

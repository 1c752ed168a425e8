"""What a search found, as the candidates of a decision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from bot.desk.deciding import PARTS, Candidate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kb.searching.base import Hit

CANDIDATES = 5
"""So many articles are looked at for a decision."""


class Found(Protocol):
    """An article as the search found it, and what each part of the search said of it."""

    @property
    def article(self) -> str:
        """Its id."""

    @property
    def score(self) -> float:
        """The search's own chance that it answers."""

    @property
    def parts(self) -> Mapping[str, float]:
        """What each part of the search gave it, 0 to 1."""


def candidates_of(hits: Sequence[Hit], exclude: Collection[str]) -> tuple[Candidate, ...]:
    """Give the likeliest articles that a search found, but for those that did not help."""
    kept = [hit for hit in hits if hit.article not in exclude][:CANDIDATES]
    shown = {hit.article: hit for hit in kept}
    return tuple(
        replace(
            candidate,
            title=shown[candidate.article].title,
            passage=shown[candidate.article].passage,
            heading=shown[candidate.article].heading,
        )
        for candidate in weighed(kept)
    )


def weighed(found: Sequence[Found]) -> tuple[Candidate, ...]:
    """Say of each article which parts of the search put it first among those found.

    Where there is no other, to be first says nothing.
    """
    if len(found) == 1:
        return (Candidate(found[0].article, found[0].score),)
    best = {
        part: max(one.parts[part] for one in found) for part in (found[0].parts if found else ())
    }
    # "exact" counts identifiers, which few messages have; a part that is 0 throughout is not there.
    telling = [part for part, highest in best.items() if highest > 0 and part in PARTS]
    return tuple(
        Candidate(
            one.article,
            one.score,
            agreed=tuple(part for part in telling if one.parts[part] >= best[part]),
            differed=tuple(part for part in telling if one.parts[part] < best[part]),
        )
        for one in found
    )

"""Who may see what is restricted at its source: what nobody has mapped is left out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.live.wanted import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.live.wanted import LiveSource

NAMED = 3


class Rights:
    """Groups of a source as groups of Slack, and what was left out because none is known."""

    def __init__(self, source: LiveSource) -> None:
        """Take up what the configuration maps, by name or id."""
        self._known = {name.strip().casefold(): to for name, to in source.audiences.items()}
        self._left: Counter[str] = Counter()

    def of_any(self, groups: Iterable[tuple[str, str]]) -> frozenset[str]:
        """Give who may see what any of these groups may see, each by id and name.

        Of groups that are not mapped nobody may: fewer see it then, and never more. Nobody at
        all where nothing is given back.
        """
        found: set[str] = set()
        for each in groups:
            for said in each:
                found |= self._known.get(said.strip().casefold(), frozenset())
        return frozenset({EVERYBODY}) if EVERYBODY in found else frozenset(found)

    def leave_out(self, groups: Iterable[tuple[str, str]]) -> None:
        """Count what nobody may see; `groups` are those of the source that may."""
        names = [name or id_ for id_, name in groups]
        self._left[", ".join(sorted(names)[:NAMED]) or "single people"] += 1

    def __str__(self) -> str:
        """Say what was left out, and how it comes in."""
        if not self._left:
            return ""
        many = sum(self._left.values())
        named = "; ".join(f"{name} ({count})" for name, count in self._left.most_common(NAMED))
        return f"Left out: {many} not for everybody, by whom `audiences` does not tell: {named}."


def as_the_source(found: frozenset[str]) -> frozenset[str]:
    """Give the audience of an article: nobody in particular where all of the source's may."""
    return frozenset() if found == {EVERYBODY} else found


def in_both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Give who is surely in both of two audiences, by the names of groups; None is everybody."""
    if one is None or one == {EVERYBODY}:
        return other
    if other is None or other == {EVERYBODY}:
        return one
    return one & other

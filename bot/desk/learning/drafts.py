"""The draft: an article proposed from resolutions, until somebody publishes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NewType, Protocol

from bot.desk.errors import TransitionError
from bot.desk.learning.auditing import Share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.desk.ids import NoticeId, TicketId, UserId

DraftId = NewType("DraftId", int)


class DraftState(StrEnum):
    """What became of a draft."""

    OPEN = "open"
    PUBLISHED = "published"
    MERGED = "merged"
    DISMISSED = "dismissed"


DRAFT_TRANSITIONS: dict[DraftState, frozenset[DraftState]] = {
    DraftState.OPEN: frozenset(
        {DraftState.OPEN, DraftState.PUBLISHED, DraftState.MERGED, DraftState.DISMISSED}
    ),
    DraftState.PUBLISHED: frozenset(),
    DraftState.MERGED: frozenset(),
    DraftState.DISMISSED: frozenset({DraftState.OPEN}),
}
"""From each state, the states that may follow; what is published is changed where articles are."""


@dataclass(frozen=True)
class Near:
    """An article that is about much the same."""

    article: str
    title: str
    failed: int = 0
    """On so many of the draft's tickets it was shown and did not help."""


@dataclass(frozen=True)
class Text:
    """What a draft says: title, the questions that people asked, and the answer in Markdown."""

    title: str
    questions: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class Draft:
    """A proposed article, where it comes from, and what became of it."""

    id: DraftId
    ticket: TicketId
    """The ticket whose resolution proposed it; first of its sources."""
    group: str
    text: Text
    article: str
    """The id that it has once it is published."""
    area: str
    sources: tuple[TicketId, ...]
    made_at: datetime
    near: tuple[Near, ...] = ()
    threads: tuple[tuple[TicketId, str], ...] = ()
    """Links to where its sources were asked, as far as they are known."""
    state: DraftState = DraftState.OPEN
    revision: int = 1
    """Grows with each change of its words, so that nobody writes over what they have not seen."""
    by: UserId | None = None
    """Who had the last word on it."""
    notice: NoticeId | None = None
    decided_at: datetime | None = None
    """When somebody had the last word on it, as the store noted it."""

    @property
    def name(self) -> str:
        """The draft as people speak of it."""
        return f"D-{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state is DraftState.OPEN

    def _move(self, to: DraftState, by: UserId | None) -> Draft:
        if to not in DRAFT_TRANSITIONS[self.state]:
            raise TransitionError(self.name, self.state, to)
        return replace(self, state=to, by=by)

    def reworded(self, text: Text, by: UserId | None) -> Draft:
        """Say something else."""
        return replace(self._move(DraftState.OPEN, by), text=text, revision=self.revision + 1)

    def published(self, article: str, by: UserId | None) -> Draft:
        """Become an article."""
        return replace(self._move(DraftState.PUBLISHED, by), article=article)

    def merged(self, article: str, by: UserId | None) -> Draft:
        """Become part of an article that is there."""
        return replace(self._move(DraftState.MERGED, by), article=article)

    def dismissed(self, by: UserId | None) -> Draft:
        """Be not worth it."""
        return self._move(DraftState.DISMISSED, by)

    def taken_up(self, by: UserId | None) -> Draft:
        """Be worth it after all."""
        return self._move(DraftState.OPEN, by)


@dataclass(frozen=True)
class Effect:
    """Of one published article: how often people had to settle it before, and how it does now."""

    before: int
    """So many asked about it, and people had to settle it, in the 90 days before."""
    days: int
    """So many days it has been there."""
    shown: int
    """On so many tickets since."""
    answered: int
    """It settled it, as the requester said."""
    failed: int
    """It did not, as the requester said."""
    escalated: int
    """A person was called all the same."""
    missed: int
    """So many asked about it since, and were not answered by it: people had to settle it."""

    @property
    def answers(self) -> Share:
        """How often it settles it, of those who said a word."""
        return Share(self.answered, self.answered + self.failed)

    def __str__(self) -> str:
        """Say it in a line."""
        return (
            f"asked {self.before} times in the 90 days before; in {self.days} days since: shown "
            f"{self.shown} times, settled it {self.answered}, failed {self.failed}, a person was "
            f"called all the same {self.escalated}, not found {self.missed}"
        )


@dataclass(frozen=True)
class Changed:
    """What one published article changed, whichever drafts are in it."""

    article: str
    sources: tuple[TicketId, ...]
    """Of all its drafts."""
    effect: Effect
    before: frozenset[TicketId]
    """On which people had to settle it, in the 90 days before."""
    missed: frozenset[TicketId]
    """On which they had to since."""


def parse_draft_name(text: str) -> DraftId | None:
    """Read `D-3`, `d3` or `3`; None where it is no draft's number."""
    found = re.fullmatch(r"(?:d-?)?([0-9]{1,9})", text.strip(), re.IGNORECASE)
    return DraftId(int(found.group(1))) if found else None


class Drafts(Protocol):
    """The drafts on record."""

    def propose(self, draft: Draft) -> Draft:
        """Write a new draft down; gives it with its number."""

    def get(self, draft: DraftId) -> Draft | None:
        """Find a draft by its number."""

    def of(self, ticket: TicketId) -> Draft | None:
        """Find the latest draft that a ticket proposed."""

    def save(self, draft: Draft) -> None:
        """Write a draft's words and state."""

    def effect(self, draft: Draft) -> Effect | None:
        """Tell what a draft's article did since; None where it is none yet."""

    def about(self, tickets: Sequence[TicketId]) -> tuple[Draft, ...]:
        """Find the drafts that some of these tickets are sources of, oldest first."""

    def listed(self, *states: DraftState) -> tuple[Draft, ...]:
        """Give the drafts in these states, oldest first; all of them without one."""

"""What an article did since it was published: how it was asked before, and what came after."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.learning.auditing import Share


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

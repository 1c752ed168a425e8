"""What a message shows of an article, and what came of its steps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class ArticleExtract:
    """The part of an article that a message shows, in Markdown.

    `lead` is the direct answer; `passage` is the part that matched, under its `heading`,
    empty where that is the lead or the steps anyway. `kept` where not everybody may see it.
    `ways` names its lists of steps, where there are several; `steps` are those of the one at
    `way`, from 0, and empty where it has to be asked which.
    """

    article: str
    title: str
    lead: str
    steps: tuple[str, ...]
    passage: str = ""
    heading: str = ""
    url: str | None = None
    heading_url: str | None = None
    kept: bool = False
    ways: tuple[str, ...] = ()
    way: int | None = None

    @property
    def way_title(self) -> str:
        """Which of the lists of steps is shown; empty where there is but one, or none is."""
        shown = self.way is not None and 0 <= self.way < len(self.ways)
        return self.ways[self.way] if shown and self.way is not None else ""


class StepOutcome(StrEnum):
    """What came of a step."""

    DONE = "done"
    FAILED = "did not work"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class TriedStep:
    """What somebody did of an article, and how it ended; `number` counts from 1."""

    article: str
    number: int
    text: str
    outcome: StepOutcome

"""The article: a knowledge-base document, whatever file it came from."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kb.steps import BLOCKS, step_lists

if TYPE_CHECKING:
    from kb.steps import StepList

DEFAULT_COLLECTION = "default"


@dataclass(frozen=True)
class Article:
    """A knowledge-base document; `body` is Markdown, `questions` as people ask them."""

    id: str
    title: str
    area: str
    owner: str
    questions: tuple[str, ...]
    body: str
    url: str | None = None
    collection: str = DEFAULT_COLLECTION
    other: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    """What else its source says of it, in short: `area` and `owner` may be under other names."""

    @property
    def step_lists(self) -> tuple[StepList, ...]:
        """The numbered lists that answer: one, or one for each system, place or trouble."""
        return self._read[1]

    @property
    def steps(self) -> tuple[str, ...]:
        """The items of the first of them."""
        return self.step_lists[0].steps if self.step_lists else ()

    @property
    def lead(self) -> str:
        """The first paragraph: the direct answer."""
        return self._read[0]

    @cached_property
    def _read(self) -> tuple[str, tuple[StepList, ...]]:
        """Lead and lists, from one reading of the Markdown."""
        tokens = BLOCKS.parse(self.body)
        leads = (
            " ".join(content.content.split())
            for token, content in itertools.pairwise(tokens)
            if token.type == "paragraph_open" and token.level == 0
        )
        return next(leads, ""), step_lists(self.body, tokens)

    def embedded_fields(self) -> dict[str, Any]:
        """Everything that changes what search finds or shows, for the content hash."""
        return {
            "title": self.title,
            "area": self.area,
            "owner": self.owner,
            "questions": list(self.questions),
            "body": self.body,
            "url": self.url,
        }

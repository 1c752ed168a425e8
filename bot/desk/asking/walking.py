"""First-level troubleshooting: an article's steps, one at a time, and what came of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.desk.ids import TicketId, UserId
from bot.desk.pressed import Pressed

if TYPE_CHECKING:
    from collections.abc import Sequence
from bot.desk.articles import StepOutcome, TriedStep

BRANCH = re.compile(r"^\s*[-*]\s+")
LABEL = re.compile(r"^\*{0,2}(?P<label>[^:*]{1,60}?)\*{0,2}:\*{0,2}\s")
GOES_TO = re.compile(
    r"\b(?:go (?:on )?(?:to|with)|continue (?:with|at)|skip to)\s+step\s+(\d+)", re.IGNORECASE
)
LONGEST_LABEL = 60


@dataclass(frozen=True)
class Branch:
    """One of the ways that a step goes on; `goes_to` is the number of the step that follows."""

    label: str
    text: str
    goes_to: int | None = None


@dataclass(frozen=True)
class Step:
    """One step, in Markdown, and the branches that it has."""

    text: str
    branches: tuple[Branch, ...] = ()
    goes_to: int | None = None


@dataclass(frozen=True)
class Walk:
    """Walking an article's steps with the requester; one message, edited from step to step.

    `number` is the step that it stands at, from 1, and one past the last when all are done.
    """

    ticket: TicketId
    requester: UserId
    article: str
    title: str
    steps: tuple[Step, ...]
    number: int = 1
    chosen: int | None = None
    tried: tuple[TriedStep, ...] = ()
    outcome: Pressed | None = None
    kind: Literal["walk"] = "walk"

    @property
    def step(self) -> Step | None:
        """The step that it stands at; None when all are done."""
        return self.steps[self.number - 1] if self.number <= len(self.steps) else None

    @property
    def branch(self) -> Branch | None:
        """The branch that was chosen at this step."""
        step = self.step
        return step.branches[self.chosen] if step and self.chosen is not None else None

    def choose(self, branch: int) -> Walk:
        """Take one of the branches of this step.

        Raises:
            IndexError: the step has no such branch.
        """
        if self.step is None or not 0 <= branch < len(self.step.branches):
            raise IndexError(branch)
        return replace(self, chosen=branch)

    def tell(self, outcome: StepOutcome) -> Walk:
        """Say what came of this step, and go on to the next; never back, so that it ends."""
        step = self.step
        if step is None:
            return self
        branch = self.branch
        text = f"{step.text} ({branch.label})" if branch else step.text
        wanted = branch.goes_to if branch else step.goes_to
        follows = wanted if wanted is not None and wanted > self.number else self.number + 1
        return replace(
            self,
            number=min(follows, len(self.steps) + 1),
            chosen=None,
            tried=(*self.tried, TriedStep(self.article, self.number, text, outcome)),
        )


def steps_of(texts: Sequence[str]) -> tuple[Step, ...]:
    """Read steps from the Markdown of an article's numbered list.

    A bulleted list inside a step gives its branches, named by what stands before the colon;
    "go to step 5" in a branch or step says where it goes on.
    """
    return tuple(_step(text) for text in texts)


def _step(text: str) -> Step:
    lead: list[str] = []
    bullets: list[str] = []
    for line in text.splitlines():
        if BRANCH.match(line):
            bullets.append(BRANCH.sub("", line).strip())
        elif bullets and line.strip():
            bullets[-1] += f" {line.strip()}"
        else:
            lead.append(line)
    words = "\n".join(lead).strip()
    bullets = [each for each in bullets if each]
    if len(bullets) == 1:
        return Step(f"{words}\n- {bullets[0]}", goes_to=_target(text))
    branches = tuple(Branch(_label(each), each, _target(each)) for each in bullets)
    return Step(words or text, branches, None if branches else _target(text))


def _label(bullet: str) -> str:
    named = LABEL.match(bullet)
    if named:
        return named["label"].strip()
    plain = re.sub(r"[*_`]", "", bullet)
    return plain if len(plain) <= LONGEST_LABEL else f"{plain[: LONGEST_LABEL - 1]}…"


def _target(text: str) -> int | None:
    found = GOES_TO.search(text)
    return int(found.group(1)) if found else None

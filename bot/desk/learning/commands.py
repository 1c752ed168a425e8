"""What reviewers do with a draft."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.addresses import Spot
from bot.desk.ids import TicketId
from bot.desk.learning.drafts import DraftId, Text
from bot.desk.learning.gaps import GapId
from bot.desk.learning.problems import ProblemId


@dataclass(frozen=True)
class PublishDraft:
    """*Publish*: it becomes an article."""

    at: Spot
    draft: DraftId
    instead_of: str | None = None
    """The article that is found no more from then on: it failed on what this answers."""


@dataclass(frozen=True)
class EditDraft:
    """*Edit*: other words; `revision` is the one that they were made from."""

    at: Spot
    draft: DraftId
    revision: int
    text: Text


@dataclass(frozen=True)
class MergeDraft:
    """*Merge into an article*: it becomes part of one that is there."""

    at: Spot
    draft: DraftId
    article: str
    instead_of: str | None = None
    """The article that is found no more from then on: it failed on what this answers."""


@dataclass(frozen=True)
class DismissDraft:
    """*Not worth it*."""

    at: Spot
    draft: DraftId


@dataclass(frozen=True)
class TakeUpDraft:
    """*Take it up again*, on one that was not worth it."""

    at: Spot
    draft: DraftId


@dataclass(frozen=True)
class DraftGap:
    """*Draft an article*, on a gap."""

    at: Spot
    gap: GapId


@dataclass(frozen=True)
class FinishGap:
    """*Done*, on a gap: an article answers it."""

    at: Spot
    gap: GapId


@dataclass(frozen=True)
class DismissGap:
    """*Not a gap*."""

    at: Spot
    gap: GapId


@dataclass(frozen=True)
class TakeWords:
    """*Let them be found so*: articles are asked by what people asked, too."""

    at: Spot


@dataclass(frozen=True)
class LeaveWords:
    """*Leave out*: one article is not asked by these."""

    at: Spot
    article: str


@dataclass(frozen=True)
class AuditAnswer:
    """*Right* or *Not right*, on an automatic answer."""

    at: Spot
    ticket: TicketId
    right: bool


@dataclass(frozen=True)
class LinkProblem:
    """*Link to an issue*: where it is worked on."""

    at: Spot
    problem: ProblemId
    link: str


@dataclass(frozen=True)
class CloseProblem:
    """*Close*: it is done, or nothing is to be done about it."""

    at: Spot
    problem: ProblemId


@dataclass(frozen=True)
class OpenProblem:
    """*Open again*."""

    at: Spot
    problem: ProblemId


WordsPress = TakeWords | LeaveWords
"""What is decided about the words that articles are found by."""

ProblemPress = LinkProblem | CloseProblem | OpenProblem
"""What is decided about a recurring problem, or a wish."""

GapPress = DraftGap | FinishGap | DismissGap | AuditAnswer
"""What engineers do with a gap, or with an answer that they look over."""

DraftPress = PublishDraft | EditDraft | MergeDraft | DismissDraft | TakeUpDraft
"""What reviewers do with a draft."""

LearningPress = DraftPress | GapPress | WordsPress | ProblemPress
"""What people do with all that is learned of tickets."""

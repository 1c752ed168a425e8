"""What the desk says of drafts, and of the articles that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.desk.ids import TicketId, UserId
from bot.desk.learning.ailing import Ailing
from bot.desk.learning.drafts import DraftId, DraftState, Near
from bot.desk.learning.gaps import Gap, GapState
from bot.desk.learning.problems import Problem, ProblemKind, ProblemState


@dataclass(frozen=True)
class Origin:
    """A ticket that a draft is made of, and where it was asked."""

    ticket: TicketId
    link: str | None = None
    """To its thread; None where the workspace's address is not known."""


@dataclass(frozen=True)
class DraftCard:
    """To a group's channel: what an article could say, who decides, and what became of it."""

    draft: int
    ticket: TicketId
    group: str
    title: str
    questions: tuple[str, ...]
    body: str
    sources: tuple[TicketId, ...]
    resolved_by: UserId | None = None
    near: tuple[Near, ...] = ()
    state: DraftState = DraftState.OPEN
    by: UserId | None = None
    article: str = ""
    url: str | None = None
    unasked: bool = False
    """Whether it was settled alike for several, and nobody asked for an article."""
    origins: tuple[Origin, ...] | None = None
    """Its sources that are for all; None on cards that were written before these were kept."""
    kind: Literal["draft_card"] = "draft_card"


@dataclass(frozen=True)
class DraftWord:
    """To a reviewer alone, or to the engineer who asked for an article: why nothing came of it."""

    why: Literal[
        "unknown",
        "not_in_group",
        "already",
        "changed_meanwhile",
        "empty",
        "not_written",
        "restricted",
        "says_nothing",
        "not_quotable",
        "in_work",
    ]
    ticket: TicketId | None = None
    by: UserId | None = None
    details: str = ""
    typed: str = ""
    """What somebody wrote and could not be kept, so that it is not lost."""
    kind: Literal["draft_word"] = "draft_word"


@dataclass(frozen=True)
class DraftWaits:
    """To those who decide, once: a draft waits."""

    ticket: TicketId
    members: tuple[UserId, ...]
    kind: Literal["draft_waits"] = "draft_waits"


@dataclass(frozen=True)
class ArticleNews:
    """To the requester whose ticket led to it: there is an article now."""

    ticket: TicketId
    article: str
    title: str
    url: str | None = None
    kind: Literal["article_news"] = "article_news"


@dataclass(frozen=True)
class GapLine:
    """One gap in a report: how often, by how many, since when, what it cost, and what is near."""

    gap: int
    question: str
    typical: TicketId
    asked: int
    people: int
    first: datetime
    last: datetime
    minutes: int
    tier: str
    state: GapState = GapState.OPEN
    failing: str = ""
    step: int | None = None
    near: str = ""


@dataclass(frozen=True)
class GapReport:
    """To a group's channel, weekly: what to write next."""

    group: str
    lines: tuple[GapLine, ...]
    more: int = 0
    ailing: tuple[Ailing, ...] = ()
    """Articles that fail too often."""
    waiting: tuple[DraftId, ...] = ()
    """Drafts on which nobody decided though they were reminded, oldest first."""
    since: datetime | None = None
    """When the oldest of them was made."""
    kind: Literal["gap_report"] = "gap_report"


@dataclass(frozen=True)
class WordsLine:
    """A question that an article answers, in words that it is not found by yet."""

    ticket: TicketId
    question: str
    article: str
    title: str
    by_people: bool = False
    """Whether it was not found, and somebody settled it as it says."""


@dataclass(frozen=True)
class WordsReport:
    """To a group's channel, weekly: by which words articles are to be found, too."""

    group: str
    lines: tuple[WordsLine, ...]
    by: UserId | None = None
    """Who took them up."""
    kind: Literal["words_report"] = "words_report"


def line_of(gap: Gap) -> GapLine:
    """Give a gap as a report shows it."""
    failing, step = gap.failing or ("", None)
    return GapLine(
        gap.id,
        gap.question,
        gap.named_by.ticket if gap.named_by else gap.typical,
        len(gap.missed),
        gap.people,
        gap.first,
        gap.last,
        round(gap.hours * 60),
        gap.tier,
        gap.state,
        failing,
        step,
        gap.near or "",
    )


@dataclass(frozen=True)
class AuditCard:
    """To engineers: an automatic answer to look over, and what one of them said of it."""

    ticket: TicketId
    question: str
    article: str
    title: str
    lead: str
    right: bool | None = None
    by: UserId | None = None
    kind: Literal["audit_card"] = "audit_card"


@dataclass(frozen=True)
class ProblemLine:
    """One problem or wish on the monthly page."""

    problem: int
    typical: TicketId
    title: str
    wish: bool
    times: int
    """How often it was met in the month."""
    before: int
    """How often in the month before."""
    people: int
    first: datetime
    last: datetime
    minutes: int = 0
    fix: str = ""
    prevention: str = ""
    """What was asked for to prevent it, and is not done: it is not closed."""
    returned: int = 0
    """How often its fix did not hold."""
    state: ProblemState = ProblemState.OPEN
    link: str = ""
    sources: tuple[TicketId, ...] = ()
    """The tickets whose words it has."""


@dataclass(frozen=True)
class ProblemReport:
    """To L3 and to the product's channel, monthly: what comes again and again, what is wished."""

    month: datetime
    lines: tuple[ProblemLine, ...]
    more: int = 0
    kind: Literal["problem_report"] = "problem_report"


@dataclass(frozen=True)
class ProblemWord:
    """To whoever pressed: why nothing came of it."""

    why: Literal["unknown", "not_theirs", "already", "no_link"]
    problem: int
    by: UserId | None = None
    details: str = ""
    kind: Literal["problem_word"] = "problem_word"


def problem_line(
    problem: Problem, before: datetime, since: datetime, until: datetime
) -> ProblemLine:
    """Give a problem as the page of a month shows it."""
    now = problem.within(since, until)
    first = problem.named_by
    return ProblemLine(
        problem.id,
        first.ticket if first else problem.typical,
        problem.title,
        problem.kind is ProblemKind.WISH,
        len(now),
        len(problem.within(before, since)),
        len({one for each in now for one in each.people}),
        min(each.at for each in problem.met),
        max(each.at for each in problem.met),
        round(sum(each.effort.total_seconds() for each in now) / 60),
        last.fix if (last := problem.last_settled) else "",
        problem.prevention if problem.state is not ProblemState.CLOSED else "",
        problem.returned,
        problem.state,
        problem.link,
        tuple(sorted(each.ticket for each in problem.quoted)),
    )


LearningNotice = (
    DraftCard
    | DraftWord
    | DraftWaits
    | ArticleNews
    | GapReport
    | WordsReport
    | AuditCard
    | ProblemReport
    | ProblemWord
)
"""What the desk says of drafts and their articles."""

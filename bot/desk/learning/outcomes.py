"""What a ticket teaches once it is settled: facts, each with its source and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desk.deciding import Came
from bot.desk.tickets import Resolution
from bot.desk.tiers import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.desk.ids import TicketId, UserId
    from bot.desk.learning.feedback import TriageLabel


class Told(StrEnum):
    """What kind of fact it is."""

    ANSWERED = "an article answered it"
    FAILED = "an article failed"
    SETTLED = "people settled it"
    CORRECTED = "another tier was right"
    WRONG_CALL = "wrong call"
    AUDITED = "an answer was looked over"
    WRITTEN = "an article says it since"
    RATED = "rated"
    REOPENED = "not fixed after all"
    SILENCE = "nobody said a word"


TRUST: dict[Told, float] = {
    Told.WRONG_CALL: 0.95,
    Told.AUDITED: 0.95,
    Told.CORRECTED: 0.9,
    Told.ANSWERED: 0.9,
    Told.WRITTEN: 0.9,
    Told.FAILED: 0.8,
    Told.SETTLED: 0.7,
    Told.REOPENED: 0.7,
    Told.RATED: 0.5,
    Told.SILENCE: 0.0,
}
"""How far a fact is trusted, 0 to 1: an engineer who corrects, a requester who says so, a reviewer
who publishes, work done, and last a silence, which is no success."""

LEAST = 0.7
"""From this trust on, a fact is learned from."""


@dataclass(frozen=True)
class Outcome:
    """One fact about one ticket."""

    ticket: TicketId
    told: Told
    text: str
    at: datetime
    source: str
    """Who it is from: `requester`, `L2`, `L3`, `engineer`, or `nobody`."""
    by: UserId | None = None
    article: str | None = None
    label: str | None = None
    stars: int | None = None
    right: bool | None = None
    """Of an answer that was looked over."""
    cause: str = ""
    fix: str = ""
    asker: UserId | None = None
    """Whose ticket it is."""

    @property
    def trust(self) -> float:
        """How far it is trusted, 0 to 1."""
        return TRUST[self.told]


@dataclass(frozen=True)
class Ending:
    """How people settled a ticket, at one of its escalations."""

    tier: Tier
    by: UserId
    cause: str
    fix: str
    right_tier: Tier | None
    at: datetime
    gap: bool = False
    """Whether it was called for want of an article, and not since it needs a person."""
    article_wanted: bool = False


@dataclass(frozen=True)
class Looked:
    """What an engineer said of an automatic answer."""

    article: str
    right: bool
    by: UserId
    at: datetime


@dataclass(frozen=True)
class Written:
    """What a reviewer published of a ticket's resolution, or made part of an article."""

    article: str
    by: UserId
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What is on record of a ticket, as far as it teaches something."""

    ticket: TicketId
    question: str
    requester: UserId
    at: datetime
    resolution: Resolution | None
    shown: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    reopened: int = 0
    endings: tuple[Ending, ...] = ()
    labels: tuple[TriageLabel, ...] = ()
    stars: int | None = None
    looked: tuple[Looked, ...] = ()
    written: tuple[Written, ...] = ()


def outcomes_of(facts: Facts) -> tuple[Outcome, ...]:
    """Give what a ticket teaches, in the order in which it is told here."""
    return (*_of_articles(facts), *_of_people(facts), *_of_words(facts))


def _of_articles(facts: Facts) -> Iterator[Outcome]:
    by = facts.requester
    for article in facts.failed:
        yield _fact(facts, Told.FAILED, "requester", by=by, article=article)
    standing = [each for each in facts.shown if each not in facts.failed]
    if facts.resolution is Resolution.ARTICLE and standing:
        yield _fact(
            facts, Told.ANSWERED, "requester", by=by, article=standing[-1], label=Tier.L1.value
        )
    for look in facts.looked:
        yield _fact(
            facts, Told.AUDITED, "engineer", by=look.by, at=look.at, article=look.article,
            right=look.right, label=Tier.L1.value if look.right else None,
        )  # fmt: skip
    for page in facts.written:
        yield _fact(
            facts, Told.WRITTEN, "engineer", by=page.by, at=page.at, article=page.article,
            label=Tier.L1.value,
        )  # fmt: skip


def _of_people(facts: Facts) -> Iterator[Outcome]:
    for end in facts.endings:
        moved = end.right_tier is not None and end.right_tier is not end.tier
        yield _fact(
            facts, Told.CORRECTED if moved else Told.SETTLED, end.tier.value, by=end.by, at=end.at,
            label=_right_of(end), cause=end.cause, fix=end.fix,
        )  # fmt: skip
    if facts.reopened:
        yield _fact(facts, Told.REOPENED, "requester", by=facts.requester)


def _right_of(end: Ending) -> str | None:
    """Say who could have settled it from the message alone; None where nobody can tell.

    What an article should say is L1's from then on. Who was called for want of an article alone
    settled what an article might have.
    """
    if end.right_tier is not None and end.right_tier is not end.tier:
        return end.right_tier.value
    if end.article_wanted:
        return Tier.L1.value
    return None if end.gap else end.tier.value


def _of_words(facts: Facts) -> Iterator[Outcome]:
    for said in facts.labels:
        yield _fact(
            facts, Told.WRONG_CALL, "engineer", by=said.by, at=said.at, text=said.text,
            label=said.label, article=said.article,
        )  # fmt: skip
    if facts.stars is not None:
        yield _fact(facts, Told.RATED, "requester", by=facts.requester, stars=facts.stars)
    if facts.resolution is Resolution.NO_REPLY:
        yield _fact(facts, Told.SILENCE, "nobody", article=(facts.shown or (None,))[-1])


def _fact(  # noqa: PLR0913 - the parts of a fact
    facts: Facts,
    told: Told,
    source: str,
    *,
    by: UserId | None = None,
    at: datetime | None = None,
    text: str | None = None,
    article: str | None = None,
    label: str | None = None,
    stars: int | None = None,
    right: bool | None = None,
    cause: str = "",
    fix: str = "",
) -> Outcome:
    return Outcome(
        facts.ticket, told, facts.question if text is None else text, at or facts.at, source, by,
        article, label, stars, right, cause, fix, facts.requester,
    )  # fmt: skip


def confirmed(outcomes: tuple[Outcome, ...]) -> tuple[tuple[str, str], ...]:
    """Give the (question, article) pairs of one ticket's facts that may be learned from.

    What an engineer named stands above what a requester pressed; an article that failed, or was
    found wrong, answers nothing, unless a reviewer wrote it into the article later.
    """
    said = [each for each in outcomes if each.told is Told.WRONG_CALL and each.trust >= LEAST]
    if said:
        latest = max(said, key=lambda each: each.at)
        return ((latest.text, latest.article),) if latest.article else ()
    written = {each.article: each.at for each in outcomes if each.told is Told.WRITTEN}
    wrong = {each.article for each in outcomes if _says_no(each, written.get(each.article))}
    right = {Told.ANSWERED, Told.AUDITED, Told.WRITTEN}
    found = {
        (each.text, each.article): None
        for each in outcomes
        if each.told in right and each.article and each.article not in wrong
    }
    return tuple((text, article) for text, article in found if article)


def _says_no(outcome: Outcome, written: datetime | None) -> bool:
    """Whether an article is no answer; a press of the requester was before it was written on."""
    if outcome.told is Told.AUDITED:
        return not outcome.right and (written is None or outcome.at > written)
    return outcome.told is Told.FAILED and written is None


def unanswered(outcomes: tuple[Outcome, ...]) -> str | None:
    """Give the question of one ticket that people had to settle and no article answered."""
    if confirmed(outcomes) or not any(each.told is Told.SETTLED for each in outcomes):
        return None
    return outcomes[0].text


def label_of(outcomes: tuple[Outcome, ...]) -> tuple[str, str, float] | None:
    """Give text, label and trust of the most trusted of one ticket's facts, the latest of these."""
    best = weightiest(outcomes)
    return (best.text, str(best.label), best.trust) if best is not None else None


def weightiest(outcomes: tuple[Outcome, ...]) -> Outcome | None:
    """Give the most trusted fact of a ticket that says who could have settled it."""
    told = [each for each in outcomes if each.label is not None and each.trust >= LEAST]
    return max(told, key=lambda each: (each.trust, each.at), default=None)


def came_of(outcomes: tuple[Outcome, ...], article: str) -> Came | None:
    """Say what became of a ticket; None where nobody can be believed."""
    answers = {found for _, found in confirmed(outcomes)}
    if answers:
        return Came.ANSWERED if article in answers else Came.FRONT
    if article and any(each.told is Told.FAILED and each.article == article for each in outcomes):
        return Came.FAILED
    best = weightiest(outcomes)
    if best is None or best.label not in {each.value for each in Tier}:
        return None
    return Came.FRONT if best.label == Tier.L1.value else Came.PERSON

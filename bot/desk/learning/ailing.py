"""Articles that need an update: they fail too often, an edit is proposed, or a link is outdated."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.desk.ids import TicketId, UserId
from bot.desk.learning.auditing import Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

LEAST = 3
"""Fewer failures than these may be chance."""
TOO_OFTEN = 0.2
"""From this share of failures on, surely reached, an article needs an update."""
EVIDENCE = 5
SURELY_GONE = timedelta(hours=20)
"""A link that leads nowhere at two looks so far apart is outdated; at one, its host may rest."""


@dataclass(frozen=True)
class Word:
    """What one requester said of one article: it settled it, or it failed, perhaps at a step."""

    article: str
    ticket: TicketId
    solved: bool
    step: int | None = None


@dataclass(frozen=True)
class Proposed:
    """What an engineer wrote that an article should say, on a ticket that it had failed."""

    article: str
    ticket: TicketId
    words: str


@dataclass(frozen=True)
class Link:
    """An address that an article names, and what is wrong with it."""

    article: str
    url: str
    says: str
    since: datetime
    checked_at: datetime

    @property
    def is_outdated(self) -> bool:
        """Whether it led nowhere more than once."""
        return self.checked_at - self.since >= SURELY_GONE


@dataclass(frozen=True)
class Ailing:
    """An article that needs an update, and the evidence."""

    article: str
    failed: int
    told: int
    """How many said a word on it at all."""
    step: int | None
    """The step at which it failed most often; None where nobody said."""
    tickets: tuple[TicketId, ...]
    """Where it failed, the latest first, a few of them."""
    proposed: tuple[TicketId, ...] = ()
    """Where an engineer wrote what it should say."""
    links: tuple[str, ...] = ()
    """Links that are outdated, each with what it answers."""
    owner: UserId | None = None
    """Whose article it is, where that is a person."""


class Ailments(Protocol):
    """The evidence on record that articles need an update."""

    def words(self, since: datetime) -> tuple[Word, ...]:
        """Give what requesters said since then, and since an article's last update."""

    def proposed(self, since: datetime) -> tuple[Proposed, ...]:
        """Give what engineers wrote that articles should say, as far as nobody acted on it."""

    def links(self) -> tuple[Link, ...]:
        """Give the links that lead nowhere, or elsewhere."""

    def checked(self, article: str, url: str) -> datetime | None:
        """Tell when a link was looked at last."""

    def note_link(self, article: str, url: str, says: str | None) -> None:
        """Write down what a link answers: nothing wrong is empty, None is not known."""

    def forget_links(self, known: Iterable[tuple[str, str]]) -> None:
        """Let go of the links that no article names any more."""

    def updated(self, article: str) -> None:
        """Note that an article was looked over: earlier evidence counts no more."""

    def keep(self, ailing: Sequence[Ailing]) -> None:
        """Write down which articles need an update, for those who look."""

    def kept(self) -> tuple[Ailing, ...]:
        """Give the articles that needed an update when last looked."""


def ailing_of(
    words: Iterable[Word], proposed: Iterable[Proposed] = (), links: Iterable[Link] = ()
) -> tuple[Ailing, ...]:
    """Give the articles that surely need an update, the worst first."""
    by_article: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        by_article[word.article].append(word)
    edits: dict[str, set[TicketId]] = defaultdict(set)
    for each in proposed:
        edits[each.article].add(each.ticket)
    outdated: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if link.is_outdated:
            outdated[link.article].append(f"{link.url} {link.says}")
    found = [
        _ailing(article, by_article[article], edits, outdated)
        for article in {*by_article, *edits, *outdated}
    ]
    told = [each for each in found if each.failed or each.proposed or each.links]
    return tuple(
        sorted(
            told,
            key=lambda each: (-each.failed, -len(each.proposed), -len(each.links), each.article),
        )
    )


def _ailing(
    article: str,
    said: Sequence[Word],
    edits: Mapping[str, set[TicketId]],
    outdated: Mapping[str, Sequence[str]],
) -> Ailing:
    failed = [word for word in said if not word.solved]
    share = Share(len(failed), len(said))
    fails = len(failed) >= LEAST and share.interval[0] > TOO_OFTEN
    steps = Counter(word.step for word in failed if word.step is not None)
    tickets = sorted({word.ticket for word in failed}, reverse=True)[:EVIDENCE]
    return Ailing(
        article,
        len(failed) if fails else 0,
        len(said),
        steps.most_common(1)[0][0] if steps and fails else None,
        tuple(tickets) if fails else (),
        tuple(sorted(edits.get(article, ()), reverse=True)[:EVIDENCE]),
        tuple(sorted(outdated.get(article, ()))[:EVIDENCE]),
    )


def evidence(each: Ailing) -> tuple[str, ...]:
    """Say, a line each, why an article needs an update."""
    lines = []
    if each.failed:
        step = f", mostly at step {each.step}" if each.step is not None else ""
        lines.append(f"failed {each.failed} of {each.told} who said a word{step}")
    if each.proposed:
        edits = "an edit is" if len(each.proposed) == 1 else f"{len(each.proposed)} edits are"
        lines.append(f"{edits} proposed")
    lines += list(each.links)
    return tuple(lines)

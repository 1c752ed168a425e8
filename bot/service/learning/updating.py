"""Articles that need an update: the evidence gathered daily, links looked at where that is on."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.desk.learning import ailing_of
from bot.service.learning.gathering import WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from bot.desk.learning import Ailing
    from bot.desk.ports.time import Clock
    from bot.desk.ports.work import UnitOfWork
    from bot.service.context import Desk
    from kb.articles import Article

    LookAt = Callable[[str], str | None]

    class Record(Protocol):
        """What is on record, and the time: a desk, or its store alone."""

        @property
        def unit_of_work(self) -> Callable[[], UnitOfWork]:
            """Begin to write."""

        @property
        def clock(self) -> Clock:
            """The time."""

        def look(self) -> AbstractContextManager[UnitOfWork]:
            """Read."""


AGAIN_AFTER = timedelta(days=7)
SUSPECT_AFTER = timedelta(hours=20)
"""What led nowhere is looked at again soon: twice is evidence."""
MOST_AT_ONCE = 200
LONGEST = 500
ADDRESS = re.compile(r"https?://[^\s<>()\[\]{}\"'`|\\^]+", re.IGNORECASE)


def links_of(article: Article) -> Iterator[str]:
    """Give the addresses of other pages that an article names, each once."""
    found = (each.group().rstrip(".,;:!?*_~") for each in ADDRESS.finditer(article.body))
    yield from dict.fromkeys(each for each in found if len(each) <= LONGEST)


def look_at_links(desk: Record, articles: Sequence[Article], look_at: LookAt) -> int:
    """Look at the links that are due, some at once; gives how many. Asks while nothing is held."""
    named = [(article.id, url) for article in articles for url in links_of(article)]
    now = desk.clock()
    with desk.unit_of_work() as uow:
        uow.ailments.forget_links(named)
    with desk.look() as uow:
        suspect = {(each.article, each.url) for each in uow.ailments.links()}
        due = [
            each
            for each in named
            if _is_due(uow.ailments.checked(*each), now, suspect=each in suspect)
        ][:MOST_AT_ONCE]
    said = {url: look_at(url) for url in dict.fromkeys(url for _, url in due)}
    with desk.unit_of_work() as uow:
        for article, url in due:
            uow.ailments.note_link(article, url, said[url])
    return len(due)


def _is_due(checked: datetime | None, now: datetime, *, suspect: bool) -> bool:
    return checked is None or now - checked >= (SUSPECT_AFTER if suspect else AGAIN_AFTER)


def ailing(uow: UnitOfWork, now: datetime) -> tuple[Ailing, ...]:
    """Give the articles that need an update, with the evidence of the last 90 days."""
    since = now - WINDOW
    kept = uow.ailments
    return ailing_of(kept.words(since), kept.proposed(since), kept.links())


def for_all(desk: Desk, found: Iterable[Ailing]) -> tuple[Ailing, ...]:
    """Leave out what is kept to some: it is not named where others read."""
    told = tuple(found)
    kept = desk.triager.kept([each.article for each in told])
    return tuple(each for each in told if each.article not in kept)


def look_for_ailing(desk: Desk) -> int:
    """Write down which articles need an update, for the admins' Homes; gives how many."""
    with desk.look() as uow:
        found = ailing(uow, desk.clock())
    told = for_all(desk, found)
    with desk.unit_of_work() as uow:
        uow.ailments.keep(told)
        uow.gaps.ran("ailing")
    return len(told)

"""What a run of learning is given: lessons off the record, the models, and who decides."""

from __future__ import annotations

import hashlib
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.bootstrap.deciding import build_knowledge, build_policy
from bot.desk.deciding import Costs
from bot.desk.learning import lesson_of
from bot.fitting.learning.running import Setup, key_of
from bot.fitting.learning.versions import Versions
from bot.scrubbing.scrubber import RuleScrubber
from bot.service.context import utc_now
from bot.store.database import migrate, reading
from bot.store.learning.outcomes import SqliteOutcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.desk.learning import Lesson
    from bot.settings.settings import Settings
    from classifier.progress import Progress
    from kb.encoding.encoder import Encoder

FOLDER = "learning"
LOWEST = 19
SHORT = 12
"""So many characters name a person in the journal."""


def versions_of(settings: Settings) -> Versions:
    """Give the folder of what was learned, beside the model that serves."""
    return Versions(settings.model.with_name(FOLDER), settings.model)


def lessons_of(settings: Settings) -> list[Lesson]:
    """Read what is on record now, without secrets and without names."""
    migrate(settings.db)
    scrubber = RuleScrubber()
    known_as = _namer(settings.model.with_name(FOLDER) / "key")
    with reading(settings.db) as database:
        found = [
            lesson_of(ticket, known_as)
            for ticket in SqliteOutcomes(database).by_ticket(direct=settings.file.learning.direct)
        ]
    return [
        replace(lesson, text=scrubber.scrub(lesson.text).text)
        for lesson in found
        if lesson is not None
    ]


@contextmanager
def learning_setup(
    settings: Settings,
    encoder: Encoder,
    *,
    data: tuple[Path, ...] = (),
    told: Progress,
    promptly: Callable[[Callable[[], None]], None] = lambda do: do(),
) -> Iterator[Setup]:
    """Open what a run works on."""
    base = build_knowledge(settings, encoder)
    try:
        yield Setup(
            versions_of(settings),
            data or settings.file.learning.data,
            base,
            encoder,
            lambda classifier: build_policy(settings, classifier),
            Costs(**settings.costs),
            utc_now(),
            told,
            promptly=promptly,
        )
    finally:
        base.close()


@contextmanager
def giving_way() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Let this thread, and those that it begins, give way to all else.

    Gives what does a thing at the usual priority: in a thread that was there before. Priorities
    are a thread's own on Linux; elsewhere all gives way.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="promptly") as usual:
        usual.submit(int).result()
        os.nice(LOWEST)
        yield lambda do: usual.submit(do).result()


def _namer(file: Path) -> Callable[[str], str]:
    """Name people by a keyed hash: the same each time, and nobody's who has not the key."""
    key = key_of(file)

    def known_as(user: str) -> str:
        return hmac.new(key, user.encode(), hashlib.sha256).hexdigest()[:SHORT] if user else ""

    return known_as

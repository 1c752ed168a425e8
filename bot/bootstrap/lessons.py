"""Lessons off the record, the folder of what was learned, and what a killed run left there."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.desk.learning import lesson_of
from bot.fitting.learning.versions import RunningAlreadyError, Versions
from bot.scrubbing.scrubber import RuleScrubber
from bot.service.context import utc_now
from bot.store.database import migrate, reading
from bot.store.learning.outcomes import SqliteOutcomes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.desk.learning import Lesson
    from bot.settings.settings import Settings
    from kb.searching.base import KnowledgeBase

log = structlog.get_logger(__name__)

FOLDER = "learning"
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


def put_back(settings: Settings, base: KnowledgeBase) -> bool:
    """Put back what served before a run that was killed while one version took another's place.

    Tells whether there was such a run. One that is under way ends by itself, and is left alone.
    """
    versions = versions_of(settings)
    if not versions.is_half_done():
        return False
    try:
        with versions.alone():
            texts = {int(each.ticket): each.text for each in lessons_of(settings)}
            found = versions.recover(base, texts)
    except RunningAlreadyError:
        return False
    if found:
        serving = versions.serving()
        name = serving.name if serving else None
        at = utc_now().isoformat(timespec="seconds")
        versions.note({"at": at, "outcome": "put back", "version": name})
        log.warning("learning_put_back", serving=name or "the shipped labels")
    return found


def _namer(file: Path) -> Callable[[str], str]:
    """Name people by a keyed hash: the same each time, and nobody's who has not the key."""
    key = key_of(file)

    def known_as(user: str) -> str:
        return hmac.new(key, user.encode(), hashlib.sha256).hexdigest()[:SHORT] if user else ""

    return known_as


def key_of(file: Path) -> bytes:
    """Give the secret by which people are named in the journal; made where there is none."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_bytes(32)
        file.touch(mode=0o600)
        file.write_bytes(key)
        return key

"""What leaves the database into a file: without secrets, and with a note of where it went."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.privacy import Scrubber


@cache
def _scrubber() -> Scrubber:
    from bot.scrubbing.scrubber import RuleScrubber

    return RuleScrubber()


def scrubbed(text: str) -> str:
    """Give a text without the secrets that somebody pasted."""
    return _scrubber().scrub(text).text


def note_export(database: Path, file: Path, what: str) -> None:
    """Write down where an export went, so that `frontline forget` finds it."""
    from bot.service.context import utc_now
    from bot.store.codec import stamp
    from bot.store.database import transaction

    with transaction(database) as db:
        db.execute(
            "INSERT INTO exports (path, what, at) VALUES (?, ?, ?) ON CONFLICT (path) "
            "DO UPDATE SET what = excluded.what, at = excluded.at",
            [str(file.absolute()), what, stamp(utc_now())],
        )

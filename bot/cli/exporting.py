"""What leaves the database into a file: without secrets, and with a note of where it went."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.desk.errors import FrontlineError

if TYPE_CHECKING:
    from collections.abc import Iterator
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


@contextmanager
def written(file: Path) -> Iterator[Any]:
    """Write beside the file and put it in place at the end: half an export is none."""
    beside = file.with_name(f".{file.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        beside.replace(file)
    except OSError as failure:
        raise FrontlineError(f"{file} cannot be written: {failure.strerror}.") from failure
    finally:
        beside.unlink(missing_ok=True)

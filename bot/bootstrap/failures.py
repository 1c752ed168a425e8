"""What people are told of a start that failed."""

from __future__ import annotations

import structlog

from bot.desk.errors import FrontlineError

log = structlog.get_logger(__name__)

OURS = ("kb.", "classifier.")
"""Rooms whose errors are written for people as well."""


def in_words(failure: Exception) -> str:
    """Say what failed in one line; of what nobody raised on purpose, its kind alone."""
    if isinstance(failure, FrontlineError) or type(failure).__module__.startswith(OURS):
        return str(failure)
    log.error("unexpected", exc_info=failure)
    return f"unexpected {type(failure).__name__}; the log has more"


def as_told(failure: Exception) -> FrontlineError:
    """Give the same as an error that whoever waits can be told."""
    return failure if isinstance(failure, FrontlineError) else FrontlineError(in_words(failure))

"""Logs to stderr, one line an event, with secrets masked wherever they turn up."""

from __future__ import annotations

import logging
import re
import sqlite3
import sys
import time
from typing import TYPE_CHECKING, Any

import structlog

from bot.desk.errors import FrontlineError
from bot.scrubbing.scrubber import RuleScrubber

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

TOKEN = re.compile(r"\b(xox[a-z]-|xapp-|xoxe\.)[A-Za-z0-9-]+")
EVENT = re.compile(r"\AEv[0-9A-Z]{6,20}\Z")
MASK = r"\1***"
SCRUBBER = RuleScrubber()
LONGEST = 20_000
"""Characters of one value that are looked at; what is longer is cut."""
SAID_AGAIN_S = 60.0


def mask(text: str) -> str:
    """Mask everything that looks like a Slack token."""
    return TOKEN.sub(MASK, text)


class Away:
    """A database that is away is one line a minute, not a traceback of each thread that asks it."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self._said: dict[str, float] = {}

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        """Say what was refused instead of where; drop what was said a moment ago."""
        failure = event.get("exc_info")
        if not (isinstance(failure, FrontlineError) and isinstance(failure, sqlite3.Error)):
            return event
        del event["exc_info"]
        event["why"] = why = str(failure)
        now = time.monotonic()
        if now - self._said.get(why, -SAID_AGAIN_S) < SAID_AGAIN_S:
            raise structlog.DropEvent
        # What is no longer said is forgotten.
        self._said = {text: at for text, at in self._said.items() if now - at < SAID_AGAIN_S}
        self._said[why] = now
        return event


def _mask_all(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {
        key: value if key == "event_id" and _is_event(value) else _masked(value)
        for key, value in event.items()
    }


def _is_event(value: Any) -> bool:
    """Tell whether it is the id of an event of Slack's, which looks like a password."""
    return isinstance(value, str) and EVENT.match(value) is not None


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return SCRUBBER.scrub(mask(value[:LONGEST])).text
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    return value


def configure(*, verbose: bool = False, as_json: bool = False) -> None:
    """Send our own and the libraries' logs through one masked format, for people or as JSON."""
    level = logging.DEBUG if verbose else logging.INFO
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        Away(),
        structlog.processors.format_exc_info,
        _mask_all,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _mask_all,
                structlog.processors.JSONRenderer()
                if as_json
                else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in ("bot", "kb", "classifier"):
        logging.getLogger(name).setLevel(level)

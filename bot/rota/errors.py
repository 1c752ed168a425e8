"""What is wrong with a calendar; apart, since to read one takes libraries that few desks need."""

from __future__ import annotations

from bot.desk.errors import FrontlineError

MOST_BYTES = 5_000_000


class CalendarError(FrontlineError):
    """A calendar cannot be read, or is not fit to be a rota."""

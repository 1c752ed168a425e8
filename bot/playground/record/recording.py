"""A record of everything that passes between the workspace and the app."""

from __future__ import annotations

import json
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground.state.clock import Clock

KEPT = 20_000


class Recording:
    """The latest requests, envelopes and acknowledgements, in order."""

    def __init__(self, clock: Clock, kept: int = KEPT) -> None:
        """Keep this many entries at most."""
        self._clock = clock
        self._entries: deque[dict[str, Any]] = deque(maxlen=kept)
        self._count = 0

    def add(self, kind: str, **details: Any) -> dict[str, Any]:
        """Note that something passed; returns the entry, whose `answer` may be filled in later."""
        self._count += 1
        entry = {"n": self._count, "at": round(self._clock.now(), 6), "kind": kind, **details}
        self._entries.append(entry)
        return entry

    def entries(self, since: int = 0) -> list[dict[str, Any]]:
        """What was noted after entry number `since`."""
        return [entry for entry in self._entries if entry["n"] > since]

    def lines(self, since: int = 0) -> Iterator[str]:
        """The same as JSON Lines."""
        for entry in self.entries(since):
            yield json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"

    def clear(self) -> None:
        """Forget it all; the numbers go on."""
        self._entries.clear()

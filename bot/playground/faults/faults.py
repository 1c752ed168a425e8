"""Faults on demand, the same ones again for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from bot.playground.errors import Refused

REQUEST_KINDS = frozenset(
    {
        "rate_limit",
        "server_error",
        "slow",
        "hang",
        "late_answer",
        "drop",
        "lost_answer",
        "cut",
        "error",
    }
)
EVENT_KINDS = frozenset({"duplicate_event", "delay_event", "swallow"})


@dataclass
class Fault:
    """One thing that goes wrong, some number of times."""

    kind: str
    method: str | None = None
    times: int = 1
    seconds: float = 1.0
    retry_after: int = 1
    code: str = "internal_error"
    copies: int = 2
    event_type: str | None = None
    new_id: bool = False
    probability: float = 1.0


class Faults:
    """The faults that wait for their occasion."""

    def __init__(self, seed: int = 0) -> None:
        """With the seed of the dice."""
        self._random = random.Random(seed)  # noqa: S311  (chance that a test can repeat)
        self._waiting: list[Fault] = []

    def add(self, **spec: Any) -> Fault:
        """Arrange a fault; raises Refused for one that does not exist."""
        try:
            fault = Fault(**spec)
        except TypeError as error:
            raise Refused(f"a fault cannot have that: {error}") from error
        if fault.kind not in REQUEST_KINDS | EVENT_KINDS:
            known = ", ".join(sorted(REQUEST_KINDS | EVENT_KINDS))
            raise Refused(f"there is no fault `{fault.kind}`; there are: {known}")
        self._waiting.append(fault)
        return fault

    def clear(self, seed: int | None = None) -> None:
        """Call them all off, and start the dice again if a seed is given."""
        self._waiting.clear()
        if seed is not None:
            self._random.seed(seed)

    def waiting(self) -> list[Fault]:
        """What is still to go wrong."""
        return list(self._waiting)

    def for_request(self, method: str) -> Fault | None:
        """What goes wrong with this Web API call, if anything."""
        if not self._waiting:
            return None
        return self._draw(lambda f: f.kind in REQUEST_KINDS and f.method in (None, method))

    def swallows_envelope(self) -> bool:
        """Whether this envelope is lost on its way."""
        if not self._waiting:
            return False
        return self._draw(lambda f: f.kind == "swallow") is not None

    def schedule_event(self, body: dict[str, Any]) -> list[tuple[dict[str, Any], float]]:
        """The copies in which an event arrives, each with its delay in seconds."""
        if not self._waiting:
            return [(body, 0.0)]
        kind = body["event"].get("type")
        fault = self._draw(
            lambda f: f.kind in ("duplicate_event", "delay_event") and f.event_type in (None, kind)
        )
        if fault is None:
            return [(body, 0.0)]
        if fault.kind == "delay_event":
            return [(body, fault.seconds)]
        copies = [(body, 0.0)]
        for n in range(1, fault.copies):
            event_id = f"{body['event_id']}X{n}" if fault.new_id else body["event_id"]
            copies.append(({**body, "event_id": event_id}, 0.0))
        return copies

    def _draw(self, suits: Any) -> Fault | None:
        for fault in self._waiting:
            if suits(fault) and (
                fault.probability >= 1.0 or self._random.random() < fault.probability
            ):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

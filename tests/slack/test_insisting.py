"""A start waits for Slack: ever more rarely, saying each reason once, until it is stopped."""

from __future__ import annotations

import pytest

from bot.desk.errors import DeliveryError, RetryableDeliveryError
from bot.slack.app import LONGEST_PAUSE_S, insist


class Scripted:
    """Fails as it is told, then succeeds; remembers the pauses and what was said."""

    def __init__(self, *failures: Exception, patience: int = 100) -> None:
        """Fail so; be stopped after so many pauses."""
        self.failures = list(failures)
        self.patience = patience
        self.pauses: list[float] = []
        self.said: list[str] = []

    def attempt(self) -> str:
        """Fail, or succeed."""
        if self.failures:
            raise self.failures.pop(0)
        return "in"

    def wait(self, seconds: float) -> bool:
        """Remember the pause."""
        self.pauses.append(seconds)
        return len(self.pauses) >= self.patience

    def insist(self) -> str:
        """Try until it works."""
        return insist("signing in", self.attempt, self.wait, self.said.append)


def test_each_reason_is_said_once_and_that_it_is_over() -> None:
    """Refused three times, silent twice, then in."""
    refused, silent = DeliveryError("Refused."), RetryableDeliveryError("No answer.")
    scripted = Scripted(refused, refused, refused, silent, silent)
    assert scripted.insist() == "in"
    assert [line.split(".")[0] for line in scripted.said] == [
        "Refused",
        "No answer",
        "Slack answers again (signing in)",
    ]
    assert scripted.pauses == [1, 2, 4, 8, 16]


def test_pauses_grow_to_a_minute_and_no_further() -> None:
    """So that a start after an outage of days is at most a minute late."""
    scripted = Scripted(*[DeliveryError("Refused.")] * 12)
    scripted.insist()
    assert max(scripted.pauses) == LONGEST_PAUSE_S


def test_a_stop_ends_the_waiting() -> None:
    """Ctrl-C while it waits."""
    scripted = Scripted(*[DeliveryError("Refused.")] * 5, patience=2)
    with pytest.raises(DeliveryError, match="Stopped before Slack answered"):
        scripted.insist()


def test_what_works_at_once_is_not_spoken_of() -> None:
    """A start as ever."""
    scripted = Scripted()
    assert scripted.insist() == "in"
    assert scripted.said == []

"""Many write while Frontline is busy: each is heard at once, and answered once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.scenarios.knowledge import scripted_triager
from tests.scenarios.office import BOT, Office
from tests.scenarios.screen import PATIENCE_S, reads

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.deciding import Triage

MANY = 40
HEARD = "I have your message"


class HeldTriager:
    """Decides only once it is let go: as the models do where a thousand ask."""

    def __init__(self) -> None:
        """Hold everybody back."""
        self.go = threading.Event()
        self._real: Any = scripted_triager()

    def __getattr__(self, name: str) -> Any:
        """Everything else is as it is."""
        return getattr(self._real, name)

    def triage(self, text: str, **given: Any) -> Triage:
        """Decide, when it is time."""
        self.go.wait(PATIENCE_S * 2)
        found: Triage = self._real.triage(text, **given)
        return found


@pytest.mark.rare
def test_where_many_wait_each_is_heard_before_any_answer_and_answered_once(
    tmp_path: Path,
) -> None:
    """One line in the channel, which all of them see, one in each direct message; no second."""
    triager = HeldTriager()
    with Office(tmp_path, triager=triager) as office:
        asked = [
            office.ana.say("ask-anything", f"How do I reset my password on laptop {number}?")
            for number in range(MANY)
        ]
        dm = office.tom.dm(BOT)
        alone = office.tom.say(dm, "How do I reset my password?")

        def said(person: Any, channel: str) -> list[str]:
            return [reads(m) for m in person.sees(channel) if HEARD in reads(m)]

        office.ana.wait_for(lambda: said(office.ana, "ask-anything"), 10.0)
        office.tom.wait_for(lambda: said(office.tom, dm), 10.0)
        assert not any(office.ana.thread("ask-anything", ts)[1:] for ts in asked)
        triager.go.set()
        office.settle()
        assert len(said(office.ana, "ask-anything")) == 1
        assert len(said(office.tom, dm)) == 1
        assert all(len(office.ana.thread("ask-anything", ts)) == 2 for ts in asked)
        assert len(office.tom.thread(dm, alone)) == 2

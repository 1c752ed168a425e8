"""`frontline serve` itself, while the machine's clock is set: nobody mute, nothing twice."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.faults.test_serve_killed import serve, served
from tests.faults.turned_clock import ASKING
from tests.scenarios.models import ROOT
from tests.scenarios.office import BOT, SAM
from tests.scenarios.screen import PATIENCE_S, reads

if TYPE_CHECKING:
    from tests.scenarios.office import Office
    from tests.scenarios.screen import Screen

pytestmark = pytest.mark.rare

__all__ = ["served"]

HOUR, DAY = 3_600, 86_400
LOOKS = re.compile(r"datetime\.now\(|time\.time\(|\bdate\.today\(")


def test_all_that_looks_at_the_clock_is_turned() -> None:
    """A module that asks the machine itself would not be tried here."""
    asking = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
        for path in (ROOT / "bot").rglob("*.py")
        if "playground" not in path.parts and LOOKS.search(path.read_text(encoding="utf-8"))
    }
    assert asking == {module.__name__ for module in ASKING}


def test_the_desk_goes_on_while_the_clock_is_set(served: Office) -> None:
    """An hour back, right again, three minutes ahead, thirty days ahead; then started there."""
    by = served.folder / "clock"
    by.write_text("0")
    configuration = served.folder / "frontline.toml"
    configuration.write_text(f'{configuration.read_text()}\n[desk]\nadmins = ["{SAM}"]\n')
    command = (sys.executable, "-m", "tests.faults.turned_clock", str(by), "serve")
    with serve(served, command):
        first = served.ask(served.ana, "My laptop is slow since the update, says Ana")
        answered = [_once(served, first)]
        called = _called(served, first)
        for shift in (-HOUR, 0, 180, 30 * DAY):
            moved = _times_moved(served)
            by.write_text(str(shift))
            served.ana.wait_for(lambda moved=moved: _times_moved(served) > moved, PATIENCE_S * 3)
            asked = served.ask(served.tom, f"My laptop is slow since the update, by {shift}")
            answered.append(_once(served, asked))
        _nothing_happened(served, answered, called)
    with serve(served, command):
        asked = served.ask(served.tom, "My laptop is slow since the update, once more")
        answered.append(_once(served, asked))
        _nothing_happened(served, answered, called)


def _once(office: Office, asked: Screen) -> Screen:
    office.ana.wait_for(lambda: asked.replies, PATIENCE_S * 3)
    office.settle()
    assert len(asked.replies) == 1, asked.replies
    return asked


def _called(office: Office, asked: Screen) -> Screen:
    """Let its requester call people; gives the card."""
    asked.press("Talk to a person")
    office.settle()
    return office.card(office.mei, "says Ana")


def _times_moved(office: Office) -> int:
    told = office.sam.sees(office.sam.dm(BOT))
    return sum("was moved" in reads(m) or "is right again" in reads(m) for m in told)


def _nothing_happened(office: Office, answered: list[Screen], card: Screen) -> None:
    """No ticket closed, nobody reminded, no card twice, each answered once."""
    office.settle()
    assert office.rows("SELECT id FROM tickets WHERE state = 'closed'") == []
    assert office.rows("SELECT kind FROM timers WHERE state = 'fired'") == []
    assert [len(each.replies) for each in answered[1:]] == [1] * (len(answered) - 1)
    assert len(office.cards(office.mei, "says Ana")) == 1
    assert not any("alarm_clock" in reply for reply in card.replies)

"""The demo's clock goes with the one that the workspace's page turns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.cli.turning import TurnedClock, following, next_opening
from bot.desk.promises import Span, SupportHours, judge
from bot.playground import Person, Playground

if TYPE_CHECKING:
    from collections.abc import Callable

OFFICE = SupportHours.weekdays(ZoneInfo("Europe/Berlin"), Span.parse("09:00-17:00"))
LATE = SupportHours.weekdays(ZoneInfo("Europe/Berlin"), Span.parse("12:00-20:00"))
ALWAYS = SupportHours.always()


class Machine:
    """A machine's clocks, that stand still."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.turned = TurnedClock(lambda: datetime(2026, 3, 2, 12, tzinfo=UTC), lambda: 1_000.0)

    def look(self) -> tuple[datetime, float]:
        """Read both."""
        return self.turned.now(), self.turned.seconds()


def test_turned_forward_that_time_has_passed() -> None:
    """Both clocks agree, so nobody takes it for a clock that was set."""
    machine = Machine()
    before = machine.look()
    machine.turned.follow(3_600)
    after = machine.look()
    own, steady = after[0] - before[0], timedelta(seconds=after[1] - before[1])
    assert own == steady == timedelta(hours=1)
    assert not judge(own, steady, None).shift


def test_turned_back_the_clock_was_set_and_every_timer_keeps_its_time() -> None:
    """No second passes twice, and what was to come in an hour still comes in an hour."""
    machine = Machine()
    machine.turned.follow(86_400)
    before = machine.look()
    machine.turned.follow(0)
    after = machine.look()
    own, steady = after[0] - before[0], timedelta(seconds=after[1] - before[1])
    assert steady == timedelta()
    assert judge(own, steady, None).shift == timedelta(days=-1)


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        ((OFFICE,), "2026-03-02T05:00", "2026-03-02T08:00"),
        ((OFFICE,), "2026-03-02T12:00", "2026-03-03T08:00"),
        ((OFFICE,), "2026-03-06T17:00", "2026-03-09T08:00"),
        ((ALWAYS, OFFICE), "2026-03-02T12:00", "2026-03-03T08:00"),
        ((OFFICE, LATE), "2026-03-02T09:00", "2026-03-02T11:00"),
        ((ALWAYS,), "2026-03-02T12:00", None),
        ((), "2026-03-02T12:00", None),
    ],
)
def test_the_next_opening_is_of_those_who_close(
    hours: tuple[SupportHours, ...], now: str, opens: str | None
) -> None:
    """Where one is closed, when it opens; where all are open, the next morning."""
    wanted = datetime.fromisoformat(opens).replace(tzinfo=UTC) if opens else None
    assert next_opening(hours, datetime.fromisoformat(now).replace(tzinfo=UTC)) == wanted


def test_the_bot_follows_the_page_and_the_page_knows_when_the_desk_opens() -> None:
    """Forward and back again; a workspace that has gone stops nothing."""
    turned = TurnedClock()
    opens = datetime(2030, 1, 1, 9, tzinfo=UTC)
    with Playground() as playground:
        with following(playground.url, turned, lambda _: opens):
            playground.advance(3_600)
            _until(playground, lambda: turned.now() > _soon(minutes=59))
            assert playground.control("clock")["opens"] == opens.timestamp()
            playground.control("turn_back")
            _until(playground, lambda: turned.now() < _soon(minutes=1))
        assert playground.control("clock")["ahead"] == 0


def _soon(minutes: int) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def _until(playground: Playground, holds: Callable[[], bool]) -> None:
    """Wait for it, by the real time."""
    with Person(playground.url, playground.seed.people[0].id) as somebody:
        somebody.wait_for(holds, 10)

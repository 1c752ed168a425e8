"""What admins get of figures by themselves: weekly in the day, and a warning where they drift."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.desk.figures import DeskReport, ReportPictures
from bot.desk.oncall import Groups
from bot.desk.promises import Span, SupportHours
from bot.desk.views import DeskAlert
from bot.service.views.homes import home_view
from bot.slack.blocks.rendering import render
from bot.slack.blocks.views.home import render_home
from bot.store.codec import stamp
from bot.store.database import connect
from bot.worker.slowly.reporting import ReportKeeper
from tests import builders as a
from tests.service.conftest import Office

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.notices import Notice
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

DAY_S, HOUR_S = 86_400, 3_600
OFFICE = SupportHours.weekdays(ZoneInfo("Europe/Berlin"), Span.parse("09:00-17:00"))


class Desk:
    """A desk of two admins, whose groups are at their desks by day; L3 is on call always."""

    def __init__(self, store: Store, clock: TurnableClock) -> None:
        """Begin on a Monday at noon."""
        self.store, self.clock = store, clock
        self.office = Office(store, clock)
        by_day = [replace(each, hours=OFFICE) for each in a.groups().groups[:2]]
        self.desk = replace(
            self.office.desk,
            figures=store.figures,
            admins=frozenset({a.MEI, a.JONAS}),
            groups=Groups((*by_day, a.groups().groups[2])),
        )
        self.keeper = ReportKeeper(self.desk)
        self._number = 2000

    def home(self) -> str:
        """Give what an admin sees on their Home."""
        return str(render_home(home_view(self.desk, a.MEI)))

    def step(self) -> list[tuple[str, Notice]]:
        """Let the keeper do what is due; gives who is told what."""
        self.keeper.step()
        return [(row.channel, row.notice) for row in self.office.apply(lambda _: None)]

    def told(self, kind: type[Notice]) -> list[str]:
        """Do it; gives who is told something of a kind."""
        return [who for who, notice in self.step() if isinstance(notice, kind)]

    def answers(self, number: int, *, right: bool, said: bool, **changes: object) -> None:
        """Let automatic answers be looked over, and their requesters say a word."""
        db = connect(self.store.path)
        at = stamp(self.clock() - timedelta(hours=1))
        for _ in range(number):
            self._number += 1
            row = {
                "id": self._number, "team": a.TEAM, "channel": a.IT_HELP,
                "thread_ts": f"{self._number}.0", "requester": a.ANA, "question": "How?",
                "asked_ts": "1.0", "opened_at": at, "updated_at": at, "state": "closed",
                "resolution": "by article" if said else "by L2",
                "articles_shown": json.dumps(["vpn"]),
                "articles_failed": json.dumps([] if said else ["vpn"]),
                **changes,
            }  # fmt: skip
            db.table("tickets").insert(row)
            db.execute(
                "INSERT INTO looked_over (ticket, article, asked_at, is_right) "
                "VALUES (?, 'vpn', ?, ?)",
                [self._number, at, right],
            )
        db.conn.commit()
        db.close()


@pytest.fixture
def desk(store: Store, clock: TurnableClock) -> Desk:
    """A desk that has just begun."""
    return Desk(store, clock)


def test_the_first_week_has_to_be_lived_first(desk: Desk) -> None:
    """Then every admin is told once, and again a week later."""
    assert desk.step() == []
    desk.clock.turn(6.9 * DAY_S)
    assert desk.step() == []
    desk.clock.turn(0.2 * DAY_S)
    assert desk.told(DeskReport) == [a.JONAS, a.MEI]
    assert desk.step() == []
    desk.clock.turn(7 * DAY_S)
    assert desk.told(DeskReport) == [a.JONAS, a.MEI]


def test_a_week_in_which_something_came_has_pictures(desk: Desk) -> None:
    """A quiet one has a line that says so, and none."""
    desk.step()
    desk.clock.turn(7 * DAY_S)
    ((_, notice), *rest) = desk.step()
    assert len(rest) == 1
    shown = render(notice)
    assert shown is not None
    assert "none in this period" in str(shown.blocks)
    desk.clock.turn(7 * DAY_S)
    desk.answers(6, right=True, said=True)
    told = desk.step()
    assert [type(notice) for _, notice in told] == [DeskReport, ReportPictures] * 2
    drawn = told[1][1]
    assert isinstance(drawn, ReportPictures)
    assert [each.kind for each in drawn.pictures] == ["columns", "shares"]
    # In a picture nothing stands above a row: each says of what it is.
    assert drawn.pictures[1].lines[0].label.startswith("article shown, confirmed (n = 6)")


@pytest.mark.parametrize("answers", [1, 4])
def test_of_few_no_share_is_drawn(desk: Desk, answers: int) -> None:
    """None is said either: one of one is no hundred percent."""
    desk.step()
    desk.clock.turn(7 * DAY_S)
    desk.answers(answers, right=True, said=True)
    (_, drawn) = desk.step()[1]
    assert isinstance(drawn, ReportPictures)
    assert [each.kind for each in drawn.pictures] == ["columns"]


@pytest.mark.parametrize(
    ("hours", "is_told"),
    [(4.9, False), (20.9, True),
     *(pytest.param(*each, marks=pytest.mark.rare) for each in (
         (0, True), (12, False), (14, False), (96, True), (120, False), (168 + 21, True)))],
)  # fmt: skip
def test_nobody_is_told_at_night(desk: Desk, hours: float, *, is_told: bool) -> None:
    """Nor at the week's end; that L3 is on call always does not mean that it reads figures."""
    desk.step()
    desk.clock.turn(7 * DAY_S + hours * HOUR_S)
    assert bool(desk.told(DeskReport)) is is_told


def test_where_all_are_there_always_it_is_any_time(desk: Desk) -> None:
    """Nobody said when they work."""
    desk.desk = replace(desk.desk, groups=a.groups())
    desk.keeper = ReportKeeper(desk.desk)
    desk.step()
    desk.clock.turn(7 * DAY_S + 12 * HOUR_S)
    assert desk.told(DeskReport)


def test_a_clock_that_was_ahead_silences_nobody_for_long(desk: Desk) -> None:
    """It was a year ahead when they were told last."""
    desk.answers(60, right=False, said=True)
    desk.clock.jump(364 * DAY_S)
    desk.step()
    desk.clock.jump(-364 * DAY_S)
    desk.keeper = ReportKeeper(desk.desk)
    found = [type(notice) for _, notice in desk.step()]
    assert found.count(DeskReport) == 2
    assert found.count(DeskAlert) == 2


def test_it_can_be_turned_off_and_the_warning_stays(desk: Desk) -> None:
    """`[learning] report = false` ends the weekly message alone."""
    desk.keeper = ReportKeeper(desk.desk, weekly=False)
    desk.answers(60, right=False, said=True)
    desk.clock.turn(8 * DAY_S)
    assert {type(notice) for _, notice in desk.step()} == {DeskAlert}


def test_without_an_admin_nothing_is_counted(desk: Desk) -> None:
    """Nobody would see it."""
    desk.desk = replace(desk.desk, admins=frozenset())
    desk.keeper = ReportKeeper(desk.desk)
    desk.clock.turn(8 * DAY_S)
    assert desk.step() == []
    assert desk.desk.last_month.lines == ()


def test_what_moves_no_more_is_counted_for_good_once_a_day(desk: Desk) -> None:
    """Also where no admin is named: `frontline report` is for whoever may run it."""
    kept: list[bool] = []

    def keep(ended: Callable[[], bool]) -> int:
        kept.append(ended())
        return 0

    for admins in (desk.desk.admins, frozenset()):
        keeper = ReportKeeper(replace(desk.desk, admins=admins), keep=keep)
        kept.clear()
        for hours in (0, 23, 1, 12):
            desk.clock.turn(hours * HOUR_S)
            keeper.step()
        assert kept == [False, False]
    keeper.stop()
    desk.clock.turn(DAY_S)
    keeper.step()
    assert kept == [False, False, True]


def test_a_drift_is_told_with_both_shares_and_what_to_do(desk: Desk) -> None:
    """Engineers find wrong what requesters say helped."""
    desk.answers(40, right=False, said=True)
    desk.answers(8, right=True, said=True)
    told = desk.step()
    assert [who for who, _ in told] == [a.JONAS, a.MEI]
    shown = render(told[0][1])
    assert shown is not None
    assert "engineers find 8 of 48, 16.7%" in shown.text
    assert "requesters say 48 of 48, 100.0%" in shown.text
    assert "frontline classifier gate" in shown.text


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([(2, False, True)], marks=pytest.mark.rare),
        pytest.param([(40, True, True)], marks=pytest.mark.rare),
        pytest.param([(40, False, False)], marks=pytest.mark.rare),
        [(20, True, True), (4, False, True), (2, True, False)],
        pytest.param([], marks=pytest.mark.rare),
    ],
    ids=["few", "both say right", "both say wrong", "no more than chance", "none"],
)
def test_what_chance_explains_is_no_drift(
    desk: Desk, answers: list[tuple[int, bool, bool]]
) -> None:
    """Nor is agreement."""
    for number, right, said in answers:
        desk.answers(number, right=right, said=said)
    assert desk.step() == []


def test_restricted_answers_are_no_part_of_it(desk: Desk) -> None:
    """What came of them is told to nobody, not even as a share."""
    desk.answers(60, right=False, said=True, restricted_to="l2")
    assert desk.step() == []


def test_a_drift_is_told_once_a_week_while_it_lasts(desk: Desk) -> None:
    """And no more once it is over."""
    desk.answers(60, right=False, said=True)
    told = []
    for days in (0, 1, 5, 1, 6, 1, 20):
        desk.clock.turn(days * DAY_S)
        told.append(bool(desk.told(DeskAlert)))
    assert told == [True, False, False, True, False, True, False]


def test_the_admins_home_says_what_to_look_into(desk: Desk) -> None:
    """And then the last thirty days, counted once a day."""
    desk.answers(60, right=False, said=True)
    desk.step()
    shown = desk.home()
    assert "The last 30 days" in shown
    assert "Look into this" in shown
    assert "60: 60 at L1" in shown
    desk.answers(5, right=True, said=True)
    desk.step()
    assert "60: 60 at L1" in desk.home()
    desk.clock.turn(DAY_S)
    desk.step()
    assert "65: 65 at L1" in desk.home()

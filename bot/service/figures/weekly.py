"""What the admins are told of figures by itself: weekly in words and pictures, daily on Home."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.figures import drawn, headlines, told
from bot.service.figures.reporting import make_report

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.figures import Report
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk

WEEK = timedelta(days=7)
MONTH = timedelta(days=30)


def report_since(desk: Desk, since: datetime) -> Report:
    """Make the report from an instant until now."""
    with desk.figures() as figures:
        return make_report(
            figures, since, desk.clock(), desk.groups, lambda text: desk.scrubber.scrub(text).text
        )


def plan_weekly(desk: Desk) -> Change:
    """Tell every admin of the last week, with pictures where there is something to be seen."""
    report = report_since(desk, desk.clock() - WEEK)
    message, pictures = told(report), drawn(report)

    def change(uow: UnitOfWork) -> None:
        for admin in sorted(desk.admins):
            uow.outbox.put(message, Destination(admin))
            if pictures is not None:
                uow.outbox.put(pictures, Destination(admin))
        uow.gaps.ran("desk report")

    return change


def is_time(desk: Desk) -> bool:
    """Tell whether somebody is at their desks: nobody reads figures at night."""
    return any(group.hours.is_open(desk.clock()) for group in desk.groups.usual)


def count_last_month(desk: Desk) -> None:
    """Count the last month anew, for the admins' Homes."""
    desk.last_month.lines = headlines(report_since(desk, desk.clock() - MONTH))

"""What the admins are told of figures by itself: weekly in words and pictures, daily on Home."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desk.addresses import Destination
from bot.desk.figures import Headline, drawn, headlines, told
from bot.desk.promises import SupportHours
from bot.desk.views import DeskAlert
from bot.service.figures.reporting import make_report
from bot.service.oncall.alerting import alert_admins

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.figures import Report
    from bot.desk.ports.work import Change, UnitOfWork
    from bot.service.context import Desk

WEEK = timedelta(days=7)
DRIFT = "drift told"
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
    """Tell whether somebody is at their desks: nobody reads figures at night.

    Who is on call around the clock tells nothing of it, unless all are.
    """
    hours = [group.hours for group in desk.groups.usual]
    always = SupportHours.always()
    known = [each for each in hours if each.week != always.week]
    return any(each.is_open(desk.clock()) for each in known or hours)


def count_last_month(desk: Desk) -> None:
    """Count the last month anew, for the admins' Homes."""
    report = report_since(desk, desk.clock() - MONTH)
    warned = tuple(Headline("Look into this", each) for each in report.warnings)
    desk.last_month.lines = (*warned, *headlines(report))


def plan_drift_alert(desk: Desk) -> Change | None:
    """Warn the admins where engineers and requesters differ on answers; once a week at most."""
    now = desk.clock()
    with desk.look() as uow:
        last = uow.gaps.last_run(DRIFT)
        found = uow.audits.precision(now - MONTH)
    # A clock that was ahead for a while silences nothing for longer than a week either.
    if not found.drifts or (last is not None and abs(now - last) < WEEK):
        return None
    about = f"engineers find {found.looked_over} right, requesters say {found.confirmed}"

    def change(uow: UnitOfWork) -> None:
        alert_admins(uow, desk, DeskAlert("answers_drift", about))
        uow.gaps.ran(DRIFT)

    return change

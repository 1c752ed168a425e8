"""What frontline.toml says about groups: hours, holidays, rotas and promises, right and wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.desk.errors import ConfigurationError
from bot.desk.promises import DEFAULT_TARGETS, Priority
from bot.settings.loading import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from bot.desk.oncall import ResolverGroup

GROUP = '[groups.l2]\ntier = "L2"\nchannel = "l2-support"\n'


def group(folder: Path, text: str) -> ResolverGroup:
    """Read one group from a configuration."""
    path = folder / "frontline.toml"
    path.write_text(GROUP + text, encoding="utf-8")
    return load_settings(path).groups.named("l2")


def test_a_group_that_says_nothing_is_always_open_with_the_usual_promises(tmp_path: Path) -> None:
    """Round the clock, in UTC."""
    found = group(tmp_path, "")
    assert found.hours.is_open(datetime(2026, 1, 1, 3, tzinfo=UTC))
    assert found.sla.of(Priority.P1) == DEFAULT_TARGETS[Priority.P1]


def test_hours_are_read_day_by_day(tmp_path: Path) -> None:
    """A day of its own comes before what holds for all weekdays."""
    found = group(
        tmp_path,
        'zone = "Europe/Berlin"\nholidays = ["12-25", 2026-11-23]\nlead = "U0SAM00001"\n'
        '[groups.l2.hours]\nweekdays = "09:00-17:30"\nfri = ["09:00-12:00", "13:00-15:00"]\n',
    )
    assert found.hours.zone == ZoneInfo("Europe/Berlin")
    assert [len(day) for day in found.hours.week] == [1, 1, 1, 1, 2, 0, 0]
    assert found.hours.is_holiday(date(2030, 12, 25))
    assert found.hours.is_holiday(date(2026, 11, 23))
    assert found.lead == "U0SAM00001"


def test_promises_are_read_and_days_are_working_days_in_support_time(tmp_path: Path) -> None:
    """What is left out keeps its default."""
    sla = group(
        tmp_path,
        '[groups.l2.sla.P1]\nacknowledge = "5m"\n'
        '[groups.l2.sla.P3]\nresolve = "2d"\n'
        '[groups.l2.sla.P4]\nresolve = "2d"\ncalendar = "24x7"\n',
    ).sla
    assert sla.of(Priority.P1).acknowledge == timedelta(minutes=5)
    assert sla.of(Priority.P1).resolve == DEFAULT_TARGETS[Priority.P1].resolve
    assert sla.of(Priority.P3).resolve == timedelta(hours=16)
    assert (sla.of(Priority.P4).resolve, sla.of(Priority.P4).always) == (timedelta(days=2), True)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('zone = "Europe/Atlantis"', 4, "no time zone"),
        ('holidays = ["13-45"]', 4, "no holiday"),
        ('[groups.l2.hours]\nmon = "9 to 5"', 5, "no span of time"),
        ("[groups.l2.hours]\nmon = []", 4, "no day has opening hours"),
        ('[groups.l2.sla.P1]\nresolve = "soon"', 5, "no length of time"),
        ("[groups.l2.rota]\n", 4, "one of members, file, url or url_env"),
        ('[groups.l2.rota]\nmembers = ["U1"]\nfile = "x.ics"', 4, "one of members"),
        ('[groups.l2.rota]\nmembers = ["U1"]\nevery = 0', 4, "at least one day"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    """In words that say what to write instead."""
    with pytest.raises(ConfigurationError, match=says) as refused:
        group(tmp_path, text)
    assert f"frontline.toml:{line}:" in str(refused.value)


def test_the_address_of_a_calendar_is_not_shown(tmp_path: Path) -> None:
    """It lets whoever knows it read the calendar."""
    path = tmp_path / "frontline.toml"
    path.write_text(GROUP + '[groups.l2.rota]\nurl = "https://c.example/secret"\n', "utf-8")
    assert "secret" not in repr(load_settings(path).file.groups)


@pytest.mark.parametrize("name", ["", "g" * 76, "the people of the third floor " * 6])
def test_a_group_whose_name_slack_would_not_show_is_refused(tmp_path: Path, name: str) -> None:
    """With it Slack would refuse the Homes of all who are asked to choose a group."""
    path = tmp_path / "frontline.toml"
    path.write_text(f'[groups."{name}"]\ntier = "L2"\nchannel = "l2"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="75"):
        load_settings(path)


def test_a_group_may_have_as_long_a_name_as_slack_shows(tmp_path: Path) -> None:
    """To the character."""
    path = tmp_path / "frontline.toml"
    path.write_text(f'[groups."{"g" * 75}"]\ntier = "L2"\nchannel = "l2"\n', encoding="utf-8")
    assert load_settings(path).groups.named("g" * 75).channel == "l2"

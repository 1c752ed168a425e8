"""Finding people by what calendars and commands write of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.desk.ids import UserId
from bot.desk.oncall import Roster, Shift
from bot.rota.present import Present
from bot.slack.people.members import People

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def member(user: str, handle: str, name: str, **more: Any) -> dict[str, Any]:
    """A member as Slack lists them."""
    return {"id": user, "name": handle, "profile": {"real_name": name}, **more}


class Listing:
    """Slack's list of members."""

    def users_list(self, **_: Any) -> dict[str, Any]:
        """Give it on one page."""
        return {
            "members": [
                member("U0JONAS001", "jonas.b", "Jonas Berg"),
                member("U0OTHER001", "jonas", "Jonas Weber"),
                member("U0KIM00001", "kim1", "Kim Lee"),
                member("U0KIM00002", "kim2", "Kim Lee"),
                member("U0ZOE00001", "zoe", "Zo\u00e9 M\u00fcller"),
                member("U0GONE0001", "gone", "Gone Girl", deleted=True),
                member("U0ROBOT001", "robot", "A Robot", is_bot=True),
            ]
        }


@pytest.fixture
def people() -> People:
    """The members of a small workspace."""
    return People(cast("Any", Listing()), lambda: NOW)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Jonas Berg", "U0JONAS001"),
        ("jonas", "U0OTHER001"),
        ("J. Berg", "U0JONAS001"),
        ("Jonas B.", "U0JONAS001"),
        ("Zoe\u0301 Mu\u0308ller", "U0ZOE00001"),
        ("U0ZOE00001", "U0ZOE00001"),
        ("Kim Lee", None),
        ("K Lee", None),
        ("Gone Girl", None),
        ("U0GONE0001", None),
        ("U0ROBOT001", None),
        ("UNASSIGNED", None),
    ],
)
def test_people_are_found_or_not_guessed(people: People, name: str, found: str | None) -> None:
    """Whole names before initials, composed or not; ids are looked up."""
    assert people.find(name) == found


def test_those_who_share_a_name_are_counted(people: People) -> None:
    """So that the admin can be asked."""
    assert people.several("kim lee") == 2
    assert people.is_gone(UserId("U0GONE0001"))
    assert people.was_deactivated(UserId("U0GONE0001"))
    assert people.is_gone(UserId("U0NEVER001"))
    assert not people.is_gone(UserId("U0KIM00001"))


def test_turns_of_who_has_left_are_gaps_and_told(people: People) -> None:
    """Who shares a turn with them is on call alone."""
    gone, kim = UserId("U0GONE0001"), UserId("U0KIM00001")
    later = NOW + timedelta(hours=1)

    class Planned:
        def roster(self, since: datetime, until: datetime) -> Roster:
            return Roster((Shift(NOW, later, (gone,)), Shift(NOW, later, (gone, kim))))

    roster = Present(Planned(), people.is_gone).roster(NOW, later)
    assert [each.members for each in roster.shifts] == [(kim,)]
    assert "U0GONE0001 is no active member" in roster.note

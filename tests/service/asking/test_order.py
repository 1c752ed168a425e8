"""Edits and deletions that arrive before their message."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Place
from tests import builders as a
from tests.service.conftest import kinds

if TYPE_CHECKING:
    from typing import Any

    from tests.service.conftest import Office


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"channel": "D0ANA00001", "place": Place.DIRECT},
        {"thread_ts": "1772450000.000100"},
        {"thread_ts": a.ASKED},
        {"mentioned": False, "channel": "D0ANA00001", "place": Place.DIRECT},
    ],
)
def test_what_was_deleted_before_it_came_is_not_answered(
    office: Office, where: dict[str, Any]
) -> None:
    """Whoever took it back wants no answer; the next message is answered as ever."""
    gone = {key: value for key, value in where.items() if key in {"channel", "thread_ts"}}
    assert office.handle(a.deleted(**gone)) == []
    assert office.handle(a.message(**where)) == []
    later = {**where, "ts": "1772452999.000100", "thread_ts": None}
    assert kinds(office.handle(a.message(**later))) == ["answer"]


@pytest.mark.parametrize(
    "text",
    [
        "How do I reset the VPN?",
        "vpn",
        "How do I connect to the VPN? \U0001f914",
        "VPN!",
        "a badge?",
    ],
)
def test_an_edit_that_came_first_is_the_question(office: Office, text: str) -> None:
    """The message as it was before is no follow-up of itself."""
    assert kinds(office.handle(a.edited(text, mentioned=True))) == ["answer"]
    assert office.handle(a.message("How do I conect to the VPN?")) == []
    assert office.ticket().question == text
    assert office.said()[0] == text


def test_what_was_deleted_long_ago_is_forgotten(office: Office) -> None:
    """Only the place was kept, and for a day."""
    office.handle(a.deleted())
    office.clock.turn(timedelta(days=2).total_seconds())
    office.handle(a.deleted(ts="1772459999.000100"))
    assert kinds(office.handle(a.message())) == ["answer"]

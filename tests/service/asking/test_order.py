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


FOLLOW_UP = "1772452900.000200"
PLACES = {
    "a follow-up": {"ts": FOLLOW_UP, "thread_ts": a.ASKED, "mentioned": False},
    "a follow-up that mentions": {"ts": FOLLOW_UP, "thread_ts": a.ASKED, "mentioned": True},
    "somebody else's remark": {
        "ts": FOLLOW_UP, "thread_ts": a.ASKED, "mentioned": False, "user": a.TOM,
    },
    "a follow-up in direct messages": {
        "ts": FOLLOW_UP, "thread_ts": a.ASKED, "channel": "D0ANA00001", "place": Place.DIRECT,
    },
    "a question": {},
    "a mention in a thread": {"thread_ts": "1772450000.000100"},
    "a direct message": {
        "channel": "D0ANA00001", "place": Place.DIRECT, "mentioned": False,
    },
}  # fmt: skip
BEFORE, AFTER = "It stil fails.", "It still fails: error 809."


def in_any_order(orders: list[str]) -> Any:
    """Every order of a message (M), its edit (E) and its deletion (D), in every kind of place."""
    return pytest.mark.parametrize(
        ("order", "where"),
        [pytest.param(order, PLACES[name], id=f"{order}, {name}")
         for order in orders for name in PLACES],
    )  # fmt: skip


def opened(office: Office, where: dict[str, Any]) -> bool:
    """Open the ticket whose thread a follow-up is in; tells whether there is one."""
    if where.get("thread_ts") != a.ASKED:
        return False
    place = {key: where[key] for key in ("channel", "place") if key in where}
    assert kinds(office.handle(a.message(**place))) == ["answer"]
    return True


def events(where: dict[str, Any], before: str, after: str) -> dict[str, Any]:
    """The three events of one message."""
    where = {"ts": FOLLOW_UP, **where}
    gone = {key: where[key] for key in ("ts", "channel", "thread_ts") if key in where}
    told = a.message(before, **where)
    again = a.edited(after, **{"mentioned": told.mentioned, **where})
    return {"M": told, "E": again, "D": a.deleted(**gone)}


@in_any_order(["ME", "EM"])
def test_a_message_and_its_edit_are_one_message_as_it_reads_last(
    office: Office, order: str, where: dict[str, Any]
) -> None:
    """Whichever comes first; it stands on record once."""
    is_follow_up = opened(office, where)
    before, after = (BEFORE, AFTER) if is_follow_up else ("How do I conect?", "How do I connect?")
    three = events(where, before, after)
    said = [kinds(office.handle(three[one])) for one in order]
    if is_follow_up:
        thread = a.message(**{key: where[key] for key in ("channel",) if key in where}).thread
        lines = office.said(thread)
        assert [line for line in lines if line in {before, after}] == [after]
    else:
        assert office.said(three["M"].thread)[0] == after
        assert [kind for each in said for kind in each] == ["answer"]


@in_any_order(["MED", "EMD", "MDE", "DME", "EDM", "DEM", "MD", "DM", "ED", "DE"])
def test_what_was_deleted_in_whatever_order_stays_deleted(
    office: Office, order: str, where: dict[str, Any]
) -> None:
    """None of its words is on record at the end, and what came after the deletion says nothing."""
    is_follow_up = opened(office, where)
    before, after = (BEFORE, AFTER) if is_follow_up else ("How do I conect?", "How do I connect?")
    three = events(where, before, after)
    gone = False
    for one in order:
        said = office.handle(three[one])
        assert not (gone and said)
        gone = gone or one == "D"
    thread = a.message(**{k: where[k] for k in ("channel",) if k in where}).thread if (
        is_follow_up) else three["M"].thread  # fmt: skip
    ticket = office.find_ticket(thread)
    lines = office.said(thread) if ticket is not None else ()
    assert not {before, after} & set(lines)


def test_an_edit_of_what_stood_there_before_the_ticket_is_nobodys_business(office: Office) -> None:
    """A thread where Frontline was called late has lines that were never for it."""
    root = "1772450000.000100"
    office.handle(a.message(thread_ts=root))
    assert office.handle(a.edited("Lunch at one?", ts="1772450500.000100", thread_ts=root)) == []
    assert "Lunch at one?" not in office.said(a.message(thread_ts=root).thread)


def test_an_edit_of_what_was_forgotten_is_no_follow_up(office: Office) -> None:
    """After half a day no message is on its way any more."""
    office.handle(a.message())
    office.clock.turn(timedelta(hours=13).total_seconds())
    late = a.edited(AFTER, ts=FOLLOW_UP, thread_ts=a.ASKED)
    assert office.handle(late) == []


def test_an_edited_follow_up_that_was_found_in_the_history_is_heard(office: Office) -> None:
    """It was written and edited while Frontline was away."""
    office.handle(a.message())
    office.clock.turn(timedelta(days=2).total_seconds())
    found = a.follow_up(AFTER, edited=True, late=True)
    office.handle(found)
    assert AFTER in office.said()

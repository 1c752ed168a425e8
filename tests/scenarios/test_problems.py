"""What comes again and again: told monthly, linked to an issue, closed, in the local workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desk.beyond import ActedBeyond, Deed
from bot.service.handling import plan
from bot.service.learning.problems import look_for_problems, plan_problem_report
from kb.questions.clustering import grouped
from kb.questions.wishing import wished
from tests.scenarios.test_the_loop import publishing_office, to_a_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenarios.office import Office

pytestmark = pytest.mark.rare

CAUSE = "Nobody had brought the wheelchair back to the lodge"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A desk with the sample's articles."""
    with publishing_office(tmp_path_factory) as office:
        yield office


def test_a_cause_that_recurs_is_linked_and_closed(office: Office) -> None:
    """Settled thrice; L3 reads a page of it, links it to an issue, and closes it."""
    for number, (person, text) in enumerate(
        (
            (office.ana, "Where can I borrow a wheelchair for a visitor?"),
            (office.tom, "is there a wheelchair that a visitor can borrow?"),
            (office.sam, "Who lends out the wheelchair for visitors?"),
        )
    ):
        asked = office.ask(person, text)
        to_a_person(asked)
        card = office.card(office.mei, text)
        card.press("Resolve")
        office.mei.wait_for(office.mei.modal)
        entered = {"cause": f"{CAUSE} ({number})", "fix": "Fetched it from the loading bay"}
        assert (
            office.mei.submit({**entered, "prevention": "A list at the lodge of who has it"})
            is None
        )
        asked.waits_for("has resolved")
    learning = office._working().learning
    look_for_problems(replace(learning._sight, grouped=grouped, wished=wished))
    desk = learning._desk
    later = replace(desk, clock=lambda: desk.clock() + timedelta(days=31))
    change = plan_problem_report(later)
    with desk.unit_of_work() as uow:
        change(uow)
    office.settle()

    seen = next(m for m in office.priya.sees("l3-engineering") if "again and again" in str(m))
    page = office.screen(office.priya, "l3-engineering", seen["ts"])
    assert CAUSE in page.top
    assert "3 times (none the month before), 3 people" in page.top
    assert "Asked for, and not done: A list at the lodge of who has it" in page.top
    page.press("Link to an issue")
    office.priya.wait_for(office.priya.modal)
    assert office.priya.submit({"link": "issue 412"}) == {
        "link": "That is no address of a page; it begins with https:// or http://."
    }
    assert office.priya.submit({"link": "https://issues.example/412"}) is None
    page.top_becomes("linked to")
    page.press("Close")
    page.top_becomes(":white_check_mark: closed")
    page.press("Open again")
    page.top_becomes("Open again; it was linked to")
    tracker = frozenset({Deed.LINK})
    told = ActedBeyond("tracker", "", "P-1", Deed.LINK, tracker, link="https://issues.example/413")
    with desk.unit_of_work() as uow:
        plan(told, desk)(uow)
    page.top_becomes("linked to <https://issues.example/413|the issue>")

"""What no article answers: told to its group, drafted, filled; over the whole sample base."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.service.learning.gaps import look_for_gaps, plan_gap_reports
from bot.service.learning.words import plan_words_report
from kb.questions.clustering import grouped
from tests.scenarios.test_the_loop import (
    draft_of,
    publishing_office,
    resolve_for_an_article,
    to_a_person,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenarios.office import Office

pytestmark = pytest.mark.rare


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A desk with the sample's 71 articles."""
    with publishing_office(tmp_path_factory) as office:
        yield office


def test_a_gap_is_told_to_its_group_drafted_and_filled(office: Office) -> None:
    """Asked by two, settled twice; the report names it, one press drafts it, one publishes."""
    fix = "Ask the porter in building one, who keeps two of them"
    asked = []
    for person, text in (
        (office.ana, "Where can I borrow a wheelchair for a visitor?"),
        (office.tom, "is there a wheelchair that a visitor can borrow?"),
    ):
        asked.append(office.ask(person, text))
        to_a_person(asked[-1])
        card = office.card(office.mei, text)
        card.press("Resolve")
        office.mei.wait_for(office.mei.modal)
        assert office.mei.submit({"cause": "Nobody knew", "fix": fix}) is None
        asked[-1].waits_for("has resolved")
    learning = office._working().learning
    look_for_gaps(replace(learning._sight, grouped=grouped))
    change = plan_gap_reports(learning._desk)
    with learning._desk.unit_of_work() as uow:
        change(uow)
    office.settle()

    seen = next(m for m in office.mei.sees("l2-support") if "What to write next" in str(m))
    report = office.screen(office.mei, "l2-support", seen["ts"])
    assert "wheelchair" in report.top
    assert "asked 2 times by 2 people" in report.top
    report.press("Draft an article")
    draft = draft_of(office, "wheelchair")
    report.top_becomes("in work: a draft is there")
    draft.press("Publish")
    draft.top_becomes("published by")
    for each in asked:
        each.waits_for("is an article now")
    again = office.ask(office.sam, "can a visitor of mine borrow a wheelchair")
    assert "Ask the porter in building one" in again.waits_for("[That solved it]")


def test_a_page_is_found_by_the_words_that_missed_it_after_one_press(office: Office) -> None:
    """Settled as the page says, by a person once more; the next one is answered by the page."""
    fix = "Take the yellow hand truck from the loading bay, and write your name on the board"
    to_a_person(first := office.ask(office.ana, "Where do I borrow a hand truck for boxes?"))
    resolve_for_an_article(office.card(office.mei, "hand truck"), fix)
    first.waits_for("has resolved")
    draft = draft_of(office, "hand truck")
    draft.press("Publish")
    draft.top_becomes("published by")

    missed = "my archive folders weigh a ton, anything with wheels around?"
    to_a_person(asked := office.ask(office.tom, missed))
    card = office.card(office.mei, "anything with wheels")
    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    assert office.mei.submit({"cause": "Nobody knew", "fix": fix}) is None
    asked.waits_for("has resolved")
    learning = office._working().learning
    change = plan_words_report(learning._desk)
    with learning._desk.unit_of_work() as uow:
        change(uow)
    office.settle()
    seen = next(m for m in office.mei.sees("l2-support") if "Other words for articles" in str(m))
    report = office.screen(office.mei, "l2-support", seen["ts"])
    assert "anything with wheels" in report.top
    assert "settled by a person" in report.top
    report.press("Let them be found so")
    report.top_becomes("found by these from now on")
    again = office.ask(
        office.sam, "these archive folders weigh a ton, is anything with wheels around"
    )
    assert "yellow hand truck" in again.waits_for("[That solved it]")

"""Settled today, one press of a reviewer, and tomorrow the same question answers itself.

Each story is seen from every person's side: who asked first, the engineer, the reviewer, and who
asks the same in other words the day after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.settings.file import ClassifierSettings, KnowledgeSettings
from tests.fakes import TurnableClock
from tests.scenarios.models import ARTICLES, real_triager, trained_model
from tests.scenarios.office import Office, configuration
from tests.scenarios.test_the_loop import draft_of, resolve_for_an_article, to_a_person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.rare


@dataclass(frozen=True)
class Story:
    """What is asked today, how it was settled, and how the next one asks it."""

    asked: str
    fix: str
    again: str
    about: str
    """Words of the first question by which its card is found."""
    reads: str
    """What the next one must read."""


SAMPLE = (
    Story(
        "nothing comes out of the label printer at packing bench 4",
        "restarted spooler, ok now",
        "label printer on bench 4 does not print again",
        "label printer",
        "restarted spooler",
    ),
    Story(
        "How can I get a parking space for a visitor with a wheelchair?",
        "The porter keeps two bays free: call 4400 the day before and give the number plate.",
        "my guest uses a wheelchair, where can he park",
        "parking space",
        "call 4400",
    ),
    Story(
        "The canteen terminal says my card is unknown, I cannot pay for lunch",
        "1. Open Larder on your phone and choose Cards.\n"
        "2. Hold the card to the phone and press Link.\n3. Pay again after a minute.",
        "what do I do when the canteen terminal says card unknown",
        "canteen terminal",
        "choose Cards",
    ),
    Story(
        "which cost centre do I book the translation of a contract on",
        "cc 7710, translations. finance list page 3",
        "what cost center is for translating contracts?",
        "cost centre",
        "7710",
    ),
    Story(
        "Why does the planning sheet show last year's public holidays?",
        "Cached feed. Data > Refresh all, then save as a new version",
        "planning sheet still has the holidays of last year",
        "planning sheet",
        "Refresh all",
    ),
)

LIBRARY = {
    "renew-a-loan": ("Renew a loan", "Open My shelf in the catalogue and press Renew beside it."),
    "reading-room": (
        "Book a seat in the reading room",
        "Seats are booked on the plan by the door.",
    ),
    "interlibrary": ("Order from another library", "Fill in the yellow form; it takes ten days."),
    "scanner": ("Scan pages for free", "The scanner beside the lift sends pages to your address."),
}
"""Another organisation's articles: a library's."""

ELSEWHERE = (
    Story(
        "The microfilm reader shows everything upside down",
        "Turn the grey ring under the lens by half a turn until it clicks",
        "microfilm is on its head on the reader",
        "microfilm reader",
        "grey ring",
    ),
    Story(
        "how does a school class get library cards for everybody at once",
        "class list as csv to cards@, ready next day at desk 2",
        "I am a teacher and want cards for my whole class",
        "school class",
        "class list",
    ),
    Story(
        "Where do we put books that came back wet?",
        "Freezer room, shelf W. Wrap each in blotting paper first, then tell conservation.",
        "a returned book is soaked, what do I do with it",
        "came back wet",
        "blotting paper",
    ),
)


def office_over(tmp_path_factory: pytest.TempPathFactory, *pages: Path) -> Office:
    """A desk in earnest whose clock is turned, and that publishes."""
    model = trained_model(tmp_path_factory.mktemp("model"))
    file = configuration().model_copy(
        update={
            "classifier": ClassifierSettings(model=model),
            "knowledge": KnowledgeSettings(publish_to=tmp_path_factory.mktemp("published")),
        }
    )
    office = Office(tmp_path_factory.mktemp("tomorrow"), file=file, clock=TurnableClock())
    office.triager = real_triager(office.settings, *pages)
    return office


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The desk of the sample's 71 articles."""
    with office_over(tmp_path_factory, ARTICLES) as office:
        yield office


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The desk of a library, with the library's own few articles."""
    folder = tmp_path_factory.mktemp("library")
    for name, (title, body) in LIBRARY.items():
        page = f"---\nid: {name}\ntitle: {title}\n---\n{body}\n"
        (folder / f"{name}.md").write_text(page, encoding="utf-8")
    with office_over(tmp_path_factory, folder) as office:
        yield office


def tomorrow(office: Office, story: Story) -> None:
    """Live through today and tomorrow."""
    # Who asks first: no article answers, a person is called.
    asked = office.ask(office.ana, story.asked)
    to_a_person(asked)

    # The engineer: takes the card, writes what fixed it, and that an article should say so.
    card = office.card(office.mei, story.about)
    resolve_for_an_article(card, story.fix)
    card.top_becomes("resolved")
    assert story.reads in asked.waits_for("has resolved")

    # The reviewer: one press on the draft, which says what was asked and what fixed it.
    draft = draft_of(office, story.about)
    assert story.reads in draft.top
    draft.seen_by(office.jonas).press("Publish")
    draft.top_becomes("published by <@U0JONAS001>")
    assert "is an article now" in asked.waits_for("is an article now")

    # Tomorrow another asks the same in other words: answered at once, and nobody is called.
    office.turn(days=1)
    before = len(office.mei.sees("l2-support"))
    again = office.ask(office.tom, story.again)
    answer = again.waits_for("[That solved it]")
    assert story.reads in answer
    again.press("That solved it")
    again.waits_for("Glad that it is solved")
    office.settle()
    assert len(office.mei.sees("l2-support")) == before, "nobody was called"


@pytest.mark.parametrize("story", SAMPLE, ids=[story.about for story in SAMPLE])
def test_what_was_settled_today_is_answered_tomorrow(sample: Office, story: Story) -> None:
    """At the sample's desk, for what is not in its articles; however tersely it was written."""
    tomorrow(sample, story)


@pytest.mark.parametrize("story", ELSEWHERE, ids=[story.about for story in ELSEWHERE])
def test_so_it_is_at_another_organisation(library: Office, story: Story) -> None:
    """With articles of its own, about nothing that the classifier has learned."""
    tomorrow(library, story)

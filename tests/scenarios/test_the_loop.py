"""What was settled makes the next one easier: from a resolution to an article that answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.settings.file import ClassifierSettings, KnowledgeSettings
from tests.scenarios.models import ARTICLES, real_triager, trained_model
from tests.scenarios.office import Office, configuration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.playground import Person
    from tests.scenarios.screen import Screen

pytestmark = pytest.mark.rare

SHOWN = ("reset-password", "antivirus-alert", "printer-add")
"""A base of a few articles: what is asked here is in none of them."""


def publishing_office(tmp_path_factory: pytest.TempPathFactory, *pages: Path) -> Office:
    """A desk in earnest over some articles, with a folder that drafts are published into."""
    model = trained_model(tmp_path_factory.mktemp("model"))
    folder = tmp_path_factory.mktemp("published")
    file = configuration().model_copy(
        update={
            "classifier": ClassifierSettings(model=model),
            "knowledge": KnowledgeSettings(publish_to=folder),
        }
    )
    office = Office(tmp_path_factory.mktemp("loop"), file=file)
    office.triager = real_triager(office.settings, *pages)
    return office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A desk with a few articles."""
    pages = [ARTICLES / f"{name}.md" for name in SHOWN]
    with publishing_office(tmp_path_factory, *pages) as office:
        yield office


def to_a_person(asked: Screen) -> None:
    """Ask for a person, unless one is called already: no article answers what is asked here."""
    asked.waits_for("T-")
    if "[Talk to a person]" in "".join(asked.replies):
        asked.press("Talk to a person")
    asked.waits_for("passed it to the specialists")


def resolve_for_an_article(card: Screen, fix: str, **more: object) -> None:
    """Resolve, and say that an article should say so."""
    card.press("Resolve")
    card.person.wait_for(card.person.modal)
    entered = {"cause": "Its default", "fix": fix, "article_wanted": ["yes"], **more}
    assert card.person.submit(entered) is None


def draft_of(
    office: Office, about: str, by: Person | None = None, channel: str = "l2-support"
) -> Screen:
    """The newest draft in the group's channel, as Mei or somebody else sees it."""
    office.settle()
    engineer = by or office.mei
    seen = [m for m in engineer.sees(channel) if "Draft of an article" in str(m)]
    found = next(m for m in reversed(seen) if about in str(m))
    return office.screen(engineer, channel, found["ts"])


def test_one_press_and_the_next_one_is_answered(office: Office) -> None:
    """Asked, settled by a person, published by one press, and answered by itself from then on."""
    asked = office.ask(office.ana, "How do I book the bicycle repair stand in the basement?")
    to_a_person(asked)
    card = office.card(office.mei, "bicycle repair stand")
    resolve_for_an_article(
        card,
        "1. Open the Rooms app and search for Basement B2.\n"
        "2. Choose the bicycle repair stand and a slot of one hour.\n"
        "3. Fetch the tool box at the porter's lodge with the booking number.",
    )
    asked.waits_for("has resolved")

    draft = draft_of(office, "bicycle repair stand")
    assert "How do I book the bicycle repair stand in the basement" in draft.top
    assert "1. Open the Rooms app" in draft.top
    thread = f"/archives/C0ITHELP01/p{asked.ts.replace('.', '')}"
    assert re.search(rf"From <http://[^|>]+{thread}\|T-\d+>", draft.top)
    draft.press("Publish")
    draft.top_becomes("published by <@U0MEI00001>")
    told = asked.waits_for("is an article now")
    assert "[Read the whole article]" in told

    again = office.ask(office.tom, "where can I reserve the repair stand for bikes?")
    answer = again.waits_for("[That solved it]")
    assert "search for Basement B2" in answer


def settle(office: Office, who: Person, words: str, key: str, fix: str) -> Screen:
    """Let somebody ask, and Mei settle it without a thought of articles."""
    asked = office.ask(who, words)
    to_a_person(asked)
    card = office.card(office.mei, key)
    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    assert office.mei.submit({"cause": "Nobody told them", "fix": fix}) is None
    asked.waits_for("has resolved")
    return asked


def test_what_was_settled_twice_is_proposed_and_answers_by_one_press(office: Office) -> None:
    """Nobody asked for an article; the second sounded like a person's to the tiers."""
    told = [
        settle(
            office, office.ana, "Hi there, the parcel locker by the canteen won't take my PIN",
            "parcel locker", "PINs of the parcel locker run out after 48 hours: press Resend in "
            "the Parcels app, the new one comes by text",
        ),
        settle(
            office, office.tom, "my package is stuck in that canteen locker, code refused twice!!",
            "package is stuck",
            "Code of parcel locker is valid 48 h only, press Resend in the Parcels app",
        ),
    ]  # fmt: skip
    office._working().learning.look_for_alike()
    draft = draft_of(office, "parcel locker")
    assert "Settled alike for several people, so I propose it" in draft.top
    draft.press("Publish")
    draft.top_becomes("published by <@U0MEI00001>")
    for asked in told:
        asked.waits_for("is an article now")
    again = office.ask(office.tom, "PIN for the parcel box downstairs has expired, what now?")
    assert "press Resend in the Parcels app" in again.waits_for("[That solved it]")


def test_what_sounds_like_a_persons_is_answered_once_a_page_is_asked_so(office: Office) -> None:
    """The tiers hear a person's in it, today as yesterday; since then somebody wrote what to do."""
    words = "the label printer at dock 3 prints only blank labels since the firmware update"
    asked = office.ask(office.ana, words)
    asked.waits_for("passed it to")
    card = office.card(office.priya, "blank labels", "l3-engineering")
    resolve_for_an_article(card, "Turn the roll around: the coated side has to face the head.")
    draft = draft_of(office, "blank labels", office.priya, "l3-engineering")
    draft.press("Publish")
    draft.top_becomes("published by")
    answer = office.ask(office.tom, f"Hello, {words}. Thanks").waits_for("[That solved it]")
    assert "Turn the roll around" in answer
    down = "all tills in store 12 are down, customers are waiting"
    assert "passed it to" in office.ask(office.tom, down).waits_for("T-")


def test_in_another_language_the_same_words_are_answered_too(office: Office) -> None:
    """Of today's German question tomorrow's is answered by itself, and others that are alike."""
    asked = office.ask(office.ana, "Wie bekomme ich mein Dashboard auf die Bildschirme im Foyer?")
    asked.waits_for("[Mit einem Menschen reden]")
    asked.press("Mit einem Menschen reden")
    card = office.card(office.mei, "Bildschirme im Foyer")
    resolve_for_an_article(card, "Das Dashboard mit `foyer` markieren; gelesen wird es stündlich.")
    draft = draft_of(office, "Bildschirme im Foyer")
    draft.press("Publish")
    draft.top_becomes("published by")
    asked.waits_for("steht jetzt in einem Artikel")
    again = "Guten Morgen, wie bekomme ich mein Dashboard auf die Bildschirme im Foyer? Danke"
    answer = office.ask(office.tom, again).waits_for("[Damit ist es gelöst]")
    assert "mit `foyer` markieren" in answer
    alike = office.ask(office.tom, "Unser Dashboard soll im Foyer auf dem Bildschirm erscheinen")
    assert "mit `foyer` markieren" in alike.waits_for("[Damit ist es gelöst]")


def test_a_draft_is_edited_and_published_in_other_words(office: Office) -> None:
    """The modal holds what the draft says; the card shows the new words, then where they went."""
    asked = office.ask(office.tom, "How do we order more palm trees for our team?")
    to_a_person(asked)
    card = office.card(office.mei, "palm trees")
    resolve_for_an_article(card, "Ask Greenery Larkfield by the form on their page")
    draft = draft_of(office, "palm trees")
    draft.press("Edit")
    view = office.mei.wait_for(office.mei.modal)
    assert "Greenery Larkfield" in str(view)
    assert office.mei.submit({"draft_title": " ", "draft_body.0": "x"}) == {
        "draft_title": "An article needs a title."
    }
    entered = {
        "draft_title": "Who looks after the plants",
        "draft_questions.0": "Who looks after the palm trees?\n\nthe plants look sad",
        "draft_body.0": "Greenery Larkfield does, on Tuesdays. <!channel>",
    }
    assert office.mei.submit(entered) is None
    top = draft.top_becomes("Who looks after the plants")
    assert "the plants look sad" in top
    assert "&lt;!channel&gt;" in top
    draft.press("Publish")
    draft.top_becomes("published by")
    again = office.ask(office.ana, "the plants look sad, who waters them?")
    assert "Greenery Larkfield does" in again.waits_for("[That solved it]")


def test_what_is_not_worth_it_goes_and_comes_back(office: Office) -> None:
    """One press each; nobody is told but the group."""
    asked = office.ask(office.ana, "Which day is the flea market in the canteen?")
    to_a_person(asked)
    card = office.card(office.mei, "flea market")
    resolve_for_an_article(card, "Every first Friday of the month, from noon")
    draft = draft_of(office, "flea market")
    draft.press("Not worth it")
    assert "[Publish]" not in draft.top_becomes("found it not worth an article")
    draft.press("Take it up again")
    assert "[Publish]" in draft.top_becomes("[Publish]")
    office.settle()
    assert asked.count("is an article now") == 0


def test_a_resolution_that_says_nothing_is_told_to_its_engineer(office: Office) -> None:
    """In the escalation's thread, where the fix can be said in words."""
    asked = office.ask(office.ana, "How do I get my coins back from the sandwich machine?")
    to_a_person(asked)
    card = office.card(office.mei, "sandwich machine")
    resolve_for_an_article(card, "fixed")
    card.waits_for("no draft of an article was made")

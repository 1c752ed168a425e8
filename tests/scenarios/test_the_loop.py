"""What was settled makes the next one easier: from a resolution to an article that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings.file import ClassifierSettings, KnowledgeSettings
from tests.scenarios.models import ARTICLES, real_triager, trained_model
from tests.scenarios.office import Office, configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenarios.screen import Screen

SHOWN = ("reset-password", "antivirus-alert", "printer-add")
"""A base of a few articles: what is asked here is in none of them."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A desk in earnest, with a folder that drafts are published into."""
    model = trained_model(tmp_path_factory.mktemp("model"))
    folder = tmp_path_factory.mktemp("published")
    file = configuration().model_copy(
        update={
            "classifier": ClassifierSettings(model=model),
            "knowledge": KnowledgeSettings(publish_to=folder),
        }
    )
    office = Office(tmp_path_factory.mktemp("loop"), file=file)
    pages = [ARTICLES / f"{name}.md" for name in SHOWN if (ARTICLES / f"{name}.md").exists()]
    office.triager = real_triager(office.settings, *pages)
    with office:
        yield office


def resolve_for_an_article(card: Screen, fix: str, **more: object) -> None:
    """Resolve, and say that an article should say so."""
    card.press("Resolve")
    card.person.wait_for(card.person.modal)
    entered = {"cause": "Its default", "fix": fix, "article_wanted": ["yes"], **more}
    assert card.person.submit(entered) is None


def draft_of(office: Office, about: str) -> Screen:
    """The newest draft in the group's channel, as Mei sees it."""
    office.settle()
    seen = [m for m in office.mei.sees("l2-support") if "Draft of an article" in str(m)]
    found = next(m for m in reversed(seen) if about in str(m))
    return office.screen(office.mei, "l2-support", found["ts"])


def test_one_press_and_the_next_one_is_answered(office: Office) -> None:
    """Asked, settled by a person, published by one press, and answered by itself from then on."""
    asked = office.ask(office.ana, "How do I book the bicycle repair stand in the basement?")
    asked.press("Talk to a person")
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
    assert "From T-" in draft.top
    draft.press("Publish")
    draft.top_becomes("published by <@U0MEI00001>")
    told = asked.waits_for("is an article now")
    assert "[Read the whole article]" in told

    again = office.ask(office.tom, "where can I reserve the repair stand for bikes?")
    answer = again.waits_for("[That solved it]")
    assert "search for Basement B2" in answer

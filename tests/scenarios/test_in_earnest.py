"""Whole conversations with nothing scripted: the real articles, encoder and classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground import Seed
from bot.settings.file import ClassifierSettings
from tests.scenarios.models import real_triager, trained_model
from tests.scenarios.office import Office, configuration

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The sample desk as `make demo` has it."""
    model = trained_model(tmp_path_factory.mktemp("model"))
    file = configuration().model_copy(update={"classifier": ClassifierSettings(model=model)})
    office = Office(tmp_path_factory.mktemp("earnest"), file=file)
    office.triager = real_triager(office.settings)
    with office:
        yield office


def test_an_expired_password_is_answered_from_the_article(office: Office) -> None:
    """The article, or a choice with it first; its steps; and the end."""
    asked = office.ask(office.ana, "my password has expired, how do I set a new one?")
    asked.waits_for("Talk to a person")
    if "[That solved it]" not in asked.replies[0]:
        asked.press(asked.labels()[0])
    answer = asked.waits_for("[That solved it]")
    assert "password" in answer.lower()
    assert "1. " in answer
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")


def test_a_warehouse_that_stands_still_goes_to_l3(office: Office) -> None:
    """The guide's own example; the card shows what the decision rests on."""
    text = next(step.text for step in Seed.larkfield().guide if "Rotterdam" in step.text)
    asked = office.ask(office.tom, text)
    asked.waits_for("passed it to the engineers who own the system (L3)")
    card = office.card(office.priya, "Rotterdam", "l3-engineering")
    behind = card.why()
    assert "Needs a person: " in behind
    assert "Words that spoke most for L3:" in behind
    assert "Expected cost, in needless pages:" in behind
    card.press("Take it")
    asked.waits_for("<@U0PRIYA001> (L3) has taken")


def test_a_connection_that_drops_goes_to_l2(office: Office) -> None:
    """The guide's other example: tried already, so a specialist."""
    text = next(step.text for step in Seed.larkfield().guide if "VPN" in step.text)
    asked = office.ask(office.ana, text)
    asked.waits_for("passed it to the specialists on call (L2)")
    card = office.card(office.mei, "twenty minutes")
    card.press("Resolve")
    office.mei.wait_for(office.mei.modal)
    assert office.mei.submit({"cause": "Its profile", "fix": "A new profile"}) is None
    asked.waits_for("has resolved")


def test_small_talk_and_thanks_ask_for_nothing(office: Office) -> None:
    """A greeting gets a courtesy where it is addressed, and silence where it is not."""
    office.ask(office.ana, "@frontline good morning!", "warehouse").waits_for("Hello!")
    talk = office.ask(office.tom, "good morning everyone, happy friday :)")
    office.settle()
    assert talk.replies == []

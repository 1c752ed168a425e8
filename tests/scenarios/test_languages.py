"""People are spoken to in their language; engineers read English, and what people wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.models import ARTICLES, real_triager, trained_model
from tests.scenarios.office import ANA, BOT, TOM, Office

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.rare

GERMAN = "Ich kann mich seit heute Morgen nicht mehr am Laptop anmelden, bitte helft mir"
PORTUGUESE = "não consigo conectar na vpn de casa desde ontem à noite, aparece um erro"
ENGLISH = "how do I map the network drive on my windows laptop please?"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A bot with the real model."""
    folder = tmp_path_factory.mktemp("languages")
    office = Office(folder)
    office.settings.model = trained_model(folder)
    office.triager = real_triager(office.settings, ARTICLES / "network-drive-map.md")
    with office:
        yield office


def locale(office: Office, user: str, code: str) -> None:
    """Set somebody's Slack to a language; the app is told that they changed."""
    office.playground.control("person", user=user, locale=code)
    office.settle()


def test_who_writes_german_reads_german_and_the_engineers_read_english(office: Office) -> None:
    """From the question to the end, in the thread and on the Home."""
    asked = office.ask(office.ana, GERMAN)
    shown = asked.waits_for("[Mit einem Menschen reden]")
    assert "Sie können mir auch einfach mehr sagen" in shown
    asked.press("Mit einem Menschen reden")
    asked.waits_for("die Fachleute in Bereitschaft (L2)")
    card = office.card(office.mei, "nicht mehr am Laptop")
    assert "[Take it]" in card.top
    card.press("Take it")
    asked.waits_for("übernommen und sieht es sich an")


def test_what_comes_after_stays_german_also_where_a_word_could_be_any_language(
    office: Office,
) -> None:
    """`ok` is no English."""
    asked = office.ask(office.ana, GERMAN + " (noch einmal)")
    asked.waits_for("[Mit einem Menschen reden]")
    asked.say("ok")
    office.settle()
    assert "Talk to a person" not in "\n".join(asked.replies)


def test_a_slack_that_is_set_to_a_language_wins_over_what_is_written(office: Office) -> None:
    """And it is looked at anew at each message."""
    locale(office, TOM, "ja-JP")
    asked = office.ask(office.tom, ENGLISH)
    asked.waits_for("[担当者と話す]")
    locale(office, TOM, "en-GB")
    again = office.ask(office.tom, ENGLISH + " (again)")
    again.waits_for("[Talk to a person]")


def test_who_turns_to_english_is_spoken_to_in_english(office: Office) -> None:
    """The language is that of the last message that is surely in one."""
    first = office.ask(office.mei, PORTUGUESE)
    first.waits_for("[Falar com uma pessoa]")
    second = office.ask(office.mei, ENGLISH)
    second.waits_for("[Talk to a person]")


def test_small_talk_of_no_ticket_is_answered_in_the_language_of_the_conversation(
    office: Office,
) -> None:
    """A greeting in a direct conversation has no ticket to go by."""
    there = office.jonas.dm(BOT)
    locale(office, office.jonas.id, "es-MX")
    hello = office.ask(office.jonas, "hola", there)
    hello.waits_for("[Hablar con una persona]")


def test_a_modal_is_in_the_language_of_whoever_opens_it(office: Office) -> None:
    """The whole article, and *Ask something*."""
    locale(office, ANA, "fr-FR")
    asked = office.ask(office.ana, ENGLISH)
    asked.waits_for("[Lire tout l'article]")
    asked.press("Lire tout l'article")
    modal = office.ana.wait_for(office.ana.modal)
    assert modal["title"]["text"] == "Article"
    assert modal["close"]["text"] == "Fermer"

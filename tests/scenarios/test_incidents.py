"""One disturbance that many report: told once, worked on once, ended for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import ANA, JONAS, TOM, Office, configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.scenarios.screen import Screen

SAM = "U0SAM00001"
TOLD = "Update everyone"


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office of its own for each story: an open incident takes in later ones."""
    with Office(tmp_path_factory.mktemp("incidents"), file=configuration()) as opened:
        yield opened


def reported(office: Office) -> tuple[Screen, Screen, Screen, Screen]:
    """Let three people report the same, of which two were answered; gives threads and card."""
    ana = office.ask(office.ana, "Grafana authenticator page is down, error 503")
    ana.waits_for("[That solved it]")
    tom = office.ask(office.tom, "is the Grafana printer page down for anyone else?")
    tom.waits_for("Which of these")
    sam = office.ask(office.sam, "Grafana page: service unavailable 503")
    card = office.card(office.priya, "INC-1", "l3-engineering")
    return ana, tom, sam, card


def test_once_three_people_mean_the_same_the_earlier_ones_are_told_and_joined(
    office: Office,
) -> None:
    """Though one was answered by an article and one was asked back; one page goes out, to L3."""
    ana, tom, sam, card = reported(office)
    ana.waits_for("Others report the same as you")
    tom.waits_for("is known since")
    sam.waits_for("is known since")
    assert "*3 people*" in card.top
    assert "no owner yet" in card.top
    assert "P1" in card.top
    assert "Trouble with grafana" in card.top
    office.settle()
    assert office.cards(office.mei, "rafana") == []
    assert "[That solved it]" not in "\n".join(ana.replies)


def test_each_is_told_three_times_and_nobody_is_paged_twice(office: Office) -> None:
    """Known, one update, the end; a later reporter hears the last news at once."""
    ana, tom, sam, card = reported(office)
    card.press("Take it")
    card.top_becomes("owner <@U0PRIYA001>")
    card.press(TOLD)
    assert card.fill({"text": "A certificate ran out; we are renewing it."}) is None
    for screen in (ana, tom, sam):
        screen.waits_for("A certificate ran out")
    card.waits_for("told everyone (3 people)")
    late = office.ask(office.person(JONAS), "grafana page not loading here either")
    assert "A certificate ran out" in late.waits_for("is known since")
    assert "<@U0PRIYA001> leads the work on it" in late.replies[-1]
    card.top_becomes("*4 people*")
    card.press("Resolve")
    assert card.fill({"cause": "A certificate", "fix": "A new certificate"}) is None
    for screen in (ana, tom, sam, late):
        screen.waits_for("What fixed it")
        office.settle()
        assert sum("INC-1" in reply for reply in screen.replies) == 3 - (screen is late)
    assert len(office.cards(office.priya, "INC-1", "l3-engineering")) == 1
    assert office.cards(office.mei, "rafana") == []
    review = card.waits_for("Review of")
    assert "told everyone: A certificate ran out" in review
    assert "What it was" in review


def test_who_was_joined_wrongly_gets_a_ticket_of_their_own(office: Office) -> None:
    """By one press; the engineers see that it left."""
    _, _, sam, card = reported(office)
    sam.press("Mine is another problem")
    sam.waits_for("I have passed it to")
    own = office.card(office.mei, "service unavailable")
    assert "another problem than INC-1" in own.top
    card.top_becomes("*2 people*")
    card.waits_for("is another problem")


def test_an_incident_is_declared_by_hand_named_and_handed_over(office: Office) -> None:
    """From the card's menu; its requester hears of it, and a report joins it at once."""
    asked = office.ask(office.ana, "the vpn drops all the time, gateway timeout")
    card = office.card(office.mei, "gateway timeout")
    card.press("Declare an incident")
    assert card.fill({"title": "VPN gateway"}) is None
    asked.waits_for("*INC-1 VPN gateway* now")
    card.top_becomes("owner <@U0MEI00001>")
    card.press("Incident…")
    assert card.fill({"title": "VPN gateway in Utrecht", "target": JONAS}) is None
    card.top_becomes("owner <@U0JONAS001>")
    joined = office.ask(office.tom, "vpn gateway is down")
    joined.waits_for("*INC-1 VPN gateway in Utrecht* is known since")
    office.settle()
    assert len(office.cards(office.mei, "gateway")) == 1


def test_what_only_sounds_alike_stays_apart(office: Office) -> None:
    """Another floor, another thing, and a question are no reports of it."""
    for person, text in (
        (ANA, "plotter on floor 3 is offline"),
        (TOM, "plotter on floor 5 is offline"),
        (SAM, "plotter on floor 7 is offline"),
        (JONAS, "how do I add the plotter on floor 3?"),
    ):
        office.say_as(person, "it-help", text)
    office.settle()
    assert office.rows("SELECT count(*) FROM incidents") == [(0,)]

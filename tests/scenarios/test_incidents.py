"""One disturbance that many report: told once, worked on once, ended for all."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.settings.file import IncidentSettings
from tests.fakes import TurnableClock
from tests.scenarios.office import ANA, JONAS, TOM, Office, configuration
from tests.scenarios.screen import reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.scenarios.screen import Screen

pytestmark = pytest.mark.rare

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
    assert "Trouble with Grafana" in card.top
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
    assert "<@U0PRIYA001> leads the work" in late.replies[-1]
    card.top_becomes("*4 people*")
    card.press("Resolve")
    assert card.fill({"cause": "A certificate", "fix": "A new certificate"}) is None
    for screen in (ana, tom, sam, late):
        screen.waits_for("What fixed it")
        office.settle()
        assert sum("INC-1" in reply for reply in screen.replies) == 3 - (screen is late)
    assert len(office.cards(office.priya, "INC-1", "l3-engineering")) == 1
    assert "*INC-1 Trouble with Grafana* is over" in card.top
    assert office.cards(office.mei, "rafana") == []
    review = card.waits_for("Review of")
    assert "told everyone: A certificate ran out" in review
    assert "What it was" in review
    assert "*Owner:* <@U0PRIYA001>" in review
    assert "UTC <@U0PRIYA001> told everyone: A certificate" in review


def test_two_who_say_that_the_same_is_down_are_one_page(office: Office) -> None:
    """The third brings it to L3; nobody at L2 is called twice."""
    ana = office.ask(office.ana, "the wiki vpn drops, gateway down")
    office.card(office.mei, "gateway down")
    tom = office.ask(office.tom, "wiki gateway down?")
    tom.waits_for("is known since")
    ana.waits_for("Others report the same as you")
    assert len(office.cards(office.mei, "gateway")) == 1
    office.ask(office.sam, "wiki gateway down, nothing opens").waits_for("is known since")
    card = office.card(office.priya, "gateway down", "l3-engineering")
    card.top_becomes("*3 people*")
    assert len(office.cards(office.mei, "gateway")) == 1


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
    card.choose("Declare an incident")
    assert card.fill({"title": "VPN gateway"}) is None
    asked.waits_for("*INC-1 VPN gateway* now")
    card.top_becomes("owner <@U0MEI00001>")
    card.choose("Incident")
    assert card.fill({"title": "VPN gateway in Utrecht", "target": JONAS}) is None
    card.top_becomes("owner <@U0JONAS001>")
    joined = office.ask(office.tom, "vpn gateway is down")
    joined.waits_for("*INC-1 VPN gateway in Utrecht* is known since")
    office.settle()
    assert len(office.cards(office.mei, "gateway")) == 1


def test_an_incident_whose_owner_has_left_is_led_by_whoever_takes_it(tmp_path: Path) -> None:
    """Who reports it meanwhile is not told that somebody leads it who is gone."""
    clock = TurnableClock(datetime(2026, 3, 3, 10, 0, tzinfo=UTC))
    with Office(tmp_path, clock=clock) as office:
        asked = office.ask(office.ana, "the vpn drops all the time, gateway timeout")
        card = office.card(office.mei, "gateway timeout").seen_by(office.jonas)
        card.seen_by(office.mei).choose("Declare an incident")
        assert card.seen_by(office.mei).fill({"title": "VPN gateway"}) is None
        card.top_becomes("owner <@U0MEI00001>")
        office.playground.control("person", user="U0MEI00001", is_deleted=True)
        clock.turn(360)
        office.look_at_rotas()
        card.waits_for("<@U0MEI00001> has left the workspace: nobody leads *INC-1 VPN gateway* now")
        assert "no owner yet" in card.top
        late = office.ask(office.tom, "vpn gateway is down")
        assert "leads the work" not in late.waits_for("is known since")
        card.press("Take it")
        asked.waits_for("<@U0JONAS001> (L2) has taken")
        card.top_becomes("owner <@U0JONAS001>")


def test_who_follows_sees_it_in_their_status_and_on_their_home(office: Office) -> None:
    """Number, title, owner and last news; engineers see the incident on theirs, and a list."""
    _, tom, _, card = reported(office)
    card.press("Take it")
    card.top_becomes("owner <@U0PRIYA001>")
    card.press(TOLD)
    assert card.fill({"text": "A certificate ran out."}) is None
    tom.waits_for("A certificate ran out")
    office.tom.command("it-help", "/helpdesk status T-1002")
    told = tom.waits_for_whisper("Part of *INC-1 Trouble with Grafana*")
    assert "<@U0PRIYA001> leads the work on it" in told
    assert "“A certificate ran out.”" in told
    office.priya.command("l3-engineering", "/helpdesk incidents")
    listed = card.waits_for_whisper("INC-1 Trouble with Grafana")
    assert "*3 people*" in listed
    for person, words in ((office.priya, "INC-1 Trouble"), (office.tom, "Part of *INC-1 Trouble")):
        person.open_home()
        person.wait_for(lambda p=person, w=words: w in str(p.home()))
    office.tom.command("it-help", "/helpdesk incidents")
    tom.waits_for_whisper("people of a resolver group")


def test_an_incident_is_declared_by_command(office: Office) -> None:
    """By an engineer alone, on a ticket that people work on."""
    asked = office.ask(office.ana, "the vpn drops all the time, gateway timeout")
    card = office.card(office.mei, "gateway timeout")
    words = f"incident {card.number()} VPN gateway"
    office.ana.command("it-help", f"/helpdesk {words}")
    asked.waits_for_whisper("people of a resolver group")
    office.mei.command("l2-support", f"/helpdesk {words}")
    card.waits_for_whisper("*INC-1 VPN gateway* is declared")
    asked.waits_for("*INC-1 VPN gateway* now")


def test_channels_show_an_incident_from_its_first_news_to_its_end(tmp_path: Path) -> None:
    """One message each, which is edited."""
    file = configuration().model_copy(update={"incidents": IncidentSettings(banner=("warehouse",))})
    with Office(tmp_path, file=file) as office:
        *_, card = reported(office)
        office.settle()
        assert banners(office) == []
        card.press("Take it")
        card.press(TOLD)
        assert card.fill({"text": "A certificate ran out."}) is None
        card.waits_for("told everyone")
        office.settle()
        (shown,) = banners(office)
        assert "A certificate ran out." in shown
        card.press("Resolve")
        assert card.fill({"cause": "A certificate", "fix": "A new certificate"}) is None
        card.waits_for("Review of")
        office.settle()
        (shown,) = banners(office)
        assert "is over since" in shown


def banners(office: Office) -> list[str]:
    """Give what the channel shows of incidents."""
    seen = [reads(message) for message in office.tom.sees("warehouse") if message.get("bot_id")]
    return [text for text in seen if "INC-1" in text]


def test_the_review_is_given_as_markdown_on_the_command_line(
    office: Office, tmp_path: Path
) -> None:
    """With its timeline; of what reporters wrote nothing is in it."""
    ana, _, _, card = reported(office)
    card.press("Take it")
    ana.waits_for("has taken")
    card.press(TOLD)
    assert card.fill({"text": "A *certificate* ran out."}) is None
    card.press("Resolve")
    words = {"cause": "A certificate", "fix": "A new one", "prevention": "An alarm"}
    assert card.fill(words) is None
    card.waits_for("Review of")
    office.settle()
    where = ["--db", str(office.settings.db)]
    review = CliRunner().invoke(frontline, ["incidents", "show", "INC-1", *where]).stdout
    assert review.startswith("# INC-1: Trouble with Grafana")
    assert "told everyone: A \\*certificate\\* ran out." in review
    assert "## What would prevent it\n\n> An alarm" in review
    assert "authenticator" not in review
    listed = CliRunner().invoke(frontline, ["incidents", "list", "--all", *where]).stdout
    assert "3 reported it, owner U0PRIYA001, T-1001" in listed
    file = tmp_path / "all.jsonl"
    assert CliRunner().invoke(frontline, ["incidents", "export", str(file), *where]).exit_code == 0
    (row,) = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert row["updates"][0]["by"] == "U0PRIYA001"
    assert row["ended_at"]


def test_the_first_reporters_word_does_not_end_it_for_the_others(office: Office) -> None:
    """Theirs works; the engineers go on until they say that it is over."""
    ana, tom, _, card = reported(office)
    card.press("Take it")
    ana.waits_for("has taken")
    ana.say("It is solved, thanks")
    office.settle()
    assert "[Resolve]" in card.top
    assert "What fixed it" not in "\n".join(tom.replies)


def test_who_wants_a_person_for_what_is_known_by_now_joins_it(office: Office) -> None:
    """Asked back before it was known: no page for what people work on already."""
    asked = office.ask(office.person(JONAS), "Grafana board hangs, with the printer list")
    asked.waits_for("Which of these")
    declared = office.ask(office.ana, "grafana board hangs, the vpn drops")
    card = office.card(office.mei, "board hangs, the")
    card.choose("Declare an incident")
    assert card.fill({"title": "Grafana"}) is None
    declared.waits_for("*INC-1 Grafana* now")
    asked.press("Talk to a person")
    asked.waits_for("*INC-1 Grafana* is known since")
    card.top_becomes("*2 people*")
    assert len(office.cards(office.mei, "board hangs")) == 1


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


def test_an_incident_is_declared_on_a_message(office: Office) -> None:
    """On a request that L2 has: named, named anew, by nobody who may not; no second card."""
    ts = office.tom.say("it-help", "the tape robot of the archive dropped all its arms")
    office.settle()
    before = office.rows("SELECT count(*) FROM incidents")[0][0]
    office.ana.shortcut("frontline.declare", "it-help", ts)
    office.ana.wait_for(office.ana.modal)
    assert office.ana.submit({"title": "Mine", "tier": "L3"}) is None
    office.settle()
    assert office.rows("SELECT count(*) FROM incidents")[0][0] == before
    for person, title in ((office.mei, "Tape robot"), (office.priya, "Tape robot in Utrecht")):
        person.shortcut("frontline.declare", "it-help", ts)
        view = person.wait_for(person.modal)
        assert "dropped all its arms" in str(view["blocks"])
        assert person.submit({"title": " ", "tier": "L3"}) == {
            "title": "Please say in a few words what is disturbed."
        }
        assert person.submit({"title": title, "tier": "L3"}) is None
        office.settle()
    office.card(office.mei, "Tape robot").top_becomes("Tape robot in Utrecht")
    assert office.rows("SELECT count(*) FROM incidents")[0][0] == before + 1
    assert len(office.cards(office.mei, "Tape robot")) == 1
    assert office.cards(office.priya, "Tape robot", "l3-engineering") == []

"""Danger, security incidents, and what is not for everyone: from every person's side."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bot.cli import frontline
from bot.cli.doctor import _places
from bot.playground.state.seed import ChannelSeed, PersonSeed
from bot.settings.file import FileSettings
from bot.slack.app import web_client
from tests.scenarios.office import BOT, MEI, Office, configuration, larkfield

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.playground import Person
    from tests.scenarios.screen import Screen

NORA = "U0NORA0001"
PRIVATE = "people-private"
HARASSED = "My team lead harasses me every day, zebra zebra"
SECRET = "zebra"


def with_people(**route: Any) -> FileSettings:
    """The sample configuration, with a group for confidential matters."""
    file = configuration()
    group = {"tier": "L2", "channel": PRIVATE, "fallback": [NORA], "reserved": True}
    routes = [
        {"matter": "confidential", "group": "people", **route},
        {"matter": "danger", "emergency": "999"},
    ]
    return FileSettings.model_validate(
        {
            **file.model_dump(),
            "groups": {
                **{name: each.model_dump() for name, each in file.groups.items()},
                "people": group,
            },
            "routes": routes,
            "desk": {"admins": ["U0SAM00001"]},
        }
    )


def seed(*, private: bool = True) -> Any:
    """The workspace, with Nora of the people team and their channel."""
    known = larkfield()
    channel = ChannelSeed("C0PEOPLE01", PRIVATE, (NORA, BOT), is_private=private)
    return replace(
        known,
        people=(*known.people, PersonSeed(NORA, "nora", "Nora Lind")),
        channels=(*known.channels, channel),
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace whose people team takes confidential matters, in a private channel."""
    folder = tmp_path_factory.mktemp("office")
    with Office(folder, file=with_people(), seed=seed()) as opened:
        yield opened


def direct(office: Office, person: Person, phrase: str) -> Screen:
    """Wait for a thread in somebody's direct messages; gives it."""
    channel = person.dm(BOT)
    office.settle()

    def look() -> Screen | None:
        for message in reversed(person.sees(channel)):
            found = office.screen(person, channel, message["ts"])
            if found.count(phrase):
                return found
        return None

    return person.wait_for(look, 20)


def everything(office: Office, person: Person) -> str:
    """All that somebody can read: channels with their threads, whispers, and their Home."""
    said: list[str] = []
    theirs = [channel["id"] for channel in person.boot()["channels"]]
    for channel in (*theirs, person.dm(BOT)):
        threads = (person.thread(channel, message["ts"]) for message in person.sees(channel))
        said += [json.dumps(thread) for thread in threads]
    said.append(json.dumps(person.home() or {}))
    said.append(json.dumps(person.ephemerals()))
    return "\n".join(said)


# --- danger


def test_danger_gets_its_first_words_at_once_and_people_are_called(office: Office) -> None:
    """In the thread, where others near can read it too; P1, and the card says why."""
    asked = office.ask(office.ana, "By the way, the copy room smells of burning. Printer?")
    words = asked.waits_for("ring *999* now")
    assert "[No, an ordinary request]" in words
    card = office.card(office.priya, "copy room", "l3-engineering")
    assert "P1" in card.top
    assert "route danger" in card.top
    assert "It reads like danger: by 97%" in card.top


def test_danger_is_answered_in_the_language_it_was_written_in(office: Office) -> None:
    """German words for a German message."""
    asked = office.ask(office.tom, "Im Serverraum riecht es nach Kabel, es riecht verbrannt")
    assert "wählen Sie jetzt *999*" in asked.waits_for("999")


def test_danger_on_a_request_that_was_answered_calls_people_there(office: Office) -> None:
    """A follow-up can turn out to be one."""
    asked = office.ask(office.ana, "How do I reset my password here?")
    asked.waits_for("Reset your password")
    asked.say("never mind, my desk smells of burning")
    asked.waits_for("ring *999* now")
    office.card(office.priya, "reset my password here", "l3-engineering")


def test_a_suspicion_is_asked_about_privately_and_yes_calls(office: Office) -> None:
    """The request goes the usual way; the question comes in direct messages."""
    asked = office.ask(office.ana, "The locked door is killing me")
    asked.waits_for("passed it to")
    question = direct(office, office.ana, "Is somebody in danger")
    office.settle()
    assert not asked.count("Is somebody in danger")
    question.press("Yes, somebody is in danger")
    asked.waits_for("ring *999* now")
    office.card(office.priya, "locked door", "l3-engineering")
    assert "goes another way" in office.card(office.mei, "locked door").waits_for("another way")


def test_a_suspicion_in_small_talk_is_no_page(office: Office) -> None:
    """It is asked about, and no ends it with a courtesy."""
    office.ask(office.tom, "this heat is killing me, lunch?")
    question = direct(office, office.tom, "Is somebody in danger")
    question.press("No, an ordinary request")
    question.waits_for("I am the first line")
    office.settle()
    assert office.cards(office.mei, "this heat") == []
    assert office.cards(office.priya, "this heat", "l3-engineering") == []


# --- security


def test_a_stolen_laptop_gets_first_aid_and_l3(office: Office) -> None:
    """By default everybody at the desk may see it."""
    asked = office.ask(office.ana, "My laptop was stolen from the car this morning")
    assert "do *not* switch it off" in asked.waits_for("off the network")
    card = office.card(office.priya, "stolen from the car", "l3-engineering")
    assert "P1" in card.top


def test_who_joins_an_incident_hears_the_first_words_too(office: Office) -> None:
    """One page for all, and first aid for each."""
    words = "Ransomware walrus walrus everywhere, and a laptop was stolen too"
    office.ask(office.ana, words).waits_for("off the network")
    office.card(office.priya, "walrus", "l3-engineering")
    joined = office.ask(office.tom, f"Same here: {words}")
    joined.waits_for("is known since")
    joined.waits_for("off the network")


def test_a_false_alarm_is_taken_back_by_its_requester(office: Office) -> None:
    """And goes the usual way."""
    asked = office.ask(office.tom, "printer manual: how do people tell that a laptop was stolen")
    asked.waits_for("off the network")
    office.card(office.priya, "printer manual", "l3-engineering")
    asked.press("No, an ordinary request")
    asked.waits_for("Which of these comes closest?")


# --- confidential


def test_what_is_confidential_moves_out_of_the_channel(office: Office) -> None:
    """The channel hears nothing; the group is called in its private channel."""
    asked = office.ask(office.ana, HARASSED)
    asked.waits_for_whisper("I have begun a thread with you")
    inside = direct(office, office.ana, "Thank you for trusting me")
    assert "I have called the people for it" in inside.waits_for("trusting me")
    nora = office.person(NORA)
    card = office.card(nora, SECRET, PRIVATE)
    assert "route confidential" in card.top
    assert "P2" in card.top
    office.settle()
    assert asked.replies == []
    card.press("Take it")
    inside.waits_for("has taken")


def test_a_direct_message_stays_where_it_is(office: Office) -> None:
    """In German, with German words."""
    asked = office.ask(office.tom, "Mein Chef belästigt mich, Quagga", office.tom.dm(BOT))
    asked.waits_for("Danke für Ihr Vertrauen")
    office.card(office.person(NORA), "Quagga", PRIVATE)


@pytest.mark.parametrize("who", ["tom", "mei", "jonas", "priya", "sam"])
def test_nobody_else_sees_it_anywhere(office: Office, who: str) -> None:
    """Not in a channel, on a Home, by status or by search; not engineers, not the admin."""
    person = getattr(office, who)
    office.ask(office.ana, "My manager harasses me, okapi okapi", office.ana.dm(BOT))
    office.card(office.person(NORA), "okapi", PRIVATE)
    (number,) = office.rows("SELECT max(id) FROM tickets WHERE question LIKE '%okapi%'")[0]
    person.open_home()
    person.command("it-help", f"/helpdesk status T-{number}")
    person.command("it-help", "/helpdesk search okapi")
    office.settle()
    read = everything(office, person)
    assert "My manager harasses" not in read
    assert f"I find no request T-{number} of yours" in read


def test_the_group_may_look_and_that_is_written_down(office: Office) -> None:
    """By status; a search would tell by its words, so it finds nothing of others."""
    nora = office.person(NORA)
    office.ask(office.ana, "A colleague harasses me, tapir tapir", office.ana.dm(BOT))
    office.card(nora, "tapir", PRIVATE)
    (number,) = office.rows("SELECT max(id) FROM tickets WHERE question LIKE '%tapir%'")[0]
    nora.command(PRIVATE, f"/helpdesk status T-{number}")
    office.settle()
    looks = office.rows("SELECT actor FROM audit WHERE ticket = ? AND what = 'looked at'", number)
    assert looks == [(NORA,)]


def test_an_outsider_who_presses_is_refused(office: Office) -> None:
    """A button is no proof of authority, whoever got to it."""
    nora = office.person(NORA)
    office.ask(office.ana, "Somebody harasses me, gnu gnu", office.ana.dm(BOT))
    card = office.card(nora, "gnu gnu", PRIVATE)
    office.settle()
    office.playground.control("member", channel="C0PEOPLE01", user=MEI)
    seen = card.seen_by(office.mei)
    seen.press("Take it")
    seen.waits_for_whisper("can be handled by the people of its resolver group only")


def test_it_stays_with_its_group(office: Office) -> None:
    """It is not passed to another tier, whoever of the group wants that."""
    nora = office.person(NORA)
    office.ask(office.ana, "He harasses me still, ibex ibex", office.ana.dm(BOT))
    card = office.card(nora, "ibex", PRIVATE)
    card.press("Escalate to L3")
    card.fill({"findings": "not ours"})
    card.waits_for_whisper("is restricted: it stays with its group")
    assert office.cards(office.priya, "ibex", "l3-engineering") == []


def test_what_may_be_confidential_waits_for_a_word(office: Office) -> None:
    """Nobody is called before; no makes it an ordinary request."""
    asked = office.ask(office.ana, "I want to talk about something personal with you")
    inside = direct(office, office.ana, "Is this confidential")
    office.settle()
    assert office.cards(office.mei, "something personal") == []
    assert asked.replies == []
    inside.say("hello??")
    inside.waits_for("Is this confidential", 2)
    inside.press("No, an ordinary request")
    inside.waits_for("passed it to")
    office.card(office.mei, "something personal")


def test_yes_keeps_it_with_the_group(office: Office) -> None:
    """And nobody else hears of it."""
    office.ask(office.tom, "There is something personal, lemur lemur")
    inside = direct(office, office.tom, "Is this confidential")
    inside.press("Yes, keep it confidential")
    inside.waits_for("Thank you for trusting me")
    office.card(office.person(NORA), "lemur", PRIVATE)
    assert office.cards(office.mei, "lemur") == []


def test_an_article_is_answered_and_asked_beside(office: Office) -> None:
    """Yes moves it out of sight: the channel's ticket is hidden as well."""
    asked = office.ask(office.ana, "Form for sick leave, bongo bongo")
    asked.waits_for("Add a printer")
    question = direct(office, office.ana, "Is this confidential")
    question.press("Yes, keep it confidential")
    office.card(office.person(NORA), "bongo", PRIVATE)
    office.settle()
    kept = office.rows("SELECT restricted_to FROM tickets WHERE question LIKE '%bongo%'")
    assert kept == [("people",), ("people",)]


def test_lists_and_exports_leave_it_out(office: Office, tmp_path: Path) -> None:
    """`frontline tickets`; showing one needs a flag, and is written down."""
    office.ask(office.ana, "My boss harasses me, dingo dingo", office.ana.dm(BOT))
    office.card(office.person(NORA), "dingo", PRIVATE)
    (number,) = office.rows("SELECT max(id) FROM tickets WHERE question LIKE '%dingo%'")[0]

    def run(*arguments: str) -> Any:
        database = ["--db", str(office.settings.db)]
        return CliRunner().invoke(frontline, [*database, "tickets", *arguments])

    assert "dingo" not in run("list", "--limit", "1000").output
    assert run("show", f"T-{number}").exit_code == 1
    for name in ("all.jsonl", "all.csv"):
        assert run("export", str(tmp_path / name)).exit_code == 0
        assert "dingo" not in (tmp_path / name).read_text()
    shown = run("show", f"T-{number}", "--restricted")
    assert "dingo" in shown.output
    looks = office.rows("SELECT details FROM audit WHERE ticket = ? AND what = 'looked at'", number)
    assert "frontline tickets show" in looks[0][0]


# --- nobody is configured


@pytest.mark.parametrize("private", [True, False])
def test_without_a_private_place_nothing_is_posted_anywhere(
    tmp_path: Path, *, private: bool
) -> None:
    """The person is told, privately, whom to turn to; a public channel counts as none."""
    file = with_people(group=None, contact="Dr. Weiss, 4711") if private else with_people()
    with Office(tmp_path, file=file, seed=seed(private=private)) as office:
        asked = office.ask(office.ana, HARASSED)
        told = direct(office, office.ana, "Please turn to")
        assert ("Dr. Weiss, 4711" if private else "human resources") in told.top
        office.settle()
        assert asked.replies == []
        assert office.rows("SELECT count(*) FROM tickets") == [(0,)]
        for person in (office.mei, office.priya, office.sam, office.person(NORA)):
            assert "trusting me" not in everything(office, person)


def test_a_failure_does_not_post_it_either(tmp_path: Path) -> None:
    """Where direct messages cannot be opened, no other way is taken that others see."""
    with Office(tmp_path, file=with_people(), seed=seed()) as office:
        office.fault("error", "conversations.open", code="fatal_error", times=10)
        asked = office.ask(office.ana, HARASSED)
        office.settle()
        assert office.cards(office.mei, SECRET) == []
        assert SECRET not in "\n".join(asked.replies)


@pytest.mark.parametrize("private", [True, False])
def test_doctor_refuses_a_public_channel(tmp_path: Path, *, private: bool) -> None:
    """With what to do about it; a private one is good."""
    with Office(tmp_path, file=with_people(), seed=seed(private=private)) as office:
        client = web_client(office.playground.bot_token, office.playground.api_url)
        found = {finding.subject: finding for finding in _places(office.settings, client)}
        confidential = found["route confidential"]
        assert confidential.good is private
        assert private or "make the channel private" in confidential.says
        assert "no group of its own; goes to l3" in found["route danger"].says


@pytest.mark.rare
def test_logs_name_the_ticket_and_not_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever goes wrong on the way, and however logging is set up."""
    with Office(tmp_path, file=with_people(), seed=seed()) as office:
        office.fault("error", "chat.postMessage", code="fatal_error", times=6)
        office.ask(office.ana, HARASSED)
        office.settle()
        said = caplog.text + "".join(capfd.readouterr())
        assert "sending" in said
        assert SECRET not in said

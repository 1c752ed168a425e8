"""Whole stories of the desk with a turned clock, seen from every person's side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.playground.state.seed import PersonSeed
from tests.fakes import TurnableClock
from tests.scenarios.office import JONAS, MEI, SAM, Office, configuration, larkfield
from tests.scenarios.screen import Screen, reads

if TYPE_CHECKING:
    from pathlib import Path

L3 = "l3-engineering"


def stands(office: Office, number: str) -> tuple[str, str, int]:
    """Tell what is on record of a ticket: its state, its resolution, whether it was confirmed."""
    ticket = int(number.removeprefix("T-"))
    found = office.rows("SELECT state, resolution, confirmed FROM tickets WHERE id = ?", ticket)
    state, resolution, confirmed = found[0]
    return state, resolution, confirmed


def resolve(card: Screen, **wrote: object) -> None:
    """Press *Resolve* and write down what it was."""
    card.press("Resolve")
    assert card.fill({"cause": "A cause", "fix": "A fix", **wrote}) is None
    card.top_becomes(":white_check_mark: resolved")
    card.settle()


def number_of(card: Screen) -> str:
    """Read the ticket's number off its card."""
    return card.number()


def test_from_an_article_through_l2_to_l3_and_into_the_next_handoff(tmp_path: Path) -> None:
    """Every tier starts from what the one before found; the next engineer reads what fixed it."""
    with Office(tmp_path, clock=TurnableClock()) as office:
        asked = office.ask(office.ana, "My password is refused by the orchard scanner station")
        asked.waits_for("Reset your password")
        asked.press("Walk me through it")
        asked.press("Did not work")
        asked.waits_for("Step 2")
        asked.press("Talk to a person")
        asked.waits_for("passed it to the specialists on call")
        card = office.card(office.mei, "orchard scanner")
        assert "*did not work*" in card.waits_for("Steps tried, and how they ended")
        office.turn(minutes=20)
        card.press("Take it")
        asked.waits_for("<@U0MEI00001> (L2) has taken")

        office.turn(hours=1)
        card.press("Escalate to L3")
        assert card.fill({"findings": "Only that station, all accounts"}) is None
        card.top_becomes("passed on to L3")
        asked.waits_for("<@U0MEI00001> has passed")
        theirs = office.card(office.priya, "orchard scanner", L3)
        assert "> Only that station" in theirs.waits_for("*Findings of <@U0MEI00001>*")
        assert theirs.count("Steps tried, and how they ended") == 1
        theirs.press("Take it")
        asked.waits_for("<@U0PRIYA001> (L3) has taken")
        office.turn(hours=2)
        resolve(
            theirs, cause="Its clock was years behind", fix="Set the clock of the station",
            prevention="A time server", article_wanted=["yes"], article_words="Look at its clock",
        )  # fmt: skip
        assert "An article should say so." in theirs.top
        assert "> Look at its clock" in theirs.top

        assert "> Set the clock" in asked.waits_for("<@U0PRIYA001> (L3) has resolved")
        asked.press("It is fixed")
        asked.press("★★★★★")
        asked.waits_for("★★★★★ Thank you.")
        theirs.waits_for("confirms that it is fixed")
        number = number_of(theirs)
        assert stands(office, number) == ("closed", "by L3", 1)

        office.turn(days=2)
        office.ask(office.tom, "The vpn drops at the orchard scanner station")
        handoff = office.card(office.jonas, "vpn drops at the orchard").waits_for("Handoff of")
        assert f"*{number}*" in handoff
        assert "fixed by: Set the clock of the station" in handoff


def test_nobody_takes_it_on_the_whole_way_up_to_l3(tmp_path: Path) -> None:
    """The group, the next on call, the lead, then L3, where it begins anew and does not end."""
    rota = {"members": [MEI, JONAS], "every": "week", "start": date(2026, 3, 2)}
    file = configuration(l2={"rota": rota, "lead": SAM})
    with Office(tmp_path, file=file, clock=TurnableClock()) as office:
        asked = office.ask(office.ana, "The vpn drops for everybody: nobody can log in")
        card = office.card(office.mei, "for everybody")
        number = number_of(card)
        assert ", L2" in card.top
        assert "*P1*" in card.top
        assert "On call: <@U0MEI00001>" in card.top
        for minutes, said in (
            (5, f"Nobody has taken {number} yet. <@{MEI}>"),
            (5, f"Still nobody has {number}. Can you? <@{JONAS}>"),
            (10, f"Nobody takes {number}. Please decide who does. <@{SAM}>"),
        ):
            assert card.count(said) == 0
            office.turn(minutes=minutes)
            assert card.seen_by(office.sam).count(said) == 1
        assert len(asked.replies) == 1, "the requester hears none of that"

        office.turn(minutes=10)
        assert ":arrow_up: passed on to L3" in card.top
        assert asked.count(f"Nobody was free for {number} in time") == 1
        theirs = office.card(office.priya, "for everybody", L3)
        assert "Nobody of l2 took it in time." in theirs.top
        for minutes, said in (
            (5, f"Nobody has taken {number} yet. <!subteam^S0L3ONCALL>"),
            (5, f"Still nobody has {number}."),
            (10, "Please decide who does."),
            (10, f"Nobody has taken {number} for long."),
        ):
            office.turn(minutes=minutes)
            assert theirs.count(said) == 1
        before = theirs.count("Please decide who does.")
        office.turn(minutes=10)
        office.turn(minutes=10)
        assert theirs.count("Please decide who does.") == before + 2
        assert len(card.replies) == 4, "L2 is left in peace"

        theirs.press("Take it")
        asked.waits_for("<@U0PRIYA001> (L3) has taken")
        resolve(theirs)
        quiet = len(theirs.replies)
        office.turn(hours=10)
        assert len(theirs.replies) == quiet
        assert [number_of(card)] == [f"T-{row[0]}" for row in office.rows("SELECT id FROM tickets")]


@pytest.mark.rare
def test_the_requester_writes_while_l3_works(tmp_path: Path) -> None:
    """L3 reads it at once; a question stops the clock, and the answer lets it run on."""
    with Office(tmp_path, clock=TurnableClock()) as office:
        asked = office.ask(office.ana, "The order system is down in the bakery")
        card = office.card(office.priya, "in the bakery", L3)
        assert ", L3" in card.top
        assert "*P2*" in card.top
        office.turn(minutes=10)
        card.press("Take it")
        asked.waits_for("<@U0PRIYA001> (L3) has taken")
        written = asked.say("Since the oven was moved")
        card.waits_for("> Since the oven was moved")
        office.settle()
        assert asked.marks(written), "they see that it was read"
        office.ana.edit(asked.channel, written, "Since the oven was moved on Monday")
        card.waits_for("changed a message to:\n> Since the oven was moved on Monday")

        office.turn(minutes=10)
        card.choose("Ask the requester")
        assert card.fill({"text": "Which socket is it in?"}) is None
        asked.waits_for("> Which socket is it in?")
        card.top_becomes("waiting for <@U0ANA00001>")
        office.settle()
        said = len(card.replies)
        office.turn(hours=20)
        assert len(card.replies) == said, "no promise runs out while it is the requester's turn"
        asked.say("The red one")
        card.waits_for("> The red one")
        office.settle()
        assert "waiting for" not in card.top
        office.turn(hours=5, minutes=30)
        assert card.count("falls due soon") == 0
        office.turn(minutes=15)
        assert "<@U0PRIYA001>" in card.waits_for("falls due soon: it should have been resolved")
        resolve(card)
        asked.press("It is fixed")
        card.waits_for("confirms that it is fixed")
        assert office.cards(office.mei, "in the bakery") == [], "none of it concerned L2"


@pytest.mark.rare
def test_l3_returns_it_and_another_of_l2_takes_it(tmp_path: Path) -> None:
    """Who had it is meant first; when they do not take it in time, the group is asked."""
    with Office(tmp_path, clock=TurnableClock()) as office:
        asked = office.ask(office.tom, "The vpn drops between the greenhouses")
        card = office.card(office.mei, "between the greenhouses")
        card.press("Take it")
        card.press("Escalate to L3")
        assert card.fill({"findings": "It is not the account"}) is None
        theirs = office.card(office.priya, "between the greenhouses", L3)
        theirs.press("Take it")
        office.turn(hours=1)
        theirs.press("Return to L2")
        assert theirs.fill({"reason": "An antenna is loose"}) is None
        theirs.top_becomes("returned to L2")
        asked.waits_for("passed it back to the specialists on call")

        back = office.card(office.jonas, "Returned by L3: An antenna is loose")
        assert "Called first: <@U0MEI00001>" in back.top
        office.turn(hours=3, minutes=59)
        assert back.count("Nobody has taken") == 0
        office.turn(minutes=1)
        back.waits_for("Nobody has taken")
        back.press("Take it")
        back.top_becomes("taken by <@U0JONAS001>")
        asked.waits_for("<@U0JONAS001> (L2) has taken")
        said = len(theirs.replies)
        resolve(back, cause="A loose antenna", fix="Fastened it")
        asked.press("It is fixed")
        back.waits_for("confirms that it is fixed")
        assert len(theirs.replies) == said, "L3 hears no more of it"
        assert stands(office, number_of(back)) == ("closed", "by L2", 1)


@pytest.mark.rare
def test_reopened_twice_and_closed_without_a_word(tmp_path: Path) -> None:
    """Each time to who had it, with what was thought to have fixed it; silence is no success."""
    with Office(tmp_path, clock=TurnableClock()) as office:
        asked = office.ask(office.ana, "The vpn drops beside the cold store")
        first = office.card(office.mei, "beside the cold store")
        first.press("Take it")
        resolve(first, cause="A bent plug", fix="Straightened it")
        office.turn(hours=5)
        asked.press("It is not fixed")
        asked.waits_for("sorry that it is not fixed")
        first.waits_for("says that it is not fixed")
        second = office.card(office.mei, "Called first: <@U0MEI00001>")
        assert "> Fixed by: Straightened it" in second.waits_for("*Findings of <@U0MEI00001>*")
        second.press("Take it")
        resolve(second, cause="The plug broke", fix="A new plug")

        office.turn(days=2)
        asked.say("The vpn drops there again")
        asked.waits_for("sorry that it is not fixed", count=2)
        second.waits_for("> The vpn drops there again")
        third = office.card(office.mei, "Called first: <@U0MEI00001>")
        assert third.ts != second.ts
        third.press("Take it")
        third.press("Escalate to L3")
        assert third.fill({"findings": "Two plugs in three days"}) is None
        theirs = office.card(office.priya, "beside the cold store", L3)
        theirs.press("Take it")
        resolve(theirs, cause="Frost in the duct", fix="Another duct")
        asked.waits_for("<@U0PRIYA001> (L3) has resolved")

        number = number_of(first)
        office.turn(days=2, hours=23)
        assert stands(office, number) == ("resolved", "by L3", 0)
        office.turn(hours=2)
        asked.waits_for(f"I have not heard from you about {number}, so I close it")
        assert asked.count("so I close it") == 1
        assert stands(office, number) == ("closed", "by L3", 0)
        assert len(office.rows("SELECT id FROM escalations")) == 4


@pytest.mark.rare
def test_forty_people_report_one_outage_in_three_minutes(tmp_path: Path) -> None:
    """One page; each hears three times: that it is known, what is new, and how it ended."""
    staff = [f"U0STAFF{number:03d}" for number in range(40)]
    people = tuple(PersonSeed(each, each.lower(), f"Staff {each[-3:]}") for each in staff)
    seed = larkfield()
    channels = tuple(
        replace(each, members=(*each.members, *staff)) if each.name == "it-help" else each
        for each in seed.channels
    )
    seed = replace(seed, people=(*seed.people, *people), channels=channels)
    with Office(tmp_path, seed=seed, clock=TurnableClock()) as office:
        threads = []
        for number, each in enumerate(staff):
            text = f"The order system is down, nobody can ship parcels ({number})"
            threads.append(office.say_as(each, "it-help", text))
            assert office.clock is not None
            office.clock.turn(4)
            office.wake()
        office.settle()
        pages = office.cards(office.priya, "parcels", L3)
        assert len(pages) == 1
        assert ", L3" in pages[0]
        assert "*P1*" in pages[0]
        assert office.cards(office.mei, "parcels") == []
        card = office.card(office.priya, "parcels", L3)
        number = number_of(card)
        card.top_becomes("*40 people*")
        # Later ones join silently: the card counts them.
        assert card.count("linked T-") == 5
        card.press("Take it")
        card.top_becomes("owner <@U0PRIYA001>")
        card.press("Update everyone")
        assert card.fill({"text": "A disk is full; we empty it."}) is None
        card.waits_for("told everyone (40 people)")
        resolve(card, cause="A full disk", fix="Emptied it")
        office.settle()
        known = 0
        for ts in threads:
            told = [reads(each) for each in office.ana.thread("it-help", ts)[1:]]
            assert sum(f"has resolved {number}" in each for each in told) == 1
            assert "> Emptied it" in told[-1]
            assert sum("A disk is full" in each for each in told) == 1
            assert sum("INC-1" in each for each in told) == 3, told
            known += sum("is known since" in each for each in told)
        assert known == 39
        office.turn(minutes=30)
        assert len(office.cards(office.priya, "parcels", L3)) == 1

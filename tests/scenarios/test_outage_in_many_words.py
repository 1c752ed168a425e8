"""Forty people tell of one outage in forty ways, with nothing scripted; and a bot that is away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.playground.state.seed import PersonSeed
from bot.settings.file import ClassifierSettings
from bot.worker.pacing import IN_HAND_A_CHANNEL, Pacer
from tests.fakes import TurnableClock
from tests.scenarios.models import real_triager, trained_model
from tests.scenarios.office import Office, configuration, larkfield
from tests.scenarios.screen import Screen, reads

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Seed

pytestmark = pytest.mark.rare

L3 = "l3-engineering"
TOLD = (
    "Confluence is down 503", "confluence not loading", "is confluence down for anyone else?",
    "Confluence: Service Unavailable", "I can't open any page in Confluence, it spins forever",
    "confluance wont load for me, anyone?", "getting a 503 error on confluence since this morning",
    "hey, Confluence has been hanging for ten minutes, nothing opens",
    "Confluence unreachable, browser says service unavailable", "Confluence keeps timing out",
    "confluence is dead again", "our whole team can't get into confluence",
    "Confluence doesn't respond at all", "cannot reach confluence from the office",
    "confluence error 502 bad gateway", "confluence crashed?", "Is Confluence offline?",
    "confluence won't open on my machine", "Confluence page is blank, just white",
    "nobody in finance can open confluence",
    "Confluence isn\N{RIGHT SINGLE QUOTATION MARK}t working",
    "confluence super slow and then an error", "i get a gateway timeout from confluence",
    "Confluence stuck at loading screen", "confluence: internal server error 500",
    "no response from confluence", "CONFLUENCE DOWN!!!", "confluence outage?",
    "Confluence is unavailable for our site", "the confluence server does not answer",
    "confluence broken since 9:12", "Confluence is not reachable any more",
    "can't load Confluence, already restarted the browser", "confluence hangs when I log in",
    "confluence fails to load", "Confluence shows only an error page",
    "confluence stopped working ten minutes ago", "Confluence down here too",
    "pages in Confluence do not open", "confluence says it can't connect",
)  # fmt: skip


def crowd(count: int) -> tuple[list[str], Seed]:
    """Give so many employees in #it-help."""
    staff = [f"U0STAFF{number:03d}" for number in range(count)]
    people = tuple(PersonSeed(each, each.lower(), f"Staff {each[-3:]}") for each in staff)
    seed = larkfield()
    channels = tuple(
        replace(each, members=(*each.members, *staff)) if each.name == "it-help" else each
        for each in seed.channels
    )
    return staff, replace(seed, people=(*seed.people, *people), channels=channels)


def told(office: Office, ts: str) -> list[str]:
    """Give what stands in a reporter's thread."""
    return [reads(each) for each in office.ana.thread("it-help", ts)[1:]]


def take(card: Screen) -> None:
    """Take it, and see that it is so."""
    card.press("Take it")
    card.top_becomes("owner <@U0PRIYA001>")


def update(card: Screen, text: str) -> None:
    """Tell everyone."""
    card.press("Update everyone")
    assert card.fill({"text": text}) is None


def test_forty_ways_of_telling_it_are_one_incident(tmp_path: Path) -> None:
    """Each is told three times: known, update, end; nobody is paged twice."""
    staff, seed = crowd(len(TOLD))
    model = trained_model(tmp_path)
    file = configuration().model_copy(update={"classifier": ClassifierSettings(model=model)})
    office = Office(tmp_path, file=file, seed=seed, clock=TurnableClock())
    office.triager = real_triager(office.settings)
    with office:
        threads = []
        for each, text in zip(staff, TOLD, strict=True):
            threads.append(office.say_as(each, "it-help", text))
            office.turn(seconds=10)
        card = office.card(office.priya, "INC-1", L3)
        apart = office.rows(
            "SELECT id, question, state FROM tickets WHERE duplicate_of IS NULL AND id > 1001"
        )
        assert apart == []
        card.top_becomes(f"*{len(TOLD)} people*")
        pages = office.rows(
            "SELECT channel, count(*) FROM outbox WHERE json_extract(notice, '$.kind') = 'card' "
            "AND edits IS NULL GROUP BY channel"
        )
        assert max(count for _, count in pages) == 1, pages
        take(card)
        update(card, "A disk is full; we empty it.")
        card.waits_for(f"told everyone ({len(TOLD)} people)")
        card.press("Resolve")
        assert card.fill({"cause": "A full disk", "fix": "Emptied it"}) is None
        card.waits_for("Review of")
        office.settle()
        for ts, text in zip(threads, TOLD, strict=True):
            said = told(office, ts)
            assert sum("INC-1" in each for each in said) == 3, (text, said)
            assert sum("A disk is full" in each for each in said) == 1, (text, said)
            assert "> Emptied it" in said[-1]


def test_a_bot_that_stops_amid_an_update_tells_each_exactly_once(tmp_path: Path) -> None:
    """At Slack's pace; whoever reported first is among the first who are told."""
    staff, seed = crowd(12)
    with Office(tmp_path, seed=seed, pacer=Pacer(burst=10_000), clock=TurnableClock()) as office:
        for each in staff:
            office.say_as(each, "it-help", "The order system is down, parcels wait")
        card = office.card(office.priya, "INC-1", L3)
        card.top_becomes("*12 people*")
        take(card)
        office.settle()
        # From here on two messages in two minutes: it is stopped with most of them unsent.
        office.bot_leaves()
        office.pacer = Pacer(burst=2, rate=1 / 120)
        office.bot_comes()
        update(card, "A disk is full.")
        office.ana.wait_for(lambda: sum(len(stamps) for stamps in _told_at(office)) == 2)
        office.bot_leaves()
        unsent = office.rows("SELECT count(*) FROM outbox WHERE state = 'pending'")[0][0]
        assert unsent >= 10
        counts = [len(stamps) for stamps in _told_at(office)]
        # So many to a channel are in hand at once, and either of them may take the turn.
        assert sum(counts[:IN_HAND_A_CHANNEL]) == 2, counts
        assert max(counts) == 1
        office.pacer = Pacer(burst=10_000)
        office.turn(minutes=3)
        office.bot_comes()
        office.settle()
        assert [len(stamps) for stamps in _told_at(office)] == [1] * 12


def _told_at(office: Office) -> list[list[float]]:
    """Give when each reporter was told the news, in the order in which they reported."""
    return [
        [
            float(message["ts"])
            for message in office.ana.thread("it-help", ts)
            if "A disk is full" in reads(message)
        ]
        for (ts,) in office.rows("SELECT thread_ts FROM tickets ORDER BY id")
    ]

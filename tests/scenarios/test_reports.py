"""The weekly report comes to the admin alone, in words and pictures; without a right it says so."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from bot.drawing import pictures
from bot.service.figures.weekly import count_last_month, plan_weekly
from bot.slack.manifest import manifest
from tests.scenarios.office import ANA, BOT, MEI, SAM, TOM, Office, configuration

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare


def office_of_mei(folder: Path) -> Office:
    """A desk of which Mei is the admin."""
    said = configuration()
    desk = said.desk.model_copy(update={"admins": (MEI,)})
    return Office(folder, file=said.model_copy(update={"desk": desk}))


def told(office: Office) -> list[dict[str, Any]]:
    """Let somebody ask and the weekly report be told; gives what the admin reads."""
    office.ask(office.ana, "How do I set up the authenticator app on my new phone?")
    office.settle()
    desk = office._working().reporting._desk
    change = plan_weekly(desk)
    with desk.unit_of_work() as uow:
        change(uow)
    for _ in range(5):
        # Drawing takes a while where much else is done.
        with suppress(AssertionError):
            office.settle()
            break
    return office.mei.sees(office.mei.dm(BOT))


def test_an_admin_reads_it_in_words_and_pictures(tmp_path: Path) -> None:
    """Nobody else does; the Home shows the last month."""
    pytest.importorskip("matplotlib")
    with office_of_mei(tmp_path) as office:
        message, drawn = told(office)[-2:]
        assert "The desk, " in str(message["blocks"])
        assert "*Requests*: 1: 1 at L1" in str(message["blocks"])
        # Of one request nothing is drawn but that it came: a share of one is none.
        assert len(drawn["files"]) == 1
        assert all(file["mimetype"] == "image/png" for file in drawn["files"])
        assert not any("The desk, " in str(each) for each in office.ana.sees("it-help"))
        desk = office._working().reporting._desk
        count_last_month(desk)
        assert any("Requests" in line.title for line in desk.last_month.lines)


def test_without_the_scope_the_words_come_and_say_it(tmp_path: Path) -> None:
    """And nothing is held up."""
    pytest.importorskip("matplotlib")
    office = office_of_mei(tmp_path)
    office.open()
    try:
        described = manifest()
        described["oauth_config"]["scopes"]["bot"].remove("files:write")
        office.playground.control("manifest", manifest=described)
        office.bot_comes()
        message, missing = told(office)[-2:]
        assert "The desk, " in str(message["blocks"])
        assert "files:write" in missing["text"]
        assert not office.rows("SELECT 1 FROM outbox WHERE state IN ('held', 'dead')")
    finally:
        office.close()


def test_without_the_library_the_words_come_and_say_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the line that installs it."""
    monkeypatch.setattr(pictures, "find_spec", lambda _: None)
    with office_of_mei(tmp_path) as office:
        message, missing = told(office)[-2:]
        assert "The desk, " in str(message["blocks"])
        assert "pip install" in missing["text"]


ASKED = (
    "How do I set up the authenticator app on my new phone?",
    "I forgot my password, how do I reset it?",
    "The office printer is grey, what do I do?",
)
PEOPLE = (ANA, TOM)


def test_engineers_and_requesters_drift_apart_and_the_admin_is_warned(tmp_path: Path) -> None:
    """By presses alone: each requester is content, and each answer is found not right."""
    said = configuration()
    desk = said.desk.model_copy(update={"admins": (SAM,)})
    learning = said.learning.model_copy(update={"audit": 1.0, "report": False})
    file = said.model_copy(update={"desk": desk, "learning": learning})
    with Office(tmp_path, file=file) as office:
        keeper = office._working().reporting
        keeper.step()
        assert not office.sam.sees(office.sam.dm(BOT))
        for person in (office.person(each) for each in PEOPLE):
            for text in ASKED:
                office.ask(person, text).press("That solved it")
                card = office.mei.sees("l2-support")[-1]
                office.screen(office.mei, "l2-support", card["ts"]).press("Not right")
        office.settle()
        # It is the next day.
        keeper._counted_at = None
        keeper.step()
        office.settle()
        (warned,) = office.sam.sees(office.sam.dm(BOT))
        assert "engineers find 0 of 6" in warned["text"]
        assert "requesters say 6 of 6" in warned["text"]
        office.sam.open_home()
        office.sam.wait_for(lambda: "The last 30 days" in str(office.sam.home()))
        assert "Look into this" in str(office.sam.home())
        assert not any("engineers find" in str(each) for each in office.ana.sees("it-help"))

"""Stories of the desk that depend on what the calendar says: nights, shifts, swaps, outages."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.file import DeskSettings
from tests.fakes import TurnableClock
from tests.scenarios.office import BOT, JONAS, MEI, SAM, Office, configuration
from tests.scenarios.screen import PATIENCE_S, reads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.playground import Person

pytestmark = pytest.mark.rare

L3 = "l3-engineering"
EVERYBODY = "The vpn drops for everybody: nobody can log in"


def whispered(person: Person, phrase: str, channel: str) -> dict[str, Any]:
    """Wait for a message that this person alone sees."""

    def look() -> dict[str, Any] | None:
        found = [each for each in person.ephemerals(channel) if phrase in reads(each)]
        return found[-1] if found else None

    return person.wait_for(look, PATIENCE_S)


def told_directly(office: Office, person: Person, phrase: str) -> int:
    """Count what Frontline has told somebody in their direct messages."""
    office.settle()
    return sum(phrase in reads(each) for each in person.sees(person.dm(BOT)))


def test_a_weekend_and_a_holiday_in_another_zone_over_the_change_of_clocks(
    tmp_path: Path,
) -> None:
    """Asked on Friday night in Toronto: nine on Tuesday is an hour earlier by the sun."""
    toronto = {
        "zone": "America/Toronto", "hours": {"weekdays": "09:00-17:00"}, "holidays": ["2026-03-09"],
    }  # fmt: skip
    clock = TurnableClock(datetime(2026, 3, 6, 22, 30, tzinfo=UTC))
    with Office(tmp_path, file=configuration(l2=toronto), clock=clock) as office:
        asked = office.ask(office.ana, "The vpn drops when I weigh pumpkins")
        told = asked.waits_for("passed it to the specialists on call")
        assert "outside their support hours" in told
        assert "Tue 10 Mar 13:00 UTC" in told
        card = office.card(office.mei, "weigh pumpkins")
        assert "the group is called <!date^" in card.top
        assert "Tue 10 Mar 13:00 UTC" in card.top
        assert "<!subteam" not in card.top + card.messages[0]["text"], "nobody is paged tonight"
        for days in (1, 1, 1):
            office.turn(days=days)
        office.turn(hours=14, minutes=29)
        assert len(card.replies) == 1, "the handoff alone, until Tuesday morning"
        office.turn(minutes=1)
        assert "<!subteam^S0L2ONCALL>" in card.waits_for("Nobody has taken")
        assert card.seen_by(office.sam).count("Nobody has taken") == 1
        assert "take by <!date^" in card.top
        assert "Tue 10 Mar 21:00 UTC" in card.top
        office.turn(minutes=5)
        card.press("Take it")
        asked.waits_for("<@U0MEI00001> (L2) has taken")
        office.turn(hours=6)
        assert card.count("Nobody has taken") == 1
        assert len(asked.replies) == 2


def test_an_outage_on_a_holiday_calls_at_once(tmp_path: Path) -> None:
    """What stops everybody does not wait for Tuesday."""
    closed = {"zone": "America/Toronto", "hours": {"weekdays": "09:00-17:00"}}
    clock = TurnableClock(datetime(2026, 3, 8, 7, 30, tzinfo=UTC))
    with Office(tmp_path, file=configuration(l2=closed), clock=clock) as office:
        asked = office.ask(office.ana, EVERYBODY)
        card = office.card(office.mei, "for everybody")
        assert "<!subteam^S0L2ONCALL>" in card.top
        assert asked.count("outside their support hours") == 0
        office.turn(minutes=5)
        assert card.count("Nobody has taken") == 1


def test_the_shift_changes_between_the_page_and_the_take(tmp_path: Path) -> None:
    """Who was called has gone home: who came is called next, and takes it."""
    rota = {"members": [MEI, JONAS], "every": "day", "start": date(2026, 11, 23)}
    file = configuration(l2={"rota": rota, "zone": "Europe/Berlin"})
    clock = TurnableClock(datetime(2026, 11, 24, 7, 52, tzinfo=UTC))
    with Office(tmp_path, file=file, clock=clock) as office:
        asked = office.ask(office.ana, EVERYBODY)
        card = office.card(office.mei, "for everybody")
        assert "On call: <@U0MEI00001>" in card.top
        office.turn(minutes=5)
        assert "<@U0MEI00001>" in card.waits_for("Nobody has taken")
        office.turn(minutes=5)
        called = card.seen_by(office.jonas).waits_for("Can you?")
        assert "<@U0JONAS001>" in called
        assert "<@U0MEI00001>" not in called, "her shift is over, and she was called before"
        card.seen_by(office.jonas).press("Take it")
        asked.waits_for("<@U0JONAS001> (L2) has taken")
        office.settle()
        seen = card.messages[0]
        assert "[Take it]" not in reads(seen)
        office.turn(minutes=2)
        assert "<@U0JONAS001>" in card.waits_for("falls due soon")
        assert asked.count("has taken") == 1


def test_a_swap_is_confirmed_and_the_new_person_is_paged(tmp_path: Path) -> None:
    """Mei gives today for tomorrow: the page goes to Jonas, and tomorrow's to her."""
    rota = {"members": [MEI, JONAS], "every": "day", "start": date(2026, 11, 24)}
    file = configuration(l2={"rota": rota, "zone": "Europe/Berlin"})
    clock = TurnableClock(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    with Office(tmp_path, file=file, clock=clock) as office:
        office.mei.command("l2-support", f"/oncall swap l2 with <@{JONAS}>")
        asked = whispered(office.mei, "[Confirm]", "l2-support")
        assert "<@U0JONAS001> instead of <@U0MEI00001>" in reads(asked)
        assert "<@U0MEI00001> instead of <@U0JONAS001>" in reads(asked)
        office.screen(office.mei, "l2-support", asked["ts"]).press_on(asked, "Confirm")
        whispered(office.mei, "the group is told", "l2-support")
        office.settle()
        assert any(
            "has changed who is on call" in reads(m) for m in office.jonas.sees("l2-support")
        )

        theirs = office.ask(office.ana, "The vpn drops in the seed library")
        card = office.card(office.jonas, "seed library")
        assert "On call: <@U0JONAS001>" in card.top
        card.press("Take it")
        theirs.waits_for("<@U0JONAS001> (L2) has taken")
        office.ana.command("it-help", "/oncall l2")
        assert "Now: <@U0JONAS001>" in reads(whispered(office.ana, "Now:", "it-help"))

        office.turn(days=1)
        office.ask(office.tom, "The vpn drops behind the mill")
        assert "On call: <@U0MEI00001>" in office.card(office.mei, "behind the mill").top
        office.turn(days=1)
        office.ask(office.ana, "The vpn drops under the bridge")
        assert "On call: <@U0MEI00001>" in office.card(office.mei, "under the bridge").top


CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Larkfield//Rota//EN
BEGIN:VEVENT
UID:1
DTSTART:20261123T080000Z
DTEND:20261124T080000Z
SUMMARY:Mei Tanaka
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20261124T080000Z
DTEND:20261127T080000Z
SUMMARY:Jonas Weber
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


class CalendarSite:
    """A web site with one calendar, which may be out of order."""

    def __init__(self) -> None:
        """Serve on a port of this machine."""
        site = self
        self.is_broken = False
        self.asked = 0

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked += 1
                self.send_response(503 if site.is_broken else 200)
                self.end_headers()
                self.wfile.write(b"" if site.is_broken else CALENDAR)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.url = f"http://127.0.0.1:{self.server.server_port}/l2.ics"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[CalendarSite]:
    """A calendar's web site, reached without a proxy."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    serving = CalendarSite()
    yield serving
    serving.server.shutdown()
    serving.server.server_close()


def test_the_address_of_the_rota_fails_for_a_day(tmp_path: Path, site: CalendarSite) -> None:
    """The last known one serves, shifts included; the admin is told once, and of the end."""
    file = configuration(
        l2={"rota": {"url": site.url, "internal": ["127.0.0.1"]}, "zone": "Europe/Berlin"}
    )
    file = file.model_copy(update={"desk": DeskSettings(admins=(SAM,))})
    clock = TurnableClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    with Office(tmp_path, file=file, clock=clock) as office:
        office.sam.wait_for(lambda: office.rows("SELECT 1 FROM audit WHERE what = 'on call'"))
        office.ask(office.ana, "The vpn drops on the roof")
        assert "On call: <@U0MEI00001>" in office.card(office.mei, "on the roof").top

        site.is_broken = True
        before = site.asked
        for _ in range(24):
            office.turn(hours=1)
            office.look_at_rotas()
        assert site.asked - before >= 24
        assert told_directly(office, office.sam, "The rota of *l2* needs you") == 1
        assert told_directly(office, office.sam, "answers 503") == 1
        office.ask(office.tom, "The vpn drops in the boathouse")
        card = office.card(office.jonas, "in the boathouse")
        assert "On call: <@U0JONAS001>" in card.top
        assert "The last known one, of 2026-11-23 10:00, is used." in card.top

        site.is_broken = False
        office.turn(minutes=10)
        office.look_at_rotas()
        office.turn(minutes=10)
        office.look_at_rotas()
        assert told_directly(office, office.sam, "can be relied on again") == 1
        assert told_directly(office, office.sam, "needs you") == 1


def test_everything_is_restarted_in_the_middle_of_the_night(tmp_path: Path) -> None:
    """What fell due is said once, the later word for the earlier; nothing is forgotten."""
    clock = TurnableClock(datetime(2026, 11, 23, 18, 0, tzinfo=UTC))
    with Office(tmp_path, clock=clock) as office:
        asked = office.ask(office.ana, EVERYBODY)
        card = office.card(office.mei, "for everybody")
        other_asked = office.ask(office.tom, "The order system is down, customers see nothing")
        other = office.card(office.priya, "customers see", L3)
        other.press("Take it")
        other_asked.waits_for("<@U0PRIYA001> (L3) has taken")
        solved = office.ask(office.jonas, "The vpn drops near the kiln")
        solved_card = office.card(office.mei, "near the kiln")
        solved_card.press("Resolve")
        assert solved_card.fill({"cause": "Heat", "fix": "Shade"}) is None
        solved.waits_for("has resolved")
        office.settle()
        office.bot_leaves()
        office.turn(hours=14)
        office.bot_comes()
        office.settle()

        assert ":arrow_up: passed on to L3" in card.top
        assert len(card.replies) == 1, "L2 is not reminded of what it no longer has"
        assert asked.count("Nobody was free") == 1
        theirs = office.card(office.priya, "for everybody", L3)
        assert len(theirs.replies) == 1
        assert other.count("is overdue: the requester should have heard from you") == 1
        assert other.count("is long overdue: it should have been resolved") == 1
        assert other.count("falls due soon") == 0
        said = [len(each.replies) for each in (asked, card, theirs, other, other_asked, solved)]

        office.bot_leaves()
        office.bot_comes()
        office.settle()
        again = [len(each.replies) for each in (asked, card, theirs, other, other_asked, solved)]
        assert again == said, "nothing is said twice"
        assert len(office.cards(office.priya, "for everybody", L3)) == 1

        theirs.press("Take it")
        asked.waits_for("<@U0PRIYA001> (L3) has taken")
        solved.press("It is fixed")
        solved_card.waits_for("confirms that it is fixed")
        office.turn(minutes=12)
        assert theirs.count("falls due soon") == 1, "the clocks run on"

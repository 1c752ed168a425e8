"""A rota by a calendar that can be stale, empty, giant, broken or out of reach."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.desk.ids import UserId
from bot.desk.oncall import watch
from bot.reaching import Reach
from bot.rota.calendars import CalendarRota, CalendarSource
from bot.rota.errors import CalendarError
from bot.rota.fetching import fetch, read_file
from bot.rota.names import Names
from tests.fakes import TurnableClock
from tests.rota.calendars import calendar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BERLIN = ZoneInfo("Europe/Berlin")
MEI, JONAS = UserId("U0MEI00001"), UserId("U0JONAS001")
NAMES = Names({"mei": MEI, "jonas": JONAS}, lambda _: None)
DAILY = calendar(
    "DTSTART:20260101T080000Z\nDTEND:20260101T200000Z\nRRULE:FREQ=DAILY\nSUMMARY:mei",
    "DTSTART:20260101T200000Z\nDTEND:20260102T080000Z\nRRULE:FREQ=DAILY\nSUMMARY:jonas",
)
MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Wire:
    """What comes from the calendar's address."""

    def __init__(self, data: bytes) -> None:
        """Begin with a calendar that can be had."""
        self.data = data
        self.failure: CalendarError | None = None

    def __call__(self) -> bytes:
        """Give the calendar, or fail."""
        if self.failure:
            raise self.failure
        return self.data


@pytest.fixture
def clock() -> TurnableClock:
    """A clock that is turned."""
    return TurnableClock(MORNING)


@pytest.fixture
def wire() -> Wire:
    """An address that works."""
    return Wire(DAILY)


def rota_at(folder: Path, wire: Wire, clock: TurnableClock) -> CalendarRota:
    """Build the rota that keeps its calendar in a folder."""
    return CalendarRota(CalendarSource(wire, folder / "l2.ics"), NAMES, BERLIN, clock)


def test_before_the_first_reading_nobody_is_known_and_it_says_so(
    tmp_path: Path, wire: Wire, clock: TurnableClock
) -> None:
    """The fallback serves until then."""
    found = watch(rota_at(tmp_path, wire, clock), (), clock())
    assert found.members == ()
    assert "not been read" in found.note


def test_a_calendar_that_was_read_answers_without_a_note(
    tmp_path: Path, wire: Wire, clock: TurnableClock
) -> None:
    """Who is on now, and who comes next."""
    rota = rota_at(tmp_path, wire, clock)
    rota.refresh()
    found = watch(rota, (), clock())
    assert (found.members, found.note) == ((MEI,), "")
    assert found.next is not None
    assert found.next.members == (JONAS,)


def test_an_address_that_fails_for_a_day_leaves_the_last_known(
    tmp_path: Path, wire: Wire, clock: TurnableClock
) -> None:
    """Its recurring turns go on; the note says since when it is old; then all is well again."""
    rota = rota_at(tmp_path, wire, clock)
    rota.refresh()
    wire.failure = CalendarError("calendar.example cannot be reached (timed out).")
    for _ in range(24):
        clock.turn(3_600)
        rota.refresh()
    found = watch(rota, (), clock())
    assert found.members == (MEI,)
    assert "cannot be reached" in found.note
    assert "2026-11-23 10:00" in found.note
    wire.failure = None
    rota.refresh()
    assert watch(rota, (), clock()).note == ""


def test_a_restart_while_the_address_fails_still_knows(
    tmp_path: Path, wire: Wire, clock: TurnableClock
) -> None:
    """The calendar is kept on disk."""
    rota_at(tmp_path, wire, clock).refresh()
    wire.failure = CalendarError("calendar.example answers 500 instead of the calendar.")
    again = rota_at(tmp_path, wire, clock)
    again.recall()
    assert watch(again, (), clock()).members == (MEI,)
    again.refresh()
    assert watch(again, (), clock()).members == (MEI,)
    assert "answers 500" in watch(again, (), clock()).note


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (calendar(), "become empty"),
        (b"<html>Sign in</html>", "need a login"),
        (b"BEGIN:VCALENDAR\r\n" + b"x" * 5_000_001, "more than 5 MB"),
    ],
)
def test_an_emptied_or_spoilt_calendar_leaves_the_last_known(
    tmp_path: Path, wire: Wire, clock: TurnableClock, data: bytes, says: str
) -> None:
    """It is not kept in its place either."""
    rota = rota_at(tmp_path, wire, clock)
    rota.refresh()
    wire.data = data
    rota.refresh()
    found = watch(rota, (), clock())
    assert found.members == (MEI,)
    assert says in found.note
    assert (tmp_path / "l2.ics").read_bytes() == DAILY


def test_a_calendar_that_was_always_empty_says_so(
    tmp_path: Path, wire: Wire, clock: TurnableClock
) -> None:
    """There is no last known; the note tells the admin."""
    wire.data = calendar()
    rota = rota_at(tmp_path, wire, clock)
    rota.refresh()
    assert "no shifts" in watch(rota, (), clock()).note


def test_a_calendar_with_strangers_names_them(
    tmp_path: Path, wire: Wire, clock: TurnableClock
) -> None:
    """So that the admin knows whom to add."""
    wire.data = calendar("DTSTART:20261123T080000Z\nDTEND:20261124T080000Z\nSUMMARY:Zed")
    rota = rota_at(tmp_path, wire, clock)
    rota.refresh()
    assert "Zed" in watch(rota, (), clock()).note


def test_a_file_that_is_missing_or_giant_is_refused_in_words(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(CalendarError, match=r"gone\.ics cannot be read"):
        read_file(tmp_path / "gone.ics")
    giant = tmp_path / "giant.ics"
    giant.write_bytes(b"x" * 5_000_001)
    with pytest.raises(CalendarError, match="more than 5 MB"):
        read_file(giant)


HERE = Reach(("127.0.0.0/8",))


class Server(BaseHTTPRequestHandler):
    """An address that gives a calendar, something giant, an error, or a way elsewhere."""

    def do_GET(self) -> None:
        """Answer by the path."""
        if self.path == "/missing":
            self.send_error(404)
            return
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        body = DAILY if self.path == "/rota.ics?token=secret" else b"x" * 6_000_000
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    """An address on this machine."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_a_calendar_is_fetched_by_its_secret_address(server: str) -> None:
    """With all that stands behind the question mark."""
    assert fetch(f"{server}/rota.ics?token=secret", reach=HERE) == DAILY


@pytest.mark.parametrize(
    ("path", "says"),
    [("/missing", "404"), ("/giant", "more than 5 MB"), ("/elsewhere", "127.0.0.1")],
)
def test_what_cannot_be_fetched_is_told_without_the_address(
    server: str, path: str, says: str
) -> None:
    """A calendar's address is a secret; a redirect never leads to a file."""
    with pytest.raises(CalendarError, match=says) as refused:
        fetch(f"{server}{path}", reach=HERE)
    assert path not in str(refused.value)


def test_a_slow_address_is_given_up() -> None:
    """However steadily it drips."""
    ticks = iter(range(0, 1_000, 40))
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    slow = partial(fetch, monotonic=lambda: float(next(ticks)), reach=HERE)
    with pytest.raises(CalendarError, match="takes too long"):
        slow(f"http://127.0.0.1:{running.server_port}/giant")
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://host/rota.ics", "rota.ics", ""])
def test_other_addresses_are_refused(url: str) -> None:
    """Only the web is asked."""
    with pytest.raises(CalendarError, match="https://"):
        fetch(url)


def test_an_unreachable_host_is_told_by_its_name() -> None:
    """Nobody listens there."""
    with pytest.raises(CalendarError, match=r"127\.0\.0\.1 cannot be reached"):
        fetch("http://127.0.0.1:9/rota.ics", reach=HERE)


def test_a_gap_in_the_calendar_has_nobody_and_no_note(
    tmp_path: Path, wire: Wire, clock: TurnableClock
) -> None:
    """A gap is the plan's, not the source's fault."""
    wire.data = calendar("DTSTART:20261124T080000Z\nDTEND:20261125T080000Z\nSUMMARY:mei")
    rota = rota_at(tmp_path, wire, clock)
    rota.refresh()
    found = watch(rota, (), clock())
    assert (found.now, found.note) == (None, "")
    assert found.next is not None
    assert found.next.start == MORNING + timedelta(hours=23)

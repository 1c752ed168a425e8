"""Calendars come from public addresses, unless the configuration names one inside."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest

from bot.reaching import Reach, is_public
from bot.rota import fetching
from bot.rota.errors import CalendarError
from bot.rota.fetching import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

GIVEN = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


class Server(BaseHTTPRequestHandler):
    """Sends on to wherever the path says, drips, or gives a calendar."""

    def do_GET(self) -> None:
        """Answer by the path."""
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        if self.path == "/drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            threading.Event().wait(5)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(GIVEN)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Keep quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    """A port of this machine where the server listens."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running.server_port
    running.shutdown()
    running.server_close()


def names(**known: str) -> Any:
    """A look-up that knows these names; dots of a name are written as underscores."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        at = known.get(host.replace(".", "_"), host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (at, port))]

    look_up.asked = asked  # type: ignore[attr-defined]
    return look_up


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "198.18.0.1",
    ],
)  # fmt: skip
def test_an_address_inside_is_no_public_one(address: str) -> None:
    """However it is written, and whatever it is hidden in."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    """Both families, and one behind a translation."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_this_machine_is_not_asked(port: int, host: str) -> None:
    """By whatever name; what happened and what to do is one line, and tells no path."""
    with pytest.raises(
        CalendarError, match="no public address; name the host under `internal`"
    ) as no:
        fetch(f"http://{host}:{port}/secret")
    assert "secret" not in str(no.value)
    assert "\n" not in str(no.value)


@pytest.mark.parametrize("inside", ["127.0.0.1", "127.0.0.0/8", "cal.example"])
def test_what_the_configuration_names_is_asked(port: int, inside: str) -> None:
    """A host, an address, or a network."""
    host = "cal.example" if inside == "cal.example" else "127.0.0.1"
    reach = Reach((inside,), names(cal_example="127.0.0.1"))
    assert fetch(f"http://{host}:{port}/rota.ics", reach=reach) == GIVEN


def test_a_redirect_to_an_address_inside_is_not_followed(port: int) -> None:
    """The way there may be allowed; what it leads to is not."""
    reach = Reach(("cal.example",), names(cal_example="127.0.0.1", meta_example="169.254.169.254"))
    with pytest.raises(CalendarError, match=r"meta\.example leads to 169\.254\.169\.254"):
        fetch(f"http://cal.example:{port}/to/http://meta.example/", reach=reach)


def test_a_name_that_leads_inside_is_not_asked(port: int) -> None:
    """Its own name says nothing about where it leads."""
    with pytest.raises(CalendarError, match=r"cal\.example leads to 127\.0\.0\.1"):
        fetch(f"http://cal.example:{port}/", reach=Reach((), names(cal_example="127.0.0.1")))


def test_one_address_inside_among_public_ones_refuses_all() -> None:
    """Which of them is taken would be chance."""
    public, inside = ("93.184.215.14", 80), ("10.0.0.1", 80)

    def both(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each) for each in (public, inside)]

    with pytest.raises(CalendarError, match=r"10\.0\.0\.1"):
        fetch("http://cal.example/", reach=Reach((), both))


def test_a_name_is_looked_up_once(port: int) -> None:
    """A second look-up could be answered otherwise than the one that was checked."""
    look_up = names(cal_example="127.0.0.1")
    fetch(f"http://cal.example:{port}/rota.ics", reach=Reach(("cal.example",), look_up))
    assert look_up.asked == ["cal.example"]


def test_whoever_drips_before_the_first_line_ends_is_cut_off(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Headers count as well."""
    monkeypatch.setattr(fetching, "ALTOGETHER_S", 0.2)
    with pytest.raises(CalendarError, match="takes too long"):
        fetch(f"http://127.0.0.1:{port}/drip", reach=Reach(("127.0.0.1",)))

"""Where an address leads is told by what answers; what does not answer tells nothing."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from bot.beyond.links import look_at
from bot.reaching import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Reach(inside=("127.0.0.1",))
ANSWERS: dict[str, tuple[int, str]] = {
    "/fine": (200, ""),
    "/gone": (404, ""),
    "/away": (410, ""),
    "/moved": (301, "/elsewhere"),
    "/moved-for-good": (308, "https://new.example/page"),
    "/slash": (301, "/slash/"),
    "/sign-in": (302, "/login"),
    "/for-now": (307, "/elsewhere"),
    "/private": (401, ""),
    "/nowhere": (301, "http://[::1"),
    "/broken": (500, ""),
    "/busy": (429, ""),
}


class _Pages(BaseHTTPRequestHandler):
    """Answers as the table says; `/get-only` answers HEAD as if it were not there."""

    def _answer(self) -> None:
        if self.path == "/get-only":
            status, to = (404 if self.command == "HEAD" else 200), ""
        else:
            status, to = ANSWERS[self.path]
        self.send_response(status)
        if to:
            self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = _answer  # noqa: N815 - as the library has it

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A web server of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/fine", ""), ("/get-only", ""), ("/slash", ""), ("/sign-in", ""), ("/for-now", ""),
        ("/gone", "is not there any more (404)"), ("/away", "is not there any more (410)"),
        ("/moved-for-good", "has moved to https://new.example/page"),
        ("/private", None), ("/nowhere", None), ("/broken", None), ("/busy", None),
    ],
)  # fmt: skip
def test_what_a_link_answers(site: str, path: str, says: str | None) -> None:
    """Gone and moved for good are evidence; sign-in pages and troubles are none."""
    assert look_at(site + path, HERE) == says


def test_a_move_is_named_in_full(site: str) -> None:
    """Though the server gives only a path."""
    assert look_at(f"{site}/moved", HERE) == f"has moved to {site}/elsewhere"


@pytest.mark.parametrize(
    "url",
    ["ftp://example.com/x", "https://", "http://user:word@127.0.0.1/", "http://[::1", "mailto:a@b"],
)
def test_what_is_no_public_page_is_not_asked(url: str) -> None:
    """Nor does it break anything."""
    assert look_at(url, HERE) is None


def test_nothing_inside_a_network_is_asked(site: str) -> None:
    """Unless somebody says so, which no article can."""
    assert look_at(f"{site}/gone") is None

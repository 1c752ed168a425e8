"""A site on this machine that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Said:
    """One answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def page(title: str, text: str, **headers: str) -> Said:
    """A page of HTML."""
    html = f"<!doctype html><html><head><title>{title}</title></head><body><main><h1>{title}</h1>"
    html += f"<p>{text}</p></main></body></html>"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(html.encode(), headers={"Content-Type": "text/html; charset=utf-8", **named})


def as_json(value: Any, status: int = 200, **headers: str) -> Said:
    """An answer of an API."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Said(json.dumps(value).encode(), status, {"Content-Type": "application/json", **named})


class Site:
    """Answers by path and query; what it does not know is not there."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.answers: dict[str, Said] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.base = ""

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]

    def sitemap(self, *pages: tuple[str, str], at: str = "/sitemap.xml") -> None:
        """Name pages by their paths, each with its lastmod or an empty text."""
        rows = "".join(
            f"<url><loc>{self.base}{path}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</url>"
            for path, at in pages
        )
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        body = f'<?xml version="1.0"?><urlset xmlns="{space}">{rows}</urlset>'.encode()
        self.answers[at] = Said(body, headers={"Content-Type": "application/xml"})


@contextmanager
def listening() -> Iterator[Site]:
    """A site that listens on a port of this machine."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        """Answers from what the site knows."""

        def do_GET(self) -> None:
            """Answer, and remember."""
            site.asked.append((self.path, dict(self.headers.items())))
            said = site.answers.get(self.path, Said(b"not here", 404))
            tag = said.headers.get("ETag")
            if tag and self.headers.get("If-None-Match") == tag:
                said = Said(b"", 304)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in said.headers:
                self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=lambda: server.serve_forever(0.01), daemon=True)
    thread.start()
    site.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

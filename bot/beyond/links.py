"""Whether an address that an article names still leads somewhere; public addresses alone."""

from __future__ import annotations

import http.client
import threading
import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from bot.desk.errors import FrontlineError
from bot.reaching import Opener, Reach

if TYPE_CHECKING:
    from urllib.parse import SplitResult

SILENCE_S = 8.0
ALTOGETHER_S = 15.0
GONE = frozenset({404, 410})
MOVED = frozenset({301, 308})
"""For good; who is sent to sign in, or elsewhere for now, is sent by others."""
NO_HEAD = frozenset({400, 403, 405, 501})
"""What is answered where only a whole page is given out."""


def look_at(url: str, reach: Reach | None = None) -> str | None:
    """Say what is wrong with a link: empty for nothing, None where nobody can tell.

    A host that does not answer, asks for a password or is inside a network tells nothing.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        return None
    says = _asked(url, "HEAD", reach or Reach())
    return _asked(url, "GET", reach or Reach()) if says == "again" else says


def _asked(url: str, method: str, reach: Reach) -> str | None:
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url, method=method, headers={"User-Agent": "frontline-desk", "Accept": "*/*"}
    )
    opener = Opener(reach, follows=False)
    stop = threading.Timer(ALTOGETHER_S, opener.close)
    stop.daemon = True
    stop.start()
    try:
        with opener.open(request, SILENCE_S):
            return ""
    except urllib.error.HTTPError as refused:
        with refused:
            return _told(url, method, refused)
    except (FrontlineError, OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        stop.cancel()
        opener.close()


def _told(url: str, method: str, refused: urllib.error.HTTPError) -> str | None:
    if refused.code in GONE:
        return "again" if method == "HEAD" else f"is not there any more ({refused.code})"
    if refused.code in NO_HEAD and method == "HEAD":
        return "again"
    if refused.code in MOVED:
        return _moved(url, refused.headers.get("Location") or url)
    return "" if 300 <= refused.code < 400 else None  # noqa: PLR2004 - redirects for now


def _moved(url: str, location: str) -> str | None:
    try:
        to = urljoin(url, location)
        return "" if _same(urlsplit(url), urlsplit(to)) else f"has moved to {to[:300]}"
    except ValueError:
        return None


def _same(one: SplitResult, other: SplitResult) -> bool:
    """Whether two addresses differ in nothing that anybody would write anew."""
    return _host(one) == _host(other) and one.path.rstrip("/") == other.path.rstrip("/")


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")

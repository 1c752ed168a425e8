"""Getting a calendar's bytes: from a file, or from an address that may be slow, giant or gone."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.reaching import InsideError, Opener, Reach
from bot.rota.errors import MOST_BYTES, CalendarError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SILENCE_S = 10.0
ALTOGETHER_S = 30.0
CHUNK = 64 * 1024
SCHEMES = {"webcal": "https", "https": "https", "http": "http"}


def read_file(path: Path) -> bytes:
    """Read a calendar file.

    Raises:
        CalendarError: it cannot be read, or is giant.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as failure:
        raise CalendarError(f"{path} cannot be read: {failure.strerror}.") from failure
    return _checked(data)


def fetch(
    url: str, monotonic: Callable[[], float] = time.monotonic, reach: Reach | None = None
) -> bytes:
    """Fetch a calendar; the address is a secret, so that errors name its host alone.

    Raises:
        CalendarError: it cannot be had, takes too long, is giant, or is inside a network.
    """
    parts = urlsplit(url)
    scheme = SCHEMES.get(parts.scheme.lower())
    if scheme is None or not parts.hostname:
        raise CalendarError("A calendar's address begins with https:// or webcal://.")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        parts._replace(scheme=scheme).geturl(),
        headers={"Accept": "text/calendar, */*;q=0.1", "User-Agent": "frontline-desk"},
    )
    opener = Opener(reach or Reach())
    # Who sends a byte now and then is never silent: it is cut off from outside.
    stop = threading.Timer(ALTOGETHER_S, opener.close)
    stop.daemon = True
    stop.start()
    try:
        data = _received(opener, request, parts.hostname, monotonic)
    except InsideError as failure:
        raise CalendarError(str(failure)) from failure
    except urllib.error.HTTPError as failure:
        failure.close()
        raise CalendarError(
            f"{parts.hostname} answers {failure.code} instead of the calendar."
        ) from failure
    except (OSError, http.client.HTTPException, ValueError) as failure:
        if opener.is_cut:
            raise CalendarError(_too_long(parts.hostname)) from failure
        reason = getattr(failure, "reason", None) or type(failure).__name__
        raise CalendarError(f"{parts.hostname} cannot be reached ({reason}).") from failure
    finally:
        stop.cancel()
    if opener.is_cut:
        raise CalendarError(_too_long(parts.hostname))
    return _checked(data)


def _received(
    opener: Opener, request: urllib.request.Request, host: str, monotonic: Callable[[], float]
) -> bytes:
    began = monotonic()
    data = bytearray()
    with opener.open(request, timeout=SILENCE_S) as answer:
        while len(data) <= MOST_BYTES and (chunk := answer.read1(CHUNK)):
            data += chunk
            if monotonic() - began > ALTOGETHER_S:
                raise CalendarError(_too_long(host))
    return bytes(data)


def _too_long(host: str) -> str:
    return f"{host} takes too long to send the calendar."


def _checked(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise CalendarError(
            f"The calendar has more than {MOST_BYTES // 1_000_000} MB; "
            "export the on-call schedule alone."
        )
    return data

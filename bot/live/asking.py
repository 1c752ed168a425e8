"""Asking a site or an API: within its reach, within limits, and what its refusals mean."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.live.wanted import TroubleError
from bot.reaching import InsideError, Opener, Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SILENCE_S = 20.0
ALTOGETHER_S = 120.0
WHOLE_RUN_S = 3_600.0
CHUNK = 64 * 1024
LARGEST = 32 * 1024 * 1024
"""Bytes of one answer."""
MOST_ANSWERS = 10_000
"""Of one list, until it is taken for one without an end."""

AGENT = "frontline-desk"
NOT_CHANGED = 304
TOKEN_REFUSED = frozenset({401, 403})
GONE = frozenset({404, 410})
TOO_MANY = 429
SERVERS_OWN = 500


@dataclass(frozen=True)
class Answer:
    """What was answered; nothing was sent where it `is_unchanged`."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    is_unchanged: bool = False


class Client:
    """Asks one source; headers that hold secrets are sent to its own host alone."""

    def __init__(  # noqa: PLR0913 - what it may do, and by which clock
        self,
        reach: Reach,
        *,
        headers: Mapping[str, str] | None = None,
        hidden: Mapping[str, str] | None = None,
        follows: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
        token: str = "",
    ) -> None:
        """Prepare; `hidden` headers come with every request, `token` names their variable.

        One that `follows` redirects has no hidden headers: they would be sent on.
        """
        self._reach = reach
        self._headers = {"User-Agent": AGENT, **(headers or {}), **(hidden or {})}
        self._follows = follows and not hidden
        self._monotonic = monotonic
        self._token = token or "its token"
        self._until = monotonic() + WHOLE_RUN_S

    def get(self, url: str, conditions: Mapping[str, str] | None = None) -> Answer:
        """Ask for an address; `conditions` are headers by which it may say that nothing changed.

        Raises:
            TroubleError: it cannot be had; the message names the host alone.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in {"https", "http"} or not host:
            raise TroubleError(f"{url[:80]!r} is no address of the web; it begins with https://.")
        if self._monotonic() > self._until:
            raise TroubleError(f"{host} takes longer than an hour; what came so far is kept.")
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            url, headers={**self._headers, **(conditions or {})}
        )
        opener = Opener(self._reach, follows=self._follows)
        # Who sends a byte now and then is never silent: it is cut off from outside.
        stop = threading.Timer(ALTOGETHER_S, opener.close)
        stop.daemon = True
        stop.start()
        try:
            return self._received(opener, request, host)
        except urllib.error.HTTPError as failure:
            with failure:
                if failure.code == NOT_CHANGED:
                    return Answer(url, b"", {}, is_unchanged=True)
                raise self._refused(failure, host) from failure
        except InsideError as failure:
            raise TroubleError(str(failure)) from failure
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as failure:
            if opener.is_cut:
                raise TroubleError(f"{host} takes too long to answer.") from failure
            reason = getattr(failure, "reason", None) or type(failure).__name__
            raise TroubleError(f"{host} cannot be reached, or broke off ({reason}).") from failure
        finally:
            stop.cancel()

    def json(self, url: str) -> dict[str, Any]:
        """Ask for an object of JSON.

        Raises:
            TroubleError: it cannot be had, or is something else.
        """
        answer = self.get(url)
        host = urlsplit(url).hostname
        start = answer.body.lstrip()[:15].lower()
        if start.startswith((b"<!doctype html", b"<html")):
            raise TroubleError(
                f"{host} answered with a web page instead of JSON; is a login in between?"
            )
        try:
            value = json.loads(answer.body)
        except (ValueError, RecursionError) as failure:
            raise TroubleError(f"{host} answered with something that is no JSON.") from failure
        if not isinstance(value, dict):
            raise TroubleError(f"{host} answered with JSON of a form that it never has.")
        return value

    def _received(self, opener: Opener, request: urllib.request.Request, host: str) -> Answer:
        data = bytearray()
        with opener.open(request, timeout=SILENCE_S) as answer:
            while len(data) <= LARGEST and (chunk := answer.read1(CHUNK)):
                data += chunk
            wanted = answer.headers.get("Content-Length", "")
            headers = {name.lower(): value for name, value in answer.headers.items()}
            url = answer.url
        if opener.is_cut:
            raise TroubleError(f"{host} takes too long to answer.")
        if len(data) > LARGEST:
            raise TroubleError(f"{host} sends more than {LARGEST // 2**20} MB at once.")
        if wanted.isdigit() and len(data) < int(wanted):
            raise TroubleError(f"{host} broke off in the middle of an answer.")
        body = bytes(data)
        if headers.get("content-encoding", "").lower() in {"gzip", "x-gzip"}:
            body = unpacked(body, host)
        return Answer(url, body, headers)

    def _refused(self, failure: urllib.error.HTTPError, host: str) -> TroubleError:
        code = failure.code
        wish = wish_of(failure.headers.get("Retry-After")) if failure.headers else None
        if code in TOKEN_REFUSED:
            says = f"{host} answered {code}: {self._token} is missing, wrong, or may not see this."
        elif code in GONE:
            says = f"{host} answered {code}: there is nothing at this address any more."
        elif code == TOO_MANY:
            says = f"{host} answered {code}: it was asked too often, and is left alone for a while."
        elif code >= SERVERS_OWN:
            says = f"{host} answered {code}: it is in trouble itself."
        elif code < 400:  # noqa: PLR2004 - where HTTP's redirects end
            says = f"{host} answered {code}: the address has moved; write the new one into `url`."
        else:
            says = f"{host} answered {code}."
        return TroubleError(says, wish=wish, status=code)


def unpacked(data: bytes, host: str) -> bytes:
    """Give what is packed by gzip; a bomb is refused.

    Raises:
        TroubleError: it is damaged, or giant.
    """
    packer = zlib.decompressobj(wbits=31)
    try:
        plain = packer.decompress(data, LARGEST + 1)
    except zlib.error as failure:
        raise TroubleError(f"{host} sends a damaged gzip file.") from failure
    if len(plain) > LARGEST:
        raise TroubleError(f"{host} sends more than {LARGEST // 2**20} MB at once.")
    if not packer.eof:
        raise TroubleError(f"{host} broke off in the middle of a gzip file.")
    return plain


def wish_of(given: str | None) -> float | None:
    """Read Retry-After, in seconds or as a date; None where it says nothing."""
    given = (given or "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        until = parsedate_to_datetime(given)
        return max((until - datetime.now(until.tzinfo)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def listed(
    client: Client, start: str, after: Callable[[dict[str, Any], str], str | None]
) -> Iterator[dict[str, Any]]:
    """Give one answer of a long list after the other; `after` tells where the next one is.

    Raises:
        TroubleError: one cannot be had, or there is no end to them.
    """
    url: str | None = start
    seen: set[str] = set()
    while url is not None:
        if url in seen or len(seen) >= MOST_ANSWERS:
            host = urlsplit(start).hostname
            raise TroubleError(f"{host} gives its list without an end; nothing was removed.")
        seen.add(url)
        answer = client.json(url)
        yield answer
        url = after(answer, url)


def rows_of(answer: Mapping[str, Any], name: str, host: str) -> list[dict[str, Any]]:
    """Give what an answer lists under a name.

    Raises:
        TroubleError: it lists nothing under it.
    """
    rows = answer.get(name)
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        raise TroubleError(f"{host} answered with JSON of a form that it never has.")
    return rows


def same_host(url: str, start: str) -> str:
    """Give an address that a list leads to, where it is on the same host: the token goes there.

    Raises:
        TroubleError: it is elsewhere.
    """
    here, there = urlsplit(start), urlsplit(url)
    if (there.scheme, there.netloc.lower()) != (here.scheme, here.netloc.lower()):
        raise TroubleError(f"The list of {here.hostname} goes on elsewhere; that is not followed.")
    return url

"""Telling a target over the web: once, within its reach, and what its answer means."""

from __future__ import annotations

import http.client
import json
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.beyond import shapes
from bot.beyond.signing import HEADER, signature
from bot.desk.errors import ConfigurationError, DeliveryError, MisdirectedError
from bot.desk.errors import RetryableDeliveryError as NotNowError
from bot.reaching import InsideError, Opener, Reach

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.desk.beyond import Outgoing
    from bot.desk.ports.time import Clock

SILENCE_S = 10.0
ALTOGETHER_S = 20.0
MOST_READ = 64 * 1024
LONGEST_WISH_S = 3_600.0

NOT_OURS = frozenset({401, 402, 403, 404, 405, 407, 410, 421})
"""The target refuses Frontline, or is not there: the address or the secret is wrong."""
LATER = frozenset({408, 423, 425, 429})


@dataclass(frozen=True)
class Call:
    """One request: where to, what, and with which headers."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def checked_address(url: str, whose: str) -> str:
    """Give an address of the web as it is.

    Raises:
        ConfigurationError: it is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ConfigurationError(f"The address of {whose} begins with https://.")
    return url


class HttpCourier:
    """Carries news to one address; the address is a secret, so that errors name its host alone."""

    def __init__(
        self, call: Callable[[Outgoing], Call | None], reach: Reach, *, strict: bool = False
    ) -> None:
        """Give how news become a request; a `strict` target answers in JSON or has not heard."""
        self._call = call
        self._reach = reach
        self._strict = strict

    def carry(self, outgoing: Outgoing) -> str:
        """Send it; what the target has no word for is passed over."""
        call = self._call(outgoing)
        if call is None:
            return "nothing to tell"
        host = urlsplit(call.url).hostname or ""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "frontline-desk",
            "Idempotency-Key": outgoing.key,
            **call.headers,
        }
        request = urllib.request.Request(call.url, call.body, headers)  # noqa: S310 - the scheme was checked
        opener = Opener(self._reach, follows=False)
        # Who sends a byte now and then is never silent: it is cut off from outside.
        stop = threading.Timer(ALTOGETHER_S, opener.close)
        stop.daemon = True
        stop.start()
        try:
            status, said = self._received(opener, request)
        except urllib.error.HTTPError as failure:
            with failure:
                raise _refused(failure, host) from failure
        except InsideError as failure:
            raise MisdirectedError(str(failure)) from failure
        except (OSError, http.client.HTTPException, ValueError) as failure:
            reason = getattr(failure, "reason", None) or type(failure).__name__
            raise NotNowError(f"{host} cannot be reached, or broke off ({reason}).") from failure
        finally:
            stop.cancel()
        self._understood(said, host)
        return str(status)

    def _received(self, opener: Opener, request: urllib.request.Request) -> tuple[int, bytes]:
        with opener.open(request, timeout=SILENCE_S) as answer:
            return answer.status, answer.read(MOST_READ)

    def _understood(self, said: bytes, host: str) -> None:
        """A page of HTML says that a login or a proxy answered, and nobody heard."""
        start = said.lstrip()[:15].lower()
        if start.startswith((b"<!doctype html", b"<html")):
            raise NotNowError(f"{host} answered with a web page; is a proxy or a login in between?")
        if self._strict and not _is_json(said):
            raise NotNowError(f"{host} answered with something that it never does.")


def _is_json(said: bytes) -> bool:
    try:
        return isinstance(json.loads(said), dict)
    except ValueError:
        return False


def _refused(failure: urllib.error.HTTPError, host: str) -> DeliveryError | NotNowError:
    code = failure.code
    if code in LATER or code >= 500:  # noqa: PLR2004 - where HTTP's errors of a server begin
        wish = _wish(failure.headers.get("Retry-After"))
        return NotNowError(f"{host} answered {code}.", wish)
    if code < 400:  # noqa: PLR2004 - where HTTP's redirects end
        return MisdirectedError(
            f"{host} answered {code}: the address has moved, and is not followed; "
            "write the new one into the configuration."
        )
    if code in NOT_OURS:
        return MisdirectedError(f"{host} answered {code}: the address or the secret is wrong.")
    return DeliveryError(f"{host} answered {code}, and would again.")


def _wish(given: str | None, now: Callable[[], datetime] | None = None) -> float | None:
    """Read Retry-After, in seconds or as a date; None where it says nothing."""
    if given is None:
        return None
    given = given.strip()
    if given.isascii() and given.isdigit():
        return min(float(given[:9]), LONGEST_WISH_S)
    try:
        until = parsedate_to_datetime(given)
        left = (until - (now or (lambda: datetime.now(until.tzinfo)))()).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(left, 0.0), LONGEST_WISH_S)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def to_chat(url: str) -> Callable[[Outgoing], Call]:
    """Tell as `{"text": …}`."""
    return lambda outgoing: Call(url, _json(shapes.chat(outgoing)))


def to_json(
    url: str, secret: bytes | None, authorization: str | None, clock: Clock
) -> Callable[[Outgoing], Call]:
    """Tell as generic JSON, signed where there is a secret."""

    def call(outgoing: Outgoing) -> Call:
        body = _json(shapes.generic(outgoing))
        headers = {"Authorization": authorization} if authorization else {}
        if secret is not None:
            headers[HEADER] = signature(secret, body, int(clock().timestamp()))
        return Call(url, body, headers)

    return call


def to_pagerduty(url: str, routing_key: str) -> Callable[[Outgoing], Call | None]:
    """Tell PagerDuty, by its Events API v2."""

    def call(outgoing: Outgoing) -> Call | None:
        event = shapes.pagerduty(outgoing, routing_key)
        return None if event is None else Call(url, _json(event))

    return call


def to_opsgenie(url: str, key: str) -> Callable[[Outgoing], Call | None]:
    """Tell Opsgenie, or what has its Alert API."""

    def call(outgoing: Outgoing) -> Call | None:
        asked = shapes.opsgenie(outgoing)
        if asked is None:
            return None
        path, body = asked
        return Call(f"{url.rstrip('/')}{path}", _json(body), {"Authorization": f"GenieKey {key}"})

    return call

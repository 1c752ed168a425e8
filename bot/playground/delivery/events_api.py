"""The Events API over HTTP: signed requests to the app's address."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.playground.delivery.delivery import ACK_SECONDS, NotDeliveredError
from bot.playground.errors import Refused

if TYPE_CHECKING:
    from bot.playground.faults.faults import Faults
    from bot.playground.record.recording import Recording


@dataclass
class EventsApi:
    """Delivers to one request URL; an alternative to Socket Mode."""

    signing_secret: str
    recording: Recording
    faults: Faults
    url: str = ""

    def is_reachable(self) -> bool:
        """Whether there is an address."""
        return bool(self.url)

    async def arrival(self) -> None:
        """HTTP has no connections to wait for: the next retry will show."""
        await asyncio.get_running_loop().create_future()

    async def verify(self, url: str, challenge: str) -> None:
        """Take an address into use if it answers the `url_verification`; raises Refused."""
        body = {
            "token": "playground-verification-token",
            "challenge": challenge,
            "type": "url_verification",
        }
        if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
            raise Refused("the address must begin with http:// or https://")
        try:
            answer = await self._post(url, json.dumps(body).encode(), "application/json", {})
        except NotDeliveredError as failure:
            raise Refused(f"the address cannot be reached: {failure.reason}") from failure
        if challenge not in answer.text:
            raise Refused("the address did not answer with the challenge")
        self.url = url

    async def send(
        self, kind: str, payload: dict[str, Any], *, attempt: int = 0, reason: str = ""
    ) -> Any:
        """Send one signed request; raises NotDeliveredError unless the answer is a 2xx in time."""
        if kind == "events_api":
            raw, content_type = json.dumps(payload).encode(), "application/json"
        elif kind == "slash_commands":
            flat = {k: str(v).lower() if isinstance(v, bool) else v for k, v in payload.items()}
            raw = urllib.parse.urlencode(flat).encode()
            content_type = "application/x-www-form-urlencoded"
        else:
            raw = urllib.parse.urlencode({"payload": json.dumps(payload)}).encode()
            content_type = "application/x-www-form-urlencoded"
        headers = {}
        if attempt:
            headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        self.recording.add("http_out", type=kind, payload=payload, attempt=attempt, reason=reason)
        if self.faults.swallows_envelope():
            raise NotDeliveredError("http_timeout")
        answer = await self._post(self.url, raw, content_type, headers)
        self.recording.add("http_ack", status=answer.status, type=kind, payload=answer.text[:2000])
        if answer.status // 100 != 2:  # noqa: PLR2004  (2xx)
            raise NotDeliveredError("http_error")
        return answer.payload()

    async def _post(
        self, url: str, raw: bytes, content_type: str, headers: dict[str, str]
    ) -> Answer:
        # Signed with real time, not the workspace's: a turned clock must not make the app refuse.
        stamp = str(int(time.time()))
        base = b"v0:" + stamp.encode() + b":" + raw
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        request = urllib.request.Request(  # noqa: S310  (an address that was set on this machine)
            url,
            data=raw,
            headers={
                "Content-Type": content_type,
                "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": f"v0={digest}",
                **headers,
            },
        )
        return await asyncio.to_thread(_exchange, request)


@dataclass(frozen=True)
class Answer:
    """What the app answered."""

    status: int
    text: str
    content_type: str

    def payload(self) -> Any:
        """The answer as Socket Mode would carry it."""
        if not self.text.strip():
            return None
        if self.content_type.startswith("application/json"):
            try:
                return json.loads(self.text)
            except ValueError:
                return None
        return {"text": self.text}


def _exchange(request: urllib.request.Request) -> Answer:
    """One request, in a thread of its own."""
    try:
        with urllib.request.urlopen(request, timeout=ACK_SECONDS) as response:  # noqa: S310
            text = response.read().decode("utf-8", "replace")
            return Answer(response.status, text, response.headers.get("content-type", ""))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode("utf-8", "replace"), "")
    except TimeoutError as error:
        raise NotDeliveredError("http_timeout") from error
    except (urllib.error.URLError, OSError) as error:
        is_late = isinstance(getattr(error, "reason", None), TimeoutError)
        raise NotDeliveredError("http_timeout" if is_late else "connection_failed") from error

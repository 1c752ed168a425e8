"""Slack's signed requests over HTTP: checked on the raw body before anything reads it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from slack_bolt.request import BoltRequest
from slack_bolt.request.internals import parse_body
from slack_sdk.signature import SignatureVerifier

from bot.web import Receive, Scope, Send, answer, headers_of, whole
from bot.web.bodies import TooLongError

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import BoltResponse

    from bot.desk.ports.time import Clock

    LetIn = Callable[[dict[str, Any], Callable[[], BoltRequest]], BoltResponse]

log = structlog.get_logger(__name__)

PATH = "/slack/events"
"""Everything comes here: events, presses, menus, commands."""
MOST_BYTES = 4 * 1024 * 1024
AT_ONCE = 16

SAYS = {
    400: "not understood",
    401: "the signature is wrong or old",
    405: "use POST",
    408: "too slow",
    413: "too long",
}


class _Now:
    """The clock that signatures are compared with, as slack_sdk wants it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()


class SlackRequests:
    """Takes what Slack sends, as ASGI has it."""

    def __init__(
        self,
        let_in: LetIn,
        secret: str,
        clock: Clock,
        heard: Callable[[], None],
        *,
        at_once: int = AT_ONCE,
    ) -> None:
        """Let in what is signed with `secret`, so many at once; `heard` is told of each."""
        self._dispatch = let_in
        self._verifier = SignatureVerifier(secret, clock=_Now(clock))  # type: ignore[arg-type]
        self._heard = heard
        self._threads = ThreadPoolExecutor(at_once, "slack-http")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            await self._refuse(send, 405)
            return
        try:
            body = await whole(receive, MOST_BYTES)
        except TooLongError:
            await self._refuse(send, 413)
            return
        except TimeoutError:
            await self._refuse(send, 408)
            return
        headers = headers_of(scope)
        if not self._is_from_slack(body, headers):
            log.warning("request_refused", why="signature")
            await self._refuse(send, 401)
            return
        self._heard()
        loop = asyncio.get_running_loop()
        told = await loop.run_in_executor(self._threads, self._let_in, body, headers)
        if told is None:
            await self._refuse(send, 400)
            return
        await answer(send, told.status, told.body or "", told.first_headers_without_set_cookie())

    async def _refuse(self, send: Send, status: int) -> None:
        await answer(send, status, f"{SAYS[status]}\n")

    def _is_from_slack(self, body: bytes, headers: dict[str, str]) -> bool:
        """Whether it is signed, and not older than five minutes."""
        try:
            return self._verifier.is_valid_request(body, headers)
        except ValueError:  # A time that is no number, or a body in no encoding.
            return False

    def _let_in(self, body: bytes, headers: dict[str, str]) -> BoltResponse | None:
        text = body.decode("utf-8", "replace")
        try:
            payload: Any = parse_body(text, headers.get("content-type"))
        except ValueError:
            return None
        if not isinstance(payload, dict):
            return None
        return self._dispatch(payload, lambda: BoltRequest(body=text, headers=dict(headers)))

    def finish(self) -> None:
        """Wait for what is under way."""
        self._threads.shutdown(wait=True)


class Serving(Protocol):
    """A server that listens once it is started."""

    @property
    def is_up(self) -> bool:
        """Whether it listens."""

    @property
    def port(self) -> int:
        """The port that it got."""

    def start(self) -> None:
        """Begin to listen."""

    def stop(self) -> None:
        """Finish what is under way, and end."""


class WebLine:
    """Slack's requests as a line: it stands while this machine listens."""

    def __init__(self, server: Serving, requests: SlackRequests) -> None:
        """Look after a server that serves these requests among others."""
        self._server = server
        self._requests = requests

    @property
    def port(self) -> int:
        """The port at which it is reached."""
        return self._server.port

    def session(self) -> str | None:
        """Name the line; None while nothing listens."""
        return "http" if self._server.is_up else None

    def reopen(self) -> None:
        """Begin to listen; what listens has nothing that could be opened again."""
        if not self._server.is_up:
            self._server.start()

    def close(self) -> None:
        """Take in nothing more, and finish what is under way."""
        self._server.stop()
        self._requests.finish()

"""Several desks behind one address: each request goes to the desk of its workspace, or nowhere."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt import BoltResponse
from structlog.contextvars import bound_contextvars

from bot.desk.workspaces import HomeId
from bot.slack.parsing.workspace import installed_in
from bot.web import answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt.request import BoltRequest

    from bot.slack.lines.http import LetIn
    from bot.web import Asgi, Receive, Scope, Send

log = structlog.get_logger(__name__)

CLOSES_WITHIN_S = 10.0
MOST_INSIDE = 16
"""So many requests of one workspace are under way at once: whatever it has, others have room."""
AT_ONCE = 4 * MOST_INSIDE
LEAVING = ("app_uninstalled", "tokens_revoked")
"""What Slack tells of an installation's end."""


class _Way:
    """The way into one desk: it closes once nobody is on it."""

    def __init__(self, let_in: LetIn, heard: Callable[[], None], hooks: Asgi | None) -> None:
        self.hooks = hooks
        self._let_in = let_in
        self._heard = heard
        self._inside = 0
        self._is_open = True
        self._left = threading.Condition()

    def let_in(
        self, payload: dict[str, Any], request: Callable[[], BoltRequest]
    ) -> BoltResponse | None:
        """Dispatch a request; None where the desk has closed meanwhile, or can take no more."""
        with self._left:
            if not self._is_open or self._inside >= MOST_INSIDE:
                return None
            self._inside += 1
        try:
            self._heard()
            return self._let_in(payload, request)
        finally:
            with self._left:
                self._inside -= 1
                self._left.notify_all()

    def close(self) -> None:
        """Let nobody in any more, and wait for those who are inside."""
        with self._left:
            self._is_open = False
            self._left.wait_for(lambda: self._inside == 0, CLOSES_WITHIN_S)


class Doors:
    """Which desk a request is for. What is checked before is only that Slack signed it."""

    def __init__(
        self,
        is_installed: Callable[[HomeId], bool],
        left: Callable[[HomeId, str], None],
        is_up: Callable[[], bool],
    ) -> None:
        """Begin without a desk; `left` hears that Slack tells of an installation's end, and how.

        `is_installed` says whether a desk that is not open is to be waited for; `is_up` whether
        Slack can ask at all.
        """
        self._ways: dict[str, _Way] = {}
        self._is_installed = is_installed
        self._left = left
        self.is_up = is_up

    def let_in(self, payload: dict[str, Any], request: Callable[[], BoltRequest]) -> BoltResponse:
        """Hand a request to its desk; 200 where there is none, so that Slack does not repeat it."""
        if payload.get("type") == "url_verification":
            return BoltResponse(status=200, body=str(payload.get("challenge") or ""))
        if payload.get("ssl_check"):
            return BoltResponse(status=200)
        named = [HomeId(each) for each in installed_in(payload)]
        home = next((each for each in named if self._is_installed(each)), None)
        kind = str(payload.get("type") or payload.get("command"))[:40]
        if home is None:
            log.warning("for_no_workspace", type=kind, named=[each[:20] for each in named])
            return BoltResponse(status=200)
        event = payload.get("event")
        if isinstance(event, dict) and event.get("type") in LEAVING:
            self._left(home, _how(event))
            return BoltResponse(status=200)
        way = self._ways.get(home)
        # Each line of the log that this leads to says for whom.
        with bound_contextvars(workspace=home):
            told = way.let_in(payload, request) if way is not None else None
        if told is None:
            # Slack repeats events within minutes, and what it gives up on is read up.
            log.warning("desk_not_open", home=home, type=kind)
            return BoltResponse(status=503)
        return told

    def is_open(self, home: HomeId) -> bool:
        """Whether a desk takes requests."""
        return home in self._ways

    def open(
        self, home: HomeId, let_in: LetIn, heard: Callable[[], None], hooks: Asgi | None
    ) -> None:
        """Let requests in to a desk from now on."""
        self._ways[home] = _Way(let_in, heard, hooks)

    def close(self, home: HomeId) -> None:
        """Let none in any more; those that are inside are finished."""
        way = self._ways.pop(home, None)
        if way is not None:
            way.close()

    async def hooks(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand what a system outside tells at `/hooks/HOME/NAME` to that desk's hook."""
        _, first, home, name = (str(scope["path"]).split("/", 3) + [""] * 4)[:4]
        way = self._ways.get(home)
        if way is None or way.hooks is None or not name:
            await answer(send, 404, "no such hook\n")
            return
        with bound_contextvars(workspace=home):
            await way.hooks({**scope, "path": f"/{first}/{name}"}, receive, send)


def _how(event: dict[str, Any]) -> str:
    tokens = event.get("tokens")
    if event.get("type") == "app_uninstalled":
        return "uninstalled"
    of_bot = tokens.get("bot") if isinstance(tokens, dict) else None
    return "token revoked" if of_bot else ""


@dataclass(frozen=True)
class Entrance:
    """One desk's place among those behind the same address."""

    doors: Doors
    home: HomeId

    def line(self, let_in: LetIn, heard: Callable[[], None], hooks: Asgi | None) -> SharedLine:
        """Give the line over which this desk is reached, and where its hooks are told."""
        return SharedLine(self, let_in, heard, hooks)


class SharedLine:
    """Slack's requests to one desk of several: it stands while they are let in."""

    def __init__(
        self, entrance: Entrance, let_in: LetIn, heard: Callable[[], None], hooks: Asgi | None
    ) -> None:
        """Prepare; nobody is let in yet."""
        self._doors, self._home = entrance.doors, entrance.home
        self._let_in, self._heard, self._hooks = let_in, heard, hooks

    def session(self) -> str | None:
        """Name the line; None while nobody gets in."""
        return "http" if self._doors.is_up() and self._doors.is_open(self._home) else None

    def reopen(self) -> None:
        """Begin to let in; what is open stays as it is."""
        if not self._doors.is_open(self._home):
            self._doors.open(self._home, self._let_in, self._heard, self._hooks)

    def close(self) -> None:
        """Take in nothing more, and finish what is under way."""
        self._doors.close(self._home)

"""Several workspaces behind one Web API, with the pages by which they install the app."""

from __future__ import annotations

import asyncio
import html
import json
import secrets
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.playground.errors import PlaygroundError
from bot.playground.serving import QuietServer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from bot.playground.server import Playground

CLIENT_ID, CLIENT_SECRET = "playground.1", "playground-client-secret"
SERVES_S = 12 * 3_600
START_SECONDS = 15.0
ANSWER_WITHIN_S = 30
PASSED_ON = ("retry-after", "date", "x-slack-req-id", "x-oauth-scopes", "x-accepted-oauth-scopes")

Answer = dict[str, Any]


@dataclass(frozen=True)
class _Given:
    """What a code, a token or a refresh token is good for."""

    workspace: Playground
    installer: str


class Several:
    """One Slack over several running workspaces: each call goes to the one of its token.

    Tokens are given out by installing the app; what each workspace's own token is, nobody learns.
    """

    def __init__(self, workspaces: Sequence[Playground], *, rotates: bool = False) -> None:
        """Stand before workspaces that have been started; `rotates` gives tokens that expire."""
        self._workspaces = {each.seed.team.id: each for each in workspaces}
        self._rotates = rotates
        self._codes: dict[str, _Given] = {}
        self._tokens: dict[str, _Given] = {}
        self._refreshing: dict[str, _Given] = {}
        self._ended: set[str] = set()
        self._listening: socket.socket | None = None
        self._server: QuietServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self.redirect_url = ""
        """Where the app's page of installation comes back to, as its manifest says."""

    @property
    def api_url(self) -> str:
        """The base URL of the Web API."""
        if self._listening is None:
            raise PlaygroundError("it has not been started")
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}/api/"

    def start(self) -> Self:
        """Serve in a background thread; returns when it answers."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        ready = threading.Event()
        routes = [
            Route("/api/{method}", self._call, methods=["GET", "POST"]),
            Route("/oauth/v2/authorize", self._ask),
            Route("/oauth/v2/decide", self._decide),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), lifespan="off", log_config=None, access_log=False
        )
        self._server = QuietServer(config, ready)
        self._thread = threading.Thread(target=self._run, name="several", daemon=True)
        self._thread.start()
        if not ready.wait(START_SECONDS):
            raise PlaygroundError("the Web API of several workspaces did not start")
        return self

    def stop(self) -> None:
        """Stop serving; the workspaces go on."""
        if self._server is not None and self._loop is not None:
            self._loop.call_soon_threadsafe(self._server.leave)
        if self._thread is not None:
            self._thread.join(10)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        if self._server is not None and self._listening is not None:
            await self._server.serve(sockets=[self._listening])

    def revoke(self, team: str) -> None:
        """Let every token of a workspace end, as an uninstallation does."""
        for kept in (self._tokens, self._refreshing):
            for token in [each for each, given in kept.items() if self._is_of(given, team)]:
                del kept[token]
                self._ended.add(token)

    def _is_of(self, given: _Given, team: str) -> bool:
        return given.workspace is self._workspaces[team]

    # --- installing

    async def _ask(self, request: Request) -> Response:
        """The page on which somebody chooses their workspace, and allows what the app wants."""
        state = request.query_params.get("state", "")
        links = [
            (f"Allow in {each.seed.team.name}", {"team": team, "state": state})
            for team, each in self._workspaces.items()
        ]
        links.append(("Cancel", {"team": "", "state": state}))
        shown = "".join(
            f'<p><a href="/oauth/v2/decide?{html.escape(urlencode(query))}">{html.escape(text)}</a>'
            for text, query in links
        )
        return HTMLResponse(f"<!doctype html><title>Install</title><h1>Install</h1>{shown}")

    async def _decide(self, request: Request) -> Response:
        """Send the browser back to the app, with a code or without."""
        team, state = request.query_params.get("team", ""), request.query_params.get("state", "")
        workspace = self._workspaces.get(team)
        if workspace is None:
            return self._back({"error": "access_denied", "state": state})
        installer = next(each.id for each in workspace.seed.people if each.role != "employee")
        code = secrets.token_hex(16)
        self._codes[code] = _Given(workspace, installer)
        return self._back({"code": code, "state": state})

    def _back(self, query: dict[str, str]) -> Response:
        return RedirectResponse(f"{self.redirect_url}?{urlencode(query)}", 302)

    def _exchange(self, arguments: dict[str, str]) -> Answer:
        """Answer `oauth.v2.access`: a code serves once, and so does what refreshes a token."""
        if arguments.get("grant_type") == "refresh_token":
            given = self._refreshing.pop(arguments.get("refresh_token", ""), None)
            wrong = "invalid_refresh_token"
        else:
            given = self._codes.pop(arguments.get("code", ""), None)
            wrong = "invalid_code"
        if given is None:
            return {"ok": False, "error": wrong}
        token, refreshing = f"xoxb-{secrets.token_hex(12)}", f"xoxe-1-{secrets.token_hex(12)}"
        self._tokens[token] = given
        seed = given.workspace.seed
        of_all = bool(seed.team.enterprise_id)
        answer: Answer = {
            "ok": True,
            "app_id": seed.bot.app_id,
            "authed_user": {"id": given.installer},
            "scope": ",".join(seed.bot.scopes),
            "token_type": "bot",
            "access_token": token,
            "bot_user_id": seed.bot.user_id,
            "team": None if of_all else {"id": seed.team.id, "name": seed.team.name},
            "enterprise": {"id": seed.team.enterprise_id, "name": seed.team.enterprise_name}
            if of_all
            else None,
            "is_enterprise_install": of_all,
        }
        if self._rotates:
            self._refreshing[refreshing] = given
            answer |= {"refresh_token": refreshing, "expires_in": SERVES_S}
        return answer

    # --- calling

    async def _call(self, request: Request) -> Response:
        method, raw = request.path_params["method"], await request.body()
        if method == "oauth.v2.access":
            return _json(self._exchange(dict(parse_qsl(raw.decode()))))
        header = request.headers.get("authorization", "")
        token = header[7:].strip() if header.lower().startswith("bearer ") else ""
        given = self._tokens.get(token)
        if given is None:
            unknown = "not_authed" if not token else "invalid_auth"
            error = "token_revoked" if token in self._ended else unknown
            return _json({"ok": False, "error": error})
        if method == "auth.revoke":
            del self._tokens[token]
            self._ended.add(token)
            return _json({"ok": True, "revoked": True})
        query = f"?{request.url.query}" if request.url.query else ""
        passed = urllib.request.Request(  # noqa: S310  (a workspace on this machine)
            f"{given.workspace.api_url}{method}{query}",
            data=raw or None,
            method=request.method,
            headers={
                "Authorization": f"Bearer {given.workspace.bot_token}",
                "Content-Type": request.headers.get("content-type", ""),
            },
        )
        return await asyncio.to_thread(_passed_on, passed)


def _json(body: Answer) -> Response:
    return Response(json.dumps(body), media_type="application/json; charset=utf-8")


def _passed_on(request: urllib.request.Request) -> Response:
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310
            return _as_it_came(answer.status, answer.read(), answer.headers)
    except urllib.error.HTTPError as error:
        return _as_it_came(error.code, error.read(), error.headers)
    except OSError:
        return Response("the workspace is away", 503)


def _as_it_came(status: int, body: bytes, headers: Any) -> Response:
    kept = {name: headers[name] for name in PASSED_ON if headers.get(name)}
    return Response(body, status, kept, media_type=headers.get("content-type"))

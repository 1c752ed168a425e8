"""The server: one process, one event loop, bound to this machine."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
import threading
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from bot.playground.api.dispatch import answer_call
from bot.playground.errors import PlaygroundError
from bot.playground.happening.hooks import answer_response_url, receive_upload
from bot.playground.happening.manifest import installation_from
from bot.playground.page.control import operate
from bot.playground.page.endpoints import page_routes
from bot.playground.record.transcript import Transcript
from bot.playground.serving import Protocol, QuietServer
from bot.playground.site import Site, build_site
from bot.playground.state.clock import Clock
from bot.playground.state.seed import Seed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send
    from starlette.websockets import WebSocket

log = logging.getLogger(__name__)

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
START_SECONDS = 15.0


class Playground:
    """A running workspace, in a background thread; also a context manager."""

    def __init__(  # noqa: PLR0913  (all but the seed by name)
        self,
        seed: Seed | None = None,
        *,
        state: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock | None = None,
        random_seed: int | None = None,
        manifest: dict[str, Any] | None = None,
        latency: dict[str, Any] | None = None,
        limits: bool = False,
    ) -> None:
        """Prepare; nothing runs before `start`."""
        self.seed = seed or Seed.larkfield()
        self.clock = clock or Clock()
        self._state, self._host, self._port = state, host, port
        self._random_seed, self._manifest, self._latency = random_seed, manifest, latency
        self._limits = limits
        self._thread: threading.Thread | None = None
        self._server: QuietServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._site: Site | None = None
        self._failure: BaseException | None = None

    # --- addresses and tokens

    @property
    def url(self) -> str:
        """The address of the page, without a slash at the end."""
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, for `WebClient(base_url=...)`."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The app's bot token."""
        return self.seed.bot.bot_token

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode."""
        return self.seed.bot.app_token

    @property
    def signing_secret(self) -> str:
        """What requests of the Events API are signed with."""
        return self.seed.bot.signing_secret

    # --- running

    def start(self) -> Self:
        """Serve in a background thread; returns when it answers."""
        listening = self._bind()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(listening, ready), name="playground", daemon=True
        )
        self._thread.start()
        if not ready.wait(START_SECONDS) or self._failure is not None:
            raise PlaygroundError(f"the workspace did not start: {self._failure}")
        return self

    def stop(self) -> None:
        """Stop serving and write what is left to write."""
        if self._server is not None and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it stopped by itself
                self._loop.call_soon_threadsafe(self._server.leave)
        if self._thread is not None:
            self._thread.join(timeout=10)
            self._thread = None

    def serve(self, announce: Callable[[Playground], None] | None = None) -> None:
        """Serve in this thread until interrupted; `announce` is told when the address is known."""
        listening = self._bind()
        if announce is not None:
            announce(self)
        self._run(listening, threading.Event())
        if self._failure is not None:
            raise self._failure

    def __enter__(self) -> Self:
        """Serve for the length of a block."""
        return self.start()

    def __exit__(self, *exc: object) -> None:
        """Stop."""
        self.stop()

    # --- for tests in the same process

    def record(self, since: int = 0) -> list[dict[str, Any]]:
        """Everything that passed between the workspace and the app, oldest first."""
        site = self._running()
        return site.recording.entries(since)

    def transcript(self, since: int = 0) -> str:
        """The same as one readable line for each thing that somebody did."""
        site = self._running()
        return Transcript(site.workspace).tell(site.recording.entries(since))

    def control(self, op: str, **given: Any) -> dict[str, Any]:
        """Run a control operation; raises PlaygroundError if it is refused."""
        site, loop = self._running(), self._loop
        if loop is None:
            raise PlaygroundError("the workspace is not running")
        work = operate(site, {"op": op, **given})
        answer = asyncio.run_coroutine_threadsafe(work, loop).result(60)
        if not answer["ok"]:
            raise PlaygroundError(answer["error"])
        return answer

    def advance(self, seconds: float) -> None:
        """Turn the workspace's clock forward."""
        self.control("advance", seconds=seconds)

    # --- inside

    def _running(self) -> Site:
        if self._site is None:
            raise PlaygroundError("the workspace is not running")
        return self._site

    def _bind(self) -> socket.socket:
        # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self._host, self._port))
        except OSError as error:
            listening.close()
            raise PlaygroundError(f"cannot listen on {self.url}: {error}") from error
        # Listening at once, so that nobody who knows the address is turned away.
        listening.listen(128)
        self._port = listening.getsockname()[1]
        return listening

    def _run(self, listening: socket.socket, ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(listening, ready))
        except BaseException as error:  # noqa: BLE001  (told to the thread that waits)
            self._failure = error
        finally:
            listening.close()
            ready.set()

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self.clock.attach(self._loop)
        site = build_site(self.seed, self._state, self.clock, self._random_seed)
        site.base_url = self.url
        if self._manifest is not None:
            site.installation = installation_from(self._manifest)
        site.limits.enforced = self._limits
        if self._latency is not None:
            site.latency.set(**self._latency)
        site.delivery.resume()
        self._site = site
        config = uvicorn.Config(
            build_app(site, self._host),
            http=Protocol,
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            access_log=False,
            date_header=False,  # answers of the Web API tell the time by the workspace's clock
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,
            ws_per_message_deflate=False,
        )
        self._server = QuietServer(config, ready)
        try:
            await self._server.serve(sockets=[listening])
        finally:
            site.close()


def build_app(site: Site, host: str) -> ASGIApp:
    """The ASGI application of a site."""

    async def api(request: Request) -> Response:
        return await answer_call(site, request)

    async def hook(request: Request) -> Response:
        return await answer_response_url(site, request)

    async def upload(request: Request) -> Response:
        return await receive_upload(site, request)

    async def link(socket: WebSocket) -> None:
        await site.socket_mode.serve(socket)

    routes = [
        Route("/api/{method}", api, methods=["GET", "POST"]),
        Route("/hooks/{team}/{key}", hook, methods=["POST"]),
        Route("/upload/v1/{file_id}", upload, methods=["POST", "PUT"]),
        WebSocketRoute("/link/", link),
        *page_routes(site),
    ]
    app = Starlette(routes=routes, exception_handlers={ClientDisconnect: hung_up})
    return LocalOnly(app, host)


async def hung_up(*_: object) -> Response:
    """Nobody reads this: whoever called was killed in the middle, and that is no error of ours."""
    return Response(status_code=499)


class LocalOnly:
    """Refuses pages of other origins, and names that were made to point here."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        """Around an application that is served at this host."""
        self._app = app
        self._hosts = LOOPBACK | {host}
        self._any_host = host in ("0.0.0.0", "::")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it comes from here."""
        if scope["type"] in ("http", "websocket") and not self._is_local(scope):
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 4003})
                return
            body = json.dumps({"ok": False, "error": "forbidden_origin"})
            await Response(body, 403, media_type="application/json")(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_local(self, scope: Scope) -> bool:
        host = origin = ""
        for name, value in scope["headers"]:
            if name == b"host":
                host = value.decode("latin-1")
            elif name == b"origin":
                origin = value.decode("latin-1")
        named = urlsplit(f"//{host}").hostname or ""
        if not self._any_host and named not in self._hosts:
            return False
        # slack_sdk's own Socket Mode client sends a Host without a port, and no Origin.
        return not origin or urlsplit(origin).netloc == host

"""A small server in a thread of its own, and which application each path belongs to."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.desk.errors import ConfigurationError
from bot.web.bodies import answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.web.bodies import Asgi, Receive, Scope, Send

AT_ONCE = 64
KEEP_ALIVE_S = 5
FINISH_WITHIN_S = 10
START_S = 10.0


class Paths:
    """One application over several: by a path, or by the prefix of paths that ends in `/`."""

    def __init__(self, applications: Mapping[str, Asgi]) -> None:
        """Take each application's path."""
        self._applications = dict(applications)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request to whom it is for."""
        if scope["type"] != "http":
            return
        path = str(scope["path"])
        application = self._applications.get(path)
        while application is None and "/" in path:
            path, _, _ = path.rpartition("/")
            application = self._applications.get(f"{path}/")
        if application is None:
            await answer(send, 404, "nothing is here\n")
            return
        await application(scope, receive, send)


class WebServer:
    """Serves an application from a thread of its own."""

    def __init__(self, application: Asgi, listen: str) -> None:
        """Prepare; `listen` is `host:port`."""
        import uvicorn  # noqa: PLC0415 - who serves over Socket Mode needs none

        host, _, port = listen.rpartition(":")
        self._listen = listen
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                host=host.strip("[]"),
                port=int(port),
                lifespan="off",
                access_log=False,
                log_config=None,
                server_header=False,
                limit_concurrency=AT_ONCE,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=FINISH_WITHIN_S,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)
        self._failed = False

    def _serve(self) -> None:
        try:
            self._server.run()
        except (SystemExit, OSError):
            self._failed = True

    @property
    def is_up(self) -> bool:
        """Whether it listens."""
        return self._server.started and self._thread.is_alive()

    @property
    def port(self) -> int:
        """The port that it got."""
        sockets = self._server.servers[0].sockets
        return int(sockets[0].getsockname()[1])

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ConfigurationError: the address is taken, or none of this machine.
        """
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(START_S / 0.02)):
            if self._server.started:
                return
            if self._failed or not self._thread.is_alive():
                break
            waited.wait(0.02)
        raise ConfigurationError(
            f"Cannot listen at {self._listen}; is it taken, or not of this machine?"
        )

    def stop(self) -> None:
        """Take in nothing more, finish what is under way, and end."""
        self._server.should_exit = True
        self._thread.join(FINISH_WITHIN_S + 2)

"""What this machine serves over HTTP: Slack's requests, hooks, health; each at its address."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from bot.beyond.receiving import PREFIX
from bot.slack.lines import (
    Entrance,
    SharedLine,
    SlackRequests,
    SocketLine,
    WebLine,
    socket_handler,
)
from bot.slack.lines.http import PATH
from bot.store.database import StoreError, server_of
from bot.web import Asgi, Check, Health, Paths, WebServer
from bot.web.health import LIVES, READY
from bot.worker.attending.listening import NOTE_EVERY_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App

    from bot.beyond.receiving import HookApplication
    from bot.desk.ports.time import Monotonic
    from bot.settings.settings import Settings
    from bot.slack.door import Door
    from bot.store.unit_of_work import Store
    from bot.worker import Ear, Slips


class Served:
    """What may be asked of this process, and the line over which Slack asks."""

    def __init__(
        self,
        hooks: HookApplication,
        store: Store,
        ear: Ear,
        monotonic: Monotonic,
        slips: Slips,
    ) -> None:
        """Take in hooks; look at the store and the line when somebody asks after our health."""
        self._slips = slips
        self._hooks = hooks
        self._store = store
        self._ear = ear
        self._monotonic = monotonic
        self._line: SocketLine | WebLine | SharedLine | None = None
        checks = {
            "database": self._database,
            "not_stored_for_s": self._stores,
            "slack_heard_s_ago": self._heard,
            "outbox_waits_since": self._waits,
        }
        self._health = Health(checks)

    def line(
        self, settings: Settings, way: str | Entrance | None, secret: str, app: App, door: Door
    ) -> SocketLine | WebLine | SharedLine:
        """Build the line: `secret` is the app's token, or what requests over `way` are signed with.

        Hooks come by the same server where they have no address of their own.
        """
        if isinstance(way, Entrance):
            hooks = self._hooks if settings.file.receiver.listen is None else None
            self._line = way.line(partial(door.let_in, app), self._ear.hear, hooks)
            return self._line
        if way is None:
            self._line = SocketLine(socket_handler(app, secret, door), self._ear.hear)
            return self._line
        clock = self._store.clock
        requests = SlackRequests(partial(door.let_in, app), secret, clock, self._ear.hear)
        paths: dict[str, Asgi] = {PATH: requests, LIVES: self._health, READY: self._health}
        if settings.file.receiver.listen in (None, way):
            paths[PREFIX] = self._hooks
        self._line = WebLine(WebServer(Paths(paths), way), requests)
        return self._line

    def not_stored_s(self) -> float:
        """Tell for how long what Slack delivers cannot be stored; 0 where it can."""
        since = self._slips.since
        return 0.0 if since is None else self._monotonic() - since

    def silence(self, settings: Settings) -> Callable[[], float] | None:
        """Give what tells for how long Slack has been silent; None where a quiet night looks alike.

        With a canary there is always something to hear, by this replica or by another. Else
        Slack's answers to our pings count as well as its events; over HTTP there are none.
        """
        ear, line = self._ear, self._line
        if settings.file.desk.canary_channel is not None:
            return ear.silent_s if server_of(settings.db) is None else self._untold_s
        if isinstance(line, SocketLine):
            return lambda: min(ear.silent_s(), line.silent_s())
        return None

    def _untold_s(self) -> float:
        """Tell for how long Slack has told none of the replicas anything.

        While the database is away, what this one heard is all that is known.
        """
        silent_s, told = self._ear.silent_s(), None
        # Whoever hears writes it down now and then; the database is asked where it may matter.
        if silent_s > NOTE_EVERY_S:
            with suppress(sqlite3.Error, StoreError):
                told = self._store.presence.told_until()
        if told is None:
            return silent_s
        return min(silent_s, max(0.0, (self._store.clock() - told).total_seconds()))

    def receiver(self, settings: Settings, way: str | Entrance | None) -> WebServer | None:
        """Begin to listen for hooks and looks at our health, where they have their own address."""
        listen = settings.file.receiver.listen
        if listen is None or listen == way:
            return None
        paths: dict[str, Asgi] = {PREFIX: self._hooks, LIVES: self._health, READY: self._health}
        server = WebServer(Paths(paths), listen)
        server.start()
        return server

    def _database(self) -> Check:
        self._store.presence.heard_until()
        return Check(good=True)

    def _stores(self) -> Check:
        """Tell whether what Slack delivers is taken: a database may be read and not written."""
        since = self._slips.since
        return Check(since is None, None if since is None else round(self._monotonic() - since, 1))

    def _heard(self) -> Check:
        good = self._line is not None and self._line.session() is not None
        at = self._ear.heard_at
        return Check(good, None if at is None else round(self._monotonic() - at, 1))

    def _waits(self) -> Check:
        """Tell, and decide nothing: an outage of Slack must not take this process away."""
        return Check(good=True, says=self._store.letters.waits_since())

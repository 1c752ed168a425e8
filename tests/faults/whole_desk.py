"""The whole way of a payload, from Bolt's app to Slack's Web API, without a network."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from slack_bolt.request import BoltRequest
from slack_sdk import WebClient

from bot.service.context import ChannelMode, Desk
from bot.slack.app import build_app
from bot.slack.gateway import SlackPostman
from bot.slack.listeners import Listeners
from bot.slack.parsing.commands import parse
from bot.slack.parsing.deliveries import sender_of
from bot.slack.reception import SlackReception
from bot.store.unit_of_work import Store
from bot.worker import HomeKeeper, InboxWorker, OutboxRelay, TimerRunner
from bot.worker.pacing import Pacer
from tests import builders as a
from tests.fakes import FakeDirectory, FakeTriager
from tests.slack.web_api import answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from slack_bolt import BoltResponse
    from slack_sdk.web import SlackResponse

    from bot.desk.ports.time import Clock

Payload = dict[str, Any]

NEVER_WAIT = 1_000_000


class NoSlack:
    """A Web API without a network: it takes what Slack would take, and remembers it."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.said: list[Payload] = []
        self.answered: set[str] = set()

    def take(self, api_method: str, **given: Any) -> SlackResponse:
        """Answer any method plausibly; what cannot be written as UTF-8 fails as it really does."""
        sent = given.get("json") or given.get("params") or given.get("data") or {}
        json.dumps(sent, ensure_ascii=False).encode()
        if api_method == "chat.postMessage":
            self.said.append(sent)
            self.answered.add(str(sent.get("thread_ts")))
        ts = f"1800000000.{len(self.said):06d}"
        conversation = {"id": a.DIRECT, "is_member": True}
        return answer({
            "ok": True, "url": "https://x.slack.example/", "user": "frontline", "user_id": a.BOT,
            "team": "larkfield", "team_id": a.TEAM, "bot_id": "B0FRONT001", "ts": ts,
            "message_ts": ts, "messages": [], "view": {"hash": "1.x"},
            "channel": conversation if api_method.startswith("conv") else sent.get("channel"),
        })  # fmt: skip


@contextmanager
def without_network() -> Iterator[NoSlack]:
    """Let every client of the Web API, also those that Bolt makes, talk to nobody."""
    slack = NoSlack()

    def call(_: WebClient, method: str, **given: Any) -> SlackResponse:
        return slack.take(method, **given)

    with patch.object(WebClient, "api_call", call):
        yield slack


class WholeDesk:
    """The whole way of a payload, from Bolt's app to Slack's Web API, without a network."""

    def __init__(self, path: Path, slack: NoSlack, clock: Clock) -> None:
        """Build it as `bot.bootstrap` does, on fakes that keep the contracts of the real things."""
        self.slack = slack
        client = WebClient(token="xoxb-fuzz")
        self.store = Store(path, clock)
        self.store.migrate()
        self.store.hold()
        self.triager = FakeTriager()
        self.desk = Desk(
            unit_of_work=self.store.unit_of_work,
            triager=self.triager,  # type: ignore[arg-type]
            directory=FakeDirectory(),
            groups=a.groups(),
            modes={"it-help": ChannelMode.QUESTIONS},
            clock=clock,
            readings=self.store.readings,
            reception=SlackReception(client),
            admins=frozenset({a.MEI}),
            reads=self.store.look,
        )
        self.listeners = Listeners(self.store.inbox, lambda *_: None)
        self.app = build_app(client, self.listeners)
        read = partial(parse, bot_user=a.BOT)
        postman = SlackPostman(client, a.ChannelId)
        self.inbox = InboxWorker(self.store, self.desk, read, sender_of)
        self.relay = OutboxRelay(self.store, postman, Pacer(burst=NEVER_WAIT))
        self.timers = TimerRunner(self.store, self.desk)
        self.homes = HomeKeeper(self.store, self.desk)

    def let_in(self, given: Payload | str) -> BoltResponse:
        """Let Slack deliver a payload over Socket Mode, or a body over HTTP."""
        payload = given if isinstance(given, dict) else {"raw": given}
        mode = "http" if isinstance(given, str) else "socket_mode"
        request = partial(BoltRequest, mode=mode, body=given)
        return self.listeners.door.let_in(self.app, payload, request)

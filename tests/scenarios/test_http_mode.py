"""Slack's requests over HTTP: the same desk, without a connection that we hold open."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from bot.bootstrap import start_with
from bot.settings.settings import Secrets, Settings
from bot.slack.lines import WebLine
from bot.slack.lines.http import MOST_BYTES
from bot.web import Check, Health
from bot.worker import Clocks
from bot.worker.pacing import Pacer
from tests.scenarios.office import Office
from tests.scenarios.over_http import answer_to

if TYPE_CHECKING:
    from collections.abc import Iterator


class Reached(Office):
    """An office to whose bot Slack sends requests."""

    @property
    def port(self) -> int:
        """Where the bot listens."""
        assert self.application is not None
        line = self.application.line
        assert isinstance(line, WebLine)
        return line.port

    @property
    def secret(self) -> str:
        """What Slack signs with."""
        return self.playground.signing_secret

    @property
    def settings(self) -> Settings:
        """Without the app's token: nothing is opened."""
        secrets = Secrets(
            slack_bot_token=SecretStr(self.playground.bot_token),
            slack_signing_secret=SecretStr(self.secret),
            slack_api_url=self.playground.api_url,
            frontline_db=self.folder / "frontline.db",
        )
        return Settings(self.file, secrets)

    def bot_comes(self) -> None:
        """Listen, and tell Slack where."""
        self.application = start_with(
            self.triager, self.settings, Clocks(), pacer=Pacer(burst=10_000), http="127.0.0.1:0"
        )
        self.playground.control("http", url=f"http://127.0.0.1:{self.port}/slack/events")

    def bot_leaves(self) -> None:
        """Stop listening."""
        if self.application is not None:
            self.application.stop()
            self.application = None

    def asked(self, path: str, body: bytes = b"", method: str = "GET", **headers: str) -> Any:
        """Ask the bot something over HTTP; gives the status and the body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return answer_to(self.port, path, method=method, body=body, headers=named)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    """One for all of these stories."""
    with Reached(tmp_path_factory.mktemp("http")) as open_office:
        yield open_office


def signed(secret: str, body: bytes, at: float, kind: str = "application/json") -> dict[str, str]:
    """Headers as Slack's."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {
        "X_Slack_Request_Timestamp": stamp,
        "X_Slack_Signature": f"v0={digest.hexdigest()}",
        "Content_Type": kind,
    }


def question(number: str) -> bytes:
    """A message in #it-help as the Events API brings it."""
    event = {
        "type": "message", "user": "U0ANA00001", "channel": "C0ITHELP01", "ts": f"{number}.000100",
        "text": "My password is refused", "event_ts": f"{number}.000100", "channel_type": "channel",
    }  # fmt: skip
    return json.dumps({
        "type": "event_callback", "team_id": "T0LARKFLD1", "api_app_id": "A1",
        "event_id": f"EvHTTP{number}", "event_time": int(number), "event": event,
    }).encode()  # fmt: skip


def inbox(office: Reached) -> int:
    """Count what was ever taken in."""
    found = office.rows(
        "SELECT (SELECT count(*) FROM inbox) + (SELECT count(*) FROM inbox_history)"
    )
    return int(found[0][0])


def test_a_question_a_press_a_modal_and_a_command(office: Reached) -> None:
    """Everything that comes by Socket Mode comes by requests as well."""
    asked = office.ask(office.ana, "My password is refused by the scanner in the orchard")
    asked.waits_for("Reset your password")
    asked.press("Talk to a person")
    asked.waits_for("passed it to the specialists on call")
    card = office.card(office.mei, "in the orchard")
    card.press("Take it")
    asked.waits_for("<@U0MEI00001> (L2) has taken")
    card.press("Resolve")
    assert card.fill({"cause": "A cause", "fix": "A fix"}) is None
    asked.waits_for("has resolved")
    office.ana.command("it-help", "/helpdesk mine")
    assert office.ana.wait_for(lambda: "orchard" in str(office.ana.sees("it-help")))


def test_what_was_written_while_nobody_listened_is_read(office: Reached) -> None:
    """Slack gives up after a few tries; its history does not."""
    office.bot_leaves()
    ts = office.ana.say("it-help", "My password is refused since the bot went home")
    office.playground.control("advance", seconds=3 * 3_600)
    office.bot_comes()
    office.screen(office.ana, "it-help", ts).waits_for("Reset your password")


@pytest.mark.parametrize(
    ("forged", "status"),
    [
        ("unsigned", 401), ("another secret", 401), ("replayed later", 401), ("changed", 401),
        ("no time", 401), ("not utf-8", 401), ("no JSON", 400), ("a list", 400), ("too long", 413),
    ],
)  # fmt: skip
def test_what_slack_did_not_send_is_refused(office: Reached, forged: str, status: int) -> None:
    """On the raw body, before anything reads it; nothing of it is stored."""
    before, now = inbox(office), time.time()
    body = {"no JSON": b"{x", "a list": b"[1, 2]", "not utf-8": b"\xff\xfe"}.get(
        forged, question("1700000001")
    )
    if forged == "too long":
        body = b" " * (MOST_BYTES + 1)
    headers = signed(
        "another" if forged == "another secret" else office.secret,
        body,
        now - 301 if forged == "replayed later" else now,
    )
    if forged == "changed":
        body = body.replace(b"refused", b"accepted")
    if forged == "unsigned":
        headers = {}
    if forged == "no time":
        headers["X_Slack_Request_Timestamp"] = "soon"
    told = office.asked("/slack/events", body, "POST", **headers)
    assert (told[0], inbox(office)) == (status, before)


def test_the_same_request_twice_is_one(office: Reached) -> None:
    """Slack repeats what was not acknowledged in three seconds."""
    body, before = question("1700000002"), inbox(office)
    for _ in range(3):
        told = office.asked(
            "/slack/events", body, "POST", **signed(office.secret, body, time.time())
        )
        assert told[0] == 200
    assert inbox(office) == before + 1


def test_only_what_there_is(office: Reached) -> None:
    """Other ways and other paths are answered in words."""
    assert office.asked("/slack/events")[0] == 405
    assert office.asked("/admin") == (404, "nothing is here\n")


def test_health_is_told_to_who_watches(office: Reached) -> None:
    """Alive, and able to work: the database, the line, what waits."""
    assert office.asked("/healthz") == (200, "ok\n")
    status, body = office.asked("/readyz")
    found = json.loads(body)
    assert status == 200
    assert found["database"] == {"ok": True, "is": None}
    assert found["slack_heard_s_ago"]["is"] >= 0
    assert found["outbox_waits_since"]["ok"]


def test_who_watches_is_told_what_is_wrong() -> None:
    """A part that cannot be looked at is not well; its words stay inside."""

    def broken() -> Check:
        raise OSError("/var/lib/frontline.db is gone")

    found: dict[str, Check] = {}
    Health({"database": broken, "rest": lambda: Check(good=True)}).look(found)
    assert found == {"database": Check(good=False, says="OSError"), "rest": Check(good=True)}

"""Times that come with tokens and requests go by our clock, and one replica replaces a token."""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet
from slack_sdk.signature import SignatureVerifier

from bot.bootstrap.web import Served
from bot.desk.ids import UserId
from bot.desk.workspaces import HomeId, Installation
from bot.settings.beyond import ReceiverSettings
from bot.slack.installing.rotating import end_by
from bot.slack.lines import WebLine
from bot.store.installed import Installations
from bot.worker import Ear
from bot.workspaces import tending
from bot.workspaces.tending import Tending
from tests import builders as a

if TYPE_CHECKING:
    from bot.store.unit_of_work import Store
    from tests.fakes import TurnableClock

HOME = HomeId("T0LARK0001")


def installed(clock: TurnableClock) -> Installation:
    """An installation whose token ends within the hour."""
    return Installation(
        HOME, "Larkfield", "xoxe.xoxb-1", UserId("U0FRONT001"), a.ANA, clock(), "xoxe-1",
        clock() + timedelta(hours=1),
    )  # fmt: skip


@pytest.fixture
def kept(store: Store, clock: TurnableClock) -> Installations:
    """The installations of a house."""
    return Installations(store.path, clock, Fernet.generate_key().decode())


def test_a_machine_whose_clock_is_wrong_takes_what_slack_signs(
    store: Store, clock: TurnableClock
) -> None:
    """The desk's clock tells whether a request is too old: noon in March, whatever time it is."""
    settings: Any = SimpleNamespace(file=SimpleNamespace(receiver=ReceiverSettings()))
    nobody: Any = None
    served = Served(nobody, store, Ear(clock.monotonic), clock.monotonic, nobody)
    door: Any = SimpleNamespace(let_in=print)
    line = served.line(settings, "127.0.0.1:0", "a secret", nobody, door)
    assert isinstance(line, WebLine)

    def is_taken(at: float) -> bool:
        signed = SignatureVerifier("a secret").generate_signature(timestamp=str(int(at)), body="{}")
        headers = {"x-slack-request-timestamp": str(int(at)), "x-slack-signature": str(signed)}
        return line._requests._is_from_slack(b"{}", headers)

    assert is_taken(clock().timestamp())
    assert not is_taken(time.time())


def test_a_tokens_end_is_told_by_our_clock(clock: TurnableClock) -> None:
    """slack_sdk adds its twelve hours to what the machine shows."""
    end = end_by(clock, time.time() + 12 * 3_600)
    assert abs(end - clock() - timedelta(hours=12)) < timedelta(minutes=1)


def test_a_token_that_another_replica_replaced_is_taken_and_not_replaced_again(
    kept: Installations, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the old one was got with is spent: Slack would refuse, or end the new one."""
    asked: list[str] = []

    def rotate(given: Installation, *_: object) -> tuple[str, str, Any]:
        asked.append(given.token)
        return "xoxe.xoxb-2", "xoxe-2", clock() + timedelta(hours=12)

    monkeypatch.setattr(tending, "rotate", rotate)
    known = installed(clock)
    kept.save(known)
    nobody: Any = None
    one, other = (Tending(kept, nobody, nobody, clock) for _ in range(2))
    assert one.with_fresh_token(known).token == "xoxe.xoxb-2"
    assert other.with_fresh_token(known).token == "xoxe.xoxb-2"
    assert asked == ["xoxe.xoxb-1"]
    assert kept.all()[0].refresh_token == "xoxe-2"


def test_while_another_replica_replaces_a_token_it_is_left_to_that_one(
    kept: Installations, clock: TurnableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found replaced at the next look; the old one serves for a while yet."""
    monkeypatch.setattr(tending, "rotate", None)
    monkeypatch.setattr(kept, "turn_of", lambda _: nullcontext(None))
    nobody: Any = None
    known = installed(clock)
    assert Tending(kept, nobody, nobody, clock).with_fresh_token(known) is known

"""What goes wrong: each fault is a small class with a name, and knows whether it can be played.

A fault that the present tree is not expected to survive yet says so in `missing`; it is listed
in the table and not played. To plug one in, add a class to `FAULTS`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.chaos.served import Served

ROOT = Path(__file__).parents[2]

ABOUT_US = (
    "invalid_auth",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "not_authed",
    "missing_scope",
    "team_access_not_granted",
)


def has(module: str, word: str) -> bool:
    """Whether this tree has something, by a word in one of its modules."""
    file = ROOT / module
    return file.exists() and word in file.read_text(encoding="utf-8")


@dataclass
class Scene:
    """What a fault may use: the bot, the dice, somebody who goes on writing, and a notebook."""

    served: Served
    dice: random.Random
    talk: Callable[[float], None]
    """Lets people write and press for so many seconds."""
    notes: dict[str, str] = field(default_factory=dict)
    away: set[int] = field(default_factory=set)
    """Which of the questions were asked while the bot was away."""


class Fault:
    """Something that goes wrong for a while and is mended again."""

    name: ClassVar[str]
    missing: ClassVar[str] = ""

    def play(self, scene: Scene) -> None:
        """Let it go wrong, let people go on, mend it."""
        raise NotImplementedError


class Kill(Fault):
    """SIGKILL in the middle of it, and a start again; people write meanwhile as well."""

    name = "SIGKILL"

    def play(self, scene: Scene) -> None:
        """Kill, wait a little, start."""
        scene.talk(scene.dice.uniform(0.2, 2.5))
        scene.served.kill()
        scene.talk(scene.dice.uniform(0.1, 1.0))
        scene.served.start()


class Failing(Fault):
    """Slack answers with 500, for some calls of every kind."""

    name = "500s"
    kind = "server_error"

    def play(self, scene: Scene) -> None:
        """Fail a few dozen calls."""
        scene.served.office.fault(self.kind, times=25, probability=0.5)
        scene.talk(4)
        scene.served.office.playground.control("clear_faults")


class Limited(Failing):
    """Slack asks to wait, again and again."""

    name = "429s"
    kind = "rate_limit"


class LostAnswers(Failing):
    """Slack does what it is told, and the answer is lost."""

    name = "lost answers"
    kind = "lost_answer"


class AboutUs(Fault):
    """Slack refuses everything for a while, as after a token was revoked."""

    name = "errors about us"
    missing = (
        ""
        if has("bot/slack/errors.py", "account_inactive")
        else "the sender gives up on a refused token; not in this tree yet"
    )

    def play(self, scene: Scene) -> None:
        """Refuse for some seconds, with one code after another."""
        code = scene.dice.choice(ABOUT_US)
        scene.served.office.fault("error", code=code, times=10_000)
        scene.talk(5)
        scene.served.office.playground.control("clear_faults")
        scene.notes["last refusal"] = code


class Malformed(Fault):
    """Payloads that no Slack would send; questions go on being answered."""

    name = "malformed payloads"
    missing = (
        ""
        if has("bot/worker/inbox.py", "quarantine") or has("bot/store/inbox.py", "quarantine")
        else "no quarantine for what cannot be read; not in this tree yet"
    )
    events: ClassVar[tuple[object, ...]] = (
        {"type": "message", "channel": "C0ITHELP01", "user": 7, "text": "x", "ts": "1.1"},
        {"type": "message", "channel": None, "user": "U0ANA00001", "text": None, "ts": []},
        {"type": "message", "channel": "C0ITHELP01", "text": "\ud800", "ts": "2.2", "user": {}},
        {"type": "app_mention"},
        {"type": "message", "subtype": "message_changed", "channel": "C0ITHELP01", "message": 3},
    )

    def play(self, scene: Scene) -> None:
        """Send each of them."""
        for event in self.events:
            scene.served.office.playground.control("deliver", event=event)
        scene.talk(2)


class DroppedLine(Fault):
    """The connection breaks without a word."""

    name = "dropped connection"

    def play(self, scene: Scene) -> None:
        """Drop it while people write."""
        scene.served.office.playground.control("drop")
        scene.talk(3)


class SwallowedEvents(Fault):
    """Envelopes get lost on their way; Slack sends them again after three seconds."""

    name = "swallowed envelopes"

    def play(self, scene: Scene) -> None:
        """Lose a few."""
        scene.served.office.fault("swallow", times=3)
        scene.talk(2)
        for _ in range(3):
            scene.served.office.playground.advance(4)
            time.sleep(0.2)


class Away(Fault):
    """Twenty minutes away: Slack has given up delivering what was written."""

    name = "20 minutes away"

    def play(self, scene: Scene) -> None:
        """Kill the bot, let people write, turn Slack's clock, start the bot."""
        office = scene.served.office
        scene.served.kill()
        before = asked_so_far(scene)
        scene.talk(5)
        for _ in range(20):
            office.playground.advance(5 * 60)
            time.sleep(0.05)
            if not office.unacknowledged():
                break
        office.playground.advance(20 * 60)
        scene.served.start()
        scene.away.update(range(before, asked_so_far(scene)))


class SecondProcess(Fault):
    """Somebody starts the bot a second time on the same database."""

    name = "second process"

    def play(self, scene: Scene) -> None:
        """It must be refused in one line, and the first go on."""
        status, said = scene.served.command("serve")
        lines = [line for line in said.splitlines() if line.startswith("frontline:")]
        good = status == 1 and len(lines) == 1 and "in use" in lines[0]
        scene.notes["second process"] = "refused in one line" if good else f"NOT refused: {said!r}"


class Restart(Fault):
    """Reading commands and a backup beside the running bot."""

    name = "backup and check meanwhile"

    def play(self, scene: Scene) -> None:
        """Back up while people write, then look whether the copy and the original are whole."""
        copy = scene.served.folder / f"backup-{time.monotonic_ns()}.db"
        scene.talk(1)
        made, _ = scene.served.command("db", "backup", str(copy))
        whole, said = scene.served.command("db", "check", "--db", str(copy))
        live, also = scene.served.command("db", "check")
        good = made == whole == live == 0
        scene.notes["backups"] = "whole" if good else f"NOT whole: {said} {also}"


class ClockJump(Fault):
    """The wall clock is set."""

    name = "clock jumps"
    missing = (
        "not played against `serve`, whose clock nothing in production moves: "
        "tests/worker/test_clock_watch.py plays it on the real store and queues"
    )


def asked_so_far(scene: Scene) -> int:
    """Count what people asked, by the notebook."""
    return int(scene.notes.get("asked", "0"))


FAULTS: tuple[type[Fault], ...] = (
    Kill,
    Failing,
    Limited,
    LostAnswers,
    AboutUs,
    Malformed,
    DroppedLine,
    SwallowedEvents,
    Away,
    SecondProcess,
    Restart,
    ClockJump,
)

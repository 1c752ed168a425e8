"""What goes wrong: each fault is a small class with a name; to plug one in, add it to `FAULTS`."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from bot.playground.errors import Refused
from tests.faults.payload_mill import Mill

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.chaos.served import Served

ABOUT_US = (
    "invalid_auth",
    "token_revoked",
    "token_expired",
    "account_inactive",
    "not_authed",
    "missing_scope",
    "team_access_not_granted",
    "team_added_to_org",
)
HEARD_WITHIN_S = 30.0
OF_TICKET = "SELECT id FROM tickets"
ALL_DOWN = (
    "The badge doors are down for the whole building, nobody can get in",
    "The phones are down for the whole call centre, no customer can reach us",
    "The mail server is down for everybody in the whole company",
    "The label printers are down in all depots, nobody can ship",
    "The website is down for all our customers, they cannot pay",
)
"""Unlike what others ask here, and one another: what joins a case calls nobody anew."""
P1_HEARD_WITHIN_S = 75.0
"""The goal is a minute after its escalation; the question has to be decided before."""


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
    malformed: int = 0
    played: dict[str, int] = field(default_factory=dict)
    ask: Callable[[str], None] = print
    """Lets somebody ask just this."""

    def count(self, name: str) -> int:
        """Tell how often a fault was played before."""
        return self.played.get(name, 0)


class Fault:
    """Something that goes wrong for a while and is mended again."""

    name: ClassVar[str]

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


class KillsOnTheWay(Fault):
    """SIGKILL again and again while it starts, wherever that is just now."""

    name = "SIGKILLs while it starts"
    kills = 6

    def play(self, scene: Scene) -> None:
        """Start and kill, somewhere within the start or soon after it; in the end let it be."""
        scene.served.kill()
        for _ in range(self.kills):
            scene.served.start(wait=False)
            scene.talk(scene.dice.uniform(0.05, scene.served.a_start()))
            scene.served.kill()
        scene.served.start()


class AboutUs(Fault):
    """Slack refuses everything for a while, as after a token was revoked."""

    name = "errors about us"

    def play(self, scene: Scene) -> None:
        """Refuse for some seconds, each time with another code; people write meanwhile."""
        played = scene.count(self.name)
        code = ABOUT_US[played % len(ABOUT_US)]
        heard = len(scene.served.alarms)
        scene.served.office.fault("error", code=code, times=100_000)
        scene.talk(5)
        until = time.monotonic() + HEARD_WITHIN_S
        while len(scene.served.alarms) == heard and time.monotonic() < until:
            time.sleep(0.2)
        if len(scene.served.alarms) > heard:
            scene.notes["refusals heard"] = str(int(scene.notes.get("refusals heard", "0")) + 1)
        else:
            scene.notes["refusals unheard"] = f"{scene.notes.get('refusals unheard', '')} {code}"
        scene.served.office.playground.control("clear_faults")


class AboutUsForAMinute(Fault):
    """Slack refuses everything for more than a minute, and the order system is down."""

    name = "a minute refused, a P1 meanwhile"

    def play(self, scene: Scene) -> None:
        """The case of the first priority is heard within a minute by the webhook."""
        scene.served.office.fault("error", code="token_revoked", times=100_000)
        begun = time.monotonic()
        question = ALL_DOWN[scene.count(self.name) % len(ALL_DOWN)]
        scene.ask(question)
        while time.monotonic() - begun < P1_HEARD_WITHIN_S:
            if self._heard(scene, question):
                break
            time.sleep(0.2)
        took = time.monotonic() - begun
        scene.served.office.playground.control("clear_faults")
        if took < P1_HEARD_WITHIN_S:
            scene.notes["P1 heard"] = f"{took:.0f} s"
        elif self._called_nobody_anew(scene, question):
            scene.notes.setdefault("P1 heard", "it joined a case whose card stands")
        else:
            scene.notes["P1 heard"] = f"NOT heard, {took:.0f} s"

    @staticmethod
    def _heard(scene: Scene, question: str) -> bool:
        rows = scene.served.office.rows(f"{OF_TICKET} WHERE instr(question, ?)", question)
        own = {f"T-{row[0]}, P1" for row in rows}
        return any(says in told for told in scene.served.alarms for says in own)

    @staticmethod
    def _called_nobody_anew(scene: Scene, question: str) -> bool:
        rows = scene.served.office.rows(
            f"{OF_TICKET} WHERE instr(question, ?) "
            "AND id NOT IN (SELECT ticket FROM escalations) AND duplicate_of IS NOT NULL",
            question,
        )
        return bool(rows)


class Malformed(Fault):
    """Payloads that no Slack would send; questions go on being answered."""

    name = "malformed payloads"
    payloads = 60

    def play(self, scene: Scene) -> None:
        """Spoil valid ones by the dice, and deliver what is left of their events."""
        for payload in Mill(scene.dice.randrange(1_000_000)).payloads(self.payloads):
            event = payload.get("event") if isinstance(payload, dict) else None
            if not isinstance(event, dict):
                continue
            with contextlib.suppress(Refused, RecursionError, ValueError):
                json.dumps(event, allow_nan=False)
                scene.served.office.playground.control("deliver", event=event)
                scene.malformed += 1
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


def asked_so_far(scene: Scene) -> int:
    """Count what people asked, by the notebook."""
    return int(scene.notes.get("asked", "0"))


FAULTS: tuple[type[Fault], ...] = (
    Kill,
    KillsOnTheWay,
    Failing,
    Limited,
    LostAnswers,
    AboutUs,
    AboutUsForAMinute,
    Malformed,
    DroppedLine,
    SwallowedEvents,
    Away,
    SecondProcess,
    Restart,
)

"""Everything goes wrong against the real `frontline serve`; nothing lost or twice, nobody silent.

`python tests/bench/chaos.py --minutes 30 --seed 7`; `--minutes 3` is the short mode.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.chaos.faults import FAULTS, Scene
from tests.chaos.people import People, judge
from tests.chaos.served import Served

if TYPE_CHECKING:
    from tests.chaos.faults import Fault
    from tests.chaos.people import Verdict

SETTLE_S = 240.0
A_SECOND = 3.0


def main() -> int:
    """Play, settle, judge, print; 1 where anything was lost, doubled or left silent."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--minutes", type=float, default=30.0)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--only", default="", help="names of faults, with commas")
    options = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder))
        try:
            return run(served, options.minutes, options.seed, options.only)
        finally:
            served.close()


def run(served: Served, minutes: float, seed: int, only: str) -> int:
    """Play for so long."""
    dice = random.Random(seed)
    people = People(served.office, dice, A_SECOND)
    wanted = {name.strip() for name in only.split(",") if name.strip()}
    chosen = [fault for fault in FAULTS if not wanted or fault.name in wanted]
    playable: list[type[Fault]] = [fault for fault in chosen if not fault.missing]
    played: dict[str, int] = {}
    scene = Scene(served, dice, people.talk)
    served.start()
    end = time.monotonic() + minutes * 60
    # Each once, then what the dice say: kills half of the time.
    queue = list(playable)
    while time.monotonic() < end and playable:
        fault = queue.pop(0) if queue else dice.choice([*playable, *[playable[0]] * len(playable)])
        scene.notes["asked"] = str(len(people.asked))
        scene.talk = noting(scene, people)
        fault().play(scene)
        played[fault.name] = played.get(fault.name, 0) + 1
        sys.stderr.write(f"  {fault.name}: {len(people.asked)} asked\n")
        if not served.is_alive():
            scene.notes["died by itself"] = f"after {fault.name}"
            served.start()
    settled = settle(served)
    verdict = judge(people)
    for line in table(served, people, verdict, played, scene):
        sys.stdout.write(f"{line}\n")
    for line in details(served, verdict):
        sys.stderr.write(f"{line}\n")
    for fault in chosen:
        if fault.missing:
            sys.stdout.write(f"| {fault.name} | {fault.missing} | |\n")
    return int(not passed(verdict, settled, scene, served))


def details(served: Served, verdict: Verdict) -> list[str]:
    """Show what is on record of every question that went wrong."""
    lines = []
    for ts in dict.fromkeys((*verdict.silent, *verdict.lost, *verdict.doubled)):
        lines.append(f"question {ts}:")
        for table in ("inbox", "outbox"):
            what = "payload" if table == "inbox" else "notice"
            lines += [
                f"  {table}: {row}"
                for row in served.office.rows(
                    f"SELECT id, lane, state, attempts, error, substr({what}, 1, 200) "
                    f"FROM {table} WHERE instr({what}, ?) OR instr(lane, ?) "
                    "OR lane = (SELECT 'ticket:' || id FROM tickets WHERE thread_ts = ?)",
                    ts,
                    ts,
                    ts,
                )
            ]
    return lines


def noting(scene: Scene, people: People):  # noqa: ANN201 - a callable of seconds
    """Let people talk, and write into the notebook how much they asked."""

    def talk(seconds: float) -> None:
        people.talk(seconds)
        scene.notes["asked"] = str(len(people.asked))

    return talk


def settle(served: Served) -> bool:
    """Mend everything, and wait until all is handled and sent."""
    served.office.playground.control("clear_faults")
    until = time.monotonic() + SETTLE_S
    while time.monotonic() < until:
        if not served.office.unacknowledged() and not served.office.waiting():
            return True
        # What Slack holds back for a minute or five is due at once.
        served.office.playground.advance(5)
        time.sleep(0.5)
    return False


def table(
    served: Served, people: People, verdict: Verdict, played: dict[str, int], scene: Scene
) -> list[str]:
    """Give what was measured, as a table."""
    dead = served.office.rows("SELECT count(*) FROM outbox WHERE state = 'dead'")[0][0]
    rows = [
        ("what", "measured", "goal"),
        ("---", "---", "---"),
        (
            "messages; presses; presses that the page refused",
            f"{verdict.asked + people.said_more}; {people.pressed}; {people.refused_presses}",
            "",
        ),
        ("SIGKILLs", str(served.kills), "1,000 in a soak"),
        ("questions lost (no ticket)", str(len(verdict.lost)), "0"),
        ("tickets twice; messages twice; cards twice",
         f"{verdict.tickets_twice}; {len(verdict.doubled)}; {verdict.cards_twice}", "0; 0; 0"),
        ("questions left silent", str(len(verdict.silent)), "0"),
        ("asked while away; of these handled", away(people, verdict, scene), "all"),
        ("notices given up on", str(dead), "0"),
        ("second process", scene.notes.get("second process", "-"), "refused in one line"),
        ("backups while running", scene.notes.get("backups", "-"), "whole"),
        ("process died by itself", scene.notes.get("died by itself", "never"), "never"),
        ("faults played", ", ".join(f"{n} {c}" for n, c in played.items()), ""),
    ]  # fmt: skip
    return [f"| {' | '.join(row)} |" for row in rows]


def away(people: People, verdict: Verdict, scene: Scene) -> str:
    """Tell how many questions were asked while the bot was away, and how many were handled."""
    asked = [people.asked[n].ts for n in scene.away]
    return f"{len(asked)}; {sum(ts not in verdict.silent for ts in asked)}"


def passed(verdict: Verdict, settled: bool, scene: Scene, served: Served) -> bool:
    """Whether nothing was lost, doubled or left silent."""
    whole = "NOT" not in "".join(scene.notes.values())
    nothing = not (verdict.silent or verdict.doubled or verdict.lost)
    once = not (verdict.tickets_twice or verdict.cards_twice)
    waiting = "" if settled else str(served.office.waiting()[:5])
    sys.stderr.write("settled\n" if settled else f"NOT settled: {waiting}\n")
    return whole and nothing and once and settled and served.is_alive()


if __name__ == "__main__":
    raise SystemExit(main())

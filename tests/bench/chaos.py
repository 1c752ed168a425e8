"""Everything goes wrong against the real `frontline serve`; nothing lost or twice, nobody silent.

`python -m tests.bench.chaos --minutes 30 --seed 7`. What needs a turned clock or years of history
is played beside it first; the rest of the time is the soak. Below 15 minutes all is smaller.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import record
from tests.chaos.faults import FAULTS, Kill, KillsOnTheWay, Scene
from tests.chaos.parts import parts
from tests.chaos.people import People, judge
from tests.chaos.served import Served

if TYPE_CHECKING:
    from tests.chaos.faults import Fault
    from tests.chaos.people import Verdict

SETTLE_S = 120.0
"""Without any getting on; a channel takes one message a second, and hundreds may wait for it."""
A_SECOND = 3.0
SHORT = 15.0
LEAST_SOAK_S = 60.0
SIZES = {"payloads": 5_000, "events": 400_000}
SHORT_SIZES = {"payloads": 300, "events": 20_000}
DONE = (
    "SELECT (SELECT count(*) FROM inbox WHERE state <> 'pending') "
    "+ (SELECT count(*) FROM inbox_history) + (SELECT count(*) FROM outbox WHERE state = 'sent') "
    "+ (SELECT count(*) FROM outbox_history)"
)
KILLS = 0.8
"""So much of the soak is kills."""

Row = tuple[str, str, str]


def main() -> int:
    """Play, settle, judge, print; 1 where anything was lost, doubled or left silent."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--minutes", type=float, default=30.0)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--only", default="", help="names of faults, with commas")
    given.add_argument("--payloads", type=int, help="malformed ones beside the soak")
    given.add_argument("--events", type=int, help="on record, with half as many tickets")
    given.add_argument("--rate", type=float, default=A_SECOND, help="what people do, a second")
    given.add_argument("--soak", action="store_true", help="nothing beside the soak")
    given.add_argument(
        "--forgive-slow", action="store_true",
        help="what goes by the clock of this machine is printed only; what is lost is not forgiven",
    )  # fmt: skip
    options = given.parse_args()
    begun = time.monotonic()
    rows, good = ([], True) if options.soak or options.only else beside(options)
    end = max(begun + options.minutes * 60, time.monotonic() + LEAST_SOAK_S)
    with tempfile.TemporaryDirectory() as folder:
        served = Served(Path(folder))
        try:
            soaked, whole = run(served, end, options)
        finally:
            served.close()
    head = [("what", "measured", "goal"), ("---", "---", "---")]
    for row in (*head, *soaked, *rows):
        sys.stdout.write(f"| {' | '.join(row)} |\n")
    return int(not (good and whole))


def beside(options: argparse.Namespace) -> tuple[list[Row], bool]:
    """Play what needs a turned clock, or years of history."""
    sizes = SHORT_SIZES if options.minutes < SHORT else SIZES
    rows, well = [], True
    payloads = options.payloads or sizes["payloads"]
    for part in parts(options.seed, payloads=payloads, events=options.events or sizes["events"]):
        begun = time.monotonic()
        measured, good = part.play()
        well &= good or (options.forgive_slow and part.is_timed)
        rows.append((part.what, measured if good else f"NOT: {measured}", part.goal))
        sys.stderr.write(f"  {part.what}: {measured}, {time.monotonic() - begun:.0f} s\n")
    return rows, well


def run(served: Served, end: float, options: argparse.Namespace) -> tuple[list[Row], bool]:
    """Play until then."""
    dice = random.Random(options.seed)
    people = People(served.office, dice, options.rate)
    wanted = {name.strip() for name in options.only.split(",") if name.strip()}
    chosen = [fault for fault in FAULTS if not wanted or fault.name in wanted]
    scene = Scene(served, dice, people.talk, ask=people.ask)
    scene.talk = noting(scene, people)
    served.start()
    # Each once, then what the dice say: kills most of the time.
    queue = list(chosen)
    while queue or time.monotonic() < end:
        fault = queue.pop(0) if queue else drawn(dice, chosen)
        scene.notes["asked"] = str(len(people.asked))
        begun = time.monotonic()
        fault().play(scene)
        scene.played[fault.name] = scene.count(fault.name) + 1
        took = time.monotonic() - begun
        sys.stderr.write(f"  {fault.name}: {len(people.asked)} asked, {took:.0f} s\n")
        if not served.is_alive():
            scene.notes["died by itself"] = f"NOT never: after {fault.name}"
            served.start()
    settled = settle(served)
    verdict = judge(people)
    for line in details(served, verdict):
        sys.stderr.write(f"{line}\n")
    good = passed(verdict, settled, scene, served, forgiven="P1 heard" * options.forgive_slow)
    keep(served, people, verdict, scene)
    return table(served, people, verdict, scene), good


def drawn(dice: random.Random, chosen: list[type[Fault]]) -> type[Fault]:
    """Draw what goes wrong next."""
    kills = [fault for fault in chosen if fault in (Kill, KillsOnTheWay)]
    return dice.choice(kills if kills and dice.random() < KILLS else chosen)


def keep(served: Served, people: People, verdict: Verdict, scene: Scene) -> None:
    """Keep the figures, where the environment says so."""
    command = "make chaos"
    said = len(people.said_more)
    for name, value, goal in (
        ("SIGKILLs of `serve`", served.kills, ""),
        ("questions, follow-ups and presses meanwhile", verdict.asked + said + people.pressed, ""),
        ("questions and follow-ups lost", len(verdict.lost) + len(verdict.more_lost), "≤ 0"),
        ("questions and follow-ups left silent", len(verdict.silent) + len(verdict.more_silent),
         "≤ 0"),
        ("tickets, messages, cards and follow-ups twice",
         verdict.tickets_twice + len(verdict.doubled) + verdict.cards_twice + verdict.more_twice,
         "≤ 0"),
        ("of those asked while 20 minutes away, unanswered",
         sum(people.asked[n].ts in verdict.silent for n in scene.away), "≤ 0"),
    ):  # fmt: skip
        record("faults", name, value, command=command, goal=goal)


def details(served: Served, verdict: Verdict) -> list[str]:
    """Show what is on record of every question that went wrong."""
    lines = []
    for ts in dict.fromkeys(
        (*verdict.silent, *verdict.lost, *verdict.doubled, *verdict.more_lost, *verdict.more_silent)
    ):
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
    """Mend everything, and wait until all is handled and sent, as long as that gets on.

    What is read up from Slack's history adds to what waits, so what was done is counted.
    """
    served.office.playground.control("clear_faults")
    until, done = time.monotonic() + SETTLE_S, -1
    while time.monotonic() < until:
        if not served.office.unacknowledged() + len(served.office.waiting()):
            return True
        if (now := served.office.rows(DONE)[0][0]) > done:
            until, done = time.monotonic() + SETTLE_S, now
        # What Slack holds back for a minute or five is due at once.
        served.office.playground.advance(5)
        time.sleep(0.5)
    return False


def table(served: Served, people: People, verdict: Verdict, scene: Scene) -> list[Row]:
    """Give what was measured, as a table."""
    dead = served.office.rows("SELECT count(*) FROM outbox WHERE state = 'dead'")[0][0]
    start = f"{statistics.median(served.starts):.1f} s"
    refusals = f"{scene.notes.get('refusals heard', '0')} of {scene.count('errors about us')}"
    return [
        (
            "questions; follow-ups; presses; presses that the page refused",
            (f"{verdict.asked}; {len(people.said_more)}; {people.pressed}; "
            f"{people.refused_presses}"),
            "",
        ),
        ("SIGKILLs; of these while it started; a start takes",
         f"{served.kills}; {served.kills_while_starting}; {start}", "1,000"),
        ("questions lost; twice (tickets, messages, cards); silent",
         (f"{len(verdict.lost)}; {verdict.tickets_twice}, {len(verdict.doubled)}, "
         f"{verdict.cards_twice}; {len(verdict.silent)}"), "0; 0; 0"),
        ("follow-ups lost; twice; silent",
         f"{len(verdict.more_lost)}; {verdict.more_twice}; {len(verdict.more_silent)}", "0; 0; 0"),
        ("presses that were accepted and then lost", str(verdict.presses_lost), "0"),
        ("20 minutes away: asked; of these handled", away(people, verdict, scene), "all"),
        ("errors about us, some seconds each: alarms heard by the webhook", refusals, "all"),
        ("a minute refused: a P1 is heard by the webhook after",
         scene.notes.get("P1 heard", "-"), "1 min"),
        ("malformed events among all this", str(scene.malformed), ""),
        ("notices given up on (of malformed events as well)", str(dead), ""),
        ("second process", scene.notes.get("second process", "-"), "refused in one line"),
        ("backups while running", scene.notes.get("backups", "-"), "whole"),
        ("process died by itself", scene.notes.get("died by itself", "never"), "never"),
        ("faults played", ", ".join(f"{n} {c}" for n, c in scene.played.items()), ""),
    ]  # fmt: skip


def away(people: People, verdict: Verdict, scene: Scene) -> str:
    """Tell how many questions were asked while the bot was away, and how many were handled."""
    asked = [people.asked[n].ts for n in scene.away]
    return f"{len(asked)}; {sum(ts not in verdict.silent for ts in asked)}"


def passed(
    verdict: Verdict, settled: bool, scene: Scene, served: Served, forgiven: str = ""
) -> bool:
    """Whether nothing was lost, doubled or left silent; one row of the notebook may be late."""
    whole = not any("NOT" in said for row, said in scene.notes.items() if row != forgiven)
    heard = "refusals unheard" not in scene.notes
    waiting = "" if settled else str(served.office.waiting()[:5])
    sys.stderr.write("settled\n" if settled else f"NOT settled: {waiting}\n")
    return whole and heard and verdict.nothing_lost and settled and served.is_alive()


if __name__ == "__main__":
    raise SystemExit(main())

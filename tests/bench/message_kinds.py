"""What other messages and presses cost beside a first question.

    python -m tests.bench.message_kinds

The real bot with the real models, in this process; processor time of its threads from what
somebody does until all that came of it is sent, medians. Compare within one run.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.desk.deciding import Action
from tests.bench.message_profile import by_whom, prepared, questions
from tests.scenarios.office import Office, configuration

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.desk.deciding import Triage

TIMES = 8
SURE = 0.85
PAGE = "2026-11-30 08:14:05 INFO the service went on as before and nothing was written\n" * 490
GERMAN = "Mein Drucker im zweiten Stock druckt seit heute früh nur noch leere Seiten"
CHANNEL = "ask-anything"


def measure(office: Office, act: Callable[[], Any]) -> float:
    """Milliseconds of the bot's threads for what somebody does and all that comes of it."""
    office.settle()
    before = by_whom()["bot"]
    act()
    office.settle()
    return (by_whom()["bot"] - before) * 1e3


def story(office: Office, number: int, texts: list[str]) -> dict[str, float]:
    """One of each, in the order in which they happen; milliseconds."""
    ana, mei, taken = office.ana, office.mei, {}
    text, other, another, last = texts

    def asked(what: str) -> Any:
        screen = office.ask(ana, what, CHANNEL)
        ana.wait_for(lambda: screen.messages[1:], 30)
        return screen

    seen: list[Any] = []
    taken["a first question, answered"] = measure(office, lambda: seen.append(asked(text)))
    taken["that solved it, pressed"] = measure(office, lambda: seen[-1].press("That solved it"))
    long = f"{other}\n{PAGE}"
    taken["the same above 40,000 characters of a log"] = measure(office, lambda: asked(long))
    again = office.ask(ana, another, CHANNEL)
    again.waits_for("[Talk to a person]")
    failed = "I did all that and it still does not work"
    taken["a follow-up: it failed"] = measure(office, lambda: again.say(failed))
    third = office.ask(ana, last, CHANNEL)
    third.waits_for("[Talk to a person]")
    taken["talk to a person, pressed"] = measure(office, lambda: third.press("Talk to a person"))
    more = f"it says error {number} on the second screen"
    taken["a follow-up where people are called"] = measure(office, lambda: third.say(more))
    card = office.card(mei, last)
    taken["take it, pressed"] = measure(office, lambda: card.press("Take it"))
    taken["an engineer's line under the card"] = measure(office, lambda: card.say("I look at it"))
    for turn in range(20):
        third.say(f"and one more thing, number {turn}")
    taken["a follow-up after twenty others"] = measure(office, lambda: third.say("any news?"))
    tom = office.tom
    taken["a first question in German"] = measure(
        office, lambda: office.ask(tom, f"{GERMAN} {number}", CHANNEL).waits_for("[")
    )
    return taken


def main() -> None:
    """Play the story several times, and print the medians."""
    with tempfile.TemporaryDirectory() as name:
        triager, _ = prepared(Path(name))
        with Office(Path(name), file=configuration(), triager=triager) as office:
            told = [story(office, *each) for each in enumerate(answered(triager))]
    first = None
    for kind in told[0]:
        cost = statistics.median(each[kind] for each in told[1:])
        first = first or cost
        print(f"{kind:45} {cost:7.1f} ms {cost / first:6.2f}")


def answered(triager: Any) -> list[list[str]]:
    """Questions that are answered, four for each story."""
    given = (text.partition(" (")[0] for text in questions())
    asked = [(text, triager.triage(text, readers=frozenset())) for text in given]
    found = [text for text, each in asked if is_plain(each)]
    return [found[at : at + 4] for at in range(0, len(found) - 3, 4)][:TIMES]


def is_plain(triage: Triage) -> bool:
    """Whether an article surely answers, and it is no matter with a route of its own."""
    sure = triage.action is Action.ANSWER and triage.confidence > SURE
    return sure and triage.suspicion is None


if __name__ == "__main__":
    main()

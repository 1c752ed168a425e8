"""Where the time of one message goes, by stage: `make profile`.

The real bot with the real models, in this process, in the local workspace with Slack's latency;
questions one after the other. Processor time of each stage beside the clock's: on a machine that
others use as well, only the former and its ratio to one encoding mean anything.
"""

# ruff: noqa: T201 (a benchmark prints its figures)

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.bootstrap.deciding import look_ahead
from bot.cli.knowledge.learning import learn_configured
from bot.memory import give_memory_back, into_large_pages, look_for_garbage_now
from bot.playground import Seed
from bot.playground.faults.latency import MEDIAN_S, P99_S
from bot.playground.state.seed import ChannelSeed
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from bot.slack.gateway import SlackPostman
from bot.store.inbox import Inbox
from bot.store.unit_of_work import SqliteUnitOfWork
from bot.worker.inbox import InboxWorker
from kb.index.database import DatabaseFile
from kb.searching.base import KnowledgeBase
from kb.searching.retrieval import Retriever
from kb.sources import read_source
from tests.bench.figures import record
from tests.scenarios.office import ANA, BOT, Office, configuration

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "make profile"
TOPIC = "desk speed"
MESSAGES = 60
A_CHANNEL = 4
PATIENCE_S = 30.0
CORES = 2
ENCODING, SLACK = "encoding", "Slack's own time"
OTHERS = {"playground": "workspace", "MainThread": "one who asks"}
"""Whose threads are not the bot's, by name."""


class Stopwatch:
    """Times calls, each without what it calls that is timed as well."""

    def __init__(self) -> None:
        """Nothing is timed yet."""
        self.clock: dict[str, float] = defaultdict(float)
        self.processor: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._within = threading.local()

    def begin(self) -> None:
        """Forget what was timed so far."""
        for counted in (self.clock, self.processor, self.calls):
            counted.clear()

    def apart(self) -> float:
        """How long encoding and Slack have taken so far."""
        return self.clock[ENCODING] + self.clock[SLACK]

    def watch(self, owner: Any, name: str, stage: str) -> None:
        """Count a method of a class, an object or a module to a stage."""
        original: Callable[..., Any] = getattr(owner, name)

        def timed(*given: Any, **named: Any) -> Any:
            stack: list[list[float]] = self._within.__dict__.setdefault("stack", [])
            stack.append([0.0, 0.0])
            at, used = time.perf_counter(), time.thread_time()
            try:
                return original(*given, **named)
            finally:
                taken, spent = time.perf_counter() - at, time.thread_time() - used
                inner = stack.pop()
                if stack:
                    stack[-1][0] += taken
                    stack[-1][1] += spent
                self.clock[stage] += taken - inner[0]
                self.processor[stage] += spent - inner[1]
                self.calls[stage] += 1

        setattr(owner, name, timed)


def watch_all(watch: Stopwatch, triager: Any, encoder: Any) -> None:
    """The stages of a message, from the door to Slack."""
    watch.watch(encoder, "encode_whole", ENCODING)
    watch.watch(KnowledgeBase, "search_batch", "search: the rest")
    watch.watch(Retriever, "_propose", "search: meaning and words")
    watch.watch(Retriever, "_learned", "search: learned questions")
    watch.watch(Retriever, "_late", "search: word by word")
    watch.watch(DatabaseFile, "rows", "SQL: articles")
    watch.watch(triager._classifier, "predict", "classifier: who settles it, matters, priority")
    watch.watch(triager._classifier, "read", "classifier: what it means in its thread")
    watch.watch(triager, "triage", "deciding: the rest")
    watch.watch(Inbox, "put", "SQL: stored at the door")
    watch.watch(Inbox, "claim", "SQL: taken in hand")
    watch.watch(SqliteUnitOfWork, "__exit__", "SQL: written, with the commit")
    watch.watch(InboxWorker, "_handle", "handling: the rest, with what tickets are read")
    watch.watch(SlackPostman, "deliver", "rendering")
    watch.watch(WebClient, "api_call", SLACK)


def questions() -> list[str]:
    """What the sample articles are asked, each with a word of its own."""
    found = read_source(ROOT / "kb" / "articles", collection="default")
    asked = [each for one in found if one.article for each in one.article.questions[:1]]
    return [f"{text} ({number})" for number, text in enumerate(asked[:MESSAGES])]


def decisions(triager: Any, encoder: Any) -> tuple[float, float]:
    """Medians of the processor time of one encoding and of a decision over the same text, in ms.

    Each text is new to both; the two take turns at being first, so that neither finds its numbers
    in the processor's cache more often.
    """
    alone, decided = [], []

    def encode(text: str) -> None:
        began = time.process_time()
        encoder.encode([text])
        alone.append(time.process_time() - began)

    def decide(text: str) -> None:
        began = time.process_time()
        triager.triage(text, readers=frozenset())
        decided.append(time.process_time() - began)

    for number, text in enumerate(questions() * 4):
        asked = f"{text} once more {number}"
        for each in (encode, decide) if number % 2 else (decide, encode):
            each(asked)
    return statistics.median(alone) * 1e3, statistics.median(decided) * 1e3


def prepared(folder: Path) -> tuple[Any, Any]:
    """What decides, with its encoder, as `serve` has it once it is ready."""
    model = {"classifier": {"model": ROOT / "var" / "model"}}
    settings = Settings(
        FileSettings.model_validate(model), Secrets(frontline_db=folder / "frontline.db")
    )
    encoder: Any = build_encoder(settings)
    knowledge = build_knowledge(settings, encoder)
    knowledge.sync([ROOT / "kb" / "articles"])
    learn_configured(knowledge, [ROOT / "training_data" / "messages"], lambda *_: None)
    triager = build_triager(settings, knowledge, encoder)
    for text in questions()[:10]:
        triager.triage(text, readers=frozenset())
    look_for_garbage_now()
    give_memory_back()
    print(f"{into_large_pages()} large pages, {look_ahead(triager)} texts looked ahead")
    return triager, encoder


def main() -> None:
    """Ask, and print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        triager, encoder = prepared(folder)
        encoding_ms, decision_ms = decisions(triager, encoder._encoder)
        ratio = decision_ms / encoding_ms
        print(f"one encoding: {encoding_ms:.2f} ms of the processor, median")
        print(f"one decision: {decision_ms:.2f} ms; over an encoding {ratio:.2f} (goal 1.6)")
        record(TOPIC, "a decision over one encoding", ratio, goal="≤ 1.6", command=COMMAND)
        show(asked_in_slack(folder, triager, encoder._encoder))


def by_whom() -> dict[str, float]:
    """Processor time so far, in seconds: of the workspace, of whoever asks, of the bot."""
    spent: dict[str, float] = defaultdict(float)
    for thread in threading.enumerate():
        clock = time.pthread_getcpuclockid(thread.ident or 0)
        spent[OTHERS.get(thread.name, "bot")] += time.clock_gettime(clock)
    return spent


def asked_in_slack(folder: Path, triager: Any, encoder: Any) -> Stopwatch:
    """Ask in the workspace, one question after the other."""
    seed, asked = Seed.larkfield(), questions()
    names = [f"desk-{number:02}" for number in range(-(-len(asked) // A_CHANNEL))]
    channels = [ChannelSeed(f"C0DESK0{n:03}", name, (ANA, BOT)) for n, name in enumerate(names)]
    file = configuration()
    modes = {name: {"mode": "all"} for name in names}
    file = FileSettings.model_validate(
        {**file.model_dump(exclude_none=True, exclude_unset=True), "channels": modes}
    )
    watch = Stopwatch()
    watch_all(watch, triager, encoder)
    beside = []
    with Office(folder, file=file, triager=triager, seed=_with(seed, channels)) as office:

        def ask(text: str, channel: str) -> float:
            began, apart = time.perf_counter(), watch.apart()
            ts = office.ana.say(channel, text)
            office.ana.wait_for(lambda: office.ana.thread(channel, ts)[1:], PATIENCE_S)
            return time.perf_counter() - began - (watch.apart() - apart)

        ask("how do I get a second screen, and who pays for it", names[0])
        # What is loaded when it is first needed belongs to no message.
        watch.begin()
        used, before = time.process_time(), by_whom()
        office.playground.control("latency", median=MEDIAN_S, p99=P99_S)
        beside = [ask(text, names[at // A_CHANNEL]) for at, text in enumerate(asked)]
        each_ms = (time.process_time() - used) * 1e3 / len(asked)
        parts = {who: (now - before[who]) * 1e3 / len(asked) for who, now in by_whom().items()}
    print(f"a message, with the workspace's share: {each_ms:.0f} ms of the processor, so at most")
    print(f"{CORES * 1e3 / each_ms:.0f} replies a second on {CORES} cores (goal 80)")
    print("of it " + ", ".join(f"the {who} {spent:.1f} ms" for who, spent in parts.items()))
    print(f"the bot alone: at most {1e3 / parts['bot']:.0f} a second on each core")
    middle = statistics.median(beside) * 1e3
    print(f"event to reply over encoding and Slack's own time, p50: {middle:.0f} ms (goal 15)")
    return watch


def _with(seed: Seed, channels: list[ChannelSeed]) -> Seed:
    return replace(seed, channels=(*seed.channels, *channels))


def show(watch: Stopwatch) -> None:
    """Print each stage, for one message."""
    whole = sum(watch.clock.values())
    print(f"\n{'stage':50} {'calls':>6} {'ms':>8} {'share':>6} {'processor ms':>13}")
    for stage, taken in sorted(watch.clock.items(), key=lambda each: -each[1]):
        used = watch.processor[stage] * 1e3 / MESSAGES
        print(
            f"{stage:50} {watch.calls[stage] / MESSAGES:6.1f} {taken * 1e3 / MESSAGES:8.2f} "
            f"{taken / whole:6.0%} {used:13.2f}"
        )
    processor = sum(watch.processor.values()) * 1e3 / MESSAGES
    print(f"{'together':50} {'':6} {whole * 1e3 / MESSAGES:8.2f} {1:6.0%} {processor:13.2f}")


if __name__ == "__main__":
    main()

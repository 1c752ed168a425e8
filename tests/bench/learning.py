"""Does learning from outcomes resist wrong labels and floods? And does it learn at all?

An office is made of the sample desk: the labels of two authors are taken away, and the model is
trained on the others'. What the two wrote is what people of the office ask, with what it turned
out to need as outcomes. Twice then outcomes are spoiled: a fifth of the labels is wrong; one
engineer presses 500 times; five people agree to press under wrong articles. And six topics change
their answer. `python -m tests.bench.learning [honest] [noise] [flood] [agreed] [drift]`;
`--office DIR` keeps the office.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.desk.deciding import Costs, Joint, Policy
from bot.desk.ids import TicketId
from bot.desk.learning import Lesson
from bot.fitting.gate import Budget
from bot.fitting.learning.refitting import Rules
from bot.fitting.learning.running import Setup, learn
from bot.fitting.learning.versions import Versions
from classifier.data.dataset import data_hash, read_messages, without_duplicates
from classifier.data.holdout import FILE_NAME, load_holdout
from classifier.registry import artifact
from classifier.training.train import load_training_data, train
from kb.encoding.loading import load_encoder
from kb.searching.base import KnowledgeBase
from tests.bench.figures import record
from tests.bench.learning_agreed import agreed, topics_of
from tests.bench.learning_agreed import look as look_at_agreed
from tests.bench.learning_drift import SINCE, TOPICS, drifting, look

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.fitting.learning.refitting import Gated
    from bot.fitting.learning.reporting import Report
    from classifier.data.dataset import Message
    from kb.encoding.encoder import Encoder

ROOT = Path(__file__).parents[2]
DATA = ROOT / "training_data"
AWAY = ("makers", "offices")
NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)
DAYS = 120
PEOPLE, ENGINEERS = 60, 8
SEED = 18
COMMAND = "python -m tests.bench.learning"


@dataclass(frozen=True)
class Office:
    """The office before it has learned anything."""

    folder: Path
    data: Path
    encoder: Encoder
    asked: tuple[Message, ...]
    """What its people ask, with what it needs."""

    def setup(self, name: str) -> Setup:
        """Begin anew, with the model and the search as they were at first."""
        own = self.folder / name
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        artifact.copy(self.folder / "model", own / "model")
        (own / "kb.db").write_bytes((self.folder / "kb.db").read_bytes())
        (own / "learning").mkdir()
        kept = self.folder / "encodings.npz"
        if kept.exists():
            (own / "learning" / "encodings.npz").write_bytes(kept.read_bytes())
        base = KnowledgeBase.open(own / "kb.db", self.encoder)
        versions = Versions(own / "learning", own / "model")
        rules = Rules(policy_of, Costs(), Budget())
        return Setup(versions, (self.data,), base, self.encoder, rules, NOW)


def policy_of(model: Gated, _: KnowledgeBase) -> Policy:
    """Decide as the bot does that has no limits of its own."""
    gate = model.manifest.get("gate", {})
    policy = Policy.from_thresholds({**model.thresholds, **gate.get("thresholds", {})})
    return replace(policy, joint=Joint.from_mapping(gate.get("joint", {})))


def office(folder: Path, without: Collection[str] = ()) -> Office:
    """Build the office: its labels, its model, its search; of some articles nothing is known."""
    encoder = load_encoder()
    data = folder / "data"
    if (folder / "kb.db").exists():
        # What it was trained on stays, whatever was labelled since.
        asked, _ = _parted(without)
        return Office(folder, data, encoder, asked)
    asked = _part(data, without)
    train([data], folder / "model", encoder)
    base = KnowledgeBase.open(folder / "kb.db", encoder)
    base.sync([ROOT / "kb" / "articles"])
    shipped, _, _ = load_training_data(data)
    base.learn([(each.text, each.article) for each in shipped if each.article])
    base.prepare()
    base.store.database.conn.execute("pragma wal_checkpoint(truncate)")
    base.close()
    return Office(folder, data, encoder, asked)


def _part(data: Path, without: Collection[str]) -> tuple[Message, ...]:
    """Write the labels of the other authors, with all that is held out; give the rest."""
    asked, others = _parted(without)
    holdout = load_holdout(DATA)
    assert holdout is not None
    (data / "messages").mkdir(parents=True, exist_ok=True)
    with (data / "messages" / "all.jsonl").open("w", encoding="utf-8") as stream:
        for each in others:
            row = {
                name: value
                for name in ("text", "label", "article", "area", "scenario", "author")
                if (value := getattr(each, name))
            }
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    held = without_duplicates([each for each in others if holdout.contains(each)])
    record = {"sha256": data_hash(held), "rows": len(held), "scenarios": sorted(holdout.scenarios)}
    (data / FILE_NAME).write_text(json.dumps(record), encoding="utf-8")
    return asked


def _parted(without: Collection[str]) -> tuple[tuple[Message, ...], list[Message]]:
    """Give what people of the office ask, and what its model is trained on or judged by."""
    holdout = load_holdout(DATA)
    assert holdout is not None
    asked, others = [], []
    for each in read_messages([DATA]):
        is_asked = each.article in without or (each.author in AWAY and not holdout.contains(each))
        (asked if is_asked else others).append(each)
    return tuple(asked), others


def outcomes(asked: Sequence[Message], draw: random.Random) -> list[Lesson]:
    """Let people ask over four months, and engineers settle what needs them."""
    found = []
    for number, each in enumerate(draw.sample(list(asked), len(asked))):
        asker = f"p{draw.randrange(PEOPLE)}"
        people = each.label in {"L2", "L3"}
        found.append(
            Lesson(
                TicketId(number + 1),
                each.text,
                each.label,
                each.article or "",
                0.7 if people else 0.9,
                NOW - timedelta(days=draw.uniform(0, DAYS)),
                f"e{draw.randrange(ENGINEERS)}" if people else asker,
                asker,
                each.label if people else "requester",
            )
        )
    return found


def spoiled(lessons: Sequence[Lesson], share: float, draw: random.Random) -> list[Lesson]:
    """Give a share of the lessons another label, and what is L1 by it an article by chance."""
    articles = sorted({each.article for each in lessons if each.article})
    wrong = set(draw.sample(range(len(lessons)), round(share * len(lessons))))
    found = []
    for place, each in enumerate(lessons):
        if place not in wrong:
            found.append(each)
            continue
        label = draw.choice([one for one in ("L1", "L2", "L3", "chat") if one != each.label])
        article = draw.choice(articles) if label == "L1" else ""
        found.append(replace(each, label=label, article=article))
    return found


def flood(lessons: Sequence[Lesson], draw: random.Random, presses: int = 500) -> list[Lesson]:
    """One engineer says of other people's tickets that they were L3's, again and again."""
    quiet = [each for each in lessons if each.label != "L3"]
    return [
        replace(
            each,
            ticket=TicketId(100_000 + number),
            label="L3",
            article="",
            trust=0.95,
            at=NOW - timedelta(hours=number),
            by="flooder",
            source="engineer",
        )
        for number, each in enumerate(draw.choices(quiet, k=presses))
    ]


KINDS = ("honest", "noise", "flood", "agreed", "drift")


def main(kinds: Sequence[str], kept: Path | None) -> None:
    """Measure, print, and record."""
    with tempfile.TemporaryDirectory(prefix="frontline-office-") as folder:
        where = kept or Path(folder)
        if set(kinds) - {"drift"}:
            there = office(where / "sample")
            for kind in kinds:
                if kind == "agreed":
                    _agreed(there, random.Random(SEED))
                elif kind != "drift":
                    _say(*_run(there, kind, made(there, kind)))
        if "drift" in kinds:
            _drift(where / "drift", random.Random(SEED))


def made(there: Office, kind: str) -> list[Lesson]:
    """Give what is on record."""
    honest = outcomes(there.asked, random.Random(SEED))
    draw = random.Random(f"{SEED} {kind}")
    if kind == "noise":
        return spoiled(honest, 0.2, draw)
    return [*honest, *flood(honest, draw)] if kind == "flood" else honest


def _agreed(there: Office, draw: random.Random) -> None:
    """Five people agree on wrong articles; half of what is asked of these topics stays untaught."""
    wrong = topics_of(there.asked)
    own = [each for each in there.asked if each.article in wrong]
    probes = draw.sample(own, len(own) // 2)
    others = [each for each in there.asked if each not in probes]
    honest = outcomes(others, draw)
    shipped, _, _ = load_training_data([there.data])
    theirs = agreed(there.asked, shipped, NOW, draw)
    setup = there.setup("looked at")
    before, after = look_at_agreed(setup, honest, theirs, probes, wrong)
    setup.base.close()
    _write(
        f"five who agreed: {after.kept} of {after.pressed} presses learned, {after.turned} "
        f"overruling; the right article first {before.right:.2f} without them, {after.right:.2f} "
        f"with them, theirs {before.wrong:.2f} and {after.wrong:.2f}"
    )
    _say(*_run(there, "agreed", [*honest, *theirs]))
    record(
        "learning", "wrong article first, where five people agreed on it", after.wrong,
        command=f"{COMMAND} agreed",
    )  # fmt: skip


def _drift(folder: Path, draw: random.Random) -> None:
    """Six topics change; then all is learned, together with what the office asks else."""
    there = office(folder, without=TOPICS)
    own = [each for each in there.asked if each.article in TOPICS]
    others = [each for each in there.asked if each.article not in TOPICS]
    lessons, asked = drifting(own, NOW, draw)
    setup = there.setup("looked at")
    seen = look(setup, lessons, asked)
    setup.base.close()
    for each in seen:
        _write(
            f"drift, {each.since:2} outcomes of a topic since it changed: the new article first "
            f"{each.new:.2f}, the old one {each.old:.2f}; {each.outdated} former outcomes let go"
        )
    _say(*_run(there, "drift", [*outcomes(others, draw), *lessons]))
    for since in (6, SINCE[-1]):
        there_then = next(each for each in seen if each.since == since)
        record(
            "learning", f"old article first, {since} outcomes after a topic changed",
            there_then.old, command=f"{COMMAND} drift",
        )  # fmt: skip


NAMES = {
    "honest": "honest", "noise": "a fifth wrong", "flood": "500 presses",
    "agreed": "five who agreed", "drift": "topics change",
}  # fmt: skip


def _run(there: Office, kind: str, lessons: Sequence[Lesson]) -> tuple[str, Report, float]:
    setup = there.setup(kind)
    started = time.monotonic()
    report = learn(setup, lessons, dry_run=False, by_hand=True)
    took = time.monotonic() - started
    kept = setup.versions.encodings
    (there.folder / "encodings.npz").write_bytes(kept.read_bytes())
    setup.base.close()
    return NAMES[kind], report, took


def _say(name: str, report: Report, took: float) -> None:
    assert report.frozen is not None
    loss = report.frozen.f1_before - report.frozen.f1_after
    _write(
        f"{name}: {report.outcome} in {took:.0f} s; learned {report.kept} of {report.lessons}, "
        f"{report.turned} overruling; loss on the holdout {loss:+.4f} "
        f"({report.frozen.f1_before:.4f} to {report.frozen.f1_after:.4f})"
    )
    record(
        "learning", f"loss of macro-F1 on the frozen holdout, {name}", loss,
        command=COMMAND, goal="≤ 0.005",
    )  # fmt: skip
    refused = (f"{why}: {n}" for why, n in report.refused.items())
    for line in (*report.refitted, *report.reasons, *refused):
        _write(f"    {line}")


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", help="all of them by default")
    parser.add_argument("--office", type=Path, help="build the office here, or find it built")
    given = parser.parse_args()
    main(given.kinds or KINDS, given.office)

"""`frontline learn` by an admin's hand: what it says, what is forgotten, what it cannot do."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner, Result

import bot.bootstrap
import bot.bootstrap.learning
from bot.bootstrap.lessons import versions_of
from bot.cli import frontline
from bot.fitting.learning.versions import NOBODY
from bot.service.context import utc_now
from bot.settings.loading import load_settings
from kb.searching.base import KnowledgeBase
from tests.classifier.conftest import HashingEncoder
from tests.fitting.on_record import name_of, put_on_record
from tests.fitting.small_desk import lessons, make, move_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.desk.learning import Lesson
    from bot.fitting.learning.versions import Versions

pytestmark = pytest.mark.rare

TOML = """
database = "kb.db"
[classifier]
model = "model"
[learning]
data = ["{made}/data"]
"""
SECRETIVE = "the turnstile badge reader hums Greensleeves at night"


@dataclass(frozen=True)
class Desk:
    """A folder with a desk in it."""

    folder: Path

    def run(self, *words: str) -> Result:
        """Run a command there."""
        return CliRunner().invoke(frontline, list(words))

    def says(self, *words: str) -> str:
        """Run a command that succeeds; gives what it says."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def settled(self, found: Sequence[Lesson]) -> None:
        """Put lessons on record, the last of them a day ago."""
        put_on_record(self.folder / "kb.db", found, later=utc_now())

    @property
    def versions(self) -> Versions:
        """What was learned."""
        return versions_of(load_settings(None))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with labels, articles, and a model."""
    folder = tmp_path_factory.mktemp("desk")
    make(folder)
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A small desk in the folder where commands are run."""
    move_in(made, tmp_path)
    (tmp_path / "frontline.toml").write_text(TOML.format(made=made))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(bot.bootstrap, "build_encoder", lambda _: HashingEncoder())
    return Desk(tmp_path)


def spoken(count: int = 80) -> list[Lesson]:
    """Somebody's words among what the others say."""
    found = lessons(count)
    return [
        replace(each, text=f"{SECRETIVE} {place}") if each.asker == "p3" else each
        for place, each in enumerate(found)
    ]


def test_it_says_what_was_learned_of_how_many_and_how_to_go_back(desk: Desk) -> None:
    """The outcome first; then the way back works, and says so."""
    desk.settled(lessons())
    said = desk.says("learn").splitlines()
    assert said[0].startswith("Learned: 20")
    assert said[0].endswith("serves from now on. A running bot takes it up by itself.")
    assert "of 80 settled tickets on record, of 20 people, by the word of 3" in said[1]
    assert any("frozen holdout" in line for line in said)
    assert any("gate" in line for line in said)
    assert said[-1] == "To go back: `frontline learn --undo`. What was learned of whom: --journal."
    assert desk.says("learn").splitlines()[0] == (
        "Nothing changes: nothing on record is new since the last run."
    )
    assert "the shipped labels serve alone" in desk.says("learn", "--undo")
    journal = desk.says("learn", "--journal")
    assert "of whom (hashed): " in journal
    assert "undone" in journal


def test_whoever_is_forgotten_is_in_nothing_that_was_learned(desk: Desk) -> None:
    """After the next run: no file has their words, their name, or a hash of either."""
    desk.settled(spoken())
    assert "Learned: " in desk.says("learn")
    words = [each.text for each in spoken() if each.asker == "p3"]
    theirs = [place + 1 for place, each in enumerate(spoken()) if each.asker == "p3"]
    before = traces(desk, words, theirs)
    assert before, "the test looks where they are"
    assert "`frontline learn`" in desk.says("forget", name_of("p3"), "--yes")
    desk.says("learn")
    assert traces(desk, words, theirs) == []
    serving = desk.versions.serving()
    assert serving is not None
    assert not serving.tickets & set(theirs)


def traces(desk: Desk, words: Sequence[str], tickets: Sequence[int]) -> list[str]:
    """Say where something of somebody is left: words, hashes, tickets, in files and tables."""
    found = []
    rare = "Greensleeves".lower().encode()
    marks = [hashlib.sha256(text.encode()).hexdigest().encode() for text in words]
    shown = [f'"T-{number}"'.encode() for number in tickets]
    with closing(sqlite3.connect(desk.folder / "kb.db")) as database:
        database.execute("pragma wal_checkpoint(truncate)")
    for file in sorted(desk.folder.rglob("*")):
        if not file.is_file():
            continue
        inside = [file.read_bytes()]
        if file.suffix == ".npz":
            with np.load(file) as arrays:
                inside += [" ".join(map(str, arrays[name].ravel())).encode()
                           for name in arrays.files if arrays[name].dtype.kind == "U"]  # fmt: skip
        low = b"\n".join(inside).lower()
        looked = [rare, *marks, *([each.lower() for each in shown] if "learn" in str(file) or
                                  "model" in str(file) else [])]  # fmt: skip
        found += [f"{file.name}: {each.decode()[:20]}" for each in looked if each in low]
    for line in desk.versions.journal():
        people = set(line.get("people", {})) - {NOBODY}
        found += [f"journal: {each}" for each in people & {_known_as(desk, "p3")}]
    return found


def _known_as(desk: Desk, person: str) -> str:
    from bot.bootstrap.lessons import _namer  # noqa: PLC0415 - as the journal names them

    return _namer(desk.versions.folder / "key")(name_of(person))


def gone_article(desk: Desk) -> None:
    """An article answered many, and was taken away since."""
    desk.settled([replace(each, label="L1", article="travel", by=each.asker, source="requester")
                  for each in lessons()])  # fmt: skip
    with closing(KnowledgeBase.open(desk.folder / "kb.db", HashingEncoder())) as base:
        base.remove([("default", "travel")])


def all_the_same(desk: Desk) -> None:
    """Two people say one thing six hundred times."""
    said = lessons(1)[0]
    desk.settled([replace(said, text=f"{said.text} {place}", asker=f"p{place % 2}",
                          by=f"e{place % 2}") for place in range(600)])  # fmt: skip


BAD = {
    "nothing on record": (
        lambda _: None,
        "Nothing changes: no settled ticket on record says who could have settled it",
    ),
    "an article that is gone": (gone_article, "80, the article that answered is no longer there"),
    "near-identical outcomes": (all_the_same, "said before in the same words"),
    "too few": (lambda desk: desk.settled(lessons(8)), "too little to judge by"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_teaches_nothing_is_said_and_changes_nothing(desk: Desk, kind: str) -> None:
    """One clear line, and what serves is what served."""
    prepare, says = BAD[kind]
    desk.versions.model.stat()
    prepare(desk)
    before = (desk.versions.model / "manifest.json").read_bytes()
    said = desk.says("learn")
    assert said.startswith("Nothing changes: ")
    assert says in said
    assert (desk.versions.model / "manifest.json").read_bytes() == before
    assert desk.versions.serving() is None


def test_a_second_run_at_once_is_refused_in_one_line(desk: Desk) -> None:
    """And what the first one does is not disturbed."""
    desk.settled(lessons(8))
    with desk.versions.alone():
        result = desk.run("learn")
    assert result.exit_code == 1
    assert "Another run is learning just now; nothing was changed." in result.output


def test_a_night_that_failed_is_in_the_journal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads what a process says at night."""
    desk.settled(lessons(8))
    monkeypatch.setattr("os.nice", lambda _: 0)
    (desk.folder / "other.jsonl").write_text('{"text": "a", "label": "L1"}\n')
    result = desk.run("learn", "--nightly", "--data", "other.jsonl")
    assert result.exit_code == 1
    assert "was trained on other messages" in desk.says("learn", "--journal")

"""What was learned, version by version, and how one takes another's place, all parts together.

    var/learning/base/           the model with the shipped labels alone
    var/learning/2026…/model/    a version's model, with its gate
    var/learning/2026…/version.json
    var/learning/serving.json    which version serves
    var/learning/switch.json     there while one takes another's place
    var/learning/search.json     how the search weighed its parts before
    var/learning/journal.jsonl   what was learned of whom, and why not
    var/learning/work/           what a run puts aside while it is under way

A version names tickets, not their words: these are read from the record again when they are needed.
Whoever is killed while one version takes another's place left `switch.json`: the next run, and the
next start of the bot, puts the former one back whole.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.desk.errors import FrontlineError
from classifier.errors import ModelError
from classifier.registry import artifact
from kb.searching.base import Taught, profile_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kb.searching.base import KnowledgeBase

KEPT = 5
"""So many versions are kept to go back to."""
MODEL, ABOUT = "model", "version.json"
NOBODY = "no longer on record"
"""In the journal, in place of whoever was forgotten."""
LEARNED = "learned"
"""In a model's manifest, the version that it belongs to."""


def _unheard(what: str) -> None:
    """Where nobody wants to hear it."""


class RunningAlreadyError(FrontlineError):
    """Another run is learning just now; nothing was changed. Wait until it has ended."""

    def __init__(self) -> None:
        """Say so in the words above."""
        super().__init__(self.__doc__)


@dataclass(frozen=True)
class Version:
    """What belongs together; lessons are (ticket, article), the article "" where none answers."""

    name: str
    lessons: tuple[tuple[int, str], ...] = ()
    withdrawn: tuple[str, ...] = ()
    profile: str | None = None
    turned: tuple[tuple[str, str], ...] = ()
    """Articles whose topic another one answers now, and those others."""
    before: str | None = None
    """Which version served when this one came; None for the shipped labels alone."""

    @property
    def tickets(self) -> frozenset[int]:
        """What it learned of."""
        return frozenset(ticket for ticket, _ in self.lessons)

    def taught(self, texts: Mapping[int, str], profile: str | None) -> Taught:
        """Give what it teaches the search, in the words that are on record.

        `profile` is how the search weighed its parts before anything was learned.
        """
        questions = tuple(
            (texts[ticket], article)
            for ticket, article in self.lessons
            if article and ticket in texts
        )
        weighs = self.profile or profile
        state = ((profile_name(learned=True), weighs),)
        return Taught(questions, frozenset(self.withdrawn), state, self.turned)


class Versions:
    """The folder of versions beside the serving model."""

    def __init__(self, folder: Path, model: Path) -> None:
        """Look after a folder; `model` is the directory that the bot serves."""
        self.folder = folder
        self.model = model
        self.base = folder / "base"
        self.encodings = folder / "encodings.npz"
        self.work = folder / "work"
        self.pointer = folder / "serving.json"
        self._switch = folder / "switch.json"
        self.search = folder / "search.json"
        self._held = folder / "held"
        self._journal = folder / "journal.jsonl"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else learn meanwhile; a killed run gives way by itself."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w", encoding="utf-8") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise RunningAlreadyError from error
            self._clear()
            with _put_aside_in(self.work):
                yield
            self._clear()

    def _clear(self) -> None:
        """Let go of what this run, or one that was killed, has put aside: it is people's words."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(mode=0o700)

    def is_half_done(self) -> bool:
        """Tell whether a run was killed, or is busy, while one version takes another's place."""
        return self._switch.exists() or not self.model.exists()

    def serving(self) -> Version | None:
        """Give the version that serves; None where the model is of shipped labels alone."""
        name = self._read(self.pointer).get("version")
        if name is None or self._of_model() != name:
            return None
        return self.get(str(name))

    def get(self, name: str) -> Version | None:
        """Read a version; None where it is gone."""
        said = self._read(self.folder / name / ABOUT)
        if not said:
            return None
        lessons = tuple((int(ticket), str(article)) for ticket, article in said["lessons"])
        # Versions of before the rule on turns have none.
        turned = tuple((str(old), str(new)) for old, new in said.get("turned", ()))
        withdrawn = tuple(said["withdrawn"])
        return Version(name, lessons, withdrawn, said["profile"], turned, said["before"])

    def refresh_base(self, base: KnowledgeBase) -> Path:
        """Give the model with the shipped labels alone: the one that serves, if it is one.

        How the search weighs its parts is remembered beside it.
        """
        if self.serving() is None:
            _write(self.search, {"profile": base.store.state(profile_name(learned=True))})
        if self._of_model() is None:
            served = artifact.read_manifest(self.model)["version"]
            try:
                kept = artifact.read_manifest(self.base)["version"]
            except ModelError:
                kept = None
            if kept != served or artifact.read_manifest(self.base) != artifact.read_manifest(
                self.model
            ):
                artifact.copy(self.model, self.base)
        return self.base

    def keep(self, version: Version, model: Path) -> None:
        """Write a version down, in one step; it serves nobody yet."""
        fresh = self.folder / f".{version.name}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        artifact.copy(model, fresh / MODEL)
        _write(fresh / ABOUT, asdict(version))
        # Learned again after somebody went back.
        shutil.rmtree(self.folder / version.name, ignore_errors=True)
        fresh.rename(self.folder / version.name)

    def switch(
        self,
        to: Version | None,
        base: KnowledgeBase,
        texts: Mapping[int, str],
        *,
        models: tuple[tuple[str, str, bytes], ...] = (),
        reached: Callable[[str], None] = _unheard,
    ) -> None:
        """Let a version serve, or None: the shipped labels alone; search and model together."""
        now = self.serving()
        _write(self._switch, {"from": now.name if now else None, "to": to.name if to else None})
        reached("a switch is announced")
        self._serve(to, base, texts, models, reached)

    def recover(self, base: KnowledgeBase, texts: Mapping[int, str]) -> bool:
        """Put back what served before a switch that never ended; tells whether there was one."""
        for left in self.folder.glob(".2*"):
            shutil.rmtree(left, ignore_errors=True)
        mended = artifact.mend(self.model)
        if not self._switch.exists():
            return mended
        name = self._read(self._switch).get("from")
        self._serve(self.get(name) if name else None, base, texts, (), _unheard)
        return True

    def purge(self, on_record: frozenset[int]) -> None:
        """Let go of versions of words that are no longer on record, and of the oldest ones."""
        serving = self.serving()
        names = sorted(file.parent.name for file in self.folder.glob(f"2*/{ABOUT}"))
        for place, name in enumerate(reversed(names)):
            version = self.get(name)
            gone = version is None or not version.tickets <= on_record
            if (gone or place >= KEPT) and not (serving and serving.name == name):
                shutil.rmtree(self.folder / name, ignore_errors=True)

    @property
    def held(self) -> bool:
        """Whether somebody went back, so that nothing is taken up until they say so."""
        return self._held.exists()

    def hold(self, *, held: bool) -> None:
        """Say that nothing is taken up by itself any more, or that it is again."""
        if held:
            self._held.touch()
        else:
            self._held.unlink(missing_ok=True)

    def note(self, line: Mapping[str, Any]) -> None:
        """Write a line into the journal."""
        with self._journal.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")

    def forget_names(self, on_record: frozenset[str]) -> None:
        """Count people who are no longer on record as nobody, in all lines of the journal."""
        lines = self.journal()
        changed = False
        for line in lines:
            people = line.get("people", {})
            gone = [name for name in people if name not in on_record and name != NOBODY]
            for name in gone:
                people[NOBODY] = people.get(NOBODY, 0) + people.pop(name)
            changed = changed or bool(gone)
        if changed:
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            _write_text(self._journal, text)

    def journal(self) -> list[dict[str, Any]]:
        """Read the journal, oldest line first; what a kill left half-written is passed over."""
        try:
            lines = self._journal.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def _serve(
        self,
        to: Version | None,
        base: KnowledgeBase,
        texts: Mapping[int, str],
        models: tuple[tuple[str, str, bytes], ...],
        reached: Callable[[str], None],
    ) -> None:
        profile = self._read(self.search).get("profile")
        taught = (to or Version("")).taught(texts, profile)
        base.relearn(replace(taught, models=models))
        reached("the search has it")
        artifact.copy(self.folder / to.name / MODEL if to else self.base, self.model)
        reached("the model has it")
        _write(self.pointer, {"version": to.name if to else None})
        reached("it is pointed to")
        self._switch.unlink(missing_ok=True)

    def _of_model(self) -> str | None:
        name = artifact.read_manifest(self.model).get(LEARNED)
        return str(name) if name else None

    @staticmethod
    def _read(file: Path) -> dict[str, Any]:
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


@contextmanager
def _put_aside_in(folder: Path) -> Iterator[None]:
    """Let temporary files lie here, not where nobody clears them after a kill."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _write(file: Path, what: Mapping[str, Any]) -> None:
    _write_text(file, json.dumps(what, ensure_ascii=False, indent=1) + "\n")


def _write_text(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)

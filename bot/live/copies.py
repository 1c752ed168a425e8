"""The copy of a live source: a file for each article, and by what each is known to be the same."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.live.wanted import TroubleError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

STATE = "state.json"
FORM = 1


@dataclass
class Kept:
    """One article of the copy: its file, what tells that it changed, and what may be said then."""

    file: str
    mark: str
    audience: tuple[str, ...] = ()
    """Groups of Slack that may see it, beyond what holds for the source; none: as the source."""
    digest: str = ""
    conditions: dict[str, str] = field(default_factory=dict)


class Copy:
    """The folder of one source, and its state.

    A file is written whole or not at all. The state is written after the files that it names: who
    is killed between the two brings a file in once more.
    """

    def __init__(self, folder: Path) -> None:
        """Take up what an earlier run kept."""
        self.folder = folder
        self.kept: dict[str, Kept] = {}
        self.memory: dict[str, Any] = {}
        """What a reader remembers besides: until when it has read, for example."""
        self._take_up()

    def _take_up(self) -> None:
        try:
            state = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
            if state["form"] != FORM:
                return
            self.kept = {name: Kept(**_plain(one)) for name, one in state["kept"].items()}
            self.memory = dict(state["memory"])
        except (OSError, ValueError, KeyError, TypeError):
            self.kept, self.memory = {}, {}  # begun anew: all is read again

    def put(  # noqa: PLR0913 - what is kept of an article
        self,
        name: str,
        data: bytes,
        *,
        ending: str,
        stem: str,
        mark: str,
        audience: Collection[str] = (),
        conditions: dict[str, str] | None = None,
    ) -> None:
        """Keep an article; what is the same as before is not written again."""
        groups = tuple(sorted(audience))
        digest = hashlib.sha256(data).hexdigest()[:16]
        before = self.kept.get(name)
        file = f"{folder_of(groups)}/{self._free(name, stem, ending)}"
        path = self.folder / file
        if before is None or (before.file, before.digest) != (file, digest) or not path.exists():
            _write(path, data)
        if before is not None and before.file != file:
            (self.folder / before.file).unlink(missing_ok=True)
        self.kept[name] = Kept(file, mark, groups, digest, conditions or {})

    def _free(self, name: str, stem: str, ending: str) -> str:
        """Give the name of a file that no other article has; the same one as last time."""
        before = self.kept.get(name)
        if before is not None:
            return before.file.rsplit("/", 1)[-1]
        taken = {one.file.rsplit("/", 1)[-1] for one in self.kept.values()}
        if f"{stem}{ending}" not in taken:
            return f"{stem}{ending}"
        return f"{stem[:70]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}{ending}"

    def drop(self, name: str) -> None:
        """Let go of an article."""
        one = self.kept.pop(name, None)
        if one is not None:
            (self.folder / one.file).unlink(missing_ok=True)

    def keep_only(self, names: Collection[str]) -> None:
        """Let go of what a whole list does not name any more.

        Raises:
            TroubleError: it names nothing, and there was something.
        """
        if self.kept and not names:
            raise TroubleError("The source lists no articles any more; that is taken for a fault.")
        for gone in self.kept.keys() - set(names):
            self.drop(gone)

    def save(self) -> None:
        """Write the state, and let go of files that it does not name."""
        state = {
            "form": FORM,
            "kept": {name: vars(one) for name, one in self.kept.items()},
            "memory": self.memory,
        }
        _write(self.folder / STATE, json.dumps(state, ensure_ascii=False).encode())
        named = {one.file for one in self.kept.values()}
        for folder in self._folders():
            for file in folder.iterdir():
                if file.relative_to(self.folder).as_posix() not in named:
                    file.unlink(missing_ok=True)
            with suppress(OSError):  # somebody is in there
                folder.rmdir()

    def _folders(self) -> Iterator[Path]:
        yield from (each for each in list(self.folder.iterdir()) if each.is_dir())

    def audiences(self) -> dict[tuple[str, ...], Path]:
        """Give the folder of each audience that there is."""
        found = sorted({one.audience for one in self.kept.values()})
        return {groups: self.folder / folder_of(groups) for groups in found}

    @property
    def fingerprint(self) -> str:
        """Name what the copy holds."""
        rows = sorted((one.file, one.digest) for one in self.kept.values())
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:32]


def folder_of(groups: tuple[str, ...]) -> str:
    """Name the folder, and the end of the collection, of what these groups may see."""
    if not groups:
        return "all"
    return "for-" + hashlib.sha256("\n".join(groups).encode()).hexdigest()[:12]


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "audience": tuple(one["audience"])}


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
    fresh.replace(path)

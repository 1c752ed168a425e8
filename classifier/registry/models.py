"""The models that have served, which one serves, and how one takes another's place."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from classifier.errors import ClassifierError, ModelError
from classifier.registry import artifact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEPT = 5
"""So many former models are kept to go back to."""

RECALL_MARGIN = 0.005
"""A candidate's must-escalate recall may lie this far below the serving model's."""


@dataclass(frozen=True)
class Entry:
    """One model: its version, where it lies, and whether it serves."""

    version: str
    directory: Path
    state: str
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """Whether a candidate may serve, and why."""

    accepted: bool
    reasons: tuple[str, ...]


class Registry:
    """The serving model directory, and beside it the former ones and a journal."""

    def __init__(self, serving: Path) -> None:
        """Look after the serving directory, and `<name>.versions` beside it."""
        self.serving = serving
        self.archive = serving.with_name(serving.name + ".versions")
        self.journal = self.archive / "journal.jsonl"
        self.shadow_file = self.archive / "shadow.json"

    def entries(self) -> list[Entry]:
        """List the serving model, then the former ones, newest first."""
        found = [self._entry(self.serving, "serving")] if self.serving.is_dir() else []
        former = sorted(self.archive.glob("*/manifest.json"), reverse=True)
        return found + [self._entry(file.parent, "former") for file in former]

    def promote(self, candidate: Path) -> str:
        """Let a candidate serve; the model that served is kept. Returns its version."""
        stored = artifact.load(candidate)
        version = str(stored.manifest["version"])
        self._set_aside()
        artifact.copy(candidate, self.serving)
        self.note("promoted", version)
        return version

    def rollback(self) -> str:
        """Let the model that served before serve again. Returns its version."""
        previous = self._previous()
        if previous is None:
            raise ClassifierError(f"{self.archive}: no former model to go back to")
        artifact.load(previous.directory)
        serving = artifact.read_manifest(self.serving)["version"]
        artifact.copy(previous.directory, self.serving)
        shutil.rmtree(previous.directory)
        self.note("rolled back", previous.version, instead_of=serving)
        return previous.version

    def shadow(self, candidate: Path | None) -> None:
        """Name the candidate that decides along without being heard; None ends it."""
        self.archive.mkdir(parents=True, exist_ok=True)
        if candidate is None:
            self.shadow_file.unlink(missing_ok=True)
            self.note("shadow ended", None)
            return
        version = str(artifact.load(candidate).manifest["version"])
        self.shadow_file.write_text(json.dumps({"directory": str(candidate.resolve())}))
        self.note("shadow", version)

    def note(self, what: str, version: str | None, **more: object) -> None:
        """Write a line into the journal: promotions, and every use of the holdout."""
        self.archive.mkdir(parents=True, exist_ok=True)
        line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "what": what}
        with self.journal.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({**line, "version": version, **more}) + "\n")

    def _entry(self, directory: Path, state: str) -> Entry:
        try:
            manifest = artifact.read_manifest(directory)
        except ModelError as error:
            return Entry("unreadable", directory, str(error), {})
        return Entry(str(manifest["version"]), directory, state, manifest)

    def _previous(self) -> Entry | None:
        former = [entry for entry in self.entries() if entry.state == "former"]
        return former[0] if former else None

    def _set_aside(self) -> None:
        if not (self.serving / artifact.MANIFEST).is_file():
            return
        stamp = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        artifact.copy(self.serving, self.archive / stamp)
        former = sorted(file.parent for file in self.archive.glob("*/manifest.json"))
        for directory in former[:-KEPT]:
            shutil.rmtree(directory)


def compare(serving: Mapping[str, Any], candidate: Mapping[str, Any]) -> Verdict:
    """Judge a candidate by whom both would call on the holdout."""
    was, now = serving["must_escalate_recall"]["value"], candidate["must_escalate_recall"]["value"]
    cost_was, cost_now = serving["expected_cost"], candidate["expected_cost"]
    recall_kept, cheaper = now >= was - RECALL_MARGIN, cost_now < cost_was
    return Verdict(
        recall_kept and cheaper,
        (
            f"must-escalate recall {now:.4f}, serving {was:.4f}: "
            + ("not worse" if recall_kept else f"more than {RECALL_MARGIN} worse"),
            f"expected cost {cost_now:.4f}, serving {cost_was:.4f}: "
            + ("better" if cheaper else "not better"),
        ),
    )

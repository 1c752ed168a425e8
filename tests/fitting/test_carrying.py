"""What one machine learned is served by all: by numbers, whole, and not upon another model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.bootstrap.carrying import ModelCarrier
from bot.fitting.learning.versions import LEARNED, Version, Versions
from bot.store.serving.model import SharedModel
from classifier.registry import artifact

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.unit_of_work import Store

VERSION = Version("20261101-020000-abc", ((7, "reset"),), profile="{}")


class Machine:
    """One of several, each with a folder of its own."""

    def __init__(self, folder: Path, made: Path, store: Store) -> None:
        """Begin with the shipped model."""
        artifact.copy(made / "model", folder / "model")
        self.versions = Versions(folder / "learning", folder / "model")
        self.carrier = ModelCarrier(self.versions, SharedModel(store.path))

    def learns(self, version: Version = VERSION) -> None:
        """Serve a version, as a run does at its end."""
        self.versions.folder.mkdir(exist_ok=True)
        artifact.copy(self.versions.model, self.versions.base)
        artifact.amend(self.versions.model, {LEARNED: version.name, "version": version.name})
        self.versions.keep(version, self.versions.model)
        self.versions.pointer.write_text(f'{{"version": "{version.name}"}}', "utf-8")

    def goes_back(self) -> None:
        """Serve the shipped labels alone."""
        artifact.copy(self.versions.base, self.versions.model)
        self.versions.pointer.write_text('{"version": null}', "utf-8")


@pytest.fixture
def machines(made: Path, tmp_path: Path, store: Store) -> tuple[Machine, Machine]:
    """Two on one desk."""
    return Machine(tmp_path / "one", made, store), Machine(tmp_path / "other", made, store)


def test_shipped_models_stay_where_they_are(machines: tuple[Machine, Machine]) -> None:
    """Nobody sends what each has."""
    one, other = machines
    one.carrier.step()
    other.carrier.step()
    assert one.carrier._shared.stands() == (0, "")


def test_what_one_learned_the_other_serves_and_knows_of_what(
    machines: tuple[Machine, Machine],
) -> None:
    """With its version, so that whoever leads next goes on from there; and back as well."""
    one, other = machines
    one.learns()
    one.carrier.step()
    other.carrier.step()
    assert other.versions.serving() == VERSION
    manifests = [artifact.read_manifest(each.versions.model) for each in machines]
    assert manifests[0] == manifests[1]
    assert artifact.load(other.versions.folder / VERSION.name / "model").manifest == manifests[0]
    for each in machines:
        each.carrier.step()
    assert one.carrier._shared.stands()[0] == 1
    other.goes_back()
    other.carrier.step()
    one.carrier.step()
    assert one.versions.serving() is None
    assert LEARNED not in artifact.read_manifest(one.versions.model)


def test_what_was_learned_upon_another_shipped_model_is_not_taken(
    machines: tuple[Machine, Machine],
) -> None:
    """Two versions of Frontline run beside each other; each goes on with its own."""
    one, other = machines
    artifact.amend(other.versions.model, {"encoder": "another"})
    one.learns()
    one.carrier.step()
    other.carrier.step()
    assert LEARNED not in artifact.read_manifest(other.versions.model)
    other.learns(Version("20261102-020000-def"))
    other.carrier.step()
    one.carrier.step()
    assert artifact.read_manifest(one.versions.model)[LEARNED] == VERSION.name


def test_while_somebody_learns_nothing_is_taken_up(machines: tuple[Machine, Machine]) -> None:
    """The run ends first; the next look takes what there is."""
    one, other = machines
    one.learns()
    one.carrier.step()
    with other.versions.alone():
        other.carrier.step()
        assert LEARNED not in artifact.read_manifest(other.versions.model)
    other.carrier.step()
    assert other.versions.serving() == VERSION

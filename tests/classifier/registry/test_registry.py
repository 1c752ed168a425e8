"""Which model serves: promotion, going back, shadow, and a bot that follows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from classifier.errors import ClassifierError
from classifier.registry.models import Registry, compare
from classifier.serving.current import ServingClassifier
from classifier.training.train import train

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.classifier.conftest import HashingEncoder


@pytest.fixture(scope="module")
def two_models(
    tmp_path_factory: pytest.TempPathFactory,
    desk_rows: list[dict[str, str]],
    encoder: HashingEncoder,
) -> tuple[Path, Path]:
    """Two models of different data."""
    folder = tmp_path_factory.mktemp("two")
    for name, rows in (("old", desk_rows[:-6]), ("new", desk_rows)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
        train(folder / f"{name}.jsonl", folder / name, encoder)
    return folder / "old", folder / "new"


@pytest.fixture
def registry(tmp_path: Path, two_models: tuple[Path, Path]) -> Registry:
    """A registry whose serving model is the old one."""
    found = Registry(tmp_path / "model")
    found.promote(two_models[0])
    return found


def version_of(directory: Path) -> str:
    """Read a model's version."""
    return str(json.loads((directory / "manifest.json").read_text())["version"])


def test_promotion_keeps_the_former_model_and_rollback_brings_it_back(
    registry: Registry, two_models: tuple[Path, Path]
) -> None:
    """There and back, each step in the journal."""
    old, new = map(version_of, two_models)
    assert registry.promote(two_models[1]) == new
    assert [(e.version, e.state) for e in registry.entries()] == [(new, "serving"), (old, "former")]
    assert registry.rollback() == old
    assert version_of(registry.serving) == old
    with pytest.raises(ClassifierError, match="no former model"):
        registry.rollback()
    steps = [json.loads(line)["what"] for line in registry.journal.read_text().splitlines()]
    assert steps == ["promoted", "promoted", "rolled back"]


def test_a_spoilt_candidate_never_serves(
    registry: Registry, two_models: tuple[Path, Path], tmp_path: Path
) -> None:
    """What served before goes on."""
    candidate = tmp_path / "candidate"
    candidate.mkdir()
    for file in two_models[1].iterdir():
        (candidate / file.name).write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ClassifierError):
        registry.promote(candidate)
    assert version_of(registry.serving) == version_of(two_models[0])


def test_a_running_bot_takes_up_a_promoted_model(
    registry: Registry, two_models: tuple[Path, Path], encoder: HashingEncoder
) -> None:
    """Without a restart, and it says so."""
    heard: list[str] = []
    serving = ServingClassifier(registry.serving, encoder, heard.append)
    serving.predict(["hi"])
    assert heard == []
    registry.promote(two_models[1])
    serving.predict(["hi"])
    assert serving.version == version_of(two_models[1])
    assert heard == [f"now serving model {serving.version}"]


def test_the_former_model_serves_while_the_new_one_is_loaded(
    registry: Registry, two_models: tuple[Path, Path], encoder: HashingEncoder
) -> None:
    """Whoever asks meanwhile does not wait for it; it is loaded once."""
    loads: list[Callable[[], None]] = []
    serving = ServingClassifier(registry.serving, encoder, beside=loads.append)
    before = serving.version
    registry.promote(two_models[1])
    serving.predict(["hi"])
    serving.predict(["hi"])
    assert serving.version == before
    (load,) = loads
    load()
    assert serving.version == version_of(two_models[1])


def test_a_running_bot_keeps_its_model_when_the_next_is_broken(
    registry: Registry, encoder: HashingEncoder
) -> None:
    """It goes on deciding, and says what is wrong, once."""
    heard: list[str] = []
    serving = ServingClassifier(registry.serving, encoder, heard.append)
    (registry.serving / "manifest.json").write_text("{}")
    assert serving.predict(["hi"]) == serving.predict(["hi"])
    assert len(heard) == 1
    assert "goes on serving" in heard[0]


def test_a_shadow_decides_along_and_only_its_log_shows_it(
    registry: Registry, two_models: tuple[Path, Path], encoder: HashingEncoder
) -> None:
    """The log has both decisions and none of the words."""
    serving = ServingClassifier(registry.serving, encoder)
    before = serving.predict(["how do i reset my password"])
    registry.shadow(two_models[1])
    assert serving.predict(["how do i reset my password"]) == before
    log = registry.archive / "shadow.jsonl"
    (line,) = map(json.loads, log.read_text().splitlines())
    assert line["serving"]["version"] == version_of(two_models[0])
    assert line["shadow"]["version"] == version_of(two_models[1])
    assert "password" not in log.read_text()
    registry.shadow(None)
    serving.predict(["hi"])
    assert len(log.read_text().splitlines()) == 1


def gate(recall: float, cost: float) -> dict[str, object]:
    """The gate's figures as an evaluation has them."""
    return {"must_escalate_recall": {"value": recall}, "expected_cost": cost}


@pytest.mark.parametrize(
    ("recall", "cost", "accepted"),
    [(0.985, 0.20, True), (0.978, 0.20, True), (0.97, 0.10, False), (0.99, 0.30, False)],
)
def test_a_candidate_must_miss_no_more_and_cost_less(
    recall: float, cost: float, *, accepted: bool
) -> None:
    """Non-inferior in must-escalate recall, better in cost; reasons either way."""
    verdict = compare(gate(0.98, 0.25), gate(recall, cost))
    assert verdict.accepted is accepted
    assert len(verdict.reasons) == 2


def test_only_a_few_former_models_are_kept(
    registry: Registry,
    two_models: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The oldest go first."""
    monkeypatch.setattr("classifier.registry.models.KEPT", 2)
    for number in range(5):
        registry.promote(two_models[number % 2])
    assert len([e for e in registry.entries() if e.state == "former"]) == 2

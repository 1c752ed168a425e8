"""`frontline classifier gate`: what it writes, who reads it, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from bot.bootstrap import build_policy
from bot.bootstrap.deciding import remembered_policy
from bot.cli import Commands
from bot.cli.models.classifier import classifier
from bot.desk.deciding import UNLABELLED, Joint
from bot.settings.loading import load_settings
from classifier.registry.artifact import read_manifest
from classifier.serving.predict import Classifier
from kb.searching.base import KnowledgeBase
from tests.classifier.conftest import HashingEncoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OPENINGS = ("hi", "hello", "quick one", "morning", "sorry", "hey", "please", "dear team")
SAID = {
    "L1": ("how do i reset my password", "how to add a printer", "how long is lunch"),
    "L2": ("i tried the reset and it still fails", "my dock died twice, steps did not help"),
    "L3": ("the whole office is down since nine", "everyone lost data after the release"),
    "chat": ("thanks a lot, have a nice weekend", "good coffee today, see you"),
}
ARTICLES = {
    "reset": ("Reset your password", "How do I reset my password"),
    "printer": ("Add a printer", "How to add a printer"),
}
ANSWERS = {"how do i reset my password": "reset", "how to add a printer": "printer"}


def rows(ends: tuple[str, ...]) -> list[dict[str, Any]]:
    """Build messages of three authors, all labels among them."""
    return [
        {
            "text": f"{opening} {said} {end}",
            "label": label,
            "article": ANSWERS.get(said),
            "author": ("ann", "bob", "cem")[number % 3],
        }
        for label, texts in SAID.items()
        for said in texts
        for number, opening in enumerate(OPENINGS)
        for end in ends
    ]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command of `frontline classifier` in a desk with two articles and a trained model."""
    encoder = HashingEncoder()
    monkeypatch.setattr("kb.encoding.loading.load_encoder", lambda _: encoder)
    monkeypatch.chdir(tmp_path)
    _write(tmp_path / "messages.jsonl", rows(("please", "now", "today")))
    articles = [
        {"id": name, "title": title, "body": body} for name, (title, body) in ARTICLES.items()
    ]
    _write(tmp_path / "articles.jsonl", articles)
    group = Commands("frontline")
    group.get_command = lambda *_: classifier  # type: ignore[method-assign]
    settings = load_settings()

    def ran(*arguments: str) -> Result:
        return CliRunner().invoke(group, ["classifier", *arguments], obj=settings)

    settings.db.parent.mkdir()
    base = KnowledgeBase.open(settings.db, encoder)
    base.sync([tmp_path / "articles.jsonl"])
    base.close()
    trained = ran("train", "--data", "messages.jsonl")
    assert trained.exit_code == 0, trained.output
    assert "frontline classifier gate" in trained.output
    return ran


def _write(file: Path, lines: list[dict[str, Any]]) -> None:
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")


def test_what_the_gate_is_fitted_to_decides_from_then_on(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    """Weights and thresholds stand in the manifest; the configuration still overrules them."""
    done = run("gate", "--data", "messages.jsonl")
    assert done.exit_code == 0, done.output
    assert "must escalate recall" in done.output
    gate = read_manifest(tmp_path / "var/model")["gate"]
    settings = load_settings()
    model = Classifier.load(settings.model, HashingEncoder())
    policy = build_policy(settings, model)
    assert policy.joint.score == gate["joint"]["score"]
    assert policy.answer_at == gate["thresholds"]["answer_at"]
    (tmp_path / "frontline.toml").write_text(
        "[classifier.thresholds]\nanswer_at = 0.42\n[classifier.costs]\nwrong_answer = 3\n"
    )
    overruled = build_policy(load_settings(), model)
    assert (overruled.answer_at, overruled.costs.wrong_answer) == (0.42, 3.0)
    assert overruled.escalate_at == policy.escalate_at


@dataclass
class Base:
    """A knowledge base that was calibrated on itself, or not."""

    calibrated: bool


def test_without_a_fitted_gate_a_calibrated_base_decides_by_its_own(
    run: Callable[..., Result],
) -> None:
    """And with one by the fitted; an uncalibrated one by the defaults in code."""
    settings = load_settings()
    model = Classifier.load(settings.model, HashingEncoder())
    plain = build_policy(settings, model, Base(calibrated=False))
    own = build_policy(settings, model, Base(calibrated=True))
    assert plain.joint == Joint()
    assert own.joint == UNLABELLED
    assert own.answer_at > plain.answer_at
    assert run("gate", "--data", "messages.jsonl").exit_code == 0
    model = Classifier.load(settings.model, HashingEncoder())
    fitted = build_policy(settings, model, Base(calibrated=True))
    assert fitted.joint not in (UNLABELLED, Joint())


@dataclass
class Model:
    """A model by its manifest."""

    manifest: dict[str, Any]
    thresholds: dict[str, float]


def test_a_policy_is_kept_until_the_model_or_the_base_is_another() -> None:
    """Not built anew for each message, and never one that holds no more."""
    model, base = Model({}, {"answer_at": 0.6}), Base(calibrated=False)
    policy = remembered_policy(load_settings(), model, base)
    first = policy()
    assert policy() is first
    base.calibrated = True
    assert policy().joint == UNLABELLED
    model.manifest, model.thresholds = {"gate": {"thresholds": {"answer_at": 0.9}}}, {}
    assert (policy().answer_at, policy().joint) == (0.9, Joint())
    base.calibrated = False
    assert policy().answer_at == 0.9


def test_a_gate_is_fitted_on_own_rows_alone(run: Callable[..., Result], tmp_path: Path) -> None:
    """A part of what was learned, and rows that no training saw, each asked as if unknown."""
    _write(tmp_path / "own.jsonl", rows(("please", "now", "at once")))
    done = run("gate", "--data", "own.jsonl", "--json")
    assert done.exit_code == 0, done.output
    written = read_manifest(tmp_path / "var/model")["gate"]
    assert written["messages"] == len(rows(("please", "now", "at once")))


def _elsewhere(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"article": row["article"] and f"{row['article']}-of-another-desk"}


def test_a_gate_that_would_answer_nothing_is_not_written(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    """Messages of another desk name articles that are not here: that is said before."""
    _write(tmp_path / "own.jsonl", [_elsewhere(row) for row in rows(("please", "now", "today"))])
    refused = run("gate", "--data", "own.jsonl")
    assert refused.exit_code == 1
    assert "0 messages name an article of this base" in refused.output
    assert "gate" not in read_manifest(tmp_path / "var/model")


def test_rows_of_articles_that_are_not_there_are_left_out_and_said(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    """Those of one article; the others are enough."""
    mixed = [
        row | {"article": "gone"} if row["article"] == "printer" and number % 2 else row
        for number, row in enumerate(rows(("please", "now", "today")))
    ]
    _write(tmp_path / "own.jsonl", mixed)
    done = run("gate", "--data", "own.jsonl")
    assert done.exit_code == 0, done.output
    lost = sum(row["article"] == "gone" for row in mixed)
    assert f"left out {lost} of {len(mixed)} messages" in done.stderr
    assert f"gone ({lost})" in done.stderr


def test_training_recommends_the_gate_only_where_it_can_help(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    """On a base without the articles that the messages name it says why it would not."""
    _write(tmp_path / "own.jsonl", [_elsewhere(row) for row in rows(("please", "now", "today"))])
    done = run("train", "--data", "own.jsonl", "--model", "other")
    assert done.exit_code == 0, done.output
    assert "next: `frontline classifier gate`" not in done.output
    assert "the gate stays as it is: 0 messages name an article of this base" in done.output


def test_a_gate_needs_articles(run: Callable[..., Result], tmp_path: Path) -> None:
    """Without any, there is nothing to search."""
    refused = run("gate", "--data", "messages.jsonl", "--db", "empty.db")
    assert refused.exit_code == 1
    assert "frontline kb sync" in refused.output

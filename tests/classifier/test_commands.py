"""The command line: results on stdout, one plain line for every failure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import Commands
from bot.cli.models.classifier import classifier
from bot.cli.models.registry import model
from classifier.data.dataset import read_messages
from classifier.features.embedding import encoded
from classifier.judging.audit import audit
from classifier.training.train import load_training_data

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.classifier.conftest import HashingEncoder


class Settings:
    """What the commands take from the configuration."""

    encoder_model = None

    def __init__(self, folder: Path) -> None:
        """Let the model live in a folder of its own."""
        self.model = folder / "var" / "model"


@pytest.fixture
def run(
    tmp_path: Path, encoder: HashingEncoder, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run a command as `frontline` does, with the small encoder."""
    monkeypatch.setattr("kb.encoding.loading.load_encoder", lambda _: encoder)
    monkeypatch.chdir(tmp_path)
    group = Commands("frontline")
    group.get_command = lambda _, name: {"classifier": classifier, "model": model}.get(name)  # type: ignore[method-assign]

    def ran(*arguments: object) -> Result:
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(group, words, obj=Settings(tmp_path))

    return ran


@pytest.fixture
def trained(
    run: Callable[..., Result], write: Callable[..., Path], desk_rows: list[dict[str, str]]
) -> Path:
    """Training data as a project has it, frozen and learned."""
    folder = write(desk_rows, "training_data/messages/all.jsonl").parents[1]
    assert run("classifier", "freeze-holdout").exit_code == 0
    result = run("classifier", "train")
    assert result.exit_code == 0, result.output
    return folder


def lines(result: Result) -> list[Any]:
    """Read JSON Lines from stdout."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_predictions_come_one_a_line_in_order(
    trained: Path, run: Callable[..., Result], write: Callable[..., Path]
) -> None:
    """Label, probabilities and abstention for every line, empty ones too."""
    asked = write(
        [{"text": "the whole office is down"}, {"text": ""}, {"text": "thanks"}], "q.jsonl"
    )
    found = lines(run("classifier", "predict", "--data", asked, "--json"))
    assert len(found) == 3
    assert {"label", "probabilities", "abstain"} <= set(found[0])
    assert isinstance(found[0]["abstain"], bool)
    assert (found[0]["label"], found[2]["label"]) == ("L3", "chat")


def test_training_tells_of_the_holdout_and_draws_on_stderr(
    trained: Path, run: Callable[..., Result]
) -> None:
    """Results on stdout, progress elsewhere."""
    result = run("classifier", "train")
    assert " held out" in result.stdout
    assert "training" in result.stderr
    assert "━" not in result.stdout


def test_evaluation_without_data_uses_the_holdout_and_notes_it(
    trained: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    """Figures, a page, and a line in the journal."""
    (found,) = lines(run("classifier", "evaluate", "--json", "--report", tmp_path / "out"))
    assert {"figures", "confusion", "reliability", "risk_coverage", "gate", "slices"} <= set(found)
    assert found["gate"]["must_escalate_recall"]["of"] > 0
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("<svg") == 3
    assert "<script" not in page
    journal = (tmp_path / "var" / "model.versions" / "journal.jsonl").read_text()
    assert "holdout used" in journal


def test_a_fall_below_the_baseline_fails(
    trained: Path, run: Callable[..., Result], tmp_path: Path
) -> None:
    """Equal passes, worse fails and says what, and --update writes."""
    base = tmp_path / "baseline.json"
    evaluation = ("classifier", "evaluate", "--baseline", base)
    assert "--update" in run(*evaluation).output
    assert run(*evaluation, "--update").exit_code == 0
    assert run(*evaluation).exit_code == 0
    base.write_text(json.dumps({"holdout": {"accuracy": 1.5}}))
    result = run(*evaluation)
    assert result.exit_code == 1
    assert "the baseline is 1.5" in result.output


def test_promotion_asks_the_holdout(trained: Path, run: Callable[..., Result]) -> None:
    """The same model is not better, so it does not take its own place, unless forced."""
    assert run("classifier", "train", "--model", "candidate").exit_code == 0
    refused = run("model", "promote", "candidate")
    assert refused.exit_code == 1
    assert "not promoted" in refused.output
    assert run("model", "promote", "candidate", "--force").exit_code == 0
    assert "serving" in run("model", "list").stdout
    assert run("model", "rollback").exit_code == 0


def test_own_messages_judge_where_there_are_any(
    trained: Path,
    run: Callable[..., Result],
    write: Callable[..., Path],
    desk_rows: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The organisation's own holdout, its rows with scenarios or without; none is asked for."""
    own = write(
        [{"text": f"{row['text']} ours", "label": row["label"]} for row in desk_rows],
        "own/labels.jsonl",
    ).parent
    monkeypatch.setattr("bot.cli.models.configured.own_data", lambda _: (own,))
    refused = run("classifier", "evaluate")
    assert refused.exit_code == 1
    assert "no holdout of your own" in refused.output
    assert f"freeze-holdout --data {own}" in refused.output
    assert run("classifier", "freeze-holdout", "--data", own).exit_code == 0
    (found,) = lines(run("classifier", "evaluate", "--json"))
    assert 0 < found["rows"] < len(desk_rows) / 2
    (found,) = lines(run("classifier", "evaluate", "--json", "--data", own / "labels.jsonl"))
    assert found["rows"] == len(desk_rows)


def test_own_messages_are_learned_beside_the_shipped_ones(
    trained: Path,
    run: Callable[..., Result],
    write: Callable[..., Path],
    desk_rows: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each folder with a holdout of its own; rows without author do not undo those of others."""
    rows = [{"text": f"{row['text']} ours", "label": row["label"]} for row in desk_rows]
    own = write(rows, "own/labels.jsonl").parent
    assert run("classifier", "freeze-holdout", "--data", own).exit_code == 0
    monkeypatch.setattr("bot.cli.models.configured.own_data", lambda _: (own,))
    learned, held, _ = load_training_data([trained, own])
    alone = [load_training_data(folder) for folder in (trained, own)]
    assert len(held) == sum(len(out) for _, out, _ in alone)
    assert len(learned) == sum(len(kept) for kept, *_ in alone)
    done = run("classifier", "train")
    assert done.exit_code == 0, done.output
    assert f"on {len(learned)} messages" in done.output
    unnamed = sum(message.author is None for message in learned)
    assert f"each of 3 authors, and {unnamed} without `author` one by one" in done.output


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (("L1", "L2", "L3"), "no message is labelled chat"),
        (("L1", "L2", "chat"), "no message is labelled L3"),
        (("L1", "L2"), "no message is labelled L3 or chat"),
        (("L1", "L3"), "no message is labelled L2 or chat"),
        (("L1", "L2", "L3", "chat"), ""),
    ],
)
def test_a_label_that_no_message_has_is_said(
    run: Callable[..., Result],
    write: Callable[..., Path],
    desk_rows: list[dict[str, str]],
    left: tuple[str, ...],
    said: str,
) -> None:
    """A model without it would serve, and never say it."""
    file = write([row for row in desk_rows if row["label"] in left], "own.jsonl")
    done = run("classifier", "train", "--data", file)
    assert done.exit_code == 0, done.output
    assert said in done.stderr
    assert ("no message is labelled" in done.output) == bool(said)


def test_the_samples_holdout_does_not_judge_another_desk(
    trained: Path, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its messages are about other articles; with --data it can be judged all the same."""
    ids = frozenset({"leave", "expenses", "parking"})
    monkeypatch.setattr("bot.cli.models.configured.ids_of_base", lambda _: ids)
    for words in (("classifier", "evaluate"), ("model", "promote", trained.parent / "var/model")):
        refused = run(*words)
        assert refused.exit_code == 1
        assert "says nothing of yours" in refused.output
    assert run("classifier", "evaluate", "--data", trained / "messages/all.jsonl").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("train", "--data", "gone.jsonl"), "gone.jsonl: no such file"),
        (("train", "--data", "bad.jsonl"), "bad.jsonl:1: is not JSON"),
        (("predict", "--data", "bad.jsonl"), "bad.jsonl:1: is not JSON"),
        (("predict", "--data", "ok.jsonl", "--model", "gone"), "gone: no model here"),
        (("evaluate", "--data", "ok.jsonl"), "no model here"),
        (("train", "--data", "ok.jsonl", "--abstain-label", "zz"), "abstain label 'zz'"),
    ],
)
def test_bad_input_ends_in_one_line(
    run: Callable[..., Result], write: Callable[..., Path], words: tuple[str, ...], said: str
) -> None:
    """Exit status 1, no traceback, the place named."""
    write(["{nonsense"], "bad.jsonl")
    write([{"text": f"{w} {n}", "label": w} for w in ("one", "two") for n in "abc"], "ok.jsonl")
    result = run("classifier", *words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert isinstance(result.exception, SystemExit)
    assert len(result.stderr.strip().splitlines()) <= 3


def test_the_audit_finds_what_is_planted(
    write: Callable[..., Path],
    encoder: HashingEncoder,
    desk_rows: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wrong label, a near-duplicate across the split, a word that gives a label away."""
    monkeypatch.setattr("classifier.judging.audit.OFTEN", 10)
    wrong = {**desk_rows[0], "text": "hello team how do i reset my password 99", "label": "chat"}
    held = [{**desk_rows[5], "scenario": "held", "text": desk_rows[5]["text"] + " ."}]
    messages = read_messages(write([*desk_rows, wrong], "kept.jsonl"))
    kept_out = read_messages(write(held, "held.jsonl"))
    inputs = encoded([m.text for m in [*messages, *kept_out]], encoder)
    found = audit(messages, kept_out, inputs, None)
    assert any(d.message.line == len(desk_rows) + 1 for d in found.doubts)
    assert any(p.why == "on both sides of the split" for p in found.pairs)
    assert any(s.word in {"coffee", "weekend", "thanks", "office"} for s in found.shortcuts)


def test_a_group_is_a_group() -> None:
    """Both are click groups that the command line can load."""
    assert isinstance(classifier, click.Group)
    assert isinstance(model, click.Group)

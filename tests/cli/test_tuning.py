"""`frontline kb tune` in plain words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli import frontline
from kb.tuning.encoder.exam import Marks
from kb.tuning.encoder.tuning import EncoderTuning
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

pytestmark = pytest.mark.rare

ARTICLES = ("vpn", "printer")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A base of two articles, and no model behind it."""
    monkeypatch.setattr("kb.encoding.loading.load_encoder", lambda *_, **__: WordEncoder())
    lines = [json.dumps({"id": one, "title": one, "body": f"Mend the {one}."}) for one in ARTICLES]
    (tmp_path / "faq.jsonl").write_text("\n".join(lines))
    assert run(tmp_path / "kb.db", "sync", str(tmp_path / "faq.jsonl")).exit_code == 0
    return tmp_path / "kb.db"


def run(database: Path, *words: str) -> Result:
    """Run `frontline kb`."""
    return CliRunner().invoke(frontline, ["--db", str(database), "kb", *words])


def marks(*ranks: int) -> Marks:
    """Each question of another article, half of them unseen."""
    articles = tuple(f"a{n}" for n in range(len(ranks)))
    return Marks(np.array(ranks, np.intp), articles, np.arange(len(ranks)) % 2 == 0)


def test_a_kept_encoder_comes_with_what_to_do_next(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Configure it, train the classifier, embed again."""
    found = EncoderTuning(marks(1, 1, 1, 1), marks(0, 0, 0, 0), 300, 40)
    monkeypatch.setattr("kb.tuning.encoder.tuning.tune_encoder", lambda *_, **__: found)
    result = run(database, "tune", "--encoder", str(tmp_path / "encoder"))
    assert result.exit_code == 0, result.output
    assert "trained on 300 questions in 40 steps; 4 others asked of the whole" in result.stdout
    assert f'encoder = "{tmp_path / "encoder"}"' in result.stdout
    assert "frontline classifier train" in result.stdout
    assert "frontline kb sync" in result.stdout


def test_an_encoder_that_is_not_better_is_not_an_error(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is what was measured, with the reason."""
    found = EncoderTuning(marks(0, 0, 1), marks(0, 0, 1), 300, 40)
    monkeypatch.setattr("kb.tuning.encoder.tuning.tune_encoder", lambda *_, **__: found)
    result = run(database, "tune", "--encoder", str(tmp_path / "encoder"))
    assert result.exit_code == 0
    assert "not kept, nothing was written: unseen questions do not find" in result.stdout


@pytest.mark.parametrize("options", [[], ["--encoder", "there"]])
def test_too_few_questions_are_said_with_what_to_do(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """Two articles without any."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("kb.tuning.encoder.tuning.check_installed", lambda: None)
    result = run(database, "tune", *options)
    assert result.exit_code == 1
    assert "too few questions to tune with" in result.output
    assert not (tmp_path / "there").exists()


def test_confirmed_answers_of_unknown_articles_are_named(database: Path, tmp_path: Path) -> None:
    """They were silently wrong answers before."""
    rows = [{"query": "x", "article": "vpn"}, {"query": "y", "article": "nowhere"}]
    (tmp_path / "confirmed.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = run(database, "tune", "--confirmed", str(tmp_path / "confirmed.jsonl"))
    assert "nowhere: no such article; 1 confirmed answers left out" in result.stderr
    assert "vpn" not in result.stderr


@pytest.mark.parametrize("options", [["--steps", "3"], ["--encoder", "x", "--unanswered", "-"]])
def test_options_that_do_not_go_together_are_wrong_usage(
    database: Path, options: list[str]
) -> None:
    """Rather than passed over."""
    assert run(database, "tune", *options).exit_code == 2


def test_a_search_after_a_change_of_model_embeds_first(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The articles are found with the new model's vectors."""
    other = WordEncoder()
    other.name = "other"
    monkeypatch.setattr("kb.encoding.loading.load_encoder", lambda *_, **__: other)
    result = run(database, "search", "mend the printer", "--json")
    assert json.loads(result.stdout)["hits"][0]["article"] == "printer"
    assert "printer" in other.embedded
    assert "embedding" in result.stderr
    assert run(database, "search", "mend the printer", "--json").stderr == ""


def test_the_doctor_says_what_another_encoder_has_to_embed(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing where it is all embedded."""
    encoder = WordEncoder()
    monkeypatch.setattr("bot.bootstrap.build_encoder", lambda _: encoder)
    stale = "2 articles are not embedded by the configured encoder yet"
    assert stale not in CliRunner().invoke(frontline, ["--db", str(database), "doctor"]).output
    encoder.name = "other"
    assert stale in CliRunner().invoke(frontline, ["--db", str(database), "doctor"]).output


def test_lint_says_where_a_lost_question_found_its_article_and_what_to_do(
    database: Path, tmp_path: Path
) -> None:
    """A question in the words of the other article."""
    record = {
        "id": "vpn",
        "title": "vpn",
        "body": "Mend the vpn.",
        "questions": ["Mend the printer."],
    }
    (tmp_path / "faq.jsonl").write_text(json.dumps(record))
    assert run(database, "sync", str(tmp_path / "faq.jsonl")).exit_code == 0
    result = run(database, "lint")
    assert "loses its own question 'Mend the printer.'" in result.stdout
    assert "move it to the article that wins it" in result.stderr

"""Training and prediction, from rows to decisions with reasons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from classifier.data.dataset import read_messages
from classifier.data.holdout import freeze
from classifier.errors import ClassifierError, DataError, ModelError
from classifier.estimators import tier as estimator_module
from classifier.features.embedding import encoded
from classifier.serving.predict import Classifier
from classifier.training.train import load_training_data, train

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.classifier.conftest import HashingEncoder


@pytest.fixture(scope="module")
def model(
    tmp_path_factory: pytest.TempPathFactory,
    desk_rows: list[dict[str, str]],
    encoder: HashingEncoder,
) -> Path:
    """A model trained once on the small desk."""
    folder = tmp_path_factory.mktemp("trained")
    data = folder / "data.jsonl"
    data.write_text("\n".join(map(json.dumps, desk_rows)))
    train(data, folder / "model", encoder)
    return folder / "model"


def test_a_trained_model_tells_labels_apart_and_says_why(
    model: Path, encoder: HashingEncoder
) -> None:
    """Label, probabilities that sum to 1, the words that weighed, the nearest messages."""
    asked = "hello the whole office is down again"
    (found,) = Classifier.load(model, encoder).predict([asked])
    assert found.label == "L3"
    assert sum(found.probabilities.values()) == pytest.approx(1.0)
    assert max(found.probabilities, key=lambda label: found.probabilities[label]) == "L3"
    assert any(word in asked for word in found.words)
    assert "(L3)" in found.nearest[0]
    assert not found.abstain


def test_each_text_is_decided_by_itself(model: Path, encoder: HashingEncoder) -> None:
    """Neither order nor company changes a prediction; odd texts get one too."""
    texts = ["", "🤖", "how do i reset", "x" * 8_000, "\x00\x07", "thanks a lot"] * 100
    classifier = Classifier.load(model, encoder)
    together = classifier.predict(texts)
    assert len(together) == len(texts)
    for text, found in list(zip(texts, together, strict=True))[:6]:
        alone = classifier.predict([text])[0]
        assert found.label == alone.label
        assert dict(found.probabilities) == pytest.approx(dict(alone.probabilities), abs=1e-4)
    assert classifier.predict([]) == []


def test_what_is_like_nothing_known_is_not_decided(model: Path, encoder: HashingEncoder) -> None:
    """Without an abstain label, distance decides."""
    strange, known = Classifier.load(model, encoder).predict(
        ["zqx wvu", "hi how do i reset my password 0"]
    )
    assert strange.abstain
    assert not known.abstain


def test_storing_and_loading_changes_no_decision(
    desk_rows: list[dict[str, str]], model: Path, encoder: HashingEncoder
) -> None:
    """Half precision on disk moves probabilities by less than a hundredth."""
    texts = [row["text"] for row in desk_rows]
    inputs = encoded(texts, encoder)
    groups = [row["author"] for row in desk_rows]
    fitted = estimator_module.MessageClassifier().fit(
        inputs, [row["label"] for row in desk_rows], groups
    )
    loaded = Classifier.load(model, encoder).predict(texts)
    stored = np.array([list(found.probabilities.values()) for found in loaded])
    assert stored == pytest.approx(fitted.predict_proba(inputs), abs=0.01)


def test_the_abstain_label_is_learned_and_refused(
    write: Callable[..., Path], tmp_path: Path, encoder: HashingEncoder
) -> None:
    """A strange message gets the abstain label, and abstains; others keep their own."""
    rows = [{"text": f"play song {n} loud please", "label": "music"} for n in range(12)]
    rows += [{"text": f"set an alarm for {n} o'clock", "label": "alarm"} for n in range(12)]
    rows += [{"text": f"why {w} {w}er rainbow", "label": "none"} for w in "abcdefgh"]
    train(write(rows), tmp_path / "m", encoder, abstain_label="none")
    strange, known = Classifier.load(tmp_path / "m", encoder).predict(
        ["why z zer rainbow", "play song 4 loud please"]
    )
    assert (strange.label, strange.abstain) == ("none", True)
    assert (known.label, known.abstain) == ("music", False)
    assert set(known.probabilities) == {"music", "alarm", "none"}


def test_the_manifest_says_what_the_model_is(model: Path) -> None:
    """Data, code, encoder, labels, thresholds, figures, and a hash of every file."""
    manifest = json.loads((model / "manifest.json").read_text())
    assert set(manifest["labels"]) == {"L1", "L2", "L3", "chat"}
    assert manifest["encoder"] == "fake:hashing"
    assert 0 < manifest["thresholds"]["escalate_at"] < 0.5
    assert len(manifest["data"]["sha256"]) == 64
    assert {"accuracy", "macro_f1", "calibration_error"} <= set(manifest["metrics"])
    assert {path.name for path in model.iterdir()} == {"manifest.json", *manifest["files"]}


def spoil_weights(model: Path) -> None:
    """Change one byte of the weights."""
    file = model / "weights.npz"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))


def age_manifest(model: Path) -> None:
    """Make the manifest one of another version."""
    file = model / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "format": 0}))


def empty_manifest(model: Path) -> None:
    """Leave the manifest without a word."""
    (model / "manifest.json").write_text("")


def lose_weights(model: Path) -> None:
    """Take the weights away."""
    (model / "weights.npz").unlink()


def swap_encoder(model: Path) -> None:
    """Say that another encoder was used."""
    file = model / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "encoder": "torch:other"}))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoil_weights, "SHA-256 differs"),
        (age_manifest, "another version of Frontline"),
        (empty_manifest, "cannot be read"),
        (lose_weights, "missing"),
        (swap_encoder, "must be trained again: run `frontline classifier train`"),
    ],
)
def test_a_spoilt_model_is_refused_in_one_line(
    model: Path, tmp_path: Path, encoder: HashingEncoder, spoil: Any, said: str
) -> None:
    """The line names the place and what to do."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in model.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    spoil(copy)
    with pytest.raises(ModelError, match=said) as refused:
        Classifier.load(copy, encoder)
    assert str(copy) in str(refused.value)
    assert "\n" not in str(refused.value)
    with pytest.raises(ModelError, match="no model here"):
        Classifier.load(tmp_path / "nowhere", encoder)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"text": "a", "label": "x"}, {"text": "b", "label": "x"}], "only one label, 'x'"),
        ([{"text": "a", "label": "x"}], "only one label"),
        (
            [{"text": t, "label": name} for t, name in (("a", "x"), ("b", "x"), ("c", "y"))],
            "data.jsonl:3: the only message labelled 'y'",
        ),
        ([""], "no message to train on"),
    ],
)
def test_too_little_data_is_refused(
    write: Callable[..., Path], tmp_path: Path, encoder: HashingEncoder, rows: Any, said: str
) -> None:
    """One label, one row, no row: each is said, and nothing is written."""
    with pytest.raises(ClassifierError, match=said):
        train(write(rows), tmp_path / "m", encoder)
    assert not (tmp_path / "m").exists()


def test_training_never_sweeps_away_other_files(
    write: Callable[..., Path],
    tmp_path: Path,
    encoder: HashingEncoder,
    desk_rows: list[dict[str, str]],
) -> None:
    """A folder that holds something else than a model is left alone."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("dear")
    with pytest.raises(ModelError, match="holds other files"):
        train(write(desk_rows), tmp_path / "letters", encoder)
    assert (tmp_path / "letters" / "dear.txt").read_text() == "dear"


def test_the_holdout_is_never_learned(
    write: Callable[..., Path],
    tmp_path: Path,
    encoder: HashingEncoder,
    desk_rows: list[dict[str, str]],
) -> None:
    """Whole scenarios stay out, and so does their text where another file repeats it."""
    folder = write(desk_rows, "training/messages.jsonl").parent
    holdout = freeze(read_messages(folder), folder)
    assert 0 < holdout.rows < len(desk_rows) / 2
    kept, held, _ = load_training_data(folder)
    assert {m.scenario for m in kept}.isdisjoint({m.scenario for m in held})
    write([{"text": held[0].text, "label": held[0].label}], "training/again.jsonl")
    kept, held, _ = load_training_data(folder)
    assert held[0].key not in {message.key for message in kept}
    report = train(folder, tmp_path / "m", encoder)
    assert (report.messages, report.held_out) == (len(kept), len(held))
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text())
    assert manifest["data"]["holdout_sha256"] == holdout.sha256


def test_a_whole_author_is_held_out_beside_what_is_frozen(
    write: Callable[..., Path], desk_rows: list[dict[str, str]]
) -> None:
    """What was frozen stays so; of the new author nothing is learned."""
    folder = write(desk_rows, "training/messages.jsonl").parent
    before = freeze(read_messages(folder), folder)
    added = [
        {**row, "text": f"{row['text']} please", "author": "dee", "scenario": f"dee-{number}"}
        for number, row in enumerate(desk_rows[:20])
    ]
    write([*desk_rows, *added], "training/messages.jsonl")
    after = freeze(read_messages(folder), folder, whole_authors=["dee"])
    assert after.scenarios == before.scenarios | {row["scenario"] for row in added}
    kept, held, _ = load_training_data(folder)
    assert {m.author for m in kept} == {"ann", "bob", "cem"}
    assert {m.author for m in held} == {"ann", "bob", "cem", "dee"}


def test_an_author_who_shares_a_scenario_cannot_be_held_out(
    write: Callable[..., Path], desk_rows: list[dict[str, str]]
) -> None:
    """Else the others' messages of that situation would vanish with it."""
    shared = {**desk_rows[0], "text": "another way to say it", "author": "dee"}
    folder = write([*desk_rows, shared], "training/messages.jsonl").parent
    with pytest.raises(DataError, match="shares its scenario with"):
        freeze(read_messages(folder), folder, whole_authors=["dee"])


def test_a_changed_holdout_is_refused(
    write: Callable[..., Path], desk_rows: list[dict[str, str]]
) -> None:
    """Whoever edits the frozen rows is told."""
    folder = write(desk_rows, "training/messages.jsonl").parent
    holdout = freeze(read_messages(folder), folder)
    changed = [
        {**row, "text": row["text"] + "!"} if row["scenario"] in holdout.scenarios else row
        for row in desk_rows
    ]
    write(changed, "training/messages.jsonl")
    with pytest.raises(DataError, match="have changed since they were frozen"):
        load_training_data(folder)


def test_many_messages_are_learned_by_sample(
    write: Callable[..., Path],
    tmp_path: Path,
    encoder: HashingEncoder,
    desk_rows: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each label keeps its share, and the report says how many were learned."""
    monkeypatch.setattr(estimator_module, "MOST_KNOWN", 40)
    report = train(write(desk_rows), tmp_path / "m", encoder)
    assert report.messages == len(desk_rows)
    assert report.learned == pytest.approx(40, abs=4)
    assert len(Classifier.load(tmp_path / "m", encoder).predict(["thanks"])) == 1

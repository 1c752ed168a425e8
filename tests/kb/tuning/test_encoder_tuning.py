"""Training the encoder: what trains it, what judges it, and what is left on the disk."""

from __future__ import annotations

import errno
import json
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from kb.encoding.loading import load_encoder, model_directory
from kb.errors import EncoderError
from kb.searching.base import KnowledgeBase
from kb.tuning.encoder.exam import TOP, Exam, Marks, Pair, divide, least_gain
from kb.tuning.encoder.trainer import Course, plan
from kb.tuning.encoder.tuning import MANIFEST, EncoderTuning, tune_encoder
from tests.kb.conftest import WordEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kb.articles import Article
    from kb.encoding.encoder import Encoder

THINGS = [f"thing{n:02}" for n in range(20)]
WAYS = [f"way{n:02}" for n in range(20)]


@pytest.fixture
def asked_base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    """Twenty articles with twenty sample questions each."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for thing in THINGS:
        questions = "".join(f"  - my {thing} is {way}\n" for way in WAYS)
        (folder / f"{thing}.md").write_text(
            f"---\nid: {thing}\ntitle: The {thing}\nquestions:\n{questions}---\n"
            f"Bring the {thing} to the desk on the first floor and wait for a while.\n"
        )
    base = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    base.sync([folder])
    yield base
    base.close()


@dataclass
class Examiner:
    """Gives the first encoder the first marks, and the second the second."""

    marks: list[Sequence[int]]
    exams: list[Exam] = field(default_factory=list)

    def __call__(self, exam: Exam, encoder: Encoder) -> Marks:
        """As `Exam.sit`."""
        self.exams.append(exam)
        ranks = np.resize(np.array(self.marks.pop(0), np.intp), len(exam.asked))
        articles = tuple(one.article for one in exam.asked)
        return Marks(ranks, articles, np.array([one in exam.unseen for one in articles]))


def grading(monkeypatch: pytest.MonkeyPatch, *marks: Sequence[int]) -> Examiner:
    """Let the exams before and after training have these ranks."""
    examiner = Examiner(list(marks))
    monkeypatch.setattr(Exam, "sit", lambda exam, encoder: examiner(exam, encoder))
    monkeypatch.setattr("kb.tuning.encoder.tuning.load_encoder", lambda *_, **__: WordEncoder())
    return examiner


def copying(
    source: Path, course: Course, folder: Path, progress: Callable[[int, int], None]
) -> None:
    """Stand in for a trainer that learns nothing."""
    progress(course.steps, course.steps)
    shutil.copytree(source, folder)


def tuned(base: KnowledgeBase, folder: Path) -> EncoderTuning | None:
    """Tune with the trainer that only copies."""
    return tune_encoder(base.store, None, folder, trainer=copying)


def articles_of(base: KnowledgeBase) -> list[Article]:
    """The stored articles."""
    return base.store.articles()


def test_nothing_that_is_asked_is_trained_on_or_in_the_index(asked_base: KnowledgeBase) -> None:
    """Neither as a question nor as what a question is drawn to; of unseen articles, nothing is."""
    found = divide(articles_of(asked_base), {})
    assert found is not None
    pairs, exam = found
    asked = {one.text for one in exam.asked}
    shown = {text for pair in pairs for text in (pair.question, *pair.passages, *pair.questions)}
    indexed = {text for one in exam.articles for text in one.questions}
    assert asked
    assert not asked & shown
    assert not asked & indexed
    assert exam.unseen
    assert not exam.unseen & {pair.article for pair in pairs}
    assert exam.unseen & {one.article for one in exam.asked}
    assert not any(name in text for name in exam.unseen for text in shown)


def test_a_question_is_on_the_same_side_however_it_is_written(asked_base: KnowledgeBase) -> None:
    """A learned or confirmed copy of an asked question is not trained on either."""
    _, exam = divide(articles_of(asked_base), {}) or pytest.fail("too few")
    copies = [(f"{one.text.upper()} ?!", one.article) for one in exam.asked]
    learned = {("default", key): [text for text, own in copies if own == key] for _, key in copies}
    pairs, again = divide(articles_of(asked_base), learned, copies) or pytest.fail("too few")
    texts = {text.casefold().strip(" ?!") for pair in pairs for text in pair.questions}
    assert not {one.text for one in exam.asked} & texts
    assert not again.learned
    assert len(again.asked) == len(exam.asked)


def test_the_split_does_not_change_when_questions_are_added(asked_base: KnowledgeBase) -> None:
    """What judged an encoder once never trains its successor."""
    _, exam = divide(articles_of(asked_base), {}) or pytest.fail("too few")
    more = [(f"{way} {way} again", THINGS[0]) for way in WAYS]
    pairs, again = divide(articles_of(asked_base), {}, more) or pytest.fail("too few")
    assert {one.text for one in exam.asked} <= {one.text for one in again.asked}
    assert not {one.text for one in exam.asked} & {pair.question for pair in pairs}


def test_of_a_large_base_a_selection_is_judged(
    asked_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every article that is asked for, and no more questions than there is time for."""
    monkeypatch.setattr("kb.tuning.encoder.exam.MOST_ASKED", 3)
    monkeypatch.setattr("kb.tuning.encoder.exam.MOST_ARTICLES", 5)
    _, exam = divide(articles_of(asked_base), {}) or pytest.fail("too few")
    assert (len(exam.asked), len(exam.articles)) == (3, 5)
    assert {one.article for one in exam.asked} <= {one.id for one in exam.articles}


def test_titles_are_asked_of_articles_that_lack_them_where_no_question_is_known(
    tmp_path: Path,
) -> None:
    """The title of an unseen article is neither in the index nor trained on."""
    lines = [
        json.dumps({"id": f"a{n}", "title": f"Title {n}", "body": f"Text {n} of some more words."})
        for n in range(400)
    ]
    (tmp_path / "faq.jsonl").write_text("\n".join(lines))
    base = KnowledgeBase.open(tmp_path / "kb.db", WordEncoder())
    base.sync([tmp_path / "faq.jsonl"])
    pairs, exam = divide(articles_of(base), {}) or pytest.fail("too few")
    base.close()
    asked = {one.text for one in exam.asked}
    assert not asked & {one.title for one in exam.articles}
    assert not asked & {pair.question for pair in pairs}
    assert all(pair.question not in text for pair in pairs for text in pair.passages)


def test_a_batch_has_no_article_twice() -> None:
    """Whatever else is in a batch counts as a wrong answer."""
    pairs = [Pair(f"q{n}", f"a{n % 11}", (f"p{n % 11}",)) for n in range(200)]
    course = plan(pairs, most_steps=9)
    batches = [
        course.answers[start : start + course.size]
        for start in range(0, len(course.answers), course.size)
    ]
    assert len(batches) == course.steps == 9
    assert all(len(set(batch)) == course.size == 11 for batch in batches)
    assert plan(pairs, most_steps=9) == course


def test_a_gain_of_one_article_alone_is_not_sure() -> None:
    """Articles are drawn, not questions: twenty questions of one article are one voice."""
    articles = tuple(f"a{n // 20}" for n in range(100))
    before = Marks(np.ones(100, np.intp), articles, np.zeros(100, np.bool_))
    one = Marks(np.where(np.arange(100) < 20, 0, 1), articles, before.unseen)
    every = Marks(np.zeros(100, np.intp), articles, before.unseen)
    assert one.mrr > before.mrr
    assert least_gain(before, one) <= 0
    assert least_gain(before, every) > 0


def test_a_better_encoder_is_written_whole_and_says_what_it_is(
    asked_base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ordinary sentence-transformers folder that others may read."""
    grading(monkeypatch, [1], [0])
    tuning = tuned(asked_base, tmp_path / "out" / "encoder")
    assert tuning is not None
    assert tuning.kept
    folder = tmp_path / "out" / "encoder"
    assert {"model.safetensors", "tokenizer.json", "modules.json", MANIFEST} <= {
        file.name for file in folder.iterdir()
    }
    assert (folder / "model.safetensors").stat().st_mode & 0o044 == 0o044
    about = json.loads((folder / MANIFEST).read_text())
    assert about["mrr_at_5"] == {"before": 0.5, "after": 1.0}
    assert list(folder.parent.iterdir()) == [folder]
    assert load_encoder(str(folder)).encode(["x"]).shape == (1, 384)


@pytest.mark.parametrize(
    ("marks", "objection"),
    [
        (([0, 1], [0, 1]), "not find their articles better"),
        (([0], [0, 1]), "not find their articles better"),
        (([1] * 10, [0] * 9 + [TOP]), "among the first 5"),
    ],
)
def test_an_encoder_that_is_not_better_leaves_nothing(
    asked_base: KnowledgeBase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    marks: tuple[list[int], list[int]],
    objection: str,
) -> None:
    """The same is not better."""
    grading(monkeypatch, *marks)
    tuning = tuned(asked_base, tmp_path / "out" / "encoder")
    assert tuning is not None
    assert not tuning.kept
    assert objection in "; ".join(tuning.objections)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_gain_at_the_cost_of_articles_it_never_saw_is_refused() -> None:
    """New articles come every week."""
    articles = tuple(f"a{n}" for n in range(100))
    unseen = np.arange(100) < 10
    before = Marks(np.where(unseen, 0, 2), articles, unseen)
    after = Marks(np.where(unseen, 1, 0), articles, unseen)
    tuning = EncoderTuning(before, after, 1, 1)
    assert tuning.objections == ("articles that it was not trained on are found worse than before",)


def test_the_weights_in_force_are_what_is_judged(
    asked_base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exam's base has them as well."""
    asked_base.store.set_state("profile", "{}")
    examiner = grading(monkeypatch, [0], [0])
    tuned(asked_base, tmp_path / "encoder")
    assert [exam.state for exam in examiner.exams] == [{"profile": "{}"}] * 2


def test_too_few_questions_train_nothing(base: KnowledgeBase, folder: Path, tmp_path: Path) -> None:
    """Nor do they make a folder."""
    base.sync([folder])
    assert tuned(base, tmp_path / "encoder") is None
    assert not (tmp_path / "encoder").exists()


def test_a_folder_with_other_things_in_it_is_left_alone(
    asked_base: KnowledgeBase, tmp_path: Path
) -> None:
    """It would be replaced whole; said before minutes of training."""
    place = tmp_path / "documents"
    place.mkdir()
    (place / "letter.txt").write_text("Dear all")
    with pytest.raises(EncoderError, match="holds other files than an encoder of ours"):
        tuned(asked_base, place)
    with pytest.raises(EncoderError, match="is a file; an encoder is a folder"):
        tuned(asked_base, place / "letter.txt")
    assert (place / "letter.txt").read_text() == "Dear all"


def test_an_earlier_encoder_of_ours_is_replaced(
    asked_base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the new one alone."""
    place = tmp_path / "out" / "encoder"
    place.mkdir(parents=True)
    (place / MANIFEST).write_text("{}")
    (place / "old").write_text("")
    grading(monkeypatch, [1], [0])
    tuned(asked_base, place)
    assert not (place / "old").exists()
    assert (place / "model.safetensors").exists()
    assert list(place.parent.iterdir()) == [place]


def test_a_full_disk_is_said_before_training(
    asked_base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than after it."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(EncoderError, match=r"\d+ MB are needed and 1 MB are free"):
        tuned(asked_base, tmp_path / "encoder")


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "EncoderError: .* No space left"),
        (RuntimeError("not enough memory\nmore"), "EncoderError: .* not enough memory; nothing"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
)
def test_training_that_ends_early_leaves_the_former_encoder_and_nothing_else(
    asked_base: KnowledgeBase,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
    told: str,
) -> None:
    """A full disk, no memory, or Ctrl-C."""
    place = tmp_path / "out" / "encoder"
    place.mkdir(parents=True)
    (place / MANIFEST).write_text("former")

    def failing(_: Path, __: Course, folder: Path, ___: object) -> None:
        folder.mkdir()
        (folder / "half").write_text("")
        raise failure

    grading(monkeypatch, [1], [0])
    with pytest.raises(BaseException) as raised:  # noqa: PT011 (its text is looked at)
        tune_encoder(asked_base.store, None, place, trainer=failing)
    assert re.match(told, f"{raised.typename}: {raised.value}")
    assert (place / MANIFEST).read_text() == "former"
    assert list(place.parent.iterdir()) == [place]


def test_missing_packages_are_named_with_what_installs_them(
    asked_base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training is an extra: most who run the bot never do it."""
    monkeypatch.setattr("kb.tuning.encoder.trainer.find_spec", lambda _: None)
    with pytest.raises(EncoderError, match=r"accelerate and datasets; .*frontline-desk\[tune\]"):
        tune_encoder(asked_base.store, None, tmp_path / "encoder")


def test_a_changed_encoder_embeds_everything_again_before_the_next_search(
    base: KnowledgeBase, folder: Path
) -> None:
    """The vectors of two models are never mixed."""
    base.sync([folder])

    class Other(WordEncoder):
        name = "other"

    changed = Other()
    again = KnowledgeBase(base.store, changed)
    assert (base.stale_count(), again.stale_count()) == (0, 3)
    again.sync([folder])
    assert again.search("forgot my password")[0].article == "reset-password"
    assert "Reset your password" in changed.embedded
    assert again.stale_count() == 0
    changed.embedded.clear()
    again.refresh()
    assert changed.embedded == []


def small_model(folder: Path) -> Path:
    """A BERT of two thin layers, with the packaged model's words."""
    from transformers import AutoTokenizer, BertConfig, BertModel  # noqa: PLC0415 (slow to load)

    tokenizer = AutoTokenizer.from_pretrained(str(model_directory()))
    config = BertConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.model_max_length = 77
    tokenizer.save_pretrained(folder)
    return folder


def test_the_real_trainer_writes_a_model_that_every_backend_loads(tmp_path: Path) -> None:
    """It draws questions to their articles, and reads as much of a text as before."""
    pytest.importorskip("accelerate", reason="accelerate is not installed, skipped")
    pytest.importorskip("datasets", reason="datasets is not installed, skipped")
    from kb.tuning.encoder.trainer import train  # noqa: PLC0415

    source = small_model(tmp_path / "small")
    pairs = [
        Pair(f"my {thing} is {way}", thing, (f"Bring the {thing} to the desk.",))
        for thing in THINGS
        for way in WAYS
    ]
    heard: list[tuple[int, int]] = []
    folder = tmp_path / "trained"
    train(source, plan(pairs, most_steps=4), folder, lambda *done: heard.append(done))
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert not (folder / "README.md").exists()
    vectors = {
        backend: load_encoder(str(folder), backend=backend, cache=tmp_path).encode(["my thing01"])
        for backend in ("torch", "onnx", "int8")
    }
    before = load_encoder(str(source), backend="onnx", cache=tmp_path).encode(["my thing01"])
    assert float(vectors["torch"][0] @ vectors["onnx"][0]) > 0.9999
    assert float(vectors["torch"][0] @ vectors["int8"][0]) > 0.98
    assert not np.allclose(before, vectors["onnx"], atol=1e-4)
    long = ["one two three " * 200, "one two three " * 200 + "four"]
    alike = load_encoder(str(folder), backend="onnx", cache=tmp_path).encode(long)
    assert np.array_equal(alike[0], alike[1])
    config = json.loads((folder / "tokenizer_config.json").read_text())
    assert config["model_max_length"] == 77

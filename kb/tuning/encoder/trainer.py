"""Training a sentence-transformers model with its own trainer, for minutes, on the processor."""

# ruff: noqa: PLC0415 (the trainer and torch load when training begins)

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.encoding.torch import load_torch_model
from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kb.tuning.encoder.exam import Pair

BATCH = 32
EPOCHS = 3
MOST_STEPS = 150
LEARNING_RATE = 3e-5
WARMUP_SHARE = 0.1
LONGEST_TOKENS = 48
"""Texts are cut to this while training: on two cores the time goes with it."""

PASSAGE_SHARE = 0.5
"""How often a question is drawn to a passage, and not to another question, of its article."""

SEED = 7
NEEDED = ("accelerate", "datasets")


@dataclass(frozen=True)
class Course:
    """What is shown to the model, in order: `size` pairs of different articles at a time."""

    questions: tuple[str, ...]
    answers: tuple[str, ...]
    size: int

    @property
    def steps(self) -> int:
        """How often the weights are changed."""
        return len(self.questions) // self.size


def check_installed() -> None:
    """Raise EncoderError where sentence-transformers cannot train."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise EncoderError(
            f"training an encoder needs {' and '.join(missing)}; "
            "install them with `pip install 'frontline-desk[tune]'`"
        )


def plan(pairs: Sequence[Pair], *, epochs: float = EPOCHS, most_steps: int = MOST_STEPS) -> Course:
    """Batches in which each article comes once: whatever else is in one is a wrong answer."""
    rng = np.random.default_rng(SEED)
    by_article: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_article[pair.article].append(pair)
    names = sorted(by_article)
    shares = np.array([len(by_article[name]) for name in names], float) / len(pairs)
    size = min(BATCH, len(names))
    decks: dict[str, list[int]] = {name: [] for name in names}
    questions: list[str] = []
    answers: list[str] = []
    for _ in range(max(1, min(most_steps, round(epochs * len(pairs) / size)))):
        for name in rng.choice(names, size, replace=False, p=shares).tolist():
            if not decks[name]:
                decks[name] = rng.permutation(len(by_article[name])).tolist()
            pair = by_article[name][decks[name].pop()]
            questions.append(pair.question)
            answers.append(_answer(pair, rng))
    return Course(tuple(questions), tuple(answers), size)


def _answer(pair: Pair, rng: np.random.Generator) -> str:
    passage = not pair.questions or rng.random() < PASSAGE_SHARE
    texts = pair.passages if passage and pair.passages else pair.questions
    return texts[int(rng.integers(len(texts)))]


def train(source: Path, course: Course, folder: Path, progress: Callable[[int, int], None]) -> None:
    """Fine-tune the model in `source` and write it into `folder`, as sentence-transformers does."""
    model = load_torch_model(source)
    longest = model.max_seq_length
    model.max_seq_length = min(longest or LONGEST_TOKENS, LONGEST_TOKENS)
    # Words keep their vectors: few questions say little of most of them, and it is half the work.
    for name, weight in model.named_parameters():
        if ".embeddings." in name:
            weight.requires_grad_(False)  # noqa: FBT003 (torch's signature)
    with tempfile.TemporaryDirectory(prefix="frontline-training-") as scratch:
        _trainer(model, course, scratch, progress).train()
    model.max_seq_length = longest
    # No card: it would quote the questions that people asked.
    model.save_pretrained(str(folder), create_model_card=False)


def _trainer(model: Any, course: Course, scratch: str, progress: Callable[[int, int], None]) -> Any:
    from datasets import Dataset, disable_progress_bars
    from sentence_transformers import (
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.base.sampler import DefaultBatchSampler
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from torch.utils.data import SequentialSampler
    from transformers import PrinterCallback, TrainerCallback

    class Told(TrainerCallback):
        """Hears of every step."""

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:  # noqa: ARG002
            """After each step."""
            progress(state.global_step, course.steps)

    class Plain(SentenceTransformerTrainer):  # type: ignore[misc]
        """Without a model card, which would collect what people asked."""

        def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
            """Nothing."""

    def in_order(dataset: Any, batch_size: int, drop_last: bool, **_: Any) -> Any:  # noqa: FBT001
        sampler = SequentialSampler(dataset)
        return DefaultBatchSampler(sampler, batch_size=batch_size, drop_last=drop_last)

    disable_progress_bars()
    arguments = SentenceTransformerTrainingArguments(
        output_dir=scratch,
        num_train_epochs=1,
        per_device_train_batch_size=course.size,
        learning_rate=LEARNING_RATE,
        warmup_steps=round(WARMUP_SHARE * course.steps),
        batch_sampler=in_order,
        seed=SEED,
        use_cpu=True,
        report_to="none",
        save_strategy="no",
        logging_strategy="no",
        disable_tqdm=True,
        dataloader_drop_last=True,
    )
    columns = {"anchor": list(course.questions), "positive": list(course.answers)}
    trainer = Plain(
        model,
        arguments,
        train_dataset=Dataset.from_dict(columns),
        loss=MultipleNegativesRankingLoss(model),
        callbacks=[Told()],
    )
    # It would print to standard output, which is for results.
    trainer.remove_callback(PrinterCallback)
    return trainer

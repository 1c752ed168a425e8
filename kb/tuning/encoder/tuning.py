"""Fine-tuning the encoder on questions whose article is known; kept only if unseen ones gain."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from safetensors import SafetensorError

from kb.encoding.loading import fingerprint, load_encoder, model_directory
from kb.errors import EncoderError
from kb.index.learning import learned
from kb.tuning.encoder.exam import Marks, divide, least_gain
from kb.tuning.encoder.trainer import MOST_STEPS, Course, check_installed, plan, train

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.index.store import Store
    from kb.tuning.encoder.exam import Exam

Trainer = Callable[[Path, Course, Path, Callable[[int, int], None]], None]
"""Trains the model of the first folder and writes it into the second."""

Told = Callable[[str, int, int], None]
"""Hears (what is being done, how much of it, of how much)."""

MANIFEST = "frontline.json"
PROFILES = ("profile", "profile-learned")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class EncoderTuning:
    """A fine-tuned encoder, and whether questions it never saw speak for it."""

    before: Marks
    after: Marks
    pairs: int
    steps: int

    @property
    def least_gain(self) -> float:
        """What the MRR at 5 surely gained."""
        return least_gain(self.before, self.after)

    @property
    def kept(self) -> bool:
        """Only a gain beyond chance counts, and none at the cost of untrained articles."""
        return not self.objections

    @property
    def objections(self) -> tuple[str, ...]:
        """Why it is not kept, in plain words."""
        before, after = self.before, self.after
        found = []
        if after.mrr <= before.mrr:
            found.append("unseen questions do not find their articles better than before")
        elif self.least_gain <= 0:
            found.append("the gain is within what chance does with so few questions")
        if after.hit_rate < before.hit_rate:
            found.append("fewer articles are among the first 5")
        if after.mrr_unseen < before.mrr_unseen:
            found.append("articles that it was not trained on are found worse than before")
        return tuple(found)


def tune_encoder(  # noqa: PLR0913 (what it works on, and what tests put in its place)
    store: Store,
    model: str | None,
    folder: Path,
    confirmed: Sequence[tuple[str, str]] = (),
    *,
    most_steps: int = MOST_STEPS,
    told: Told = lambda *_: None,
    trainer: Trainer | None = None,
) -> EncoderTuning | None:
    """Train on some of the base's questions, judge on the rest; None with too few of them.

    The folder is written in one step, and only where the result is kept. EncoderError says what
    stands in the way.
    """
    source = model_directory(model)
    _check_place(folder, source)
    if trainer is None:
        check_installed()
    divided = divide(store.articles(), learned(store), confirmed, _tuned(store))
    if divided is None:
        return None
    pairs, exam = divided
    course = plan(pairs, most_steps=most_steps)
    before = _judged(exam, model, None, partial(told, "judging the present encoder"))
    with _workshop(folder) as shop:
        fresh = shop / "model"
        (trainer or train)(source, course, fresh, partial(told, "training"))
        judging = partial(told, "judging the trained encoder")
        after = _judged(exam, str(fresh), shop / "cache", judging)
        tuning = EncoderTuning(before, after, len(pairs), course.steps)
        if tuning.kept:
            _describe(fresh, source, tuning)
            _put(fresh, folder)
    return tuning


def _judged(
    exam: Exam, model: str | None, cache: Path | None, progress: Callable[[int, int], None]
) -> Marks:
    progress(0, 1)
    marks = exam.sit(load_encoder(model, cache=cache))
    progress(1, 1)
    return marks


def _tuned(store: Store) -> dict[str, str]:
    """The weights in force: the whole search is what is judged."""
    kept = {name: store.state(name) for name in PROFILES}
    return {name: value for name, value in kept.items() if value is not None}


def _check_place(folder: Path, source: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise EncoderError(f"{folder}: is a file; an encoder is a folder")
    # The folder is replaced whole: somebody's documents must not go with it.
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise EncoderError(
            f"{folder}: holds other files than an encoder of ours; choose an empty folder"
        )
    needed = 2 * sum(file.stat().st_size for file in source.glob("*.safetensors"))
    there = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise EncoderError(
            f"{folder}: {needed // MEGABYTE} MB are needed and {free // MEGABYTE} MB are free; "
            "free some space and try again"
        )


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A place beside the folder that is gone afterwards, whatever happens."""
    try:
        folder.absolute().parent.mkdir(parents=True, exist_ok=True)
        shop = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
        try:
            yield shop
        finally:
            shutil.rmtree(shop, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EncoderError(
            f"{folder}: the encoder cannot be written: {reason}; nothing was changed"
        ) from error
    except SafetensorError as error:
        raise EncoderError(
            f"{folder}: the encoder cannot be written: {error}; is the disk full? "
            "Nothing was changed"
        ) from error
    except (MemoryError, RuntimeError) as error:
        line = str(error).strip().partition("\n")[0]
        raise EncoderError(
            f"the encoder cannot be trained here: {line}; nothing was changed"
        ) from error


def _describe(fresh: Path, source: Path, tuning: EncoderTuning) -> None:
    about = {
        "made_by": "frontline kb tune --encoder",
        "trained_from": fingerprint(source),
        "pairs": tuning.pairs,
        "steps": tuning.steps,
        "questions_held_out": len(tuning.before.ranks),
        "mrr_at_5": {"before": tuning.before.mrr, "after": tuning.after.mrr},
        "hit_rate_at_5": {"before": tuning.before.hit_rate, "after": tuning.after.hit_rate},
    }
    (fresh / MANIFEST).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    # Weights are written for their owner alone; the bot may run as somebody else.
    for file in fresh.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)
    fresh.chmod(0o755)


def _put(fresh: Path, folder: Path) -> None:
    """Readers see the old folder or the new one."""
    if folder.exists():
        aside = fresh.with_name("former")
        folder.rename(aside)
        try:
            fresh.rename(folder)
        except OSError:
            aside.rename(folder)
            raise
    else:
        fresh.rename(folder)
    # The same path may have been another model a moment ago.
    fingerprint.cache_clear()

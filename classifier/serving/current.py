"""Serving: the classifier of a running bot, which takes up a promoted model by itself."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.errors import ClassifierError
from classifier.registry import artifact
from classifier.registry.models import Registry
from classifier.serving.predict import Classifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from classifier.data.followups import FollowUp
    from classifier.serving.followups import Reading
    from classifier.serving.predict import Prediction
    from kb.encoding.encoder import Encoder

SHADOW_LOG = "shadow.jsonl"


class ServingClassifier:
    """A classifier that follows its directory: a new model is loaded, a bad one is not.

    Has what `Classifier` has for deciding: `predict`, `read`, `version`, `thresholds`.
    """

    def __init__(
        self,
        directory: Path,
        encoder: Encoder,
        told: Callable[[str], None] | None = None,
        *,
        beside: Callable[[Callable[[], None]], None] = lambda load: load(),
    ) -> None:
        """Load the model; `told` hears, in plain words, of later changes and failures.

        `beside` is given what loads a new model: the former one serves until that is done.
        """
        self._beside = beside
        self._registry = Registry(directory)
        self._encoder = encoder
        self._told = told or (lambda line: None)  # noqa: ARG005 - nobody listens
        self._manifest = self._registry.serving / artifact.MANIFEST
        self._seen = _stamp(self._manifest)
        self._current = Classifier.load(directory, encoder)
        self._shadow_seen: int | None = None
        self._shadow: Classifier | None = None

    @property
    def version(self) -> str:
        """Which model serves."""
        return self._current.version

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The serving model's thresholds."""
        return self._current.thresholds

    @property
    def manifest(self) -> Mapping[str, object]:
        """The serving model's manifest."""
        return self._current.manifest

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Predict each text with the model that serves now."""
        self._follow()
        found = self._current.predict(texts)
        if self._shadow is not None:
            self._compare(texts, found, self._shadow)
        return found

    @property
    def vocabulary(self) -> frozenset[str]:
        """The words that the serving model has learned."""
        return self._current.vocabulary

    def read(self, followup: FollowUp) -> Reading:
        """Say what a message means in its thread, by the model that serves now."""
        self._follow()
        return self._current.read(followup)

    def _follow(self) -> None:
        stamp = _stamp(self._manifest)
        if stamp != self._seen:
            self._seen = stamp
            self._beside(self._take_up)
        stamp = _stamp(self._registry.shadow_file)
        if stamp != self._shadow_seen:
            self._shadow_seen = stamp
            self._shadow = self._load_shadow()

    def _take_up(self) -> None:
        try:
            self._current = Classifier.load(self._registry.serving, self._encoder)
            self._told(f"now serving model {self._current.version}")
        except ClassifierError as error:
            self._told(f"model {self._current.version} goes on serving: {error}")

    def _load_shadow(self) -> Classifier | None:
        try:
            record = json.loads(self._registry.shadow_file.read_text(encoding="utf-8"))
            return Classifier.load(Path(record["directory"]), self._encoder)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, ClassifierError) as error:
            self._told(f"no shadow model: {error}")
            return None

    def _compare(
        self, texts: Sequence[str], found: Sequence[Prediction], shadow: Classifier
    ) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        try:
            with (self._registry.archive / SHADOW_LOG).open("a", encoding="utf-8") as log:
                for text, ours, theirs in zip(texts, found, shadow.predict(texts), strict=True):
                    line = {
                        "at": at,
                        # The words stay with the ticket: a log of them would outlive it.
                        "message": hashlib.sha256(text.encode()).hexdigest()[:16],
                        "serving": {"version": self.version, **_short(ours)},
                        "shadow": {"version": shadow.version, **_short(theirs)},
                        "same": ours.label == theirs.label,
                    }
                    log.write(json.dumps(line) + "\n")
        except (OSError, ClassifierError) as error:
            self._told(f"the shadow model's decisions are not logged: {error}")


def _short(prediction: Prediction) -> dict[str, object]:
    chances = {label: round(p, 4) for label, p in prediction.probabilities.items()}
    return {"label": prediction.label, "probabilities": chances}


def _stamp(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0

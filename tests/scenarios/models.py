"""The real thing: the embedding model, the 71 articles, and a classifier that was trained."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import build_knowledge, build_triager
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
from classifier.errors import ModelError
from classifier.serving.predict import Classifier
from classifier.training.train import train
from kb.encoding.loading import load_encoder

if TYPE_CHECKING:
    from bot.service.deciding.triaging import Triager
    from kb.encoding.encoder import Encoder

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "kb" / "articles"


@cache
def encoder() -> Encoder:
    """Load the embedding model, once for all tests."""
    return load_encoder()


def sample_triager(folder: Path) -> Triager:
    """Give what decides in earnest, without an office around it; its database is in the folder."""
    file = FileSettings.model_validate({"classifier": {"model": trained_model(folder)}})
    return real_triager(Settings(file, Secrets(frontline_db=folder / "desk.db")))


def trained_model(folder: Path) -> Path:
    """Give the model that `make model` trained; where none fits this code, train a small one."""
    made = ROOT / "var" / "model"
    try:
        Classifier.load(made, encoder())
    except ModelError:
        return small_model(folder, each=100)
    return made


def small_model(folder: Path, *, each: int) -> Path:
    """Train on the first messages of each label."""
    taken: Counter[str] = Counter()
    data = folder / "some.jsonl"
    with data.open("w", encoding="utf-8") as stream:
        for file in sorted((ROOT / "training_data" / "messages").glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                message = json.loads(line)
                taken[message["label"]] += 1
                if taken[message["label"]] <= each:
                    short = {key: message[key] for key in ("text", "label")}
                    stream.write(json.dumps(short) + "\n")
    train([data], folder / "model", encoder())
    return folder / "model"


def real_triager(settings: Settings, *articles: Path) -> Triager:
    """Load articles, the sample's by default, into the desk's database; decide as in earnest."""
    knowledge = build_knowledge(settings, encoder())
    knowledge.sync(articles or [ARTICLES])
    return build_triager(settings, knowledge, encoder())

"""Commands that are run in an empty folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from bot.cli import frontline
from tests.classifier.conftest import HashingEncoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Served:
    """A model that is there already."""

    version = "20260101-000000-abcdef"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command in an empty folder, with a model that is there."""
    encoder = HashingEncoder()
    monkeypatch.setattr("kb.encoding.loading.load_encoder", lambda _: encoder)
    monkeypatch.setattr("classifier.serving.predict.Classifier.load", lambda *_: Served())
    # Set first, so that what the command under test sets is taken back as well.
    monkeypatch.setenv("FRONTLINE_DB", "")
    monkeypatch.delenv("FRONTLINE_DB")
    monkeypatch.chdir(tmp_path)

    def ran(*words: str, said: str = "") -> Result:
        return CliRunner().invoke(frontline, list(words), input=said)

    return ran

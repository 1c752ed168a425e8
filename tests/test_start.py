"""What a start loads: nothing that only training needs."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.rare

HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "sklearn",
    "scipy",
    "matplotlib",
    # Files are read by a process of its own, calendars and HTTP by who has them.
    "bs4",
    "icalendar",
    "uvicorn",
    # Where the extra for tuning brought it, sqlite-utils loads it by itself.
    *(() if find_spec("datasets") else ("pandas",)),
)
WIRED = """
import bot.bootstrap, bot.cli.serving.serve
import classifier.serving.current, kb.searching.base, kb.encoding.loading
from pathlib import Path
from bot.bootstrap.parts import build_shelf
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
build_shelf(Settings(FileSettings(), Secrets(frontline_db=Path("frontline.db"))), None)
"""
DECIDED = """
import sys
from pathlib import Path
from bot.bootstrap import build_encoder, build_knowledge, build_triager
from bot.desk.asking import Said
from bot.settings.file import FileSettings
from bot.settings.settings import Secrets, Settings
settings = Settings(FileSettings(), Secrets(frontline_db=Path(sys.argv[1])))
encoder = build_encoder(settings)
triager = build_triager(settings, build_knowledge(settings, encoder), encoder)
triager.triage("How do I set up the VPN?", readers=None)
triager.understand(Said("that did not help"))
"""
LOADED = f"""
import sys
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""


def _loaded_by(code: str, *arguments: str) -> str:
    told = subprocess.run(
        [sys.executable, "-c", code + LOADED, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout.strip()


def test_what_serve_imports_needs_no_library_of_training() -> None:
    """Neither torch nor scikit-learn: each takes longer to load than all of Frontline.

    Nor what few desks need, or another process.
    """
    assert not _loaded_by(WIRED)


@pytest.mark.rare
def test_decisions_with_the_real_models_load_none_either(tmp_path: Path) -> None:
    """Encoder, search, classifier and what reads follow-ups, asked once."""
    assert not _loaded_by(DECIDED, str(tmp_path / "frontline.db"))

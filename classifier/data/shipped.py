"""Where the messages are that come with Frontline, and one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TRAINING_DATA = Path("training_data")


def shipped_data() -> Path:
    """Give the messages that come with Frontline: those of this folder, else of the package."""
    packaged = Path(__file__).resolve().parents[2] / TRAINING_DATA
    return TRAINING_DATA if TRAINING_DATA.is_dir() or not packaged.is_dir() else packaged


def with_messages(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Leave out folders that wait for their first message."""
    return tuple(path for path in paths if not path.is_dir() or any(path.rglob("*.jsonl")))

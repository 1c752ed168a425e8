"""Files that can be made again at any time, kept below the cache."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable


def default_cache() -> Path:
    """Where exported models are kept: FRONTLINE_CACHE, or the user's cache folder."""
    if configured := os.environ.get("FRONTLINE_CACHE"):
        return Path(configured) / "onnx"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "frontline" / "onnx"


def written(file: Path, content: Callable[[], bytes]) -> Path:
    """The file, made now where there is none yet."""
    if file.exists():
        return file
    made = content()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Another process may be writing the same file: the last whole one wins.
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
            part.write(made)
        Path(part.name).replace(file)
    except OSError as error:
        raise EncoderError(
            f"{file}: cannot be written: {error.strerror}; free some space"
        ) from error
    return file

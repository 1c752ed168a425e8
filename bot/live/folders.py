"""A folder of this machine: read where it stands, when something in it has changed."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from bot.live.wanted import LiveSource, TroubleError

if TYPE_CHECKING:
    from pathlib import Path


def bring(source: LiveSource, _folder: Path) -> tuple[Path, str]:
    """Give the folder, and what tells that something in it has changed.

    Raises:
        TroubleError: it is not there.
    """
    path = source.path
    if path is None or not path.exists():
        raise TroubleError(f"{path} is not there; is a network drive away?")
    if path.is_file():
        return path, _stamp(path.stat())
    digest = hashlib.sha256()
    for folder, names, files in os.walk(path, onerror=_refused):
        names[:] = sorted(each for each in names if not each.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                digest.update(f"{folder}/{name} {_of(folder, name)}\n".encode("utf-8", "replace"))
    return path, digest.hexdigest()[:32]


def _of(folder: str, name: str) -> str:
    try:
        return _stamp(os.stat(os.path.join(folder, name)))  # noqa: PTH116, PTH118 - many files
    except OSError:
        return "gone"


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _refused(failure: OSError) -> None:
    raise TroubleError(f"{failure.filename} cannot be read: {failure.strerror}.") from failure

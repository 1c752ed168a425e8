"""What was learned, carried from one machine to another: the model that serves, and of what."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.fitting.learning.versions import ABOUT, LEARNED, MODEL
from classifier.registry import artifact

if TYPE_CHECKING:
    from bot.fitting.learning.versions import Versions

POINTER, SEARCH = "serving.json", "search.json"


def shipped(versions: Versions) -> str:
    """Name what a machine's models are learned upon: what one learned is no use upon another."""
    served = artifact.read_manifest(versions.model)
    base = artifact.read_manifest(versions.base) if LEARNED in served else served
    what = [base["format"], base["encoder"], base["data"]["sha256"], base.get("code")]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]


def serves(versions: Versions) -> str:
    """Name the model that serves on this machine."""
    return hashlib.sha256((versions.model / artifact.MANIFEST).read_bytes()).hexdigest()[:16]


def is_learned(versions: Versions) -> bool:
    """Tell whether it learned anything beyond the shipped labels."""
    return LEARNED in artifact.read_manifest(versions.model)


def packed(versions: Versions) -> bytes:
    """Give the model that serves, with what is known of its version."""
    made = io.BytesIO()
    # Weights hardly become smaller.
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        files = (artifact.MANIFEST, *artifact.read_manifest(versions.model)["files"])
        for name in files:
            archive.write(versions.model / name, f"{MODEL}/{name}")
        serving = versions.serving()
        if serving is not None:
            archive.write(versions.folder / serving.name / ABOUT, ABOUT)
            archive.write(versions.pointer, POINTER)
        if versions.search.exists():
            archive.write(versions.search, SEARCH)
    return made.getvalue()


def take(versions: Versions, data: bytes) -> None:
    """Let what another machine learned serve here; nobody else may learn meanwhile."""
    if not is_learned(versions):
        artifact.copy(versions.model, versions.base)
    with tempfile.TemporaryDirectory(dir=versions.work) as place:
        there = Path(place)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(there)
        if (there / ABOUT).exists():
            name = json.loads((there / ABOUT).read_text("utf-8"))["name"]
            kept = versions.folder / Path(name).name
            artifact.copy(there / MODEL, kept / MODEL)
            (there / ABOUT).replace(kept / ABOUT)
        if (there / SEARCH).exists():
            (there / SEARCH).replace(versions.search)
        artifact.copy(there / MODEL, versions.model)
        if (there / POINTER).exists():
            (there / POINTER).replace(versions.pointer)
        else:
            versions.pointer.unlink(missing_ok=True)

"""The table that languages are guessed by: unpacked once, then mapped.

py3langid packs it so tightly that each start would spend a second on it, and keep forty megabytes
of which most people's languages need a few.
"""

from __future__ import annotations

import io
import zlib
from functools import cache, partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.encoding.onnx.files import default_cache, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from py3langid.langid import LanguageIdentifier

PARTS = ("nb_ptc", "nb_pc", "nb_classes", "tk_nextmove", "tk_row", "tk_output")
"""As py3langid calls them."""

FORMAT = 1
"""Raised when these are written another way."""


def identifier(languages: Sequence[str], *, norm_probs: bool) -> LanguageIdentifier:
    """Give what tells these languages apart: with chances, or with heights in nats."""
    from py3langid.langid import LanguageIdentifier  # noqa: PLC0415 - loaded when first needed

    ptc, pc, classes, moves, rows, output = _mapped(tuple(languages))
    return LanguageIdentifier(ptc, pc, classes, moves, output, norm_probs=norm_probs, tk_row=rows)


@cache
def _mapped(languages: tuple[str, ...]) -> tuple[Any, ...]:
    """The parts as py3langid takes them; whoever asks twice shares them."""
    ptc, pc, classes, moves, rows, output = (
        np.asarray(np.load(file, mmap_mode="r")) for file in _files(languages)
    )
    # Views, which give plain numbers: lists of these take eight megabytes.
    return ptc, pc, classes.tolist(), moves.data, rows.data, output.data


@cache
def _files(languages: tuple[str, ...]) -> list[Path]:
    mark = zlib.crc32(" ".join(languages).encode())
    folder = default_cache().parent / f"languages-{version('py3langid')}-{mark:08x}-{FORMAT}"
    files = [folder / f"{part}.npy" for part in PARTS]
    if not all(file.exists() for file in files):
        for file, array in zip(files, _unpacked(languages), strict=True):
            written(file, partial(_packed, array))
    return files


def _unpacked(languages: tuple[str, ...]) -> list[NDArray[np.generic]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - as above

    found = LanguageIdentifier.from_model_file(MODEL_FILE)
    found.set_languages(list(languages))
    return [np.asarray(getattr(found, part)) for part in PARTS]


def _packed(array: NDArray[np.generic]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=False)
    return stream.getvalue()

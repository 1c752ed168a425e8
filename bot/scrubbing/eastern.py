"""Text of scripts that put no space between words, so that rules see where a secret begins."""

from __future__ import annotations

import re

WIDE = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
"""Letters, digits and marks that are as wide as an ideogram, and their ordinary ones."""

_LETTER = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_MARK = r"\u3001\u3002\u3008-\u3011\u3014-\u301b\u00b7\u30fb"
ANY = re.compile(rf"[{_LETTER}{_MARK}\uff01-\uff5e\u3000]")
BESIDE = re.compile(rf"[{_LETTER}](?=[!-~])|(?<=[!-~])[{_LETTER}]|[{_MARK}]")
"""What touches a word of Latin letters or digits, and marks that stand for a space."""


def opened(text: str) -> str:
    """Give a text of the same length: wide characters narrow, spaces around what is Latin."""
    if not ANY.search(text):
        return text
    return BESIDE.sub(" ", narrowed(text))


def narrowed(text: str) -> str:
    """Give a text of the same length without wide letters, digits and marks."""
    return text.translate(WIDE)

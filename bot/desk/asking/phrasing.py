"""Words without their signs and capitals, among which plain phrases are looked for."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[^\w']+")


def plain_words(text: str) -> list[str]:
    """Give a text's words, small, without what stands between them."""
    return _SIGNS.sub(" ", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).split()


def phrases(lines: str) -> tuple[str, ...]:
    """Read phrases, one a line, as they are looked for in what `spaced` gives."""
    return tuple(f" {each} " for each in lines.splitlines())


def spaced(words: list[str]) -> str:
    """Give words with a blank around each."""
    return f" {' '.join(words)} "

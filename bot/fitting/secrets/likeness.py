"""Another secret of the same make as one that somebody wrote."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from bot.fitting.secrets.filling import password, some, word_lists

if TYPE_CHECKING:
    from random import Random

DIGITS, LARGE = string.digits, string.ascii_uppercase


def like(secret: str, c: Random) -> str:
    """Give another secret of the same make: digits for digits, a word for a word."""
    if c.random() < 0.4:  # noqa: PLR2004
        return secret
    if " " in secret and any(map(str.isalpha, secret)):
        return " ".join(_word_like(each, c) for each in secret.split(" "))
    if secret.isalpha() and len(secret) < 20:  # noqa: PLR2004
        return _word_like(secret, c)
    if len(secret) > 20 or not any(map(str.islower, secret)) or c.random() < 0.5:  # noqa: PLR2004
        return _characters_like(secret, c)
    return password(c)


def _word_like(word: str, c: Random) -> str:
    """Give a word as long or short, in the same letters; digits for digits."""
    if not word.isalpha():
        return _characters_like(word, c)
    if len(word) < 4 or any(letter > "\u024f" for letter in word):  # noqa: PLR2004 - the, and
        return word
    found = c.choice(word_lists()[0])
    if len(word) > 9 and c.random() < 0.6:  # noqa: PLR2004
        found += c.choice(word_lists()[0])
    return found.capitalize() if word[0].isupper() else found


def _characters_like(secret: str, c: Random) -> str:
    return "".join(
        some(c, DIGITS, 1) if each in DIGITS
        else some(c, LARGE, 1) if each in LARGE
        else some(c, string.ascii_lowercase, 1) if each in string.ascii_lowercase
        else each
        for each in secret
    )  # fmt: skip

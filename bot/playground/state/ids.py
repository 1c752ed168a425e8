"""Identifiers that look like Slack's."""

from __future__ import annotations

import random
import uuid
from typing import TypeVar

T = TypeVar("T")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Ids:
    """Draws identifiers; the same seed draws the same ones."""

    def __init__(self, seed: int | None = None) -> None:
        """With the seed to draw from."""
        # Without a seed they differ from run to run: a bot that remembers event ids on disk
        # must never meet an old one again.
        self._seed = seed
        self._random = random.Random(seed)  # noqa: S311  (ids, not secrets)

    def go_on_from(self, moment: int) -> None:
        """Draw others than a run that ended at this moment; nothing changes at moment 0."""
        if self._seed is not None and moment:
            self._random.seed(f"{self._seed}:{moment}")

    def slack(self, prefix: str, length: int = 10) -> str:
        """An id such as `C0AB12CD34`."""
        return prefix + "0" + "".join(self._random.choices(_ALPHABET, k=length - 1))

    def uuid(self) -> str:
        """A version 4 UUID."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def short(self) -> str:
        """A block or action id such as `aB3x9`."""
        return f"{self._random.getrandbits(30):06x}"

    def choose(self, items: list[T]) -> T:
        """One of the items."""
        return self._random.choice(items)

"""A pasted page is looked through for secrets as it is stored, and read as far as it says more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from bot.desk.deciding import Policy
from bot.desk.privacy import NoScrubber, Scrubbed
from bot.service.deciding.triaging import LONGEST_TEXT, LOOKED_THROUGH, Triager

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Heard(NoScrubber):
    """Keeps what it looks through, and what is encoded."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.looked: list[str] = []
        self.encoded: list[str] = []

    def scrub(self, text: str) -> Scrubbed:
        """Keep it."""
        self.looked.append(text)
        return super().scrub(text)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give something for each."""
        self.encoded += texts
        return np.ones((len(texts), 2), np.float32)


def test_a_page_is_looked_through_whole_and_read_in_part() -> None:
    """So what the store looks through is the same text, and known already."""
    heard = Heard()
    anything = cast("Any", heard)
    triager = Triager(cast("Any", None), cast("Any", None), Policy, anything, anything)
    page = "the printer is out of paper " * 1_000
    triager.embedded([page, "x" * 100_000])
    assert heard.looked == [page, "x" * LOOKED_THROUGH]
    assert heard.encoded == [page[:LONGEST_TEXT], "x" * LONGEST_TEXT]

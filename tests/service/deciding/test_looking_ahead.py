"""What a question is compared with is encoded before anybody asks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from bot.desk.deciding import Policy
from bot.service.deciding import triaging
from bot.service.deciding.triaging import Triager
from kb.articles import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest
    from numpy.typing import NDArray

SEVERAL = """Add the printer.

## On Windows

1. Open the settings.
2. Choose the printer.

## On a Mac

1. Open the preferences.
2. Press the plus.
"""
ONE = """Slide the shutter open.

## Steps

1. Look above the screen.
"""


class CountingEncoder:
    """Keeps what it encoded."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give something for each."""
        self.texts += texts
        return np.ones((len(texts), 2), np.float32)


def _triager(encoder: CountingEncoder, *bodies: str) -> Triager:
    articles = [
        Article(f"article-{number}", f"Article {number}", "hardware", "l2", (), body)
        for number, body in enumerate(bodies)
    ]
    base = SimpleNamespace(
        look_ahead=lambda: articles,
        article=lambda name, _, viewer_groups: next(one for one in articles if one.id == name),
        address=lambda *_: None,
        audiences=frozenset,
    )
    return Triager(cast("Any", base), cast("Any", None), Policy, cast("Any", encoder))


def test_the_first_answer_of_several_lists_waits_for_no_encoding_of_the_article() -> None:
    """Only the question itself is encoded then."""
    encoder = CountingEncoder()
    triager = _triager(encoder, ONE, SEVERAL)
    assert triager.look_ahead() == len(encoder.texts) > 0
    encoder.texts.clear()
    triager.extract("article-1", readers=frozenset(), asked="which of the two is it")
    assert encoder.texts == ["which of the two is it"]


def test_an_article_of_one_list_is_compared_with_nothing() -> None:
    """There is nothing to choose."""
    encoder = CountingEncoder()
    assert _triager(encoder, ONE).look_ahead() == 0


def test_of_a_large_base_a_part_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is encoded when it is first needed."""
    monkeypatch.setattr(triaging, "LOOKED_AHEAD", 10)
    encoder = CountingEncoder()
    _triager(encoder, *[SEVERAL.replace("printer", f"printer {n}") for n in range(9)]).look_ahead()
    assert len(encoder.texts) == 10

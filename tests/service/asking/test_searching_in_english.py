"""What is searched for, where a message is in a language that the encoder does not read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.desk.deciding import Action, Policy
from bot.service.deciding.triaging import Triager
from classifier.serving.predict import Prediction
from kb.encoding.loading import ENGLISH_SHA256

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.searching.base import Hit

CHANCES = {"L1": 0.99, "L2": 0.005, "L3": 0.0, "chat": 0.005}


class Base:
    """Finds one article for everything, and remembers what was sought."""

    def __init__(self) -> None:
        """Nothing was sought yet."""
        self.sought: list[str] = []

    def search_batch(self, texts: Sequence[str], **_: object) -> list[list[Hit]]:
        """Find it."""
        self.sought += texts
        return [[] for _ in texts]


class Model:
    """Is sure of everything, as of noise."""

    version = "1"
    vocabulary = frozenset({"my", "printer", "is", "offline", "the", "smoke", "break"})

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Say that it is a question."""
        return [Prediction("L1", CHANCES, abstain=False) for _ in texts]


def sought(text: str, encoder: str) -> tuple[str, Action]:
    """Give what is searched for, and what is done."""
    base = Base()
    triager = Triager(
        cast("Any", base),
        cast("Any", Model()),
        Policy,
        cast("Any", SimpleNamespace(name=f"{encoder}-int8-2")),
    )
    triage = triager.triage(text, readers=None)
    return base.sought[0], triage.action


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("die Zeiterfassung und der Drucker gehen schon wieder nicht", {"time clock", "printer"}),
        ("l'imprimante ne marche pas depuis ce matin", {"printer"}),
        ("la impresora de la segunda planta no responde", {"printer", "not respond"}),
        ("a impressora do segundo andar parou hoje cedo", {"printer"}),
        ("プリンターが動きません", {"printer"}),
    ],
)
def test_english_stands_beside_what_is_not_read_and_it_is_asked_back(
    text: str, names: set[str]
) -> None:
    """However sure the models are: what they say of it is a guess."""
    found, action = sought(text, ENGLISH_SHA256[:16])
    assert found.startswith(text)
    assert all(name in found.removeprefix(text) for name in names)
    assert action is Action.CLARIFY


@pytest.mark.parametrize(
    ("text", "encoder"),
    [
        ("my printer is offline", ENGLISH_SHA256[:16]),
        ("the smoke break", ENGLISH_SHA256[:16]),
        ("l'imprimante ne marche pas depuis ce matin", "e5e5e5e5e5e5e5e5"),
    ],
)
def test_what_is_read_is_searched_for_as_it_is(text: str, encoder: str) -> None:
    """English, and everything where the encoder reads all languages."""
    assert sought(text, encoder)[0] == text

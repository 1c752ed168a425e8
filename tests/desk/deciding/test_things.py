"""A danger of things, and that of somebody's life."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.desk.deciding import is_of_things

ROUTES = Path(__file__).parents[3] / "training_data" / "routes"
DESPAIR = (
    "suic", "self-harm", "not-want", "no-want", "self-dark", "despair", "goodbye", "not-here",
    "dark-words", "pills",
)  # fmt: skip
"""What the scenarios of those are called who do not want to live, or who hear of somebody."""


@pytest.mark.parametrize(
    "text",
    [
        "there's a smell of burning near the server rack", "Es riecht nach Gas hier unten",
        "Il y a de la fumée dans le local", "sale humo del cuarto", "tá saindo fumaça da sala",
        "コンセントから火花が出ています",
    ],
)  # fmt: skip
def test_fire_and_the_like_are_things(text: str) -> None:
    """In six languages."""
    assert is_of_things(text)


@pytest.mark.parametrize(
    "text",
    [
        "I do not want to live any more", "he wants to set fire to himself, he says",
        "I can smell the gas and I want to die", "Ich kann nicht mehr, ich bin auf dem Dach",
        "somebody collapsed on the stairs", "je vous écris du dernier niveau",
        "I can't go on. I have turned on the gas in the flat.", "je vais ouvrir le gaz ce soir",
        "ich habe das Gas aufgedreht und will nicht gefunden werden", "he opened the gas at home",
        "Brandon told me he took all of his meds and wants it over",
    ],
)  # fmt: skip
def test_a_life_is_none(text: str) -> None:
    """Nor what nothing tells of."""
    assert not is_of_things(text)


def test_no_despair_that_is_learned_from_is_taken_for_things() -> None:
    """The words for it always stand there."""
    files = [file for file in ROUTES.glob("*.jsonl") if "outsider" not in file.name]
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    told = [r["text"] for r in rows if any(s in r.get("scenario", "") for s in DESPAIR)]
    assert len(told) > 20
    assert not [text for text in told if is_of_things(text)]

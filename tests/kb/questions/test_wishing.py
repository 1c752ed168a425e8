"""What people wish for is told from what they ask for, in their own words."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from kb.encoding.loading import load_encoder
from kb.questions.wishing import Told, chances, examples, wished

WISHES = (
    "it would be great if the lunch menu could be filtered by allergens",
    "Feature request: let me mark several invoices at once",
    "Es wäre schön, wenn man im Kalender auch Schulferien anzeigen könnte",
    "Ce serait super de pouvoir trier les salles par étage",
    "Sería genial que el portal guardara mis filtros",
)
OTHERS = (
    "the lunch menu shows last week",
    "how do I filter invoices by supplier",
    "please add Omar to the group invoices",
    "Mein Kalender zeigt keine Termine mehr",
    "je n'arrive plus à réserver une salle",
    "no puedo entrar en el portal",
    "it would be great if somebody repaired the coffee machine today",
)


def test_the_examples_are_balanced_and_by_several_voices() -> None:
    """At least 200, nobody with one side alone, none twice."""
    rows = examples()
    assert len(rows) >= 200
    assert len({row.text.casefold() for row in rows}) == len(rows)
    by_author = Counter((row.author, row.wish) for row in rows)
    authors = {row.author for row in rows}
    assert len(authors) >= 8
    assert min(by_author[author, side] for author in authors for side in (True, False)) >= 10


@pytest.mark.rare
def test_wishes_are_told_from_what_is_asked_for() -> None:
    """Precision first: nothing else is taken for one; most plain wishes are found."""
    encoder = load_encoder()
    rows = examples()
    learned = Told([row.text for row in rows], encoder.encode([row.text for row in rows]))
    asked = [*WISHES, *OTHERS]
    others = Told([], np.zeros((0, encoder.dimension), np.float32))
    said = wished(Told(asked, encoder.encode(asked)), learned, [row.wish for row in rows], others)
    assert sum(said[: len(WISHES)]) >= 4
    assert not any(said[len(WISHES) :])
    none = Told([], np.zeros((0, encoder.dimension), np.float32))
    assert len(chances(none, learned, [row.wish for row in rows], others)) == 0

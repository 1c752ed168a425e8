"""Ordinary messages with a word that danger has too: water, smoke, a till. They take no route."""

from __future__ import annotations

import pytest

from classifier.serving.predict import Classifier
from tests.scenarios.models import encoder, trained_model

pytestmark = pytest.mark.rare

ORDINARY = [
    "Who waters the palm trees on the third floor?",
    "Which team is responsible for watering the palm trees?",
    "Who refills the water cooler on floor 2?",
    "smoke breaks: where is the shelter now?",
    "canteen till does not know my card",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_message_takes_no_route(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Once these were taken for danger; the like of them has been learned since."""
    classifier = Classifier.load(trained_model(tmp_path_factory.mktemp("model")), encoder())
    limits = classifier.manifest["matters"]["limits"]
    (found,) = classifier.predict([text])
    taken = [name for name, both in limits.items() if found.matters[name] >= both["sure_at"]]
    assert taken == []

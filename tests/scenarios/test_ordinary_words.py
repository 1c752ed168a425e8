"""Ordinary messages that are taken for danger or for confidential: what is known and not mended."""

from __future__ import annotations

import pytest

from classifier.serving.predict import Classifier
from tests.scenarios.models import encoder, trained_model

pytestmark = pytest.mark.rare

TAKEN = [
    "Who waters the palm trees on the third floor?",
    "Which team is responsible for watering the palm trees?",
    "Who refills the water cooler on floor 2?",
    "smoke breaks: where is the shelter now?",
    "canteen till does not know my card",
]


@pytest.mark.xfail(strict=False, reason="their words stand near danger in what was learned")
@pytest.mark.parametrize("text", TAKEN)
def test_an_ordinary_message_takes_no_route(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One that passes is to be taken off the list of what is known."""
    classifier = Classifier.load(trained_model(tmp_path_factory.mktemp("model")), encoder())
    limits = classifier.manifest["matters"]["limits"]
    (found,) = classifier.predict([text])
    taken = [name for name, both in limits.items() if found.matters[name] >= both["sure_at"]]
    assert taken == []

"""Whole conversations of two or three lines, with nothing scripted, end as they should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.settings.file import ClassifierSettings
from tests.scenarios.conversing import conversations, play
from tests.scenarios.models import ROOT, real_triager, trained_model
from tests.scenarios.office import Office, configuration

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = ROOT / "training_data" / "conversations" / "own.jsonl"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The sample desk as `make demo` has it."""
    model = trained_model(tmp_path_factory.mktemp("model"))
    file = configuration().model_copy(update={"classifier": ClassifierSettings(model=model)})
    office = Office(tmp_path_factory.mktemp("conversations"), file=file)
    office.triager = real_triager(office.settings)
    with office:
        yield office


@pytest.mark.parametrize("case", conversations(OWN), ids=lambda case: " / ".join(case["say"])[:70])
def test_a_conversation_ends_as_it_should(office: Office, case: dict[str, Any]) -> None:
    """A person is called or a way on is offered, it is settled, or nothing is said."""
    told = play(office, case)
    assert told.ended == told.want, told.last

"""Half a thought, sent below an article, goes on with the first half; through a real model.

Written after the rows that teach it (`training_data/followups/voices_four.jsonl`), by the same
hand. Before these rows 17 of the 35 were read rightly, and 14 were acted upon as an end, a failure,
thanks, or a wish for a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.desk.asking import Meaning, Said, Stage
from tests.scenarios.models import sample_triager

if TYPE_CHECKING:
    from bot.service.deciding.triaging import Triager

pytestmark = pytest.mark.rare

DETAILS, STEP, FAILED, SOLVED = Meaning.DETAILS, Meaning.STEP, Meaning.FAILED, Meaning.SOLVED
SAID = (
    ("printer jammed", "in the basement", DETAILS),
    ("vpn", "version 12", DETAILS),
    ("book a room", "for thursday", DETAILS),
    ("printer", "a3 paper", DETAILS),
    ("mail on phone", "ipad", DETAILS),
    ("install fails", "error 0x80070005", DETAILS),
    ("access to door", "the berlin office", DETAILS),
    ("print in colour", "colour not black and white", DETAILS),
    ("give access", "for my manager", DETAILS),
    ("wifi is slow", "just mine", DETAILS),
    ("install teams", "on windows", DETAILS),
    ("monitor or dock?", "both", DETAILS),
    ("licence renewal", "the yearly one", DETAILS),
    ("expense trip", "from lisbon", DETAILS),
    ("connect screen", "with a cable", DETAILS),
    ("order mouse", "cost centre 4410", DETAILS),
    ("reset password", "what's that", STEP),
    ("guest wifi", "is it free", STEP),
    ("laptop order", "how much is it", STEP),
    ("share a calendar", "with someone outside", DETAILS),
    ("bitlocker key", "which id", STEP),
    ("headset", "jabra", DETAILS),
    ("headset", "nope", FAILED),
    ("headset", "still no sound", FAILED),
    ("printer", "same", FAILED),
    ("vpn", "all good", SOLVED),
    ("drucker", "der alte", DETAILS),
    ("wlan", "im keller", DETAILS),
    ("imprimante", "couleur", DETAILS),
    ("portátil", "para mi jefa", DETAILS),
    ("vpn", "que lo dijo ana", DETAILS),
    ("teams", "mit kamera", DETAILS),
    ("badge", "für morgen", DETAILS),
    ("mfa", "android", DETAILS),
    ("quota", "200 gb", DETAILS),
)
ACTED_ON = {Meaning.FAILED, Meaning.SOLVED, Meaning.THANKS, Meaning.PERSON}
FEWEST_RIGHT, MOST_ACTED_ON = 26, 6


@pytest.fixture(scope="module")
def triager(tmp_path_factory: pytest.TempPathFactory) -> Triager:
    """Give what decides in earnest."""
    return sample_triager(tmp_path_factory.mktemp("halves"))


def test_half_a_thought_is_neither_an_end_nor_a_failure(triager: Triager) -> None:
    """Where it narrows what was asked it is told more, and nobody is called by it."""
    right = acted_on = 0
    for opened, text, meaning in SAID:
        understood = triager.understand(
            Said(text, Stage.ANSWERED, opened, f"Article: {opened.title()}")
        )
        best = max(understood.chances, key=lambda each: understood.chances[each])
        right += best is meaning
        acted_on += best is not meaning and understood.meaning in ACTED_ON
    assert right >= FEWEST_RIGHT
    assert acted_on <= MOST_ACTED_ON

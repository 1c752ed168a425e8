"""The modal of *Edit*: everything that a draft says stands in it, and comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.desk.ids import TicketId
from bot.desk.learning import Draft, DraftId, EditDraft, Text
from bot.slack import actions as ids
from bot.slack.blocks.learning.modals import edit_modal
from bot.slack.limits import INPUT_TEXT
from bot.slack.parsing.drafts import read_draft_modal
from tests import builders as a

ORIGIN = ids.ModalOrigin(7, a.L2_CHANNEL, "8.1", None, "1")
QUESTIONS = tuple(f"{number} is what they asked {'so ' * 80}long" for number in range(12))
BODY = "\n".join(f"{number}. Press the button {'again ' * 30}" for number in range(40))


def test_more_than_a_field_takes_comes_back_whole() -> None:
    """Twelve long questions, and an answer of many steps."""
    draft = Draft(
        DraftId(7), TicketId(1001), "l2", Text("Printing", QUESTIONS, BODY), "x", "hardware",
        (TicketId(1001),), datetime(2026, 11, 29, tzinfo=UTC),
    )  # fmt: skip
    fields = [block["element"] for block in edit_modal(ORIGIN, draft)["blocks"]]
    assert all(len(each["initial_value"]) <= INPUT_TEXT for each in fields)
    entered = {each["action_id"]: each["initial_value"] for each in fields}
    at = a.spot(a.MEI, a.L2_CHANNEL, "8.1")
    read = read_draft_modal(ids.DRAFT_EDIT_MODAL, at, replace(ORIGIN, text="1"), entered)
    stripped = Text("Printing", tuple(" ".join(each.split()) for each in QUESTIONS), BODY.strip())
    assert read == EditDraft(at, DraftId(7), 1, stripped)

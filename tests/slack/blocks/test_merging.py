"""The modal of *Merge into an article*: where to, and whether what failed is found no more."""

from __future__ import annotations

import pytest

from bot.desk.learning import DraftId, MergeDraft, Near
from bot.slack import actions as ids
from bot.slack.blocks.learning.modals import merge_modal
from bot.slack.parsing.drafts import read_draft_modal
from tests import builders as a

ORIGIN = ids.ModalOrigin(7, a.L2_CHANNEL, "8.1", None)
PLAIN, FAILED = Near("wifi", "Connect to Wi-Fi"), Near("vpn", "Connect to VPN", 2)


@pytest.mark.parametrize(
    ("near", "asks"),
    [((), []), ((PLAIN,), []), ((FAILED,), ["vpn"]), ((PLAIN, FAILED), ["vpn"])],
)
def test_what_failed_can_be_ticked(near: tuple[Near, ...], asks: list[str]) -> None:
    """Only where an article did not help on these tickets; it says on how many."""
    blocks = [b for b in merge_modal(ORIGIN, near)["blocks"] if "element" in b]
    ticks = [b for b in blocks if b["element"]["type"] == "checkboxes"]
    assert [b["element"]["options"][0]["value"] for b in ticks] == asks
    assert all("2 of these" in b["label"]["text"] for b in ticks)


@pytest.mark.parametrize(
    ("entered", "instead"),
    [({}, None), ({ids.DRAFT_INSTEAD: ""}, None), ({ids.DRAFT_INSTEAD: "vpn"}, "vpn")],
)
def test_the_tick_is_read(entered: dict[str, str], instead: str | None) -> None:
    """Not ticked is no article."""
    at = a.spot(a.MEI, a.L2_CHANNEL, "8.1")
    values = {ids.ARTICLE: " causeway ", **entered}
    read = read_draft_modal(ids.DRAFT_MERGE_MODAL, at, ORIGIN, values)
    assert read == MergeDraft(at, DraftId(7), "causeway", instead)

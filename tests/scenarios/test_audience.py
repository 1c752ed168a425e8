"""An article that is kept to a user group: who is shown it, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.scenarios.office import BOT

if TYPE_CHECKING:
    from tests.scenarios.office import Office

ASKED = "Where are the night keys?"
KEPT = "You take them from the safe."


def test_a_member_is_answered_in_their_direct_messages(office: Office) -> None:
    """With the whole article behind a button."""
    asked = office.ask(office.mei, ASKED, office.mei.dm(BOT))
    assert KEPT in asked.waits_for("Night keys")
    asked.press("Not what I need")
    asked.waits_for("passed it to")
    handoff = office.card(office.jonas, "night keys").waits_for("Handoff of")
    assert "not for everybody" in handoff
    assert "night-keys" not in handoff


def test_a_member_opens_the_whole_article(office: Office) -> None:
    """As long as they are one."""
    asked = office.ask(office.mei, ASKED, office.mei.dm(BOT))
    asked.press("Read the whole article")
    view = office.mei.wait_for(office.mei.modal)
    assert "When it has not worked twice." in str(view["blocks"])
    office.mei.close_modal()


@pytest.mark.parametrize(("who", "directly"), [("ana", True), ("mei", False)])
def test_nobody_else_and_no_channel_is_shown_it(
    office: Office, who: str, *, directly: bool
) -> None:
    """Others read along in a channel, even where a member asks; a person is called instead."""
    person = getattr(office, who)
    asked = office.ask(person, ASKED, person.dm(BOT) if directly else "it-help")
    asked.waits_for("passed it to")
    office.settle()
    assert KEPT not in "\n".join(asked.replies)
    assert "Night keys" not in "\n".join(asked.replies)

"""The same thing delivered more than once is done once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.scenarios.office import Office


@pytest.mark.parametrize("new_id", [False, True], ids=["the same id", "an id each"])
def test_the_same_event_delivered_five_times_is_answered_once(
    office: Office, *, new_id: bool
) -> None:
    """One reply, whether Slack repeats the event or sends the message under several events."""
    office.fault("duplicate_event", event_type="message", copies=5, new_id=new_id)
    asked = office.ask(office.ana, f"Five times my password {new_id}")
    asked.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == 1
    sent = office.playground.control("envelopes", since=office._since)["envelopes"]
    copies = [e for e in sent if "Five times my password" in str(e.get("envelope"))]
    assert sum(e["kind"] == "envelope" for e in copies) == 5


def test_an_escalating_event_delivered_five_times_calls_once(office: Office) -> None:
    """One ticket, one card, one handoff."""
    office.fault("duplicate_event", event_type="message", copies=5)
    asked = office.ask(office.ana, "Five times the vpn drops")
    card = office.card(office.mei, "Five times the vpn")
    office.settle()
    assert len(asked.replies) == 1
    assert len(card.replies) == 1
    assert len(office.cards(office.mei, "Five times the vpn")) == 1


def test_a_message_that_is_also_a_mention_is_answered_once(office: Office) -> None:
    """Slack sends `message` and `app_mention` for the same words."""
    asked = office.ask(office.tom, "@frontline my password, twice")
    asked.waits_for("Reset your password")
    office.settle()
    assert len(asked.replies) == 1
    kinds = [
        entry["envelope"]["payload"]["event"]["type"]
        for entry in office.playground.control("envelopes", since=office._since)["envelopes"]
        if entry["kind"] == "envelope" and "twice" in str(entry["envelope"])
    ]
    assert {"message", "app_mention"} <= set(kinds)


def test_a_redelivered_event_after_the_answer_changes_nothing(office: Office) -> None:
    """A retry that comes late, long after the ticket was settled."""
    asked = office.ask(office.ana, "My password, and Slack repeats itself")
    asked.press("That solved it")
    asked.waits_for("Glad that it is solved")
    office.settle()
    said = asked.replies
    sent = office.playground.control("envelopes", since=office._since)["envelopes"]
    for entry in sent:
        if entry["kind"] == "envelope" and "event" in entry["envelope"]["payload"]:
            event_id = entry["envelope"]["payload"]["event_id"]
            office.playground.control("redeliver", event_id=event_id, times=2)
    office.settle()
    assert asked.replies == said
